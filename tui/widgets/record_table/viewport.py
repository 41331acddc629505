"""A window over rows of one line each, below a line of labels, with a cursor on one row."""

from collections.abc import Iterable
from typing import Final

from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget


class RowView(ScrollView):
    """Scrolls by rows and paints only the lines that change. Subclasses count and draw the rows."""

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """The index of the row under the cursor."""

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scroll bar, made at its first use as in Textual."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = RowBar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        return self._vertical_scrollbar

    @property
    def row_count(self) -> int:
        """How many rows the cursor can reach."""
        raise NotImplementedError

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
            bar = self.vertical_scrollbar
            if thumb(bar, old_value) == thumb(bar, new_value):
                bar.set_reactive(ScrollBar.position, bar.validate_position(new_value))
            else:
                bar.position = new_value
        if round(old_value) != round(new_value):
            self.refresh(self.window.region)

    def draw(self, lines: Iterable[int]) -> list[Strip]:
        """Lines of the window, line 0 being the labels, each as wide as the widget."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        return self.draw((y,))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        """The drawn lines themselves, unless Textual must add a border or padding.

        Textual would copy them for every frame, without the terminal codes that each line caches.
        """
        if self.styles.gutter:
            return super().render_lines(crop)
        strips = self.draw(crop.line_range)
        for line_filter in self.get_line_filters():
            background = self.background_colors[1]
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        start, stop = crop.column_span
        if (start, stop) == (0, self.outer_size.width):
            return strips
        return [strip.crop(start, stop) for strip in strips]


_REMEMBERED: Final = 64
"""Drawn states of a scroll bar that its cache holds."""


class RowBar(ScrollBar):
    """Textual's scroll bar, which takes as long to draw as all the rows beside it."""

    def __init__(self, *, name: str, thickness: int) -> None:
        super().__init__(vertical=True, name=name, thickness=thickness)
        self._drawn: dict[object, list[Strip]] = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines, from the cache if they looked the same before."""
        looks = self._looks(crop)
        strips = self._drawn.get(looks)
        if strips is None:
            if len(self._drawn) >= _REMEMBERED:
                self._drawn.clear()
            strips = self._drawn[looks] = super().render_lines(crop)
        return strips

    def _looks(self, crop: Region) -> object:
        assert isinstance(self.parent, Widget), "a scroll bar has a window beside it"
        styles = self.parent.styles
        colours = (
            styles.scrollbar_color, styles.scrollbar_color_hover, styles.scrollbar_color_active,
            styles.scrollbar_background, styles.scrollbar_background_hover,
            styles.scrollbar_background_active, self.parent.background_colors,
        )  # fmt: skip
        state = (self.mouse_over, self.grabbed is not None, tuple(self.get_line_filters()))
        place = (self.size, self.window_size, self.window_virtual_size, thumb(self, self.position))
        return crop, colours, state, place


def thumb(bar: ScrollBar, position: float) -> int:
    """The start of the thumb of a scroll bar, in the eighths of a cell in which it is drawn."""
    hidden = bar.window_virtual_size - bar.window_size
    if hidden <= 0 or bar.window_size <= 0:
        return 0
    length = max(1.0, bar.window_size**2 / bar.window_virtual_size)
    return int((bar.window_size - length) * position / hidden * 8)
