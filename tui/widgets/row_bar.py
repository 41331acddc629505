"""A scroll bar that remembers how it was drawn: a jump to the end and back draws nothing of it anew."""

from typing import Final

from textual.geometry import Region
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

_REMEMBERED: Final = 64


class RowBar(ScrollBar):
    """Textual's own, which takes as long to draw as all the rows beside it."""

    def __init__(self, *, name: str, thickness: int) -> None:
        super().__init__(vertical=True, name=name, thickness=thickness)
        self._drawn: dict[object, list[Strip]] = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines, from memory where they looked the same before."""
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
    """Where the thumb of a scroll bar begins, in the eighths of a cell in which it is drawn."""
    hidden = bar.window_virtual_size - bar.window_size
    if hidden <= 0 or bar.window_size <= 0:
        return 0
    length = max(1.0, bar.window_size**2 / bar.window_virtual_size)
    return int((bar.window_size - length) * position / hidden * 8)
