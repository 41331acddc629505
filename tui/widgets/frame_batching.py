"""Delays a frame until requested rows are loaded, so that a jump is painted once instead of twice.

A second frame follows 17 ms after the first at the earliest, and rows are usually loaded within a few.
"""

import asyncio
from contextlib import ExitStack

from textual.widget import Widget

LONGEST_HOLD = 0.016
"""Maximum delay of a frame in seconds, one frame at 60 Hz; rows that load later get their own frame."""


class FrameHold:
    """Holds the frames of the application for one widget."""

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
