"""The results of commands on standard output: tables for people, JSON for scripts."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import typer

from services.i18n import _

if TYPE_CHECKING:
    from cli.text_table import Layout
    from services.crm import Crm

# What a terminal may act upon and JSON may hold unescaped: C1 controls, marks that reorder text, halves.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def show_record(crm: Crm, record: Any, *, as_json: bool) -> None:
    """Print one record, each field on its line, or as one JSON object."""
    if as_json:
        show_json(fields_of(crm, record))
        return
    from cli import record_columns, text_table

    rows = [
        (_(column.label), column.words(record, crm.shared.currency))
        for column in record_columns.of(type(record))
    ]
    show_lines(text_table.pairs(rows))


def show_pages(crm: Crm, pages: Iterator[Sequence[Any]], kind: type, *, as_json: bool) -> None:
    """Print a list as a table, or as one JSON array, page by page; ``kind`` is the read shape."""
    if as_json:
        _show_array(fields_of(crm, record) for page in pages for record in page)
        return
    from cli import record_columns, text_table

    shown = [column for column in record_columns.of(kind) if column.in_list]
    heading = [_(column.label) for column in shown]
    texts = (
        [[column.text(record, crm.shared.currency) for column in shown] for record in page] for page in pages
    )
    show_lines(
        text_table.grid(heading, texts, [column.layout for column in shown], text_table.terminal_width())
    )


def show_grid(
    heading: Sequence[str], rows: Sequence[Sequence[str]], layouts: Sequence[Layout] | None = None
) -> None:
    """Print a table of texts; it fits the terminal, and is whole where a program reads it."""
    from cli import text_table

    chosen = layouts or [text_table.Layout()] * len(heading)
    show_lines(text_table.grid(heading, iter([rows]), chosen, text_table.terminal_width()))


def show_json(value: object) -> None:
    """Print a value as JSON, with nothing in it that a terminal may act upon."""
    typer.echo(_as_json(value))


def _show_array(values: Iterable[object]) -> None:
    """Print values as one JSON array, each as soon as it is read."""
    before = "[\n"
    for value in values:
        text = _as_json(value).replace("\n", "\n  ")
        typer.echo(f"{before}  {text}", nl=False)
        before = ",\n"
    typer.echo("[]" if before == "[\n" else "\n]")


def _as_json(value: object) -> str:
    import json

    unicode_output = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, default=plain, ensure_ascii=not unicode_output, indent=2)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def fields_of(crm: Crm, record: Any) -> dict[str, object]:
    """The record's fields by name, as a script reads them; the currency of its amounts comes after them."""
    from dataclasses import fields

    values = {field.name: getattr(record, field.name) for field in fields(record)}
    has_amounts = any(isinstance(value, Decimal) for value in values.values())
    return values | ({"currency": crm.shared.currency} if has_amounts else {})


def plain(value: object) -> object:
    """A value that JSON does not know: amounts as text, moments in UTC, days in ISO 8601."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def show_lines(lines: Iterable[str]) -> None:
    """Print lines that hold nothing unsafe; what the terminal cannot show becomes a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        typer.echo(line.encode(encoding, "replace").decode(encoding))
