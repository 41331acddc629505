"""The first read of a list: the rows in sight around the row that gets the cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from tui.widgets.record_table.data_source import DataSource, Row
from tui.widgets.record_table.page_cache import PAGE_SIZE, cut


@dataclass(frozen=True)
class CursorTarget:
    """The row that gets the cursor: the first of these keys that the list holds, otherwise row ``near``.

    ``above`` is the number of rows shown above the cursor, ``height`` the number of rows in sight.
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

    def covers(self, row: int) -> bool:
        """Whether a row is on the pages around ``near``."""
        return row // PAGE_SIZE in self.pages(self.near)


@dataclass(frozen=True)
class LoadedList(Generic[Row]):
    """Pages just read, the row of the cursor, and the number of rows if the pages show it."""

    pages: dict[int, Sequence[Row]]
    cursor: int
    total: int | None
    found: int | None
    """The key of the target that the list holds."""


def load_list(source: DataSource[Row], target: CursorTarget) -> LoadedList[Row]:
    """Read the rows in sight around the target, in a thread worker. Raises the errors of the source.

    The pages around the row ``near`` are tried first, because an edited record seldom moves far.
    """
    finder = _Finder(source, target)
    near = finder.load_near()
    for key in target.keys:
        cursor = finder.find(key)
        if cursor is not None:
            finder.cover(cursor)
            return LoadedList(finder.pages, cursor, finder.total, key)
    finder.cover(near)
    return LoadedList(finder.pages, near, finder.total, None)


class _Finder(Generic[Row]):
    def __init__(self, source: DataSource[Row], target: CursorTarget) -> None:
        self.source = source
        self.target = target
        self.pages: dict[int, Sequence[Row]] = {}
        self.total: int | None = None

    def load_near(self) -> int:
        """Read around the row ``near``, or around the last row if the list has become shorter."""
        near = self.target.near
        self._read(self.target.pages(near))
        if self.total is None and not self.pages[near // PAGE_SIZE]:
            self.pages.clear()
            near = max(0, min(near, self.source.count()) - 1)
            self._read(self.target.pages(near))
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
        """Read around a row that is not at its position, because others wrote meanwhile."""
        pages = self.target.pages(position)
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
        """Read the pages in sight around a row that are not loaded."""
        missing = [page for page in self.target.pages(cursor) if page not in self.pages]
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
        # Fewer rows than requested: the list ends here. No rows: the list ends on an earlier page.
        if len(rows) < limit and (rows or start == 0):
            self.total = start + len(rows)

    def _place(self, key: int) -> int | None:
        for page, rows in self.pages.items():
            for place, row in enumerate(rows):
                if self.source.key(row) == key:
                    return page * PAGE_SIZE + place
        return None
