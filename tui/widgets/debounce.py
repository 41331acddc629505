"""Calls a function after a pause in events, so that a held key causes only one call."""

from collections.abc import Callable
from time import monotonic

from textual.timer import Timer
from textual.widget import Widget


class Debouncer:
    """Calls ``then`` when ``seconds`` have passed since the last :meth:`begin`."""

    def __init__(self, widget: Widget, seconds: float, then: Callable[[], None]) -> None:
        self._widget = widget
        self._seconds = seconds
        self._then = then
        self._moved_at = 0.0
        self._timer: Timer | None = None

    def begin(self) -> None:
        """Start or restart the wait."""
        self._moved_at = monotonic()
        if self._timer is None:  # a running timer extends itself; a timer for each key would cost a task
            self._timer = self._widget.set_timer(self._seconds, self._look)

    def _look(self) -> None:
        left = self._moved_at + self._seconds - monotonic()
        if left > 0:
            self._timer = self._widget.set_timer(left, self._look)
        else:
            self._timer = None
            self._then()

    @property
    def is_running(self) -> bool:
        """Whether a call is pending."""
        return self._timer is not None

    def flush(self) -> None:
        """Call now if a call is pending."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self._then()
