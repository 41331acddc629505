"""The view of a table: a window over rows of one line each, the lines drawn in it, and its messages."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Any, Generic

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from services.errors import CrmError
from services.formats.locale_rules import thousands_mark
from services.i18n import _
from services.lists.query import COUNT_CAP
from tui.widgets.painting import DrawnRows, RowBar
from tui.widgets.record_table.columns import GAP, Column, column_widths
from tui.widgets.record_table.data_source import Row
from tui.widgets.record_table.list_state import ListState
from tui.widgets.text_cells import fit, fit_name

MARKER_WIDTH = 2
"""Cells before the first column; a mark in them shows the cursor even without colours."""
_CURSOR_MARK = "▸ "
_ASCENDING, _DESCENDING = " ▲", " ▼"


class TableMessages:
    """The messages of ``RecordTable``; their handlers are named after it."""

    class RowMessage(Message, namespace="record_table"):
        """A message about one row; ``key`` and ``row`` are ``None`` when the list is empty."""

        def __init__(self, key: int | None, row: Any) -> None:
            super().__init__()
            self.key = key
            self.row = row

    class RowHighlighted(RowMessage, namespace="record_table"):
        """The cursor rests on a row, or the row under it was read again."""

    class RowChosen(RowMessage, namespace="record_table"):
        """The user pressed Enter or double-clicked on a row."""

    class Loaded(Message, namespace="record_table"):
        """The list was read."""

    class HeaderClicked(Message, namespace="record_table"):
        """The user clicked on the label of a column that can be sorted."""

        def __init__(self, sort: str) -> None:
            super().__init__()
            self.sort = sort

    class NoSuchRow(Message, namespace="record_table"):
        """The typed position is neither a number nor a percentage."""

    class LoadFailed(Message, namespace="record_table"):
        """The source refused to read; the rows shown stay."""

        def __init__(self, error: CrmError) -> None:
            super().__init__()
            self.error = error


def position_text(cursor: int, total: int | None, *, exact: bool, thousands: str) -> str:
    """The position of the cursor: ``12 of 345``, ``12 of 10,000+``, or ``12`` while the total is unknown.

    If not ``exact``, a total of ``COUNT_CAP`` is a lower bound. ``thousands`` is the mark between thousands.
    """
    if total == 0:
        return "0"
    position = grouped(cursor + 1, thousands)
    if total is None:
        return position
    capped = total == COUNT_CAP and not exact
    shown = grouped(COUNT_CAP - 1, thousands) + "+" if capped else grouped(total, thousands)
    return _("{position} of {total}").format(position=position, total=shown)


def grouped(number: int, thousands: str) -> str:
    """A whole number with a mark between its thousands."""
    return f"{number:,}".replace(",", thousands)


class RowView(ScrollView, Generic[Row]):
    """Scrolls by rows and paints only the lines that change."""

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """The index of the row under the cursor."""
    position: reactive[str] = reactive("", init=False, repaint=False)
    """The position of the cursor as text, or the prompt for one; to be watched."""

    _vertical_scrollbar: RowBar | None

    def __init__(
        self, columns: Sequence[Column[Row]], *, empty_text: Callable[[], str], id: str | None
    ) -> None:
        super().__init__(id=id)
        self.state: ListState[Row] = ListState()
        self.lines: RecordLines[Row] = RecordLines(self, self.state, columns, empty_text)
        self.prompt = ""
        """The prompt for the row to go to, with what is typed into it; empty while it is closed."""
        self._thousands = thousands_mark()

    @property
    def vertical_scrollbar(self) -> RowBar:
        """The scroll bar, made at its first use as in Textual."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = RowBar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        return self._vertical_scrollbar

    @property
    def row_count(self) -> int:
        """The number of rows that the cursor can reach, as far as it is known."""
        return self.state.row_count

    def show_position(self) -> None:
        """Show the position of the cursor, or the prompt for one."""
        state = self.state
        self.position = self.prompt or position_text(
            self.cursor, state.total, exact=state.exact, thousands=self._thousands
        )

    @property
    def window(self) -> Size:
        """The size of labels and rows in sight, with the scroll bar.

        Textual's ``size`` may lay out the whole screen.
        """
        return self.outer_size - self.styles.gutter.totals

    @property
    def line_width(self) -> int:
        """The width of a row in cells, without the scroll bar."""
        return self.window.width - self.scrollbar_size_vertical

    @property
    def in_sight(self) -> range:
        """The rows for which the window has room below the labels."""
        top = round(self.scroll_y)
        return range(top, top + max(0, self.window.height - 1))

    def resize_rows(self, *, at_least: bool = False) -> None:
        """Fit the scroll bar to the number of rows.

        With ``at_least`` it does not shrink: the rows are not counted yet, and the thumb would move twice.
        """
        rows = self.row_count + 1
        size = Size(self.line_width, max(rows, self.virtual_size.height) if at_least else rows)
        if size != self.virtual_size:
            # Only the scroll bar depends on it; a plain assignment would lay out the whole screen.
            self.set_reactive(RowView.virtual_size, size)
            self._scroll_update(size)

    def repaint_rows(self, rows: Iterable[int]) -> None:
        """Paint only these rows, if they are in sight."""
        seen, width = self.in_sight, self.window.width
        regions = [Region(0, row - seen.start + 1, width, 1) for row in rows if row in seen]
        if regions:
            self.refresh(*regions)

    def begin_with(self, row: int) -> None:
        """Scroll until this row is the first in sight."""
        self.scroll_to(y=row, animate=False)

    def bring_into_sight(self, row: int) -> None:
        """Scroll no further than needed until this row is in sight."""
        seen = self.in_sight
        room = max(1, len(seen))
        if row < seen.start:
            self.begin_with(row)
        elif row >= seen.start + room:
            self.begin_with(row - room + 1)

    def validate_cursor(self, index: int) -> int:
        """Keep the cursor within the rows."""
        return max(0, min(index, self.row_count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Paint the two rows of the move."""
        self.repaint_rows((old, new))
        self.bring_into_sight(new)

    def place_cursor(self, row: int, line: int) -> None:
        """Put the cursor on a row and scroll that row to a line of the window. No watcher is called."""
        self.set_reactive(RowView.cursor, self.validate_cursor(row))
        self.begin_with(self.cursor - line)

    def go_to(self, row: int) -> None:
        """Move to a row and scroll it to the middle of the window."""
        row = self.validate_cursor(row)
        self.begin_with(row - len(self.in_sight) // 2)
        self.cursor = row

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Paint the rows in sight, and the scroll bar if its thumb has visibly moved."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.move(old_value, new_value)
        if round(old_value) != round(new_value):
            self.refresh(self.window.region)

    def label(self, sort: str, *, descending: bool) -> None:
        """Mark the sorted column."""
        if self.lines.label(sort, descending=descending):
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the window, line 0 being the labels."""
        return self.lines.draw((y,))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        """The drawn lines themselves, unless Textual must add a border or padding.

        Textual would copy them for every frame, without the terminal codes that each line caches.
        """
        if self.styles.gutter:
            return super().render_lines(crop)
        strips = self.lines.draw(crop.line_range)
        for line_filter in self.get_line_filters():
            background = self.background_colors[1]
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        start, stop = crop.column_span
        if (start, stop) == (0, self.outer_size.width):
            return strips
        return [strip.crop(start, stop) for strip in strips]


class RecordLines(Generic[Row]):
    """The lines of one table."""

    def __init__(
        self,
        view: RowView[Row],
        state: ListState[Row],
        columns: Sequence[Column[Row]],
        empty_text: Callable[[], str],
    ) -> None:
        self._view = view
        self._state = state
        self.columns = tuple(columns)
        self._empty_text = empty_text
        self._sort, self._descending = "", False
        self._drawn = DrawnRows()
        self._styles: dict[str, Style] = {}
        self._widths: list[tuple[Column[Row], int]] = []
        self._number_widths: dict[str, int] = {}
        self._header: Strip | None = None
        self._width = self._full_width = 0

    def clear(self) -> None:
        """Forget every line: the width, the style or the labels changed."""
        self._drawn.clear()
        self._styles.clear()
        self._widths, self._header = [], None

    def use(self, columns: Sequence[Column[Row]]) -> None:
        """Draw other columns."""
        self.columns = tuple(columns)
        self.clear()
        self._view.refresh()

    def label(self, sort: str, *, descending: bool) -> bool:
        """Mark the sorted column. Whether the mark changed."""
        if (sort, descending) == (self._sort, self._descending):
            return False
        self._sort, self._descending = sort, descending
        self.clear()
        return True

    def widths(self) -> list[tuple[Column[Row], int]]:
        """The columns that fit the width now, always with the sorted one."""
        columns = [
            replace(column, rank=0) if self._sort and column.sort == self._sort else column
            for column in self.columns
        ]
        return column_widths(columns, self._view.line_width - MARKER_WIDTH - 1, self._number_widths)

    def draw(self, lines: Iterable[int]) -> list[Strip]:
        """Lines of the window; line 0 holds the labels."""
        self._lay_out()
        if self._state.total == 0:
            text = wrap(self._empty_text(), max(10, self._width - 4))
            return [self._empty(text, y) if y else self._labels() for y in lines]
        top, end = self._view.in_sight.start, self._state.row_count
        widest = dict(self._number_widths)
        wanted = list(lines)
        drawn = [self._row(top + y - 1, end) if y else self._labels() for y in wanted]
        if self._number_widths == widest:
            return drawn
        self.clear()  # a number was longer than its column, which is widened for it
        self._view.refresh()
        return self.draw(wanted)

    def _lay_out(self) -> None:
        width, full_width = self._view.line_width, self._view.window.width
        if (width, full_width) != (self._width, self._full_width):
            self.clear()  # Textual sends no event when a scroll bar appears or goes
            self._width, self._full_width = width, full_width
        if not self._widths:
            self._widths = self.widths()

    def _line(self, text: str, part: str) -> Strip:
        line = fit(text, self._width) + " " * (self._full_width - self._width)
        return Strip([Segment(line, self._style(part))], self._full_width)

    def _style(self, part: str) -> Style:
        # Textual clears its own cache of styles at each refresh.
        style = self._styles.get(part)
        if style is None:
            style = self._styles[part] = self._view.get_component_rich_style(f"record-table--{part}")
        return style

    def _row(self, index: int, end: int) -> Strip:
        if index >= end:
            return self._line("", "row")
        at_cursor = index == self._view.cursor
        row = self._state.row(index)
        if row is None:
            return self._line("  ·", "cursor" if at_cursor else "placeholder")
        line = self._drawn.get(index, at_cursor, row)
        if line is None:
            mark, part = (_CURSOR_MARK, "cursor") if at_cursor else ("  ", "row")
            line = self._line(mark + self._cells(row), part)
            self._drawn.keep(index, at_cursor, row, line)
        return line

    def _cells(self, row: Row) -> str:
        return (" " * GAP).join(self._cell(column, row, width) for column, width in self._widths)

    def _cell(self, column: Column[Row], row: Row, width: int) -> str:
        text = getattr(row, column.key) if column.render is None else column.render(row)
        if column.is_number and len(text) > width:
            self._number_widths[column.key] = max(self._number_widths.get(column.key, 0), len(text))
        return fit_name(text, width) if column.cut == "middle" else fit(text, width, column.align)

    def _labels(self) -> Strip:
        if self._header is None:
            labels = (fit(self._label(column), width, column.align) for column, width in self._widths)
            self._header = self._line(" " * MARKER_WIDTH + (" " * GAP).join(labels), "header")
        return self._header

    def _label(self, column: Column[Row]) -> str:
        if not column.sort or column.sort != self._sort:
            return _(column.label)
        return _(column.label) + (_DESCENDING if self._descending else _ASCENDING)

    def _empty(self, text: Sequence[str], y: int) -> Strip:
        line = text[y - 3] if 0 <= y - 3 < len(text) else ""
        return self._line(line.center(self._width), "empty")

    def sort_at(self, x: int) -> str:
        """The sort of the column with its label at ``x``, empty if there is none."""
        left = 0
        for column, width in self._widths:
            if left <= x < left + width:
                return column.sort
            left += width + GAP
        return ""
