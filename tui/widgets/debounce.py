"""What is done once something has not moved for a moment; a key held down does it once, at the end."""

from collections.abc import Callable
from time import monotonic

from textual.timer import Timer
from textual.widget import Widget


class Debouncer:
    """Calls ``then`` when ``seconds`` have gone by since the last :meth:`begin`."""

    def __init__(self, widget: Widget, seconds: float, then: Callable[[], None]) -> None:
        self._widget = widget
        self._seconds = seconds
        self._then = then
        self._moved_at = 0.0
        self._timer: Timer | None = None

    def begin(self) -> None:
        """It moved just now."""
        self._moved_at = monotonic()
        if self._timer is None:  # one that runs looks again by itself: a timer a key would cost a task each
            self._timer = self._widget.set_timer(self._seconds, self._look)

    def _look(self) -> None:
        left = self._moved_at + self._seconds - monotonic()
        if left > 0:
            self._timer = self._widget.set_timer(left, self._look)
        else:
            self._timer = None
            self._then()

    def cut_short(self) -> None:
        """Do it now, if it is still to be done."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self._then()
