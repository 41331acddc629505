"""The same clients in textual-fastdatatable, which stores them in Arrow.

Started by ``python -m benchmarks.floors.fast_table FILE``; the keys are those of ``stock_table``.
"""

import sqlite3
import sys
from functools import reduce
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input
from textual_fastdatatable import ArrowBackend, DataTable

from benchmarks.floors.stock_table import NAMES, ROWS


class Fast(App[None]):
    """The table and a field."""

    CSS = "Input { display: none; } Input.shown { display: block; } DataTable { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sort"), Binding("slash", "search"), Binding("escape", "back"),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
        columns: Any = zip(*connection.execute(ROWS).fetchall(), strict=True)
        self.all = pa.table({name: list(column) for name, column in zip(NAMES, columns, strict=True)})
        yield Input()
        yield DataTable(backend=ArrowBackend(self.all), cursor_type="row", render_markup=False)

    def on_mount(self) -> None:
        self.query_one(DataTable).focus()

    def action_sort(self) -> None:
        self.query_one(DataTable).sort([("Company", "ascending")])

    def action_search(self) -> None:
        self.query_one(Input).add_class("shown").focus()

    async def action_back(self) -> None:
        field = self.query_one(Input).remove_class("shown")
        field.value = ""
        await self.show(self.all)
        self.query_one(DataTable).focus()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        found = [pc.match_substring(self.all[name], event.value, ignore_case=True) for name in NAMES]
        kept = self.all.filter(reduce(pc.or_, found))
        await self.show(kept)

    async def show(self, rows: pa.Table) -> None:
        await self.query_one(DataTable).remove()
        await self.mount(DataTable(backend=ArrowBackend(rows), cursor_type="row", render_markup=False))


if __name__ == "__main__":
    Fast().run()
