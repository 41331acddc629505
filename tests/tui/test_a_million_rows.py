"""The table on lists of a million rows: what it reads, what it keeps, and where the cursor stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from time import monotonic
from typing import Any

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.geometry import Region

from services.lists.query import COUNT_CAP
from tests.support.fake_rows import MILLION, Capped, NumberRow, Numbers, Slow
from tui.widgets.record_table.columns import Column
from tui.widgets.record_table.list_state import CAPACITY, PAGE_SIZE
from tui.widgets.record_table.table import RecordTable

SIZE = (60, 20)
ROWS_SHOWN = 19
WHOLE = Region(0, 0, *SIZE)
NAME = Column[NumberRow]("name", "Name", lambda row: f"{row.note} {row.id}", width=20, weight=1, sort="name")


def drawn(table: RecordTable[NumberRow], line: int) -> str:
    return RecordTable.render_line(table, line).text.rstrip()


class TableApp(App[None]):
    """A table and nothing else; remembers what was announced and how often it painted."""

    def __init__(self) -> None:
        super().__init__()
        self.announced: list[int | None] = []
        self.painted: list[str] = []
        self.table: RecordTable[NumberRow] = RecordTable([NAME])

    def compose(self) -> ComposeResult:
        yield self.table

    @on(RecordTable.RowHighlighted)
    def _announced(self, message: RecordTable.RowHighlighted) -> None:
        self.announced.append(message.key)

    def _display(self, screen: Any, renderable: Any) -> None:
        super()._display(screen, renderable)
        if renderable is not None and not self._batch_count and self.table.is_attached:
            self.painted.append(drawn(self.table, 1))


class AppDriver:
    """The table with somebody at its keys."""

    def __init__(self, app: TableApp) -> None:
        self.app = app
        self.table = app.table

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for something to come true."""
        deadline = monotonic() + 20
        while not condition():
            assert monotonic() < deadline, "it never comes true"
            await asyncio.sleep(0.002)

    async def read(self) -> None:
        """Wait until nothing is read any more."""
        await self.until(lambda: not self._reads())

    async def settle(self) -> None:
        """Wait until nothing is read any more and the cursor has come to rest."""
        await self.until(lambda: not self._reads() and self.table.presenter.highlighter.is_settled)

    def _reads(self) -> bool:
        works = any(not worker.is_finished for worker in self.app.workers)
        lacks = self.table.presenter.loader.lacks(self.table.presenter.ahead)
        return works or lacks or self.app._batch_count > 0 or not self.table._message_queue.empty()

    async def surveyed(self) -> None:
        """Wait until the list has been looked over."""
        source: Any = self.table.state.source
        await self.until(lambda: ("survey", 0) in source.asked)
        await self.settle()

    def press(self, *keys: str) -> None:
        """Do what the keys do, without waiting for anything."""
        actions: dict[str, Callable[[], None]] = {
            "down": lambda: self.table.action_cursor(1),
            "pagedown": lambda: self.table.action_page(1),
            "pageup": lambda: self.table.action_page(-1),
            "home": self.table.action_first,
            "G": self.table.action_last,
        }
        for key in keys:
            actions[key]()

    @property
    def lines(self) -> list[str]:
        """The rows in sight as they are drawn."""
        return [drawn(self.table, y) for y in range(1, ROWS_SHOWN + 1)]

    @property
    def line_of_cursor(self) -> int:
        """How far down the window the cursor stands."""
        return self.table.cursor - self.table.in_sight.start


@asynccontextmanager
async def showing(source: Numbers) -> AsyncIterator[AppDriver]:
    """A table with this list."""
    app = TableApp()
    async with app.run_test(size=SIZE):
        driven = AppDriver(app)
        app.table.presenter.set_source(source)
        await driven.settle()
        yield driven


def a_million() -> Numbers:
    return Numbers(range(MILLION))


class Misjudging(Numbers):
    """A list in which others have written since it was surveyed: a row is not where it should be."""

    wrong_by = 0

    def position(self, key: int) -> int | None:
        place = super().position(key)
        return None if place is None else place + self.wrong_by


