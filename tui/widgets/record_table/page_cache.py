"""The rows at hand: whole pages, the least recently used given up first."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Generic

from tui.widgets.record_table.data_source import Row

PAGE_SIZE = 64
CAPACITY = 48


def cut(pages: range, rows: Sequence[Row]) -> dict[int, Sequence[Row]]:
    """Rows that were read in one go, as the pages that they make."""
    return {page: rows[place * PAGE_SIZE : (place + 1) * PAGE_SIZE] for place, page in enumerate(pages)}


class PageCache(Generic[Row]):
    """Pages of :data:`PAGE_SIZE` rows by page number. Used on the event loop only.

    Pages that :meth:`renew` has made old are still shown, and are missing all the same: a list that is read
    anew while one moves in it shows no holes.
    """

    def __init__(self) -> None:
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._old: dict[int, Sequence[Row]] = {}
        self.end = 0
        """One past the highest row that was ever loaded."""

    def clear(self) -> None:
        """Forget every row."""
        self._pages.clear()
        self._old.clear()
        self.end = 0

    def renew(self, pages: Mapping[int, Sequence[Row]], *, keep_old: bool) -> None:
        """Take these pages for the list as it is now; the others may have changed."""
        old = {**self._old, **self._pages} if keep_old else {}
        self.clear()
        self._old = old
        for page, rows in pages.items():
            self.put(page, rows)

    def put(self, page: int, rows: Sequence[Row]) -> None:
        """Keep a page."""
        self._old.pop(page, None)
        self._pages[page] = rows
        self._pages.move_to_end(page)
        if rows:
            self.end = max(self.end, page * PAGE_SIZE + len(rows))
        while len(self._pages) + len(self._old) > CAPACITY:
            self._old.pop(next(iter(self._old))) if self._old else self._pages.popitem(last=False)

    def row(self, index: int) -> Row | None:
        """The row at an index, ``None`` while it is not loaded."""
        page, place = divmod(index, PAGE_SIZE)
        rows = self._pages.get(page)
        if rows is None:
            rows = self._old.get(page, ())
        else:
            self._pages.move_to_end(page)
        return rows[place] if 0 <= place < len(rows) else None

    def page(self, page: int) -> Sequence[Row] | None:
        """A page of the list as it is now, ``None`` while it is not loaded."""
        return self._pages.get(page)
