"""A frame that waits a moment for rows on their way, so that a jump is painted once and not twice.

A second frame comes 17 ms after the first at the earliest, and rows are there within a few.
"""

import asyncio
from contextlib import ExitStack

from textual.widget import Widget

LONGEST_HOLD = 0.016
"""Seconds that a frame waits, one of 60 a second; rows that take longer are painted in one of their own."""


class FrameHold:
    """Holds what the application paints, for one widget of it."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._held = ExitStack()
        self._end: asyncio.TimerHandle | None = None

    def hold(self) -> None:
        """Paint nothing until :meth:`release`, but for :data:`LONGEST_HOLD` at the most."""
        if self._end is None and self._widget.is_attached and self._widget.screen.is_current:
            self._held.enter_context(self._widget.app.batch_update())
            # A timer of the widget would end with it, and nothing were painted ever after.
            self._end = asyncio.get_running_loop().call_later(LONGEST_HOLD, self.release)

    def release(self) -> None:
        """Paint what there is."""
        if self._end is None:
            return
        self._end.cancel()
        self._end = None
        self._held.close()
        if self._widget.is_attached:
            self._widget.screen.check_idle()  # Textual wakes only the application, which paints nothing
