"""The options of a command that fills in a record, and their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, signature
from typing import Annotated, Any, Final, TypeVar

import typer

from cli.parsing import FieldParser, Parser, optional_day, optional_due, optional_moment
from services.record_fields import FieldKind, RecordField

Function = TypeVar("Function", bound=Callable[..., object])

_METAVARS: Final = {
    FieldKind.EMAIL: "ADDRESS", FieldKind.PHONE: "NUMBER", FieldKind.DATE: "DATE",
    FieldKind.DATETIME: "TIME", FieldKind.DUE: "DUE", FieldKind.INTEGER: "N",
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
    option = typer.Option(metavar=_METAVARS.get(field.kind, "TEXT"), help=field.help)
    return Parameter(
        field.name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, option]
    )


def take_fields(
    parser: FieldParser, fields: Sequence[RecordField], typed: Mapping[str, str | None], *, is_new: bool
) -> FieldParser:
    """Read the options; ask for the required fields of a new record that are missing."""
    for field in fields:
        text, parse = typed[field.name], _parser(field)
        if is_new and field.required:
            parser.require(field.name, field.label, text, parse)
        else:
            parser.take(field.name, text, parse)
    return parser


def _parser(field: RecordField) -> Parser | None:
    from services import formats

    parsers: Mapping[FieldKind, Parser] = {
        FieldKind.DATE: optional_day,
        FieldKind.DATETIME: formats.parse_datetime if field.required else optional_moment,
        FieldKind.DUE: optional_due,
        FieldKind.INTEGER: formats.parse_integer,
    }
    return parsers.get(field.kind)
