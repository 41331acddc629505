"""The options of a command that fills in a record, and their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from inspect import Parameter, signature
from typing import Annotated, Any, Final, TypeVar

import typer

from cli import completion, prompts
from cli.parsing import FieldParser, Parser
from services.record_fields import FieldKind, RecordField

Function = TypeVar("Function", bound=Callable[..., object])

_METAVARS: Final = {
    FieldKind.EMAIL: "ADDRESS", FieldKind.PHONE: "NUMBER", FieldKind.DATE: "DATE",
    FieldKind.DATETIME: "TIME", FieldKind.DUE: "DUE", FieldKind.INTEGER: "N", FieldKind.ZONE: "ZONE",
}  # fmt: skip


def field_options(fields: Sequence[RecordField]) -> Callable[[Function], Function]:
    """Give a command an option for each field; the texts of the options arrive as ``**typed``.

    Typer reads the options of a command from the signature of its function.
    """

    def declare(function: Any) -> Any:
        found = signature(function, eval_str=True)
        own = [each for each in found.parameters.values() if each.kind is not Parameter.VAR_KEYWORD]
        named = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in own]
        function.__signature__ = found.replace(parameters=[*map(_option, fields), *named])
        return function

    return declare


def _option(field: RecordField) -> Parameter:
    complete = completion.zones if field.kind is FieldKind.ZONE else None
    option = typer.Option(metavar=_METAVARS.get(field.kind, "TEXT"), help=field.help, autocompletion=complete)
    return Parameter(
        field.name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, option]
    )


def take_fields(
    parser: FieldParser,
    fields: Sequence[RecordField],
    typed: Mapping[str, str | None],
    *,
    is_new: bool,
    now: datetime | None = None,
    start: datetime | None = None,
    zone: str = "",
) -> FieldParser:
    """Read the options; ask for the required fields of a new record that are missing.

    Dates are read against ``now``, by default the machine's clock. An end follows the start that is given
    with it, or else ``start``. The times of a field with a zone are read in the zone that is given with them,
    or else in ``zone``, by default that of the CRM.
    """
    for field in sorted(fields, key=lambda each: each.kind is not FieldKind.ZONE):
        text, parse = typed[field.name], _parser(field, parser, now, start, zone)
        if text is not None and parse is not None and _awaits_start(field, typed, is_new=is_new):
            # Before any question: what is wrong, whatever the start will be. After it: the end.
            parser.take(field.name, text, _parser(field, parser, now, now or datetime.now(UTC), zone))
            parser.compute(field.name, partial(parse, text, field.name))
        elif is_new and field.required:
            parser.require(field.name, field.label, text, parse)
        else:
            parser.take(field.name, text, parse)
    return parser


def _awaits_start(field: RecordField, typed: Mapping[str, str | None], *, is_new: bool) -> bool:
    """Whether the start that the field follows is still to be asked for."""
    return is_new and prompts.can_ask() and bool(field.starts) and typed[field.starts] is None


def _parser(
    field: RecordField, known: FieldParser, now: datetime | None, start: datetime | None, zone: str
) -> Parser | None:
    from services import formats, time_zones

    def reference() -> formats.Reference:
        begins = (known.known(field.starts) or start) if field.starts else None
        own = time_zones.event_zone(known.known(field.zone) or zone) if field.zone else None
        return formats.Reference(now or datetime.now(UTC), field.looks_back, begins, own)

    def parse_date(text: str, name: str) -> date | None:
        return formats.parse_date(text, name, reference()) if text.strip() else None

    def parse_datetime(text: str, name: str) -> datetime:
        return formats.parse_datetime(text, name, reference())

    def optional_moment(text: str, name: str) -> datetime | None:
        return parse_datetime(text, name) if text.strip() else None

    def parse_due(text: str, name: str) -> date | None:
        return formats.parse_due(text, name, reference()) if text.strip() else None

    parsers: Mapping[FieldKind, Parser] = {
        FieldKind.DATE: parse_date,
        FieldKind.DATETIME: parse_datetime if field.required else optional_moment,
        FieldKind.DUE: parse_due,
        FieldKind.INTEGER: formats.parse_integer,
        FieldKind.ZONE: formats.parse_zone,
    }
    return parsers.get(field.kind)
