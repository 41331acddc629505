"""The rows of a list that are loaded, and the reads that bring them. Knows no widget.

Reads run in thread workers; everything else is used on the event loop only.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic

from services.errors import Invalid
from tui.widgets.record_table.data_source import DataSource, Row

PAGE_SIZE: Final = 64
CAPACITY: Final = 48
"""Pages that are kept; the least recently used page is dropped first."""


def cut(pages: range, rows: Sequence[Row]) -> dict[int, Sequence[Row]]:
    """Split rows that were read at once into their pages."""
    return {page: rows[place * PAGE_SIZE : (place + 1) * PAGE_SIZE] for place, page in enumerate(pages)}


class PageCache(Generic[Row]):
    """Pages of :data:`PAGE_SIZE` rows by page number.

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


class ListState(Generic[Row]):
    """The state of one list: its loaded pages, its length, and the record under the cursor."""

    def __init__(self) -> None:
        self.source: DataSource[Row] | None = None
        self.pages: PageCache[Row] = PageCache()
        self.total: int | None = None
        """The number of rows (``COUNT_CAP``: at least as many); ``None`` until they are counted."""
        self.exact = False
        """Whether ``total`` is the exact number of rows."""
        self.is_changing = False
        """Whether another list is being read; the rows and the cursor still belong to the list before it."""
        self.is_outdated = False
        """Whether a change by the person at this terminal is not in the rows yet."""
        self.target = CursorTarget()
        """The cursor position in the list that is being read."""
        self._lost_key: int | None = None

    @property
    def row_count(self) -> int:
        """The number of rows that the cursor can reach, as far as it is known."""
        known = self.total or 0
        return known if self.exact else max(known, self.pages.end)

    def row(self, index: int) -> Row | None:
        """The row at an index, ``None`` until it is loaded."""
        return self.pages.row(index)

    def key(self, index: int) -> int | None:
        """The identity of the row at an index, ``None`` until it is loaded."""
        row = self.row(index)
        return None if row is None or self.source is None else self.source.key(row)

    # The record under the cursor is kept from one list to the next

    def change_source(self, source: DataSource[Row], cursor: int, keep: int | None) -> tuple[int, ...]:
        """Begin to change to another list. The keys of which the first one found gets the cursor.

        A record that a search does not find is remembered: it gets the cursor back after the search.
        """
        keys = self.target.keys
        if not self.is_changing:
            key = self.key(cursor) if self._lost_key is None else self._lost_key
            keys = () if key is None else (key,)
        self.source, self.is_changing = source, True
        return keys if keep is None else (keep,)

    def accept_row(self) -> None:
        """Forget the record that a search did not find: the user accepts the row under the cursor."""
        self._lost_key = None

    # Results of reads

    def replace_rows(self, loaded: LoadedList[Row]) -> None:
        """Take the rows of a list that was just read, in place of those before."""
        changed, self.is_changing, self.is_outdated = self.is_changing, False, False
        keep_old = not changed and loaded.cursor == self.target.near
        self.pages.renew(loaded.pages, keep_old=keep_old)
        self.exact = loaded.total is not None or (self.exact and not changed)
        if loaded.total is not None or changed or self.total is None:
            self.total = loaded.total
        else:
            self.total = max(self.total, self.pages.end)  # until the rows are counted again
        self._lost_key = None if loaded.found is not None else next(iter(self.target.keys), None)

    def add_pages(self, pages: Pages[Row]) -> None:
        """Take pages that were read."""
        for page, rows in pages.rows.items():
            self.pages.put(page, rows)
        if pages.total is not None:
            self.exact, self.total = True, pages.total
        elif self.total is not None:
            self.total = max(self.total, self.pages.end)

    def set_total(self, total: int, *, exact: bool) -> bool:
        """Take the result of a count, unless an exact one is known. Whether it was taken."""
        if self.exact and not exact:
            return False
        self.exact = exact
        self.total = total if exact else max(total, self.pages.end)
        return True

    def missing_pages(self, rows: range) -> list[int]:
        """The pages of these rows that must be read."""
        if not rows or self.source is None:
            return []
        last = min(rows.stop, self.row_count + (0 if self.exact else PAGE_SIZE)) - 1
        pages = range(max(0, rows.start) // PAGE_SIZE, last // PAGE_SIZE + 1)
        return [page for page in pages if self._is_missing(page)]

    def _is_missing(self, page: int) -> bool:
        rows = self.pages.page(page)
        # A page that ends before the list does was read before others added rows.
        return rows is None or len(rows) < min(PAGE_SIZE, self.row_count - page * PAGE_SIZE)
