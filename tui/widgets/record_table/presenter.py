"""Shows the rows of a table: reads those that are needed, and announces the one under the cursor."""

from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import Final, Generic, TypeVar

from textual.timer import Timer
from textual.widget import Widget

from services.errors import CrmError
from services.lists.query import COUNT_CAP
from tui.runtime.workers import run_in_background, stop_in_background
from tui.widgets.painting import FrameHold
from tui.widgets.record_table.data_source import DataSource, Row
from tui.widgets.record_table.list_state import (
    PAGE_SIZE,
    CursorTarget,
    ListState,
    LoadedList,
    PageRead,
    Pages,
    load_list,
    next_read,
    read_pages,
)
from tui.widgets.record_table.view import RowView, TableMessages

REST_SECONDS: Final = 0.08
"""How long the cursor must rest before its row is announced, so that a held key runs no queries."""
INDEX_PAUSE: Final = 0.2
"""Seconds in which another list may be asked for, before the positions of this one are indexed."""
INDEX_AGAIN: Final = 10.0
"""Seconds between two indexings of a list in which others write; each takes a tenth of a second."""
_WORTH_AN_INDEX: Final = COUNT_CAP - 1

T = TypeVar("T")


class RowLoader(Generic[Row]):
    """The reads of one table in two groups of workers, rows and count; each group runs one read at a time."""

    def __init__(
        self,
        widget: Widget,
        state: ListState[Row],
        *,
        list_read: Callable[[LoadedList[Row]], None],
        pages_read: Callable[[Pages[Row]], None],
        counted: Callable[[int, bool], None],
        failed: Callable[[CrmError], None],
    ) -> None:
        self._widget = widget
        self._state = state
        self._then_list, self._then_pages, self._then_count = list_read, pages_read, counted
        self._then_failed = failed
        self.reads_list = False
        """Whether the whole list is being read; its rows are about to replace those in sight."""
        self._reading: PageRead | None = None
        self._by_offset = False
        self._index_timer: Timer | None = None
        self._index_due = 0.0

    @property
    def _source(self) -> DataSource[Row]:
        assert self._state.source is not None, "a table reads once it has a source"
        return self._state.source

    # The list

    def read_list(self) -> None:
        """Read the list around the cursor target of the state."""
        self.reads_list, self._reading, self._by_offset = True, None, False
        if self._state.is_changing:
            self._index_due = 0.0
        if self._index_timer is not None:
            self._index_timer.stop()
        stop_in_background(self._widget, "count")
        self._run(partial(load_list, self._source, self._state.target), self._list_read, "rows")

    def _list_read(self, loaded: LoadedList[Row]) -> None:
        self.reads_list = False
        self._then_list(loaded)

    # Its pages

    def need(self, in_sight: range) -> bool:
        """Whether the rows in sight are loaded; reads them before all others if they are not."""
        missing = self._state.missing_pages(in_sight)
        waits = self._reading is not None and not set(missing).isdisjoint(self._reading.pages)
        if missing and not waits and not self.reads_list:
            self._read_pages(missing)
        return not missing

    def lacks(self, ahead: range) -> bool:
        """Whether rows ahead are to be read, and no other read is running."""
        return self._reading is None and not self.reads_list and bool(self._state.missing_pages(ahead))

    def read_ahead(self, ahead: range) -> None:
        """Read the rows that come into sight next."""
        if self.lacks(ahead):
            self._read_pages(self._state.missing_pages(ahead))

    def _read_pages(self, missing: Sequence[int]) -> None:
        read = next_read(self._state.pages, self._source, missing, by_offset=self._by_offset)
        self._reading = read
        self._run(partial(read_pages, self._source, read), self._pages_read, "rows")

    def _pages_read(self, pages: Pages[Row]) -> None:
        self._reading = None
        self._then_pages(pages)
        if pages.moved:
            self._by_offset = True  # or a source that contradicts itself would be read for ever

    # Its length

    def count(self) -> None:
        """Count the list, and then index the positions of a long one."""
        self._run(self._source.count, self._counted, "count")

    def _counted(self, total: int) -> None:
        self._then_count(total, total != COUNT_CAP)
        if total >= _WORTH_AN_INDEX:
            pause = max(INDEX_PAUSE, self._index_due - monotonic())
            self._index_timer = self._widget.set_timer(pause, self._build_index)

    def _build_index(self) -> None:
        self._run(self._source.build_position_index, self._indexed, "count")

    def _indexed(self, total: int | None) -> None:
        self._index_due = monotonic() + INDEX_AGAIN
        if total is not None:
            self._then_count(total, True)

    # Threads

    def _run(self, work: Callable[[], T], then: Callable[[T], object], group: str) -> None:
        run_in_background(self._widget, work, then=then, failed=self._failed, group=group, only_reads=True)

    def _failed(self, error: CrmError) -> None:
        self.reads_list, self._reading = False, None
        self._then_failed(error)


