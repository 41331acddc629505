"""The rows at hand: whole pages, the least recently used given up first."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic

from tui.widgets.data_source import Row

PAGE_SIZE = 64
CAPACITY = 48


class PageCache(Generic[Row]):
    """Pages of :data:`PAGE_SIZE` rows by page number. Used on the event loop only."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self.end = 0
        """One past the highest row that was ever loaded."""

    def clear(self) -> None:
        """Forget every row."""
        self._pages.clear()
        self.end = 0

    def put(self, page: int, rows: Sequence[Row]) -> None:
        """Keep a page."""
        self._pages[page] = rows
        self._pages.move_to_end(page)
        if rows:
            self.end = max(self.end, page * PAGE_SIZE + len(rows))
        while len(self._pages) > CAPACITY:
            self._pages.popitem(last=False)

    def row(self, index: int) -> Row | None:
        """The row at an index, ``None`` while it is not loaded."""
        page, place = divmod(index, PAGE_SIZE)
        rows = self._pages.get(page)
        if rows is None or place >= len(rows):
            return None
        self._pages.move_to_end(page)
        return rows[place]

    def missing(self, first: int, last: int) -> list[int]:
        """The pages not at hand among those that hold the rows ``first`` to ``last``."""
        pages = range(max(0, first) // PAGE_SIZE, max(0, last) // PAGE_SIZE + 1)
        return [page for page in pages if page not in self._pages]
