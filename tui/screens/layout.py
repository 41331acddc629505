"""The places of the widgets on a screen."""

from textual._compositor import Compositor, CompositorMap, ReflowResult
from textual.geometry import Size
from textual.widget import Widget


class PaintedLayout(Compositor):
    """A compositor that paints one layout until the next one.

    When code asks for the place of a hidden widget after a list has scrolled, Textual arranges the whole
    screen anew (``full_map``, Textual 8.2.8). Changes that still wait for the next layout are part of that
    arrangement. Textual then paints the widgets at their new places in lines that are cut for the old ones,
    so that a line becomes too long; and the next layout finds nothing changed, so that a widget that moved
    is not painted, and one with another size is not told. Here such an arrangement only answers the
    question.
    """

    def __init__(self) -> None:
        super().__init__()
        self._painted: CompositorMap = {}

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay out the screen, and tell which widgets are shown, hidden or resized since the last layout."""
        self._full_map = self._painted
        result = super().reflow(parent, size)
        self._painted = self._full_map
        self._cuts = self._visible_widgets = None  # if a widget asked for places while it was laid out
        return result

    @property
    def full_map(self) -> CompositorMap:
        """The places of all widgets, with those that scrolling moved and those that wait for a layout."""
        if not self._full_map_invalidated or self._visible_widgets is None:  # None: nothing is painted yet
            return super().full_map
        painted = self._visible_widgets, self._visible_map
        places = super().full_map
        self._visible_widgets, self._visible_map = painted
        return places

    def clear(self) -> None:
        """Forget all widgets."""
        super().clear()
        self._painted.clear()