class Highlighter(Generic[Row]):
    """Posts ``RowHighlighted`` for the row on which the cursor rests."""

    def __init__(self, view: RowView[Row]) -> None:
        self._view = view
        self._state = view.state
        self._moved_at = 0.0
        self._timer: Timer | None = None
        self._has_posted = False
        self._waits_for_row = False

    def cursor_moved(self) -> None:
        """Post once the cursor has rested."""
        self._moved_at = monotonic()
        if self._timer is None:  # a running timer extends itself; a timer for each key would cost a task
            self._timer = self._view.set_timer(REST_SECONDS, self._look)

    def _look(self) -> None:
        left = self._moved_at + REST_SECONDS - monotonic()
        if left > 0:
            self._timer = self._view.set_timer(left, self._look)
        else:
            self._timer = None
            self._post()

    def list_read(self, *, changed: bool) -> None:
        """Post the row of a list that was read, later if other lists may follow."""
        if changed and self._has_posted:
            self.cursor_moved()  # each letter of a search changes the list
        else:
            self._post()

    def pages_read(self) -> None:
        """Post the row under the cursor if it was not loaded when it was due."""
        if self._waits_for_row:
            self._post()

    def settle(self) -> None:
        """Post now if a row is due, before a key acts on the row."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self._post()

    @property
    def is_settled(self) -> bool:
        """Whether no row is due."""
        return self._timer is None

    def _post(self) -> None:
        cursor, self._has_posted = self._view.cursor, True
        row = self._state.row(cursor)
        self._waits_for_row = row is None and self._state.row_count > 0
        if not self._waits_for_row:
            self._view.post_message(TableMessages.RowHighlighted(self._state.key(cursor), row))


class ListPresenter(Generic[Row]):
    """Keeps the view, the state and the loader of one table in step.

    The cursor stays on its record when the list is read again, sorted or filtered.
    """

    def __init__(self, view: RowView[Row]) -> None:
        self._view = view
        self._state = view.state
        self.loader: RowLoader[Row] = RowLoader(
            view,
            view.state,
            list_read=self._list_read,
            pages_read=self._pages_read,
            counted=self.counted,
            failed=self._failed,
        )
        self.highlighter: Highlighter[Row] = Highlighter(view)
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

    def refresh(self, *, keep: int | None = None, after_change: bool = False) -> None:
        """Read the list again; the cursor stays on its record, or goes to the record of the key ``keep``.

        ``after_change``: the person at this terminal has changed something.
        """
        state, near = self._state, self._view.cursor
        if state.source is None:
            return
        state.is_outdated |= after_change
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
        if changed and state.total == 0:
            view.refresh()  # it may be empty for another reason than the list before it
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
        self._view.show_position()

    def _drawn(self) -> dict[int, object]:
        """The state of each line in sight: its row, and the flags that explain a missing row."""
        state, empty, end = self._state, self._state.total == 0, self._state.row_count
        return {index: (state.row(index), empty, index < end) for index in self._view.in_sight}

    def _failed(self, error: CrmError) -> None:
        self._state.is_changing = self._state.is_outdated = False
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
        self._view.show_position()

    # The view

    def cursor_moved(self) -> None:
        """Follow the cursor, which the user has moved."""
        self._state.accept_row()
        self._wants_last = False
        self.highlighter.cursor_moved()
        self._view.show_position()

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
