from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.strip import Strip

from services.errors import DatabaseUnavailable
from services.lists.query import COUNT_CAP
from tui.widgets.record_table.columns import Column, column_widths
from tui.widgets.record_table.list_state import PAGE_SIZE
from tui.widgets.record_table.table import RecordTable
from tui.widgets.text_cells import fit

NAME = Column[str]("name", "Name", lambda row: row, width=10, weight=1, sort="name")
OTHER = Column[str]("other", "Other", lambda row: row, width=10, rank=2)


class Numbers:
    """Rows that are made when asked for; remembers what it was asked."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.asked: list[int] = []

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[str]:
        self.asked.append(offset)
        return [f"[/row] {number}" for number in range(offset, min(self.length, offset + limit))]

    def count(self) -> int:
        return min(self.length, COUNT_CAP)

    def build_position_index(self) -> int | None:
        return None

    def position(self, key: int) -> int | None:
        return key if key < self.length else None

    def key(self, row: str) -> int:
        return int(row.split()[1])


class Listed(Numbers):
    """Rows that the test may change."""

    def __init__(self, rows: list[str]) -> None:
        super().__init__(len(rows))
        self.rows = rows

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[str]:
        return self.rows[offset : offset + limit]

    def position(self, key: int) -> int | None:
        return next((place for place, row in enumerate(self.rows) if self.key(row) == key), None)


class Lost(Numbers):
    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[str]:
        raise DatabaseUnavailable


class TableApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Any] = []
        self.empty_text = "Nothing. n creates one."

    def compose(self) -> ComposeResult:
        table: RecordTable[str] = RecordTable([NAME, OTHER], empty_text=lambda: self.empty_text)
        yield table

    def on_record_table_row_highlighted(self, message: RecordTable.RowHighlighted) -> None:
        self.messages.append(("highlighted", message.key))

    def on_record_table_row_chosen(self, message: RecordTable.RowChosen) -> None:
        self.messages.append(("chosen", message.key))

    def on_record_table_load_failed(self, message: RecordTable.LoadFailed) -> None:
        self.messages.append(("failed", type(message.error)))


async def settle(pilot: Any) -> None:
    await pilot.pause()
    while workers := [worker for worker in pilot.app.workers if not worker.is_finished]:
        for worker in workers:
            await worker.wait()
        await pilot.pause()


async def test_a_list_of_a_million_is_opened_by_reading_its_first_page_only() -> None:
    source = Numbers(1_000_000)
    async with TableApp().run_test(size=(60, 12)) as pilot:
        table = pilot.app.query_one(RecordTable)
        table.presenter.set_source(source)
        await settle(pilot)
        assert source.asked == [0]
        assert "[/row] 0" in table.render_line(1).text
        assert table.state.total == COUNT_CAP
        assert table.position == "1 of 10,000+"


async def test_the_last_key_goes_to_the_last_row_and_loads_the_pages_around_it() -> None:
    source = Numbers(300)
    async with TableApp().run_test(size=(60, 12)) as pilot:
        table = pilot.app.query_one(RecordTable)
        table.presenter.set_source(source)
        await settle(pilot)
        await pilot.press("G")
        await settle(pilot)
        assert table.current_key == 299
        assert source.asked == [0, 300 // PAGE_SIZE * PAGE_SIZE]
        assert table.render_line(11).text.startswith("▸ [/row] 299")


async def test_reading_anew_keeps_the_cursor_on_its_record() -> None:
    rows = [f"row {number}" for number in range(5)]
    async with TableApp().run_test(size=(60, 12)) as pilot:
        table = pilot.app.query_one(RecordTable)
        table.presenter.set_source(Listed(rows))
        await settle(pilot)
        await pilot.press("down", "down")
        rows.insert(0, "row 9")
        table.presenter.refresh()
        await settle(pilot)
        assert (table.cursor, table.current_key) == (3, 2)


async def test_a_held_arrow_announces_the_row_it_rests_on_and_none_between() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table = pilot.app.query_one(RecordTable)
        table.presenter.set_source(Numbers(40))
        await settle(pilot)
        app.messages.clear()
        for _step in range(5):
            table.action_cursor(1)
        await pilot.press("enter")
        await settle(pilot)
        assert app.messages == [("highlighted", 5), ("chosen", 5)]


async def test_an_empty_list_says_which_key_is_next() -> None:
    async with TableApp().run_test(size=(60, 12)) as pilot:
        table = pilot.app.query_one(RecordTable)
        table.presenter.set_source(Numbers(0))
        await settle(pilot)
        drawn = "\n".join(table.render_line(y).text for y in range(12))
        assert "n creates one." in drawn
        await pilot.press("down", "G", "enter", "pagedown")
        assert table.cursor == 0


async def test_a_list_that_fails_to_load_after_a_change_holds_no_keys() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table = app.query_one(RecordTable)
        table.presenter.set_source(Numbers(9))
        await settle(pilot)
        table.state.source = Lost(9)
        table.presenter.refresh(after_change=True)
        assert table.state.is_outdated
        await settle(pilot)
        assert ("failed", DatabaseUnavailable) in app.messages
        assert not table.state.is_outdated


async def test_another_empty_list_shows_its_own_text() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table = app.query_one(RecordTable)
        table.presenter.set_source(Numbers(0))
        await settle(pilot)
        app.empty_text = "Nothing matches."
        painted: list[str] = []
        table.lines.draw = _noting(table.lines.draw, painted)  # type: ignore[method-assign]
        table.presenter.set_source(Numbers(0))
        await settle(pilot)
        assert "Nothing matches." in "".join(painted)


def _noting(draw: Callable[[Iterable[int]], list[Strip]], painted: list[str]) -> Any:
    def drawn(lines: Iterable[int]) -> list[Strip]:
        strips = draw(lines)
        painted.extend(strip.text for strip in strips)
        return strips

    return drawn


async def test_a_source_that_refuses_is_announced_and_what_was_shown_stays() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table = pilot.app.query_one(RecordTable)
        table.presenter.set_source(Numbers(3))
        await settle(pilot)
        table.presenter.set_source(Lost(3))
        await settle(pilot)
        assert ("failed", DatabaseUnavailable) in app.messages
        assert table.row_count == 3


@pytest.mark.parametrize(
    ("text", "width", "drawn"),
    [
        ("abc", 5, "abc  "),
        ("abcdef", 4, "abc…"),
        ("日本語", 4, "日… "),
        ("日本語", 6, "日本語"),
        ("e\u0301te\u0301", 4, "e\u0301te\u0301 "),
        ("a\nb\x1b[2Jc", 8, "a b[2Jc "),
        ("[/bold]", 7, "[/bold]"),
        ("x", 0, ""),
    ],
)
def test_text_is_drawn_in_exactly_its_cells(text: str, width: int, drawn: str) -> None:
    assert fit(text, width) == drawn


def test_a_narrow_table_leaves_the_least_important_column_out() -> None:
    assert [column.key for column, _width in column_widths([NAME, OTHER], 15)] == ["name"]
    assert column_widths([NAME, OTHER], 30) == [(NAME, 18), (OTHER, 10)]


def test_where_nothing_may_be_left_out_texts_give_way_and_numbers_keep_their_width() -> None:
    kept = replace(OTHER, rank=0)
    assert column_widths([NAME, kept], 18) == [(NAME, 6), (kept, 10)]


async def test_the_column_that_sorts_is_always_shown() -> None:
    async with TableApp().run_test(size=(20, 12)) as pilot:
        lines = pilot.app.query_one(RecordTable).lines
        lines.columns = (NAME, replace(OTHER, sort="other"))
        assert [column.key for column, _width in lines.widths()] == ["name"]
        lines.label("other", descending=False)
        assert [column.key for column, _width in lines.widths()] == ["name", "other"]


async def test_a_record_far_down_the_list_is_found_and_stood_on() -> None:
    source = Numbers(9_000)
    async with TableApp().run_test(size=(60, 12)) as pilot:
        table = pilot.app.query_one(RecordTable)
        table.presenter.set_source(source, keep=8_123)
        await settle(pilot)
        assert (table.cursor, table.current_key) == (8_123, 8_123)
        assert source.asked == [0, 8_123 // PAGE_SIZE * PAGE_SIZE]


def test_a_long_number_takes_its_cells_from_the_texts_before_a_column_is_left_out() -> None:
    figure = Column[Any]("due", "Due", lambda row: "", width=6, rank=1, align="right")
    name = Column[Any]("name", "Name", lambda row: "", width=20, weight=1)
    widths = {column.key: width for column, width in column_widths([name, figure], 30, {"due": 16})}
    assert widths == {"name": 12, "due": 16}


def test_a_number_that_still_does_not_fit_leaves_its_whole_column_out() -> None:
    figure = Column[Any]("due", "Due", lambda row: "", width=6, rank=1, align="right")
    name = Column[Any]("name", "Name", lambda row: "", width=10, weight=1)
    assert [column.key for column, _ in column_widths([name, figure], 20, {"due": 17})] == ["name"]
