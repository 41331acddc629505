"""The first read of a list: the rows to show, with the one to stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from tui.widgets.record_table.data_source import DataSource, Row
from tui.widgets.record_table.page_cache import PAGE_SIZE, cut


@dataclass(frozen=True)
class CursorTarget:
    """Where a table would stand in a list: on the first of these keys that is there, else on a row.

    ``above`` is how many rows are shown above that one, ``height`` how many there are in all.
    """

    keys: tuple[int, ...] = ()
    near: int = 0
    above: int = 0
    height: int = 0

    def pages(self, cursor: int) -> range:
        """The pages in sight with the cursor on this row."""
        top = max(0, cursor - self.above)
        bottom = max(cursor, top + self.height - 1)
        return range(top // PAGE_SIZE, bottom // PAGE_SIZE + 1)


@dataclass(frozen=True)
class FreshRows(Generic[Row]):
    """Pages just read, where the cursor belongs, and the total where the pages tell it."""

    pages: dict[int, Sequence[Row]]
    cursor: int
    total: int | None
    found: int | None
    """The key that was wished for and is there."""


def load_fresh(source: DataSource[Row], wish: CursorTarget) -> FreshRows[Row]:
    """Read what is in sight around the row wished for.

    The pages around the row ``near`` are tried first: a record moves little when it is edited. Runs in a
    thread worker. Raises what the source raises.
    """
    finder = _Finder(source, wish)
    near = finder.load_near()
    for key in wish.keys:
        cursor = finder.find(key)
        if cursor is not None:
            finder.cover(cursor)
            return FreshRows(finder.pages, cursor, finder.total, key)
    finder.cover(near)
    return FreshRows(finder.pages, near, finder.total, None)


class _Finder(Generic[Row]):
    def __init__(self, source: DataSource[Row], wish: CursorTarget) -> None:
        self.source = source
        self.wish = wish
        self.pages: dict[int, Sequence[Row]] = {}
        self.total: int | None = None

    def load_near(self) -> int:
        """The row near which the search begins; in a list that has become shorter its last one."""
        near = self.wish.near
        self._read(self.wish.pages(near))
        if self.total is None and not self.pages[near // PAGE_SIZE]:
            self.pages.clear()
            near = max(0, min(near, self.source.count()) - 1)
            self._read(self.wish.pages(near))
        return near

    def find(self, key: int) -> int | None:
        place = self._place(key)
        if place is not None or self._is_whole:
            return place
        position = self.source.position(key)
        if position is None:
            return None
        self.cover(position)
        place = self._place(key)
        return self._around(key, position) if place is None else place

    def _around(self, key: int, position: int) -> int | None:
        """Read around a row that does not stand where it should: others have written meanwhile."""
        pages = self.wish.pages(position)
        start, limit = pages.start * PAGE_SIZE, len(pages) * PAGE_SIZE
        before = max(1, position - start)
        rows = list(self.source.window(max(0, position - before), before, before=key))
        if not rows:
            return None
        rows += self.source.window(position, limit - len(rows), after=self.source.key(rows[-1]))
        self.pages = cut(pages, rows)
        self.total = None if len(rows) == limit else start + len(rows)
        return self._place(key)

    def cover(self, cursor: int) -> None:
        """Read what is in sight around a row, as far as it is not at hand."""
        missing = [page for page in self.wish.pages(cursor) if page not in self.pages]
        if missing and not (self.total is not None and missing[0] * PAGE_SIZE >= self.total):
            self._read(range(missing[0], missing[-1] + 1))

    @property
    def _is_whole(self) -> bool:
        return self.total is not None and all(
            page in self.pages for page in range((self.total - 1) // PAGE_SIZE + 1)
        )

    def _read(self, pages: range) -> None:
        start, limit = pages.start * PAGE_SIZE, len(pages) * PAGE_SIZE
        rows = self.source.window(start, limit)
        self.pages.update(cut(pages, rows))
        # Fewer rows than asked for: the list ends here; no rows at all: somewhere before.
        if len(rows) < limit and (rows or start == 0):
            self.total = start + len(rows)

    def _place(self, key: int) -> int | None:
        for page, rows in self.pages.items():
            for place, row in enumerate(rows):
                if self.source.key(row) == key:
                    return page * PAGE_SIZE + place
        return None
