"""What a table reads, and when: what is seen first, beside the event loop, and nothing nobody waits for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from textual.timer import Timer

from services.errors import CrmError, Invalid
from services.lists.query import COUNT_CAP
from tui.runtime.workers import run_in_background, stop_in_background
from tui.widgets.record_table.data_source import DataSource, Row
from tui.widgets.record_table.initial_load import CursorTarget, FreshRows, load_fresh
from tui.widgets.record_table.page_cache import PAGE_SIZE, PageCache, cut

if TYPE_CHECKING:
    from tui.widgets.record_table.cursor import SourcedRows

SURVEY_PAUSE: Final = 0.2
"""Seconds in which another list may be asked for, before the whole of this one is surveyed."""
SURVEY_AGAIN: Final = 10.0
"""Seconds between two surveys of a list in which others write; it takes a tenth of one."""
_WORTH_A_SURVEY: Final = COUNT_CAP - 1

T = TypeVar("T")


@dataclass(frozen=True)
class PageRead:
    """Pages that follow each other, and the key of the row right behind or before which they stand."""

    pages: range
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Pages(Generic[Row]):
    """What was read, and one past the last row of the list where it came to light."""

    rows: Mapping[int, Sequence[Row]] = field(default_factory=dict)
    end: int | None = None
    moved: bool = False
    """The list has other rows by now than those at hand say: it is to be read anew."""


def next_read(
    cache: PageCache[Row], source: DataSource[Row], missing: Sequence[int], *, by_place: bool = False
) -> PageRead:
    """How to read the first of these pages and those that follow it without a gap."""
    last = missing[0]
    while last + 1 in missing:
        last += 1
    pages = range(missing[0], last + 1)
    if by_place:
        return PageRead(pages)
    behind, ahead = cache.page(pages.start - 1), cache.page(pages.stop)
    if behind is not None and len(behind) == PAGE_SIZE:
        return PageRead(pages, after=source.key(behind[-1]))
    return PageRead(pages, before=source.key(ahead[0]) if ahead else None)


def read_pages(source: DataSource[Row], read: PageRead) -> Pages[Row]:
    """The pages. Runs in a thread worker; raises what the source raises."""
    start, limit = read.pages.start * PAGE_SIZE, len(read.pages) * PAGE_SIZE
    try:
        rows = source.window(start, limit, after=read.after, before=read.before)
    except Invalid:
        if read.after is None and read.before is None:
            raise
        return Pages(moved=True)  # the row beside which they stood was deleted
    if len(rows) == limit:
        return Pages(cut(read.pages, rows))
    if read.before is not None or (not rows and start):
        return Pages(moved=True)  # fewer rows than the places they had, or no such place any more
    return Pages(cut(read.pages, rows), end=start + len(rows))


class RowLoader(Generic[Row]):
    """The reads of one table. Three lanes, of which each holds one read: rows, count and survey."""

    def __init__(self, table: "SourcedRows[Row]") -> None:
        self._table = table
        self._source: DataSource[Row] | None = None
        self.rows: PageCache[Row] = PageCache()
        self.starting_over = False
        """The whole list is being read anew; what is seen now is about to be replaced."""
        self._under_way: PageRead | None = None
        self._moved = False
        self._survey_timer: Timer | None = None
        self._surveyed_at = -SURVEY_AGAIN

    # The list

    @property
    def source(self) -> DataSource[Row] | None:
        """Where the rows come from."""
        return self._source

    @source.setter
    def source(self, source: DataSource[Row]) -> None:
        self._source = source
        self._surveyed_at = monotonic() - SURVEY_AGAIN

    def read_list(self, wish: CursorTarget) -> None:
        """Read the list from where one stands in it, or would stand."""
        assert self.source is not None, "a table reads once it has a source"
        self.starting_over, self._under_way, self._moved = True, None, False
        self._stop_counting()
        self._run(partial(load_fresh, self.source, wish), self._list_read, "rows")

    def _list_read(self, fresh: FreshRows[Row]) -> None:
        self.starting_over = False
        self._table.list_read(fresh)

    # Its pages

    def need(self, seen: range) -> bool:
        """Whether the rows in sight are at hand; reads them where not, before all others."""
        missing = self._missing(seen)
        waits = self._under_way is not None and not set(missing).isdisjoint(self._under_way.pages)
        if missing and not waits and not self.starting_over:
            self._read_pages(missing)
        return not missing

    def lacks(self, ahead: range) -> bool:
        """Whether there is something to read of the rows that come next, and nothing else to be read."""
        return self._under_way is None and not self.starting_over and bool(self._missing(ahead))

    def read_ahead(self, ahead: range) -> None:
        """Read the rows that come next."""
        if self.lacks(ahead):
            self._read_pages(self._missing(ahead))

    def _read_pages(self, wanted: Sequence[int]) -> None:
        assert self.source is not None, "a table reads once it has a source"
        read = self._under_way = next_read(self.rows, self.source, wanted, by_place=self._moved)
        self._run(partial(read_pages, self.source, read), self._pages_read, "rows")

    def _missing(self, rows: range) -> list[int]:
        if not rows or self.source is None:
            return []
        last = min(rows.stop - 1, self._table.row_count + (0 if self._table.exact else PAGE_SIZE) - 1)
        return [
            page
            for page in range(max(0, rows.start) // PAGE_SIZE, last // PAGE_SIZE + 1)
            if self._is_missing(page)
        ]

    def _is_missing(self, page: int) -> bool:
        rows = self.rows.page(page)
        # A page that ends before the list does was read before others wrote.
        return rows is None or len(rows) < min(PAGE_SIZE, self._table.row_count - page * PAGE_SIZE)

    def _pages_read(self, pages: Pages[Row]) -> None:
        self._under_way = None
        if pages.moved:
            self._table.refresh_data()
            self._moved = True  # a source that contradicts itself is not asked in the same way for ever
            return
        for page, rows in pages.rows.items():
            self.rows.put(page, rows)
        self._table.pages_read(pages)

    # Its length

    def count(self) -> None:
        """Count the list, and survey a long one behind that."""
        assert self.source is not None, "a table counts once it has a source"
        self._run(self.source.count, self._counted, "count")

    def _counted(self, total: int) -> None:
        self._table.counted(total, exact=total != COUNT_CAP)
        if total >= _WORTH_A_SURVEY:
            pause = max(SURVEY_PAUSE, self._surveyed_at + SURVEY_AGAIN - monotonic())
            self._survey_timer = self._table.set_timer(pause, self._survey)

    def _survey(self) -> None:
        if self.source is not None:
            self._run(self.source.build_position_index, self._surveyed, "count")

    def _surveyed(self, total: int | None) -> None:
        self._surveyed_at = monotonic()
        if total is not None:
            self._table.counted(total, exact=True)

    def _stop_counting(self) -> None:
        if self._survey_timer is not None:
            self._survey_timer.stop()
        stop_in_background(self._table, "count")

    # Threads

    def _run(self, work: Callable[[], T], then: Callable[[T], object], group: str) -> None:
        run_in_background(self._table, work, then=then, failed=self._failed, group=group, only_reads=True)

    def _failed(self, error: CrmError) -> None:
        self.starting_over, self._under_way = False, None
        self._table.reading_failed(error)