def read_near(source: Numbers, row: int) -> bool:
    return abs(source.windows[-1] - row) < 2 * PAGE_SIZE


async def test_the_first_page_is_shown_before_the_list_is_counted() -> None:
    source = a_million()
    async with showing(source) as driven:
        assert source.asked[0] == ("offset", 0)
        assert source.asked.count(("count", 0)) == 1
        assert driven.table.position == "1 of 1,000,000"
        await driven.surveyed()
        assert source.windows == [0]


async def test_a_jump_anywhere_reads_what_is_in_sight_and_is_painted_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.widgets.painting.LONGEST_HOLD", 20.0)
    source = a_million()
    async with showing(source) as driven:
        await driven.surveyed()
        driven.app.painted.clear()
        for key, row in (("G", MILLION - 1), ("home", 0)):
            driven.press(key)
            await driven.settle()
            assert driven.table.current_key == row
        driven.table.go_to(512_002)
        await driven.settle()
        assert driven.table.position == "512,003 of 1,000,000"
        assert "[/row] 512002" in driven.lines[driven.line_of_cursor]
        assert not any("·" in line for line in driven.app.painted), "no frame without its rows"
        assert len(source.windows) <= 5, "nothing is read on the way"


async def test_a_jump_stands_in_the_middle_of_the_window() -> None:
    async with showing(a_million()) as driven:
        driven.table.go_to(500_000)
        await driven.settle()
        assert driven.line_of_cursor == ROWS_SHOWN // 2


async def test_page_down_held_reads_each_page_once_and_keeps_few_of_them() -> None:
    source = a_million()
    async with showing(source) as driven:
        for _press in range(260):
            driven.press("pagedown")
            await driven.read()
            assert driven.table.current_row is not None
        ways = [way for way, _start in source.asked if way not in ("count", "survey")]
        assert ways[0] == "offset"
        assert set(ways[1:]) == {"after"}, "one reads on from the row at hand"
        assert sorted(set(source.windows)) == sorted(source.windows)
        kept = sum(driven.table.state.row(index) is not None for index in range(driven.table.cursor + 200))
        assert kept <= CAPACITY * PAGE_SIZE


async def test_page_up_from_the_end_reads_on_before_the_first_row_at_hand() -> None:
    source = a_million()
    async with showing(source) as driven:
        driven.press("G")
        await driven.settle()
        source.asked.clear()
        for _press in range(8):
            driven.press("pageup")
            await driven.read()
        assert {way for way, _start in source.asked} - {"survey"} == {"before"}
        assert driven.table.current_key == MILLION - 1 - 8 * (ROWS_SHOWN - 1)


async def test_the_last_row_of_a_list_that_is_only_capped_is_reached_once_it_is_surveyed() -> None:
    source = Capped(range(400_000), surveyed=True)
    async with showing(source) as driven:
        assert driven.table.position == "1 of 10,000+"
        driven.press("G")
        await driven.settle()
        assert driven.table.current_key == COUNT_CAP - 1
        await driven.surveyed()
        assert driven.table.current_key == 399_999
        assert driven.table.position == "400,000 of 400,000"


async def test_who_moves_on_before_the_survey_ends_is_not_taken_to_the_last_row() -> None:
    async with showing(Capped(range(400_000), surveyed=True)) as driven:
        driven.press("G")
        driven.press("pageup")
        await driven.surveyed()
        assert driven.table.cursor < COUNT_CAP
        assert driven.table.position.endswith("of 400,000")


async def test_a_list_that_is_never_counted_goes_on_beyond_what_was_counted() -> None:
    async with showing(Capped(range(10_500), surveyed=False)) as driven:
        await driven.surveyed()
        driven.press("G")
        await driven.settle()
        for _press in range(40):
            driven.press("pagedown")
            await driven.read()
        assert driven.table.position == "10,500 of 10,500"


