"""The results of commands on standard output: tables for people, JSON for scripts."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import typer

from cli import console
from services.i18n import _

if TYPE_CHECKING:
    from cli.text_table import Layout
    from services.crm import Crm

# Characters that JSON leaves unescaped and a terminal may obey: C1 controls, bidi marks, lone surrogates.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def show_record(crm: Crm, record: Any, done: str = "", *, as_json: bool) -> None:
    """Print one record, one field per line, or as one JSON object.

    ``done`` is the message of success, with the names of the record's fields in braces.
    """
    if done:
        console.success(done.format_map(fields_of(crm, record)))
    if as_json:
        show_json(fields_of(crm, record))
        return
    from cli import record_columns, text_table

    rows = [
        (_(column.label), column.long_text(record, crm.shared.currency))
        for column in record_columns.COLUMNS[type(record)]
    ]
    show_lines(text_table.pairs(rows))


def show_pages(crm: Crm, pages: Iterator[Sequence[Any]], read_model: type, *, as_json: bool) -> None:
    """Print the records of a read model as a table, or as one JSON array, page by page."""
    if as_json:
        _show_array(fields_of(crm, record) for page in pages for record in page)
        return
    from cli import record_columns, text_table

    columns = [column for column in record_columns.COLUMNS[read_model] if column.in_list]
    heading = [_(column.label) for column in columns]
    texts = (
        [[column.text(record, crm.shared.currency) for column in columns] for record in page]
        for page in pages
    )
    show_lines(
        text_table.grid(heading, texts, [column.layout for column in columns], text_table.terminal_width())
    )


def show_grid(heading: Sequence[str], rows: Sequence[Sequence[str]], layouts: Sequence[Layout]) -> None:
    """Print a table of texts that fits the terminal; in a pipe nothing is cut."""
    from cli import text_table

    show_lines(text_table.grid(heading, iter([rows]), layouts, text_table.terminal_width()))


def show_json(value: object) -> None:
    """Print a value as JSON, with every character escaped that a terminal may obey."""
    typer.echo(_as_json(value))


def _show_array(values: Iterable[object]) -> None:
    """Print values as one JSON array, each as soon as it is available."""
    separator = "[\n"
    for value in values:
        text = _as_json(value).replace("\n", "\n  ")
        typer.echo(f"{separator}  {text}", nl=False)
        separator = ",\n"
    typer.echo("[]" if separator == "[\n" else "\n]")


def _as_json(value: object) -> str:
    import json

    unicode_output = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, default=to_json_value, ensure_ascii=not unicode_output, indent=2)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def fields_of(crm: Crm, record: Any) -> dict[str, object]:
    """The fields of the record by name, then the currency if it has amounts."""
    from dataclasses import fields

    values = {field.name: getattr(record, field.name) for field in fields(record)}
    has_amounts = any(isinstance(value, Decimal) for value in values.values())
    return values | ({"currency": crm.shared.currency} if has_amounts else {})


def to_json_value(value: object) -> object:
    """Convert a value for JSON: amounts to text, times to UTC, both times and dates to ISO 8601."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def show_lines(lines: Iterable[str]) -> None:
    """Print lines without control characters; those outside the terminal's encoding become question marks."""
    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        typer.echo(line.encode(encoding, "replace").decode(encoding))
