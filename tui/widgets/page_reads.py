"""Reading pages of a list: next to a row that is at hand where there is one, by their place otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

from services.errors import Invalid
from tui.widgets.data_source import DataSource, Row
from tui.widgets.page_cache import PAGE_SIZE, PageCache, cut


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
