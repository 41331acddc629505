"""A table over lists of any length: it draws lines, and loads the pages that are seen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Generic

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from services.errors import CrmError
from services.i18n import N_
from services.listing import COUNT_CAP
from tui.background import run_in_background
from tui.styles import sheet_beside
from tui.widgets.data_source import Column, DataSource, Row, column_widths
from tui.widgets.page_cache import PAGE_SIZE, PageCache
from tui.widgets.record_lines import MARKER_WIDTH, RecordLines
from tui.widgets.row_finder import FreshRows, load_fresh

SETTLE_SECONDS = 0.08
"""How long the cursor must rest before the row under it is announced, so that a held key runs no queries."""


class RecordTable(ScrollView, Generic[Row], can_focus=True):
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
    total: reactive[int | None] = reactive(None, init=False)
    """How many rows the list has (``COUNT_CAP``: at least as many); ``None`` until counted."""

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

    class PositionChanged(Message):
        """The cursor or the total changed."""

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
        self.source: DataSource[Row] | None = None
        self._rows: PageCache[Row] = PageCache()
        self._lines: RecordLines[Row] = RecordLines(self)
        self._settling: Timer | None = None
        self._unannounced = False
        self._starting_over = False
        self.changes_list = False
        """Another list is on its way; what is shown and under the cursor belongs to the one before."""
        self._wanted: tuple[int | None, int] = (None, 0)

    # What is shown

    @property
    def row_count(self) -> int:
        """How many rows can be moved to by what is known now."""
        if self.total is None or self.total == COUNT_CAP:
            return max(self.total or 0, self._rows.end)
        return self.total

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor, ``None`` while it is not loaded or there is none."""
        return self._rows.row(self.cursor)

    @property
    def current_key(self) -> int | None:
        """The identity of that row."""
        row = self.current_row
        return None if row is None or self.source is None else self.source.key(row)

    def row_at(self, index: int) -> Row | None:
        """The row at an index, ``None`` while it is not loaded."""
        return self._rows.row(index)

    def set_source(self, source: DataSource[Row], *, keep: int | None = None) -> None:
        """Show another list, on the row with the key ``keep`` where it is near the top, else on the first.

        What was shown stays until the first rows are there.
        """
        self.source = source
        self.changes_list = True
        self._load(keep, near=0)

    def refresh_data(self, *, keep: int | None = None) -> None:
        """Read the list anew; the cursor stays on the same record, or goes to the one named."""
        if self.source is None:
            return
        wanted, near = self._wanted if self._starting_over else (self.current_key, self.cursor)
        self._load(wanted if keep is None else keep, near)

    # Loading

    def _load(self, keep: int | None, near: int) -> None:
        source = self.source
        assert source is not None
        self._starting_over = True
        self._wanted = (keep, near)
        self.workers.cancel_group(self, "count")
        run_in_background(
            self,
            lambda: load_fresh(source, keep, near),
            then=self._show_fresh,
            failed=self._fail,
            group="rows",
        )

    def _show_fresh(self, fresh: FreshRows[Row]) -> None:
        self._starting_over = self.changes_list = False
        self._rows.clear()
        self._lines.clear()
        for page, rows in fresh.pages.items():
            self._rows.put(page, rows)
        self.total = fresh.total
        self._resize_rows()
        self.set_reactive(RecordTable.cursor, self._clamped(fresh.cursor))
        self._bring_into_view()
        self._announce()
        self.refresh()
        self.post_message(self.Loaded())
        self.post_message(self.PositionChanged())
        if fresh.total is None:
            self._count()
        self._load_seen()

    def _count(self) -> None:
        assert self.source is not None
        run_in_background(self, self.source.count, then=self._counted, failed=self._fail, group="count")

    def _counted(self, total: int) -> None:
        self.total = total
        self._resize_rows()
        if self.cursor >= self.row_count > 0:
            self.cursor = self.row_count - 1
        self.post_message(self.PositionChanged())

    def _load_seen(self) -> None:
        if self.source is None or self._starting_over or not self.is_attached:
            return  # what is seen now is about to be replaced
        top, height = round(self.scroll_y), self.size.height
        pages = self._rows.missing(top - height, top + 2 * height)
        limit = (self.row_count - 1) // PAGE_SIZE + (self.total in (None, COUNT_CAP))
        pages = [page for page in pages if page <= limit]
        if pages:
            self._load_pages(self.source, pages)

    def _load_pages(self, source: DataSource[Row], pages: Sequence[int]) -> None:
        def read() -> dict[int, Sequence[Row]]:
            return {page: source.window(page * PAGE_SIZE, PAGE_SIZE) for page in pages}

        run_in_background(self, read, then=self._show_pages, failed=self._fail, group="rows")

    def _show_pages(self, pages: dict[int, Sequence[Row]]) -> None:
        for page, rows in pages.items():
            self._rows.put(page, rows)
        self._lines.clear()
        self._resize_rows()
        self.refresh()
        if self._unannounced:
            self._announce()

    def _fail(self, error: CrmError) -> None:
        self._starting_over = self.changes_list = False
        self.post_message(self.LoadFailed(error))

    # The cursor

    def _clamped(self, index: int) -> int:
        return max(0, min(index, self.row_count - 1))

    def validate_cursor(self, index: int) -> int:
        """Keep the cursor within the rows."""
        return self._clamped(index)

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint the two rows concerned and announce the new one once the cursor rests."""
        top = round(self.scroll_y)
        for index in (old, new):
            self.refresh(Region(0, index - top + 1, self.size.width, 1))
        self._bring_into_view()
        self.post_message(self.PositionChanged())
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLE_SECONDS, self._announce)

    def _bring_into_view(self) -> None:
        height = max(1, self.size.height - 1)
        top = round(self.scroll_y)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def _announce(self) -> None:
        row = self.current_row
        self._unannounced = row is None and self.row_count > 0
        if not self._unannounced:
            self.post_message(self.RowHighlighted(self, self.current_key, row))

    def settle(self) -> None:
        """Announce the row under the cursor now, before a key acts upon it."""
        if self._settling is not None:
            self._settling.stop()
            self._settling = None
            self._announce()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is opened in an empty list."""
        return action != "choose" or self.row_count > 0

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
        """Move to the last row known."""
        self.cursor = self.row_count - 1

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
        index = round(self.scroll_y) + offset.y - 1
        if index < self.row_count:
            self.cursor = index
            if event.chain == 2:
                self.action_choose()

    # Drawing

    def _resize_rows(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, self.row_count + 1)

    def on_resize(self) -> None:
        """Lay the columns out anew and keep the cursor in view."""
        self._lines.clear()
        self._resize_rows()
        self._bring_into_view()
        self._load_seen()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Load what came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._load_seen()

    def notify_style_update(self) -> None:
        """Forget the lines drawn in the old style."""
        super().notify_style_update()
        self._lines.clear()

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show other columns of the same rows."""
        self.columns = tuple(columns)
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
