"""The rows of a list that are loaded, and how many rows the list has. Knows no widget and no thread."""

from typing import Generic

from tui.widgets.record_table.data_source import DataSource, Row
from tui.widgets.record_table.initial_load import CursorTarget, LoadedList
from tui.widgets.record_table.page_cache import PAGE_SIZE, PageCache
from tui.widgets.record_table.page_reads import Pages


class ListState(Generic[Row]):
    """The state of one list, used on the event loop only."""

    def __init__(self) -> None:
        self.source: DataSource[Row] | None = None
        self.pages: PageCache[Row] = PageCache()
        self.total: int | None = None
        """The number of rows (``COUNT_CAP``: at least as many); ``None`` until they are counted."""
        self.exact = False
        """Whether ``total`` is the exact number of rows."""
        self.is_changing = False
        """Whether another list is being read; the rows and the cursor still belong to the list before it."""
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
        changed, self.is_changing = self.is_changing, False
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
