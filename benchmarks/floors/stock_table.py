"""Clients in Textual's own table.

Started by ``python -m benchmarks.floors.stock_table FILE``, with one of ``benchmarks.people``.

``s`` sorts by company. ``/`` opens a field, and Enter in it keeps the rows with its text; this table can
filter only by being filled again.
"""

import sqlite3
import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Input

ROWS = "SELECT name, company, seller, email, contacted FROM people ORDER BY rowid"
NAMES = ("Name", "Company", "Sales contact", "Email", "Contacted")


class Stock(App[None]):
    """The table and a field."""

    CSS = "Input { display: none; } Input.shown { display: block; } DataTable { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sort"), Binding("slash", "search"), Binding("escape", "back"),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        yield Input()
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
        self.rows = [tuple(value or "" for value in row) for row in connection.execute(ROWS).fetchall()]
        self.table = self.query_one(DataTable)
        self.columns = self.table.add_columns(*NAMES)
        self.table.add_rows(self.rows)
        self.table.focus()

    def action_sort(self) -> None:
        self.table.sort(self.columns[1])

    def action_search(self) -> None:
        self.query_one(Input).add_class("shown").focus()

    def action_back(self) -> None:
        field = self.query_one(Input).remove_class("shown")
        field.value = ""
        self.show("")
        self.table.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.show(event.value.lower())

    def show(self, typed: str) -> None:
        self.table.clear()
        self.table.add_rows([row for row in self.rows if any(typed in value.lower() for value in row)])


if __name__ == "__main__":
    Stock().run()
