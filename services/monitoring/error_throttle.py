"""Limits how many exceptions become events while an error repeats; the others are only counted.

Building an event takes 5 ms. A timer that fails sixty times a second would slow the program down and use up
a month's quota in an hour, and the hundredth event of one error adds nothing to the fifth.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

PERIOD: Final = 60.0
"""Seconds of the sliding window in which events are counted."""
PER_PLACE: Final = 5
"""Maximum number of events per period of one exception class from one line of code."""
OVERALL: Final = 30
"""Maximum number of events per period in all."""
_REMEMBERED: Final = 500

Place = tuple[type[BaseException], str, int]


class ErrorThrottle:
    """Allows the first exceptions of a kind and counts the others. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # Reentrant: a signal handler may report an exception while its thread holds the lock.
        self._lock = threading.RLock()
        self._allowed: deque[float] = deque()
        self._allowed_of: dict[Place, deque[float]] = {}
        self._suppressed: dict[Place, int] = {}
        self.refused_total = 0

    def allow(self, error: BaseException) -> bool:
        """Whether this exception may become an event now."""
        place = _place(error)
        with self._lock:
            now = self._clock()
            of_place = self._allowed_of.setdefault(place, deque())
            _bound(self._allowed_of)
            _forget(of_place, now)
            _forget(self._allowed, now)
            if len(of_place) < PER_PLACE and len(self._allowed) < OVERALL:
                of_place.append(now)
                self._allowed.append(now)
                return True
            self._refuse(place)
            return False

    def take_suppressed(self, error: BaseException) -> int:
        """Return and reset the number of refused exceptions of this kind."""
        with self._lock:
            return self._suppressed.pop(_place(error), 0)

    def _refuse(self, place: Place) -> None:
        self.refused_total += 1
        self._suppressed[place] = self._suppressed.pop(place, 0) + 1
        _bound(self._suppressed)


def _bound(places: dict[Place, Any]) -> None:
    # Exception texts are not part of a place, so there are few. The bound covers classes created at run time.
    while len(places) > _REMEMBERED:
        del places[next(iter(places))]


def _forget(times: deque[float], now: float) -> None:
    while times and times[0] <= now - PERIOD:
        times.popleft()


def _place(error: BaseException) -> Place:
    """The class of the exception and the innermost line of its traceback, if it has one."""
    trace = error.__traceback__
    if trace is None:
        return type(error), "", 0
    while trace.tb_next is not None:
        trace = trace.tb_next
    return type(error), trace.tb_frame.f_code.co_filename, trace.tb_lineno
