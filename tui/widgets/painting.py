"""Fewer and cheaper frames: cached lines of containers, rows and scroll bars, and one frame instead of two.

For every frame Textual renders all lines of all widgets that overlap the painted region. With the caches of
containers and scroll bars a page down takes 2.6 ms of processor time to its frame instead of 6.0, a step of
the cursor 2.7 instead of 3.0 (140x40). With the cache of rows a table of 34 rows is painted again in 1.8 ms
instead of 4.2. With :class:`FrameHold` a letter of a search and its rows are one frame instead of two.
"""

import asyncio
from contextlib import ExitStack
from typing import Final

from textual.cache import LRUCache
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Region
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

LONGEST_HOLD: Final = 0.016
"""Maximum delay of a frame in seconds, one frame at 60 Hz; rows that load later get their own frame."""
_BAR_LOOKS: Final = 64
"""Drawn states of a scroll bar that its cache holds."""
_ROWS: Final = 512
"""Rows that a table's cache holds, a few windows of them."""


class Unchanged(Widget):
    """A mixin for a container with own lines that rarely change; list it after the container class."""

    _composed: tuple[object, list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The cached lines, if no line was marked as changed since then."""
        lines = self._styles_cache
        what = (crop, self.outer_size, tuple(self.get_line_filters()))
        if self._composed is None or self._composed[0] != what or lines._dirty_lines or not lines._cache:
            self._composed = what, super().render_lines(crop)
        return self._composed[1]


class UnchangedVertical(Vertical, Unchanged):
    """A column of widgets."""


class UnchangedHorizontal(Horizontal, Unchanged):
    """A row of widgets."""


class ListPane(UnchangedVertical):
    """The border of a list; its lower line, with the cursor position, is repainted alone."""

    _is_private = False

    def show_title(self, text: str, *, is_private: bool = False) -> None:
        """Set the title in the upper border, and whether it names a record or a saved view."""
        self._is_private = is_private
        if Content(text) != self._border_title:
            self.border_title = Content(text)

    def private_values(self) -> list[str]:
        """The title, if it is private."""
        return [self._border_title.plain] if self._is_private and self._border_title is not None else []

    def show_position(self, text: str) -> None:
        """Set the text in the lower border and repaint only that line."""
        content = Content(text)
        if not self.outer_size:  # not laid out yet
            self.border_subtitle = content
        elif content != self._border_subtitle:
            self._border_subtitle = content
            offset, (width, height) = self.content_offset, self.outer_size
            self.refresh(Region(-offset.x, height - 1 - offset.y, width, 1))


class DrawnRows:
    """The lines of rows that were drawn, by index and by whether the cursor is on them."""

    def __init__(self) -> None:
        self._lines: LRUCache[tuple[int, bool], tuple[object, Strip]] = LRUCache(_ROWS)

    def get(self, index: int, at_cursor: bool, row: object) -> Strip | None:
        """The line of the row with these values, if it was drawn."""
        drawn = self._lines.get((index, at_cursor))
        return drawn[1] if drawn and (drawn[0] is row or drawn[0] == row) else None

    def keep(self, index: int, at_cursor: bool, row: object, line: Strip) -> None:
        """Remember a line."""
        self._lines[index, at_cursor] = row, line

    def clear(self) -> None:
        """Forget all lines: the width, the style or the columns changed."""
        self._lines.clear()


class RowBar(ScrollBar):
    """Textual's scroll bar, which takes as long to draw as all the rows beside it."""

    def __init__(self, *, name: str, thickness: int) -> None:
        super().__init__(vertical=True, name=name, thickness=thickness)
        self._drawn: LRUCache[object, list[Strip]] = LRUCache(_BAR_LOOKS)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines, from the cache if they looked the same before."""
        looks = self._looks(crop)
        strips = self._drawn.get(looks)
        if strips is None:
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
        place = (self.size, self.window_size, self.window_virtual_size, self.thumb(self.position))
        return crop, colours, state, place

    def thumb(self, position: float) -> int:
        """The start of the thumb at a position, in the eighths of a cell in which it is drawn."""
        hidden = self.window_virtual_size - self.window_size
        if hidden <= 0 or self.window_size <= 0:
            return 0
        length = max(1.0, self.window_size**2 / self.window_virtual_size)
        return int((self.window_size - length) * position / hidden * 8)

    def move(self, old: float, new: float) -> None:
        """Take a position, and paint the thumb only if it has visibly moved."""
        if self.thumb(old) == self.thumb(new):
            self.set_reactive(ScrollBar.position, self.validate_position(new))
        else:
            self.position = new


class FrameHold:
    """Holds the frames of the application for one widget until requested rows are loaded.

    A jump is then painted once instead of twice: a second frame follows 17 ms after the first at the
    earliest, and rows are usually loaded within a few.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._held = ExitStack()
        self._end: asyncio.TimerHandle | None = None

    def hold(self) -> None:
        """Paint nothing until :meth:`release`, for at most :data:`LONGEST_HOLD` seconds."""
        if self._end is None and self._widget.is_attached and self._widget.screen.is_current:
            self._held.enter_context(self._widget.app.batch_update())
            # A timer of the widget would stop with the widget, and the app would never paint again.
            self._end = asyncio.get_running_loop().call_later(LONGEST_HOLD, self.release)

    def release(self) -> None:
        """Paint the current state."""
        if self._end is None:
            return
        self._end.cancel()
        self._end = None
        self._held.close()
        if self._widget.is_attached:
            self._widget.screen.check_idle()  # Textual itself wakes only the app, which paints nothing
