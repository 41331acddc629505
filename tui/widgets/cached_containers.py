"""Containers that cache their rendered lines until one of them changes.

For every frame Textual renders all lines of all widgets that overlap the painted region. Without the cache,
the borders and backgrounds around a list take longer than the two lines of a moving cursor.
"""

from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Unchanged(Widget):
    """A mixin for a container whose own lines rarely change; list it after the container class."""

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
