"""The loaded rows, in whole pages; the least recently used page is dropped first."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Generic

from tui.widgets.record_table.data_source import Row

PAGE_SIZE = 64
CAPACITY = 48


def cut(pages: range, rows: Sequence[Row]) -> dict[int, Sequence[Row]]:
    """Split rows that were read at once into their pages."""
    return {page: rows[place * PAGE_SIZE : (place + 1) * PAGE_SIZE] for place, page in enumerate(pages)}


class PageCache(Generic[Row]):
    """Pages of :data:`PAGE_SIZE` rows by page number. Used on the event loop only.

    After :meth:`renew` old pages are still shown but count as missing, so that a list that is read again
    shows no gaps while the user moves in it.
    """

    def __init__(self) -> None:
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._old: dict[int, Sequence[Row]] = {}
        self.end = 0
        """One past the highest row loaded so far."""

    def clear(self) -> None:
        """Forget every row."""
        self._pages.clear()
        self._old.clear()
        self.end = 0

    def renew(self, pages: Mapping[int, Sequence[Row]], *, keep_old: bool) -> None:
        """Replace the pages by these; with ``keep_old`` the others are shown until they are read again."""
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
        """The row at an index, ``None`` until it is loaded."""
        page, place = divmod(index, PAGE_SIZE)
        rows = self._pages.get(page)
        if rows is None:
            rows = self._old.get(page, ())
        else:
            self._pages.move_to_end(page)
        return rows[place] if 0 <= place < len(rows) else None

    def page(self, page: int) -> Sequence[Row] | None:
        """A page that is not old, ``None`` until it is loaded."""
        return self._pages.get(page)
