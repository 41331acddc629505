"""Containers that are not put together anew for a frame in which nothing of them has changed.

For every frame Textual goes through all lines of all that overlaps what is painted: the frames and grounds
around a list cost more than the two lines of a cursor that moves.
"""

from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Unchanged(Widget):
    """To be mixed into a widget whose own lines seldom change, behind what says how the widget looks."""

    _composed: tuple[object, list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the last time, where no line was marked as changed since then."""
        lines = self._styles_cache
        what = (crop, self.outer_size, tuple(self.get_line_filters()))
        if self._composed is None or self._composed[0] != what or lines._dirty_lines or not lines._cache:
            self._composed = what, super().render_lines(crop)
        return self._composed[1]


class UnchangedVertical(Vertical, Unchanged):
    """A column of widgets."""


class UnchangedHorizontal(Horizontal, Unchanged):
    """A row of widgets."""
