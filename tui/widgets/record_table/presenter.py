"""Shows the rows that the loader of a table reads, and requests the rows that are needed."""

from collections.abc import Callable, Sequence
from typing import Generic

from services.errors import CrmError
from tui.widgets.frame_batching import FrameHold
from tui.widgets.record_table.data_source import DataSource, Row
from tui.widgets.record_table.highlighter import Highlighter
from tui.widgets.record_table.initial_load import CursorTarget, LoadedList
from tui.widgets.record_table.list_state import ListState
from tui.widgets.record_table.loader import RowLoader
from tui.widgets.record_table.messages import TableMessages
from tui.widgets.record_table.page_cache import PAGE_SIZE
from tui.widgets.record_table.page_reads import Pages
from tui.widgets.record_table.viewport import RowView


class ListPresenter(Generic[Row]):
    """Keeps the view, the state and the loader of one table in step.

    The cursor stays on its record when the list is read again, sorted or filtered.
    """

    def __init__(self, view: RowView, state: ListState[Row], show_position: Callable[[], None]) -> None:
        self._view = view
        self._state = state
        self._show_position = show_position
        self.loader: RowLoader[Row] = RowLoader(
            view,
            state,
            list_read=self._list_read,
            pages_read=self._pages_read,
            counted=self.counted,
            failed=self._failed,
        )
        self.highlighter: Highlighter[Row] = Highlighter(view, state)
        self._hold = FrameHold(view)
        self._scrolls_down = True
        self._wants_last = False

    # Lists

    def set_source(self, source: DataSource[Row], *, keep: int | None = None) -> None:
        """Show another list with the cursor on the record of the key ``keep``, or else on the same record.

        If the list does not hold it, the first row gets the cursor. The old rows stay until others are read.
        """
        keys = self._state.change_source(source, self._view.cursor, keep)
        self._hold.hold()
        self._read(keys, near=0)

    def refresh(self, *, keep: int | None = None) -> None:
        """Read the list again; the cursor stays on its record, or goes to the record of the key ``keep``."""
        state, near = self._state, self._view.cursor
        if state.source is None:
            return
        keys: Sequence[int | None] = (state.key(near),)
        if self.loader.reads_list:
            keys, near = state.target.keys, state.target.near
        self._read(keys if keep is None else (keep,), near)

    def _read(self, keys: Sequence[int | None], near: int) -> None:
        cursor, in_sight = self._view.cursor, self._view.in_sight
        above = cursor - in_sight.start if cursor in in_sight else 0
        wanted = tuple(key for key in keys if key is not None)
        self._state.target = CursorTarget(wanted, near, above, len(in_sight))
        self.loader.read_list()

    def _list_read(self, loaded: LoadedList[Row]) -> None:
        view, state = self._view, self._state
        changed = state.is_changing
        before, line = self._drawn(), view.cursor - view.in_sight.start
        # If the user moved the cursor while the same list was read again, keep that move.
        cursor = loaded.cursor if changed else view.cursor + loaded.cursor - state.target.near
        state.replace_rows(loaded)
        view.resize_rows(at_least=state.total is None)
        self._place_cursor(cursor, line, before)
        self.look()
        view.post_message(TableMessages.Loaded())
        self.highlighter.list_read(changed=changed)
        if loaded.total is None:
            self.loader.count()

    def _place_cursor(self, cursor: int, line: int, before: dict[int, object]) -> None:
        """Put the cursor on a row and a line of the window, and paint only rows that differ."""
        view, old = self._view, self._view.cursor
        view.place_cursor(cursor, line)
        if old in before:
            view.bring_into_sight(view.cursor)
        now = self._drawn()
        if now.keys() == before.keys():  # otherwise the view has scrolled and paints all rows
            view.repaint_rows({row for row in now if before[row] != now[row]} | ({old} ^ {view.cursor}))
        self._show_position()

    def _drawn(self) -> dict[int, object]:
        """The state of each line in sight: its row, and the flags that explain a missing row."""
        state, empty, end = self._state, self._state.total == 0, self._state.row_count
        return {index: (state.row(index), empty, index < end) for index in self._view.in_sight}

    def _failed(self, error: CrmError) -> None:
        self._state.is_changing = False
        self._hold.release()
        self._view.post_message(TableMessages.LoadFailed(error))

    # Pages

    def look(self) -> None:
        """Have the rows in sight loaded, then those ahead; hold the frame until those in sight are."""
        view, state = self._view, self._state
        if self.loader.need(view.in_sight):
            self._hold.release()
            if self.loader.lacks(self.ahead):  # after the rows in sight are painted
                view.call_after_refresh(lambda: self.loader.read_ahead(self.ahead))
            return
        self._hold.hold()
        if self.loader.reads_list and not state.is_changing and not state.target.covers(view.cursor):
            self._read((), near=view.cursor)  # the cursor has left the rows that are being read

    @property
    def ahead(self) -> range:
        """The rows that come into sight if the user scrolls on."""
        top, height = self._view.in_sight.start, self._view.window.height
        return range(top, top + 3 * height) if self._scrolls_down else range(top - 2 * height, top + height)

    def _pages_read(self, pages: Pages[Row]) -> None:
        if pages.moved:
            self.refresh()
            return
        self._state.add_pages(pages)
        self._count_changed()
        self._view.repaint_rows({row for row in self._view.in_sight if row // PAGE_SIZE in pages.rows})
        self.highlighter.pages_read()
        self.look()

    def counted(self, total: int, exact: bool) -> None:
        """Take the number of rows."""
        if self._state.set_total(total, exact=exact):
            self._count_changed()
            if self._wants_last:
                self.go_to_last()
            self.look()

    def _count_changed(self) -> None:
        self._view.resize_rows()
        self._view.cursor = self._view.validate_cursor(self._view.cursor)
        self._show_position()

    # The view

    def cursor_moved(self) -> None:
        """Follow the cursor, which the user has moved."""
        self._state.accept_row()
        self._wants_last = False
        self.highlighter.cursor_moved()
        self._show_position()

    def go_to_last(self) -> None:
        """Move to the last row; while the list is being counted, again once that is done."""
        self._view.cursor = self._state.row_count - 1
        self._wants_last = not self._state.exact

    def scrolled(self, *, down: bool) -> None:
        """Load the rows that came into sight."""
        self._scrolls_down = down
        if self._view.is_attached:
            self.look()

    def resized(self) -> None:
        """Keep the cursor in sight."""
        self._view.resize_rows()
        self._view.bring_into_sight(self._view.cursor)
        self.look()

    def close(self) -> None:
        """Let the application paint: the table is gone."""
        self._hold.release()
