"""Sends keys, pasted text and clicks in bursts, as a terminal does.

``Pilot.press`` waits after each key until the machine is idle, which takes 40 to 130 ms. Here a burst is sent
at once; :meth:`Fingers.rest` then waits until all of it was handled, and fails if that does not happen.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from time import monotonic
from typing import Final

from textual import events
from textual.geometry import Size

from tests.support.app_driver import AppDriver
from tests.support.key_events import key_event

PATIENCE: Final = 30.0
"""Seconds after which what was sent counts as stuck; a busy machine takes a hundredth of it."""
_REMEMBERED: Final = 60


class Stuck(AssertionError):
    """A key was never handled, or a worker does not end."""


class Fingers:
    """Sends input to the application, and remembers the last inputs for error messages."""

    def __init__(self, driven: AppDriver) -> None:
        self.driven = driven
        self.last: deque[str] = deque(maxlen=_REMEMBERED)
        self.sent = 0

    def press(self, *keys: str) -> None:
        """Press keys by Textual's names: ``ctrl+s``, ``enter``, ``n``."""
        for key in keys:
            self._send(key_event(key), key)

    def type(self, text: str) -> None:
        """Type any characters."""
        for character in text:
            self._send(key_event(character), character)

    def paste(self, text: str) -> None:
        """Paste a text."""
        self._send(events.Paste(text), f"paste {text[:40]!r}")

    def click(self, x: int, y: int) -> None:
        """Press and release the left button."""
        for kind in (events.MouseDown, events.MouseUp):
            self._send(kind(None, x, y, 0, 0, 1, False, False, False), f"{kind.__name__} {x},{y}")

    def resize(self, width: int, height: int) -> None:
        """Resize the terminal."""
        size = Size(width, height)
        assert self.driven.app._driver is not None
        self.driven.app._driver._size = (width, height)
        self._send(events.Resize(size, size), f"resize {width}x{height}")

    def _send(self, event: events.Event, shown: str) -> None:
        app = self.driven.app
        event.set_sender(app)
        app.post_message(event)
        self.last.append(shown)
        self.sent += 1

    async def rest(self) -> None:
        """Wait until every key was handled. Raises :class:`Stuck`, or the application's fatal exception."""
        deadline = monotonic() + PATIENCE
        while await self._is_busy():
            if monotonic() > deadline:
                raise Stuck(self._complaint())
        if self.driven.app._exception is not None:
            raise self.driven.app._exception

    async def _is_busy(self) -> bool:
        app = self.driven.app
        if not app.is_running or app._exception is not None:
            return False
        await self.driven.pilot._wait_for_screen(PATIENCE)
        if app._waiting or app._is_under_way or not app.screen._compositor.size:
            await asyncio.sleep(0.001)
            return True
        return await _work_done(worker._task for worker in app.workers if not worker.is_finished)

    def _complaint(self) -> str:
        app = self.driven.app
        waiting = list(app._waiting)
        workers = [worker for worker in app.workers if not worker.is_finished]
        return f"nothing moves; waiting: {waiting}, under way: {app._is_under_way}, workers: {workers}"


async def _work_done(tasks: Iterable[asyncio.Task[None] | None]) -> bool:
    """Wait for running tasks. Return whether there were any."""
    running = [task for task in tasks if task is not None]
    if running:
        await asyncio.wait(running, timeout=PATIENCE)
    return bool(running)
