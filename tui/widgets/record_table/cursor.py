"""Rows of a source behind a window: what is read of them, and where in them one stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, cast

from textual.reactive import reactive

from services.errors import CrmError
from tui.widgets.debounce import Debouncer
from tui.widgets.frame_batching import FrameHold
from tui.widgets.record_table.data_source import DataSource, Row, position_text
from tui.widgets.record_table.initial_load import CursorTarget, FreshRows
from tui.widgets.record_table.loader import Pages, RowLoader
from tui.widgets.record_table.messages import TableMessages
from tui.widgets.record_table.page_cache import PAGE_SIZE
from tui.widgets.record_table.viewport import RowView

if TYPE_CHECKING:
    from tui.widgets.record_table.table import RecordTable

SETTLE_SECONDS = 0.08
"""How long the cursor must rest before the row under it is announced, so that a held key runs no queries."""


class SourcedRows(RowView, TableMessages, Generic[Row]):
    """The part of a table that knows its list: one row of it is the current one.

    The current row is a record rather than a place: it is kept when the list is read anew, put in another
    order or narrowed, wherever it stands then.
    """

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """The index of the current row."""
    total: reactive[int | None] = reactive(None, init=False, repaint=False)
    """How many rows the list has (``COUNT_CAP``: at least as many); ``None`` until counted."""
    position: reactive[str] = reactive("", init=False, repaint=False)
    """Where the cursor stands, for people: to be watched."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.exact = False
        """Whether the list has ``total`` rows and no more."""
        self.changes_list = False
        """Another list is on its way; what is shown and under the cursor belongs to the one before."""
        self._loader: RowLoader[Row] = RowLoader(self)
        self._hold = FrameHold(self)
        self._resting = Debouncer(self, SETTLE_SECONDS, self._announce)
        self._announced = False
        self._unannounced = False
        self._wish = CursorTarget()
        self._lost: int | None = None
        self._wants_last = False
        self._goes_down = True

    # What is shown

    @property
    def source(self) -> DataSource[Row] | None:
        """Where the rows come from, once there is a list."""
        return self._loader.source

    @property
    def row_count(self) -> int:
        """How many rows can be moved to by what is known now."""
        known = self.total or 0
        return known if self.exact else max(known, self._loader.rows.end)

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor, ``None`` while it is not loaded or there is none."""
        return self.row_at(self.cursor)

    @property
    def current_key(self) -> int | None:
        """The identity of that row."""
        row = self.current_row
        return None if row is None or self.source is None else self.source.key(row)

    def row_at(self, index: int) -> Row | None:
        """The row at an index, ``None`` while it is not loaded."""
        return self._loader.rows.row(index)

    # Lists

    def set_source(self, source: DataSource[Row], *, keep: int | None = None) -> None:
        """Show another list, on the record of the key ``keep``, or else on the same one as now.

        Where that is not in the list, the first row is chosen. What was shown stays until rows are there.
        """
        here: Sequence[int | None] = (self.current_key if self._lost is None else self._lost,)
        if self.changes_list:
            here = self._wish.keys
        self._loader.source = source
        self.changes_list = True
        self._hold.hold()
        self._read(here if keep is None else (keep,), near=0)

    def refresh_data(self, *, keep: int | None = None) -> None:
        """Read the list anew; the cursor stays on the same record, or goes to the one named."""
        if self.source is None:
            return
        keys: Sequence[int | None] = (self.current_key,)
        near = self.cursor
        if self._loader.starting_over:
            keys, near = self._wish.keys, self._wish.near
        self._read(keys if keep is None else (keep,), near)

    def _read(self, keys: Sequence[int | None], near: int) -> None:
        above = self.cursor - self.in_sight.start if self.cursor in self.in_sight else 0
        wanted = tuple(key for key in keys if key is not None)
        self._wish = CursorTarget(wanted, near, above, len(self.in_sight))
        self._loader.read_list(self._wish)

    def list_read(self, fresh: FreshRows[Row]) -> None:
        """Show the list that the loader has read."""
        changed, self.changes_list = self.changes_list, False
        shift = fresh.cursor - self._wish.near
        before, line = self._drawn(), self.cursor - self.in_sight.start
        self._loader.rows.renew(fresh.pages, keep_old=not changed and shift == 0)
        self._take_total(fresh.total, changed)
        # Who has moved on in the same list meanwhile goes on from there.
        self._stand(fresh.cursor if changed else self.cursor + shift, line, before)
        self._lost = None if fresh.found is not None else next(iter(self._wish.keys), None)
        self._look()
        self._announce_list(changed)
        if fresh.total is None:
            self._loader.count()

    def _take_total(self, total: int | None, changed: bool) -> None:
        self.exact = total is not None or (self.exact and not changed)
        if total is None and not changed and self.total is not None:
            total = max(self.total, self._loader.rows.end)  # until it is counted again
        self.set_reactive(SourcedRows.total, total)
        self.resize_rows(at_least=total is None)

    def _stand(self, cursor: int, line: int, before: dict[int, object]) -> None:
        """Put the cursor on a row, on this line of the window, and paint what differs from ``before``."""
        old = self.cursor
        self.set_reactive(SourcedRows.cursor, self._clamped(cursor))
        self.begin_with(self.cursor - line)
        if old in before:
            self.bring_into_sight(self.cursor)
        now = self._drawn()
        if now.keys() == before.keys():  # else all was painted, as it was scrolled
            self.repaint_rows({row for row in now if before[row] != now[row]} | ({old} ^ {self.cursor}))
        self.show_position()

    def _drawn(self) -> dict[int, object]:
        """What each line in sight shows: a row, or why there is none."""
        empty, end = self.total == 0, self.row_count
        return {index: (self.row_at(index), empty, index < end) for index in self.in_sight}

    # Pages

    def _look(self) -> None:
        """See to it that the rows in sight are at hand, and those that come next; paint when they are."""
        if self._loader.need(self.in_sight):
            self._hold.release()
            if self._loader.lacks(self._ahead):  # what is seen is painted first
                self.call_after_refresh(lambda: self._loader.read_ahead(self._ahead))
            return
        self._hold.hold()
        if self._loader.starting_over and not self.changes_list and not self._is_wished(self.cursor):
            self._read((), near=self.cursor)  # one is somewhere else by now than where it is being read

    @property
    def _ahead(self) -> range:
        top, height = self.in_sight.start, self.window.height
        return range(top, top + 3 * height) if self._goes_down else range(top - 2 * height, top + height)

    def _is_wished(self, row: int) -> bool:
        return row // PAGE_SIZE in self._wish.pages(self._wish.near)

    def pages_read(self, pages: Pages[Row]) -> None:
        """Paint the pages that the loader has read, where they are in sight."""
        if pages.end is not None:
            self.exact, self.total = True, pages.end
        elif self.total is not None:
            self.total = max(self.total, self._loader.rows.end)
        self.resize_rows()
        self.cursor = self._clamped(self.cursor)
        self.repaint_rows({index for index in self.in_sight if index // PAGE_SIZE in pages.rows})
        if self._unannounced:
            self._announce()
        self._look()

    def reading_failed(self, error: CrmError) -> None:
        """Tell that the source has refused."""
        self.changes_list = False
        self._hold.release()
        self.post_message(self.LoadFailed(error))

    def counted(self, total: int, *, exact: bool) -> None:
        """Take the length of the list from the loader."""
        if self.exact and not exact:
            return  # counted to the end before
        self.exact = exact
        self.total = total if exact else max(total, self._loader.rows.end)
        self.resize_rows()
        self.cursor = self._clamped(self.cursor)
        if self._wants_last:
            self.go_to_last()
        self._look()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Load what came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._goes_down = new_value >= old_value
        if self.is_attached:
            self._look()

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self.resize_rows()
        self.bring_into_sight(self.cursor)
        self._look()

    def on_unmount(self) -> None:
        """Nothing of a table that is gone holds the screen."""
        self._hold.release()

    # The cursor

    def _clamped(self, index: int) -> int:
        return max(0, min(index, self.row_count - 1))

    def validate_cursor(self, index: int) -> int:
        """Keep the cursor within the rows."""
        return self._clamped(index)

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint the two rows concerned and announce the new one once the cursor rests."""
        self._lost, self._wants_last = None, False
        self.repaint_rows((old, new))
        self.bring_into_sight(new)
        self.show_position()
        self._resting.begin()

    def watch_total(self) -> None:
        """Show the place in the list as it is counted by now."""
        self.show_position()

    def show_position(self) -> None:
        """Say where the cursor stands."""
        self.position = position_text(self.cursor, self.total, exact=self.exact)

    def accept(self) -> None:
        """Take the row under the cursor for the one that is wanted, though nobody moved to it."""
        self._lost = None

    def go_to(self, index: int) -> None:
        """Stand on a row, in the middle of the window."""
        index = self._clamped(index)
        self.begin_with(index - len(self.in_sight) // 2)
        self.cursor = index

    def go_to_last(self) -> None:
        """Stand on the last row; where the list is still being counted, once that is done."""
        self.cursor = self.row_count - 1
        self._wants_last = not self.exact

    # What is told of it

    def _announce_list(self, changed: bool) -> None:
        self.post_message(self.Loaded())
        if changed and self._announced:
            self._resting.begin()  # one list may follow another, as one types what to look for
        else:
            self._announce()

    def _announce(self) -> None:
        row, self._announced = self.current_row, True
        self._unannounced = row is None and self.row_count > 0
        if not self._unannounced:
            table = cast("RecordTable[Row]", self)
            self.post_message(self.RowHighlighted(table, self.current_key, row))

    def settle(self) -> None:
        """Announce the row under the cursor now, before a key acts upon it."""
        self._resting.cut_short()
