"""How the rows of a table are drawn: each line once, then from a cache."""

from collections.abc import Iterable
from textwrap import wrap
from typing import TYPE_CHECKING, Final, Generic

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from services.i18n import _
from tui.widgets.record_table.data_source import GAP, Column, Row
from tui.widgets.text_cells import fit

if TYPE_CHECKING:
    from tui.widgets.record_table.table import RecordTable

MARKER_WIDTH = 2
"""Cells before the first column, where the cursor is marked with more than a colour."""
_CURSOR_MARK = "▸ "
_ASCENDING, _DESCENDING = " ▲", " ▼"
_REMEMBERED: Final = 512
"""Lines; a few windows of them."""


class RecordLines(Generic[Row]):
    """The lines of one table."""

    def __init__(self, table: "RecordTable[Row]") -> None:
        self._table = table
        self._texts: dict[int, tuple[Row, str]] = {}
        self._strips: dict[tuple[str, str], Strip] = {}
        self._styles: dict[str, Style] = {}
        self._columns: list[tuple[Column[Row], int]] = []
        self._figures: dict[str, int] = {}
        self._header: Strip | None = None
        self._width = self._whole = 0

    def clear(self) -> None:
        """Forget every line: the width, the style or the language changed."""
        self._texts.clear()
        self._strips.clear()
        self._styles.clear()
        self._columns, self._header = [], None

    def draw(self, lines: Iterable[int], top: int, width: int, whole: int) -> list[Strip]:
        """Lines of a window that starts at the row ``top``: ``width`` cells out of ``whole``."""
        if (width, whole) != (self._width, self._whole):  # a scroll bar came or went: Textual tells nobody
            self.clear()
            self._width, self._whole = width, whole
        if not self._columns:
            self._columns = self._table.widths(self._figures)
        if self._table.total == 0:
            return [self._empty(y) if y else self._labels() for y in lines]
        end = self._table.row_count
        before = dict(self._figures)
        wanted = list(lines)
        drawn = [self._row(top + y - 1, end) if y else self._labels() for y in wanted]
        if self._figures == before:
            return drawn
        self.clear()  # a number was longer than its column, which is as wide as that from now on
        self._table.refresh()
        return self.draw(wanted, top, width, whole)

    def _strip(self, text: str, part: str) -> Strip:
        strip = self._strips.get((text, part))
        if strip is None:
            if len(self._strips) > _REMEMBERED:
                self._strips.clear()
            line = fit(text, self._width) + " " * (self._whole - self._width)
            strip = Strip([Segment(line, self._style(part))], self._whole)
            self._strips[text, part] = strip
        return strip

    def _style(self, part: str) -> Style:
        # Textual forgets its own at each refresh.
        style = self._styles.get(part)
        if style is None:
            style = self._styles[part] = self._table.get_component_rich_style(f"record-table--{part}")
        return style

    def _row(self, index: int, end: int) -> Strip:
        if index >= end:
            return self._strip("", "row")
        at_cursor = index == self._table.cursor
        row = self._table.row_at(index)
        if row is None:
            return self._strip("  ·", "cursor" if at_cursor else "placeholder")
        mark = _CURSOR_MARK if at_cursor else "  "
        return self._strip(mark + self._text(index, row), "cursor" if at_cursor else "row")

    def _text(self, index: int, row: Row) -> str:
        known = self._texts.get(index)
        if known is not None and (known[0] is row or known[0] == row):
            return known[1]
        if len(self._texts) > _REMEMBERED:
            self._texts.clear()
        text = self._cells(row)
        self._texts[index] = row, text
        return text

    def _cells(self, row: Row) -> str:
        return (" " * GAP).join(self._cell(column, row, width) for column, width in self._columns)

    def _cell(self, column: Column[Row], row: Row, width: int) -> str:
        text = column.render(row)
        if column.align == "right" and len(text) > width:
            self._figures[column.key] = max(self._figures.get(column.key, 0), len(text))
        return fit(text, width, column.align)

    def _labels(self) -> Strip:
        if self._header is None:
            labels = (fit(self._label(column), width, column.align) for column, width in self._columns)
            self._header = self._strip(" " * MARKER_WIDTH + (" " * GAP).join(labels), "header")
        return self._header

    def _label(self, column: Column[Row]) -> str:
        if not column.sort or column.sort != self._table.sort:
            return _(column.label)
        return _(column.label) + (_DESCENDING if self._table.descending else _ASCENDING)

    def _empty(self, y: int) -> Strip:
        lines = wrap(self._table.empty_text, max(10, self._width - 4))
        text = lines[y - 3] if 0 <= y - 3 < len(lines) else ""
        return self._strip(text.center(self._width), "empty")

    def sort_at(self, x: int) -> str:
        """The sort of the column whose label stands at ``x``, empty where there is none."""
        left = 0
        for column, width in self._columns:
            if left <= x < left + width:
                return column.sort
            left += width + GAP
        return ""
