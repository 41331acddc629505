"""Draws the lines of a table, each once and then from a cache."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Final, Generic

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from services.i18n import _
from tui.widgets.record_table.columns import GAP, Column, column_widths
from tui.widgets.record_table.data_source import Row
from tui.widgets.record_table.list_state import ListState
from tui.widgets.record_table.viewport import RowView
from tui.widgets.text_cells import fit

MARKER_WIDTH = 2
"""Cells before the first column, where a mark shows the cursor without colours."""
_CURSOR_MARK = "▸ "
_ASCENDING, _DESCENDING = " ▲", " ▼"
_CACHED: Final = 512
"""Lines in each cache; a few windows of them."""


class RecordLines(Generic[Row]):
    """The lines of one table."""

    def __init__(self, view: RowView, state: ListState[Row], columns: Sequence[Column[Row]]) -> None:
        self._view = view
        self._state = state
        self.columns = tuple(columns)
        self._sort, self._descending, self._empty_text = "", False, ""
        self._texts: dict[int, tuple[Row, str]] = {}
        self._strips: dict[tuple[str, str], Strip] = {}
        self._styles: dict[str, Style] = {}
        self._widths: list[tuple[Column[Row], int]] = []
        self._number_widths: dict[str, int] = {}
        self._header: Strip | None = None
        self._width = self._full_width = 0

    def clear(self) -> None:
        """Forget every line: the width, the style or the labels changed."""
        self._texts.clear()
        self._strips.clear()
        self._styles.clear()
        self._widths, self._header = [], None

    def label(self, sort: str, *, descending: bool, empty_text: str) -> bool:
        """Mark the sorted column, and set the text of an empty list. Whether anything changed."""
        labels = sort, descending, empty_text
        if labels == (self._sort, self._descending, self._empty_text):
            return False
        self._sort, self._descending, self._empty_text = labels
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
            return [self._empty(y) if y else self._labels() for y in lines]
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

    def _strip(self, text: str, part: str) -> Strip:
        strip = self._strips.get((text, part))
        if strip is None:
            if len(self._strips) > _CACHED:
                self._strips.clear()
            line = fit(text, self._width) + " " * (self._full_width - self._width)
            strip = Strip([Segment(line, self._style(part))], self._full_width)
            self._strips[text, part] = strip
        return strip

    def _style(self, part: str) -> Style:
        # Textual clears its own cache of styles at each refresh.
        style = self._styles.get(part)
        if style is None:
            style = self._styles[part] = self._view.get_component_rich_style(f"record-table--{part}")
        return style

    def _row(self, index: int, end: int) -> Strip:
        if index >= end:
            return self._strip("", "row")
        at_cursor = index == self._view.cursor
        row = self._state.row(index)
        if row is None:
            return self._strip("  ·", "cursor" if at_cursor else "placeholder")
        mark = _CURSOR_MARK if at_cursor else "  "
        return self._strip(mark + self._text(index, row), "cursor" if at_cursor else "row")

    def _text(self, index: int, row: Row) -> str:
        known = self._texts.get(index)
        if known is not None and (known[0] is row or known[0] == row):
            return known[1]
        if len(self._texts) > _CACHED:
            self._texts.clear()
        text = self._cells(row)
        self._texts[index] = row, text
        return text

    def _cells(self, row: Row) -> str:
        return (" " * GAP).join(self._cell(column, row, width) for column, width in self._widths)

    def _cell(self, column: Column[Row], row: Row, width: int) -> str:
        text = column.render(row)
        if column.align == "right" and len(text) > width:
            self._number_widths[column.key] = max(self._number_widths.get(column.key, 0), len(text))
        return fit(text, width, column.align)

    def _labels(self) -> Strip:
        if self._header is None:
            labels = (fit(self._label(column), width, column.align) for column, width in self._widths)
            self._header = self._strip(" " * MARKER_WIDTH + (" " * GAP).join(labels), "header")
        return self._header

    def _label(self, column: Column[Row]) -> str:
        if not column.sort or column.sort != self._sort:
            return _(column.label)
        return _(column.label) + (_DESCENDING if self._descending else _ASCENDING)

    def _empty(self, y: int) -> Strip:
        lines = wrap(self._empty_text, max(10, self._width - 4))
        text = lines[y - 3] if 0 <= y - 3 < len(lines) else ""
        return self._strip(text.center(self._width), "empty")

    def sort_at(self, x: int) -> str:
        """The sort of the column whose label is at ``x``, empty if there is none."""
        left = 0
        for column, width in self._widths:
            if left <= x < left + width:
                return column.sort
            left += width + GAP
        return ""