async def test_rows_inserted_before_the_cursor_move_it_with_its_record_and_not_on_the_screen() -> None:
    source = Numbers(list(range(MILLION)))
    async with showing(source) as driven:
        driven.table.go_to(300_000)
        await driven.settle()
        line, drawn = driven.line_of_cursor, driven.lines
        source.ids = [*range(-100, 0), *source.ids]
        driven.table.presenter.refresh()
        await driven.settle()
        assert driven.table.current_key == 300_000
        assert driven.table.position == "300,101 of 1,000,100"
        assert driven.line_of_cursor == line
        assert driven.lines == drawn


async def test_a_record_that_is_gone_leaves_the_cursor_where_it_was() -> None:
    source = Numbers(list(range(1_000)))
    async with showing(source) as driven:
        driven.table.go_to(500)
        await driven.settle()
        source.ids = [number for number in range(1_000) if number != 500]
        driven.table.presenter.refresh()
        await driven.settle()
        assert (driven.table.cursor, driven.table.current_key) == (500, 501)
        assert driven.table.position == "501 of 999"


async def test_a_list_that_has_become_much_shorter_is_shown_from_its_last_row() -> None:
    source = Numbers(list(range(5_000)))
    async with showing(source) as driven:
        driven.press("G")
        await driven.settle()
        source.ids = list(range(1_000))
        driven.table.presenter.refresh()
        await driven.settle()
        assert driven.table.position == "1,000 of 1,000"


async def test_only_the_row_that_changed_is_painted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[Region] = []
    source = a_million()
    async with showing(source) as driven:
        driven.press("down", "down")
        await driven.settle()
        monkeypatch.setattr(
            driven.table, "refresh", lambda *regions, **_more: painted.extend(regions or [WHOLE])
        )
        source.notes[7] = "signed"
        driven.table.presenter.refresh()
        await driven.settle()
        await driven.until(lambda: "signed 7" in driven.lines[7])
        assert painted == [Region(0, 8, SIZE[0], 1)]


async def test_another_order_keeps_the_record_and_its_line() -> None:
    async with showing(a_million()) as driven:
        driven.table.go_to(1_000)
        await driven.settle()
        line = driven.line_of_cursor
        driven.table.presenter.set_source(Numbers(range(MILLION - 1, -1, -1)))
        await driven.settle()
        assert (driven.table.current_key, driven.table.cursor) == (1_000, MILLION - 1_001)
        assert driven.line_of_cursor == line


async def test_a_record_that_a_search_does_not_find_is_stood_on_again_once_the_search_is_over() -> None:
    async with showing(a_million()) as driven:
        driven.table.go_to(1_000)
        await driven.settle()
        driven.table.presenter.set_source(Numbers(range(2_000, 3_000)))
        await driven.settle()
        assert (driven.table.cursor, driven.table.current_key) == (0, 2_000)
        driven.table.presenter.set_source(a_million())
        await driven.settle()
        assert driven.table.current_key == 1_000


async def test_what_a_search_found_first_is_kept_once_one_has_taken_it() -> None:
    async with showing(a_million()) as driven:
        driven.table.go_to(1_000)
        await driven.settle()
        driven.table.presenter.set_source(Numbers(range(2_000, 3_000)))
        await driven.settle()
        driven.table.state.accept_row()
        driven.table.presenter.set_source(Numbers(range(2_999, 1_999, -1)))
        await driven.settle()
        assert (driven.table.current_key, driven.table.cursor) == (2_000, 999)


async def test_who_moves_in_what_was_found_stays_there_once_the_search_is_over() -> None:
    async with showing(a_million()) as driven:
        driven.table.go_to(1_000)
        await driven.settle()
        driven.table.presenter.set_source(Numbers(range(2_000, 3_000)))
        await driven.settle()
        driven.press("down")
        driven.table.presenter.set_source(a_million())
        await driven.settle()
        assert driven.table.current_key == 2_001


async def test_who_moves_on_while_the_list_is_read_anew_goes_on_from_there() -> None:
    source = Slow(range(1_000))
    async with showing(source) as driven:
        source.answers.clear()
        driven.table.presenter.refresh()
        driven.press("down", "down")
        source.answers.set()
        await driven.settle()
        assert driven.table.current_key == 2


