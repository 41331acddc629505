"""The first read of a list: the page to show, with the row to stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from tui.widgets.data_source import DataSource, Row
from tui.widgets.page_cache import PAGE_SIZE


@dataclass(frozen=True)
class FreshRows(Generic[Row]):
    """Pages just read, where the cursor belongs, and the total where the pages tell it."""

    pages: dict[int, Sequence[Row]]
    cursor: int
    total: int | None


def load_fresh(source: DataSource[Row], keep: int | None, near: int) -> FreshRows[Row]:
    """Read the page that holds the key ``keep``, or else the row ``near``.

    The page of ``near`` is tried first: a record moves little when it is edited. Runs in a thread worker.
    Raises what the source raises.
    """
    pages: dict[int, Sequence[Row]] = {}
    cursor = _load(source, pages, near, keep)
    if cursor is None and keep is not None:
        position = source.position(keep)
        cursor = None if position is None else _load(source, pages, position, keep)
    return FreshRows(pages, near if cursor is None else cursor, _total(pages))


def _load(source: DataSource[Row], pages: dict[int, Sequence[Row]], row: int, keep: int | None) -> int | None:
    page = row // PAGE_SIZE
    pages[page] = source.window(page * PAGE_SIZE, PAGE_SIZE)
    place = None if keep is None else _place(source, pages[page], keep)
    return None if place is None else page * PAGE_SIZE + place


def _place(source: DataSource[Row], rows: Sequence[Row], key: int) -> int | None:
    return next((place for place, row in enumerate(rows) if source.key(row) == key), None)


def _total(pages: dict[int, Sequence[Row]]) -> int | None:
    # A page that is neither empty nor full is the last one; an empty first page is the whole list.
    for page, rows in pages.items():
        if (rows or page == 0) and len(rows) < PAGE_SIZE:
            return page * PAGE_SIZE + len(rows)
    return None
