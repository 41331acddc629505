"""A table over lists of any length: it draws lines, and loads the pages that are seen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Generic

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from services.errors import CrmError
from services.i18n import N_
from tui.styles import sheet_beside
from tui.widgets.data_source import Column, DataSource, Row, column_widths, position_text
from tui.widgets.frame_hold import FrameHold
from tui.widgets.page_cache import PAGE_SIZE
from tui.widgets.page_reads import Pages
from tui.widgets.record_lines import MARKER_WIDTH, RecordLines
from tui.widgets.resting import Resting
from tui.widgets.row_finder import FreshRows, Wish
from tui.widgets.row_loader import RowLoader
from tui.widgets.row_view import RowView

SETTLE_SECONDS = 0.08
"""How long the cursor must rest before the row under it is announced, so that a held key runs no queries."""


class RecordTable(RowView, Generic[Row], can_focus=True):
    """A virtual table. Give it columns, then :meth:`set_source`; it answers with messages.

    ``empty_text`` is shown when the list is empty and should name the next key. ``sort`` and
    ``descending`` only draw the mark in the header. Nothing of a row is ever read as markup.
    """

    BINDING_GROUP_TITLE = N_("List")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor(1)", N_("Next"), show=False, id="table.down"),
        Binding("up,k", "cursor(-1)", N_("Previous"), show=False, id="table.up"),
        Binding("pagedown", "page(1)", N_("Page down"), show=False, id="table.page_down"),
        Binding("pageup", "page(-1)", N_("Page up"), show=False, id="table.page_up"),
        Binding("g,home", "first", N_("First"), show=False, id="table.first"),
        Binding("G,end", "last", N_("Last"), show=False, id="table.last"),
        Binding("enter", "choose", N_("Open"), id="table.choose", tooltip=N_("Go to the details")),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "record-table--header",
        "record-table--row",
        "record-table--cursor",
        "record-table--placeholder",
        "record-table--empty",
    }
    DEFAULT_CSS = sheet_beside(__file__)
    ALLOW_SELECT = False

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """The index of the current row."""
    total: reactive[int | None] = reactive(None, init=False, repaint=False)
    """How many rows the list has (``COUNT_CAP``: at least as many); ``None`` until counted."""
    position: reactive[str] = reactive("", init=False, repaint=False)
    """Where the cursor stands, for people: to be watched."""

    class RowMessage(Message):
        """A message about one row; ``key`` and ``row`` are ``None`` when the list is empty."""

        def __init__(self, table: "RecordTable[Any]", key: int | None, row: Any) -> None:
            super().__init__()
            self.table = table
            self.key = key
            self.row = row

        @property
        def control(self) -> "RecordTable[Any]":
            """The table, for ``@on`` selectors."""
            return self.table

    class RowHighlighted(RowMessage):
        """The cursor came to rest on a row, or the row under it was read anew."""

    class RowChosen(RowMessage):
        """Enter or a double click on a row."""

    class Loaded(Message):
        """The list was read anew."""

    class HeaderClicked(Message):
        """A click on the label of a column that can be sorted by."""

        def __init__(self, sort: str) -> None:
            super().__init__()
            self.sort = sort

    class LoadFailed(Message):
        """The source refused; what was shown stays."""

        def __init__(self, error: CrmError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, columns: Sequence[Column[Row]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.empty_text = ""
        self.sort = ""
        self.descending = False
        self.exact = False
        """Whether the list has ``total`` rows and no more."""
        self.changes_list = False
        """Another list is on its way; what is shown and under the cursor belongs to the one before."""
        self._loader: RowLoader[Row] = RowLoader(self)
        self._lines: RecordLines[Row] = RecordLines(self)
        self._hold = FrameHold(self)
        self._resting = Resting(self, SETTLE_SECONDS, self._announce)
        self._announced = False
        self._unannounced = False
        self._wish = Wish()
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
        here = self._wish.keys if self.changes_list else (self._lost, self.current_key)
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
        self._wish = Wish(wanted, near, above, len(self.in_sight))
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
        self.set_reactive(RecordTable.total, total)
        self.resize_rows()

    def _stand(self, cursor: int, line: int, before: dict[int, object]) -> None:
        """Put the cursor on a row, on this line of the window, and paint what differs from ``before``."""
        old = self.cursor
        self.set_reactive(RecordTable.cursor, self._clamped(cursor))
        self.begin_with(self.cursor - line)
        if old in before:
            self.bring_into_sight(self.cursor)
        now = self._drawn()
        if now.keys() == before.keys():  # else all was painted, as it was scrolled
            self.repaint_rows({row for row in now if before[row] != now[row]} | ({old} ^ {self.cursor}))
        self._show_position()

    def _drawn(self) -> dict[int, object]:
        """What each line in sight shows: a row, or why there is none."""
        empty, end = self.total == 0, self.row_count
        return {index: (self.row_at(index), empty, index < end) for index in self.in_sight}

    # Pages

    def _look(self) -> None:
        """See to it that the rows in sight are at hand, and those that come next; paint when they are."""
        top, height = self.in_sight.start, self.size.height
        ahead = range(top, top + 3 * height) if self._goes_down else range(top - 2 * height, top + height)
        if self._loader.need(self.in_sight, ahead):
            self._hold.release()
        else:
            self._hold.hold()

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
            self.action_last()
        self._look()

    # The cursor

    def _clamped(self, index: int) -> int:
        return max(0, min(index, self.row_count - 1))

    def validate_cursor(self, index: int) -> int:
        """Keep the cursor within the rows."""
        return self._clamped(index)

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint the two rows concerned and announce the new one once the cursor rests."""
        self._lost, self._wants_last = None, False
        self.repaint_rows({old, new})
        self.bring_into_sight(self.cursor)
        self._show_position()
        self._resting.begin()

    def watch_total(self) -> None:
        """Show the place in the list as it is counted by now."""
        self._show_position()

    def _show_position(self) -> None:
        self.position = position_text(self.cursor, self.total, exact=self.exact)

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
            self.post_message(self.RowHighlighted(self, self.current_key, row))

    def settle(self) -> None:
        """Announce the row under the cursor now, before a key acts upon it."""
        self._resting.cut_short()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is opened in an empty list."""
        return action != "choose" or self.row_count > 0

    def go_to(self, index: int) -> None:
        """Stand on a row, in the middle of the window."""
        index = self._clamped(index)
        self.begin_with(index - len(self.in_sight) // 2)
        self.cursor = index

    def action_cursor(self, step: int) -> None:
        """Move by rows."""
        self.cursor += step

    def action_page(self, pages: int) -> None:
        """Move by windows."""
        self.cursor += pages * max(1, self.size.height - 2)

    def action_first(self) -> None:
        """Move to the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """Move to the last row; where the list is still being counted, once that is done."""
        self.cursor = self.row_count - 1
        self._wants_last = not self.exact

    def action_choose(self) -> None:
        """Announce the row under the cursor as chosen."""
        if self.current_row is not None:
            self.settle()
            self.post_message(self.RowChosen(self, self.current_key, self.current_row))

    # The mouse

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a double click chooses, a click on a label sorts."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y == 0:
            sort = self._lines.sort_at(offset.x - MARKER_WIDTH)
            if sort:
                self.post_message(self.HeaderClicked(sort))
            return
        index = self.in_sight.start + offset.y - 1
        if index < self.row_count:
            self.cursor = index
            if event.chain == 2:
                self.action_choose()

    # Drawing

    def on_resize(self) -> None:
        """Lay the columns out anew and keep the cursor in view."""
        self._lines.clear()
        self.resize_rows()
        self.bring_into_sight(self.cursor)
        self._look()

    def on_unmount(self) -> None:
        """Nothing of a table that is gone holds the screen."""
        self._hold.release()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Load what came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._goes_down = new_value >= old_value
        if self.is_attached:
            self._look()

    def notify_style_update(self) -> None:
        """Forget the lines drawn in the old style."""
        super().notify_style_update()
        self._lines.clear()

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show other columns of the same rows."""
        self.columns = tuple(columns)
        self.relabel()

    def label(self, sort: str, *, descending: bool, empty_text: str) -> None:
        """Mark the column that sorts, and say what stands in the place of rows where there are none."""
        if (sort, descending, empty_text) != (self.sort, self.descending, self.empty_text):
            self.sort, self.descending, self.empty_text = sort, descending, empty_text
            self.relabel()

    def relabel(self) -> None:
        """Draw everything anew: the sort mark, the empty text or the language changed."""
        self._lines.clear()
        self.refresh()

    def widths(self) -> list[tuple[Column[Row], int]]:
        """The columns that fit the width now; the one that sorts always does."""
        columns = [
            replace(column, rank=0) if self.sort and column.sort == self.sort else column
            for column in self.columns
        ]
        return column_widths(columns, self.scrollable_content_region.width - MARKER_WIDTH - 1)

    def render_line(self, y: int) -> Strip:
        """One line of the window: the labels, then rows."""
        return self._lines.line(y, round(self.scroll_y), self.scrollable_content_region.width)
