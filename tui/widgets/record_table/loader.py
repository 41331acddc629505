"""The reads of a table, in thread workers: rows in sight before rows ahead, the count behind both."""

from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import Final, Generic, TypeVar

from textual.timer import Timer
from textual.widget import Widget

from services.errors import CrmError
from services.lists.query import COUNT_CAP
from tui.runtime.workers import run_in_background, stop_in_background
from tui.widgets.record_table.data_source import DataSource, Row
from tui.widgets.record_table.initial_load import LoadedList, load_list
from tui.widgets.record_table.list_state import ListState
from tui.widgets.record_table.page_reads import PageRead, Pages, next_read, read_pages

INDEX_PAUSE: Final = 0.2
"""Seconds in which another list may be asked for, before the positions of this one are indexed."""
INDEX_AGAIN: Final = 10.0
"""Seconds between two indexings of a list in which others write; each takes a tenth of a second."""
_WORTH_AN_INDEX: Final = COUNT_CAP - 1

T = TypeVar("T")


class RowLoader(Generic[Row]):
    """The reads of one table in two groups of workers, rows and count; each group runs one read at a time."""

    def __init__(
        self,
        widget: Widget,
        state: ListState[Row],
        *,
        list_read: Callable[[LoadedList[Row]], None],
        pages_read: Callable[[Pages[Row]], None],
        counted: Callable[[int, bool], None],
        failed: Callable[[CrmError], None],
    ) -> None:
        self._widget = widget
        self._state = state
        self._then_list, self._then_pages, self._then_count = list_read, pages_read, counted
        self._then_failed = failed
        self.reads_list = False
        """Whether the whole list is being read; its rows are about to replace those in sight."""
        self._reading: PageRead | None = None
        self._by_offset = False
        self._index_timer: Timer | None = None
        self._index_due = 0.0

    @property
    def _source(self) -> DataSource[Row]:
        assert self._state.source is not None, "a table reads once it has a source"
        return self._state.source

    # The list

    def read_list(self) -> None:
        """Read the list around the cursor target of the state."""
        self.reads_list, self._reading, self._by_offset = True, None, False
        if self._state.is_changing:
            self._index_due = 0.0
        if self._index_timer is not None:
            self._index_timer.stop()
        stop_in_background(self._widget, "count")
        self._run(partial(load_list, self._source, self._state.target), self._list_read, "rows")

    def _list_read(self, loaded: LoadedList[Row]) -> None:
        self.reads_list = False
        self._then_list(loaded)

    # Its pages

    def need(self, in_sight: range) -> bool:
        """Whether the rows in sight are loaded; reads them before all others if they are not."""
        missing = self._state.missing_pages(in_sight)
        waits = self._reading is not None and not set(missing).isdisjoint(self._reading.pages)
        if missing and not waits and not self.reads_list:
            self._read_pages(missing)
        return not missing

    def lacks(self, ahead: range) -> bool:
        """Whether rows ahead are to be read, and no other read is running."""
        return self._reading is None and not self.reads_list and bool(self._state.missing_pages(ahead))

    def read_ahead(self, ahead: range) -> None:
        """Read the rows that come into sight next."""
        if self.lacks(ahead):
            self._read_pages(self._state.missing_pages(ahead))

    def _read_pages(self, missing: Sequence[int]) -> None:
        read = next_read(self._state.pages, self._source, missing, by_offset=self._by_offset)
        self._reading = read
        self._run(partial(read_pages, self._source, read), self._pages_read, "rows")

    def _pages_read(self, pages: Pages[Row]) -> None:
        self._reading = None
        self._then_pages(pages)
        if pages.moved:
            self._by_offset = True  # or a source that contradicts itself would be read for ever

    # Its length

    def count(self) -> None:
        """Count the list, and then index the positions of a long one."""
        self._run(self._source.count, self._counted, "count")

    def _counted(self, total: int) -> None:
        self._then_count(total, total != COUNT_CAP)
        if total >= _WORTH_AN_INDEX:
            pause = max(INDEX_PAUSE, self._index_due - monotonic())
            self._index_timer = self._widget.set_timer(pause, self._build_index)

    def _build_index(self) -> None:
        self._run(self._source.build_position_index, self._indexed, "count")

    def _indexed(self, total: int | None) -> None:
        self._index_due = monotonic() + INDEX_AGAIN
        if total is not None:
            self._then_count(total, True)

    # Threads

    def _run(self, work: Callable[[], T], then: Callable[[T], object], group: str) -> None:
        run_in_background(self._widget, work, then=then, failed=self._failed, group=group, only_reads=True)

    def _failed(self, error: CrmError) -> None:
        self.reads_list, self._reading = False, None
        self._then_failed(error)
