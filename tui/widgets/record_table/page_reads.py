"""Reading pages of a list next to the pages that are loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

from services.errors import Invalid
from tui.widgets.record_table.data_source import DataSource, Row
from tui.widgets.record_table.page_cache import PAGE_SIZE, PageCache, cut


@dataclass(frozen=True)
class PageRead:
    """Consecutive pages to read, after the row of one key or before the row of another."""

    pages: range
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Pages(Generic[Row]):
    """The pages read, and the length of the list if they show it."""

    rows: Mapping[int, Sequence[Row]] = field(default_factory=dict)
    total: int | None = None
    moved: bool = False
    """The loaded rows are no longer in their places: the list must be read again."""


def next_read(
    cache: PageCache[Row], source: DataSource[Row], missing: Sequence[int], *, by_offset: bool = False
) -> PageRead:
    """The read of the first missing page and of the missing pages that follow it without a gap."""
    last = missing[0]
    while last + 1 in missing:
        last += 1
    pages = range(missing[0], last + 1)
    if by_offset:
        return PageRead(pages)
    previous, following = cache.page(pages.start - 1), cache.page(pages.stop)
    if previous is not None and len(previous) == PAGE_SIZE:
        return PageRead(pages, after=source.key(previous[-1]))
    return PageRead(pages, before=source.key(following[0]) if following else None)


def read_pages(source: DataSource[Row], read: PageRead) -> Pages[Row]:
    """Read the pages, in a thread worker. Raises the errors of the source."""
    start, limit = read.pages.start * PAGE_SIZE, len(read.pages) * PAGE_SIZE
    try:
        rows = source.window(start, limit, after=read.after, before=read.before)
    except Invalid:
        if read.after is None and read.before is None:
            raise
        return Pages(moved=True)  # the row next to the pages was deleted
    if len(rows) == limit:
        return Pages(cut(read.pages, rows))
    if read.before is not None or (not rows and start):
        return Pages(moved=True)  # rows before these pages were deleted
    return Pages(cut(read.pages, rows), total=start + len(rows))
