"""Detects a blocked event loop, during which no key is handled and nothing is painted.

It measures the time between two calls of the loop's selector. This is exact, causes no wake-ups and costs 0.2
µs per iteration of the loop. A loop without a selector is checked by a periodic timer.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import Any, Final

CEILING: Final = 60.0
"""Seconds; a longer gap means a stopped process or a sleeping machine, not a stall."""


class LoopWatch:
    """Calls ``on_stall(seconds)`` on the loop after it was blocked for longer than ``threshold`` seconds.

    Several monitors may watch one loop. Exceptions of ``on_stall`` are dropped, since they would end the
    loop.
    """

    def __init__(self, on_stall: Callable[[float], object], *, threshold: float = 0.1) -> None:
        self.threshold = threshold
        self._on_stall = on_stall
        self._running = False
        self._selector: Any = None
        self._select: Any = None
        self._timed: Any = None
        self._beat: asyncio.TimerHandle | None = None
        self._awake_since = 0.0

    def start(self) -> None:
        """Watch the running loop; call this on the loop. A second call has no effect."""
        if self._running:
            return
        self._running = True
        loop = asyncio.get_running_loop()
        self._selector = self._selector_of(loop)
        self._awake_since = perf_counter()
        if self._selector is not None:
            self._time_turns()
        else:
            self._listen(loop)

    def stop(self) -> None:
        """Stop watching; call this on the loop."""
        self._running = False
        if self._beat is not None:
            self._beat.cancel()
        # If another monitor has wrapped this one since, this wrapper stays and only forwards calls.
        if self._timed is not None and vars(self._selector).get("select") is self._timed:
            self._selector.select = self._select
        self._selector = self._timed = None

    @staticmethod
    def _selector_of(loop: asyncio.AbstractEventLoop) -> Any:
        return getattr(loop, "_selector", None)

    def _time_turns(self) -> None:
        select: Callable[[float | None], Any] = self._selector.select

        def timed(timeout: float | None = None) -> Any:
            if self._timed is not timed:
                return select(timeout)
            blocked = perf_counter() - self._awake_since
            if blocked > self.threshold:
                self._stalled(blocked)
            events = select(timeout)
            self._awake_since = perf_counter()
            return events

        self._select, self._timed = select, timed
        self._selector.select = timed

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        pause = self.threshold / 2
        late = perf_counter() - self._awake_since - pause
        if late > self.threshold:
            self._stalled(late)
        self._awake_since = perf_counter()
        if self._running:
            self._beat = loop.call_later(pause, self._listen, loop)

    def _stalled(self, seconds: float) -> None:
        if seconds < CEILING:
            with suppress(Exception):
                self._on_stall(seconds)