async def test_a_query_for_rows_that_have_gone_out_of_sight_is_cancelled() -> None:
    source = Slow(range(MILLION))
    async with showing(source) as driven:
        source.answers.clear()
        for row in (200_000, 400_000, 600_000):
            driven.table.go_to(row)
            await driven.until(partial(read_near, source, row))
        await driven.until(lambda: len(source.cancelled) == 2)
        source.answers.set()
        await driven.settle()
        assert driven.table.current_key == 600_000
        assert len(source.windows) == 4, "the first page, and the three places"


async def test_another_list_cancels_the_one_on_its_way() -> None:
    first, second = Slow(range(100)), Numbers(range(100, 200))
    async with showing(Numbers(range(10))) as driven:
        first.answers.clear()
        driven.table.presenter.set_source(first)
        await driven.until(lambda: first.windows)
        driven.table.presenter.set_source(second)
        await driven.settle()
        assert driven.table.current_key == 100
        await driven.until(lambda: first.cancelled == [0])


async def test_the_loop_never_waits_for_a_slow_source() -> None:
    source = Slow(range(MILLION))
    async with showing(source) as driven:
        source.answers.clear()
        for press in range(30):
            driven.press("pagedown" if press % 2 else "G")
            await asyncio.sleep(0)
        driven.table.go_to(700_000)
        await driven.until(lambda: not driven.app._batch_count)
        await driven.until(lambda: "·" in driven.app.painted[-1])
        assert driven.table.position == "700,001 of 1,000,000", "the place is shown before its rows"
        source.answers.set()
        await driven.until(lambda: "699" in driven.app.painted[-1])


async def test_rows_that_a_deletion_has_moved_are_read_anew() -> None:
    source = Numbers(list(range(10_000)))
    async with showing(source) as driven:
        driven.table.go_to(200)
        await driven.settle()
        driven.table.presenter.refresh()  # of the first page nothing is known any more
        await driven.settle()
        source.ids = [number for number in range(10_000) if number not in (3, 4, 5)]
        for _press in range(12):
            driven.press("pageup")
            await driven.read()
        assert driven.table.current_key == 0
        assert [line.split()[-1] for line in driven.lines[:5]] == ["0", "1", "2", "6", "7"]


async def test_a_record_is_kept_where_its_place_is_not_told_exactly() -> None:
    source = Misjudging(range(MILLION))
    async with showing(source) as driven:
        driven.table.go_to(300_000)
        await driven.settle()
        source.wrong_by = 100
        driven.table.presenter.set_source(source)
        await driven.settle()
        assert driven.table.current_key == 300_000
        shown = [int(line.split()[-1]) for line in driven.lines]
        assert shown == list(range(shown[0], shown[0] + ROWS_SHOWN))


async def test_rows_added_at_the_end_are_shown_once_they_are_counted() -> None:
    source = Capped(list(range(10_100)), surveyed=True)
    async with showing(source) as driven:
        driven.press("G")
        await driven.surveyed()
        assert driven.table.current_key == 10_099
        source.ids = range(10_105)
        driven.table.presenter.counted(10_105, True)
        await driven.settle()
        driven.press("G")
        await driven.settle()
        assert driven.table.current_key == 10_104


async def test_a_row_that_is_deleted_while_one_reads_on_behind_it_is_no_error() -> None:
    source = Numbers(list(range(10_000)))
    async with showing(source) as driven:
        source.ids = [number for number in range(10_000) if number != PAGE_SIZE - 1]
        for _press in range(5):
            driven.press("pagedown")
            await driven.read()
        assert driven.table.current_row is not None
        shown = [int(line.split()[-1]) for line in driven.lines]
        assert shown == sorted(set(shown))


async def test_what_one_rests_on_is_announced_once() -> None:
    async with showing(a_million()) as driven:
        driven.app.announced.clear()
        driven.press(*["pagedown"] * 20)
        driven.press("G")
        await driven.settle()
        assert driven.app.announced == [MILLION - 1]
