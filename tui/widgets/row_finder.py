"""The first read of a list: the page to show, with the row to stand on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic

from tui.widgets.data_source import DataSource, Row
from tui.widgets.page_cache import PAGE_SIZE

PAGES_SEARCHED = 12
"""How far from the top a record is looked for; beyond, the cursor stays where it was."""


@dataclass(frozen=True)
class FreshRows(Generic[Row]):
    """Pages just read, where the cursor belongs, and the total where the pages tell it."""

    pages: dict[int, Sequence[Row]]
    cursor: int
    total: int | None


def load_fresh(source: DataSource[Row], keep: int | None, near: int) -> FreshRows[Row]:
    """Read the page of the row ``near``, or the one that holds the key ``keep`` if it is found close by.

    Runs in a thread worker. Raises what the source raises.
    """
    pages: dict[int, Sequence[Row]] = {}
    for page in _pages_to_try(near // PAGE_SIZE, keep is not None):
        rows = source.window(page * PAGE_SIZE, PAGE_SIZE)
        pages[page] = rows
        place = None if keep is None else _place(source, rows, keep)
        if place is not None:
            return FreshRows(pages, page * PAGE_SIZE + place, _total(pages))
    return FreshRows(pages, near, _total(pages))


def _pages_to_try(first: int, searching: bool) -> Iterable[int]:
    yield first
    if searching:
        # A record moves little when it is edited; a new one stands at the top of the default order.
        nearby = (first - 1, first + 1, *range(PAGES_SEARCHED))
        yield from dict.fromkeys(page for page in nearby if page >= 0 and page != first)


def _place(source: DataSource[Row], rows: Sequence[Row], key: int) -> int | None:
    return next((place for place, row in enumerate(rows) if source.key(row) == key), None)


def _total(pages: dict[int, Sequence[Row]]) -> int | None:
    # A page that is neither empty nor full is the last one; an empty first page is the whole list.
    for page, rows in pages.items():
        if (rows or page == 0) and len(rows) < PAGE_SIZE:
            return page * PAGE_SIZE + len(rows)
    return None
