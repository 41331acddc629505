"""The thread that brings what the spool holds to the server, as fast as the server likes it and no faster.

What an answer means:

===================================  =====================================================================
taken (2xx)                          put away
429                                  kept until the limit is over; what is of other categories goes on
a limit on timings by name           these are given up and counted, as the SDK does; errors are always kept
413                                  once more without attachments, then given up and counted
415                                  once more uncompressed, by the transport, then given up and counted
other 4xx                            the server read it and does not want it: given up and counted
401, 403, 404, 407, 408, 3xx, HTML   it is the way to the server that is wrong (a key, a proxy, the page of a
                                     hotel's network), and somebody may mend that: kept, asked for rarely
5xx, no answer                       kept, asked for ever more rarely
===================================  =====================================================================
"""

import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, Literal

from sentry_sdk.envelope import Item

from services.monitoring.delivery.rate_limits import RateLimits
from services.monitoring.delivery.spool import PRECIOUS, Spool, category_of, event_id_in
from services.monitoring.envelope import serialization

Problem = Literal["none", "unreachable", "timeout", "rate_limited", "refused", "server_error"]

FIRST_PAUSE: Final = 1.0
FIRST_PAUSE_AT_A_CLOSED_DOOR: Final = 60.0
LONGEST_PAUSE: Final = 300.0
THREAD: Final = "epicevents-telemetry"
"""The name of the thread."""
STUCK: Final = 20.0
"""Seconds after which an exchange with the server is left to itself."""
IDLE: Final = 300.0
"""Seconds after which to look for what a program left that ended meanwhile."""
TAKEN_BY_ANOTHER: Final = 5.0
"""Seconds after which to see whether another program sent what it had claimed."""
_BATCH: Final = 20
_WRONG_WAY: Final = frozenset({401, 403, 404, 407, 408})


@dataclass(frozen=True)
class Answer:
    """What the server said; ``from_sentry`` is false where a page for people came instead."""

    status: int
    headers: Mapping[str, str]
    from_sentry: bool = True


class Unanswered(Exception):
    """No answer came."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem: Problem = problem


Post = Callable[[bytes], Answer]
"""Brings an envelope to the server. Raises :class:`Unanswered`."""
Lost = Callable[[str, Item], None]
"""Counts an item that is given up, with the reason as Sentry's client reports name it."""


class _Ticket:
    """Somebody waits until everything has been tried once."""

    def __init__(self) -> None:
        self._done = threading.Event()

    def tear(self) -> None:
        self._done.set()

    def wait(self, timeout: float) -> bool:
        return self._done.wait(timeout)


class Sender:
    """Sends from one spool, in a thread of its own that starts with the first need of it."""

    def __init__(self, spool: Spool, limits: RateLimits, post: Post, lost: Lost) -> None:
        self._spool = spool
        self._limits = limits
        self._post = post
        self._lost = lost
        self.problem: Problem = "none"
        self.status: int | None = None
        self._refused: deque[str] = deque(maxlen=100)
        self._tries: Counter[Path] = Counter()
        self._failures = 0
        self._not_before = 0.0
        self.after_fork()

    def after_fork(self) -> None:
        """Begin anew: threads stay with the parent process, and locks as they were."""
        self._lock = threading.RLock()
        # The one queue whose put() may interrupt itself, as a signal handler does that captures.
        self._calls: SimpleQueue[_Ticket | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._asking_since = 0.0

    def wake(self) -> None:
        """There may be something to send."""
        if self._start():
            self._calls.put(None)

    def flush(self, timeout: float) -> bool:
        """Try everything once, unless the server just kept silent; whether that was done in the timeout."""
        ticket = _Ticket()
        if not self._start():
            return False
        self._calls.put(ticket)
        return ticket.wait(timeout)

    def stop(self) -> None:
        """End the thread; one that waits for an answer ends by itself when that has come."""
        with self._lock:
            self._stopped = True
            thread = self._thread
        self._calls.put(None)
        if thread is not None and thread.is_alive() and not self._asking_since:
            thread.join(0.2)

    def was_refused(self, event_id: str) -> bool:
        """Whether the server did not want this event."""
        return event_id in self._refused

    def _start(self) -> bool:
        with self._lock:
            if self._stopped:
                return False
            if self._thread is not None and self._is_stuck():
                # What it has claimed stays its own; another thread goes on with the rest, after a pause.
                self._thread = None
                self._asking_since = 0.0
                self._calls = SimpleQueue()
                self.problem = "timeout"
                self._pause(FIRST_PAUSE_AT_A_CLOSED_DOOR)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, args=(self._calls,), name=THREAD, daemon=True
                )
                try:
                    self._thread.start()
                except RuntimeError:  # the program is ending; the files stay for the next one
                    self._thread = None
                    return False
            return True

    def _is_stuck(self) -> bool:
        """Whether an answer comes so slowly that no single wait for it is too long."""
        since = self._asking_since
        return bool(since) and time.monotonic() - since > STUCK

    def _run(self, calls: SimpleQueue[_Ticket | None]) -> None:
        while not self._stopped and calls is self._calls:
            tickets = self._await_calls(calls)
            try:
                if tickets and self.problem != "timeout":
                    self._not_before = 0.0
                if not self._stopped and time.monotonic() >= self._not_before:
                    self._send_all()
            except Exception:
                self._pause(FIRST_PAUSE)
            for ticket in tickets:
                ticket.tear()

    def _await_calls(self, queue: SimpleQueue[_Ticket | None]) -> list[_Ticket]:
        """Wait for a call or for the time to try again; who waits for the outcome."""
        calls: list[_Ticket | None] = []
        with suppress(Empty):
            calls.append(queue.get(timeout=self._rest()))
            while True:
                calls.append(queue.get_nowait())
        return [call for call in calls if call is not None]

    def _rest(self) -> float:
        waiting = {category_of(path) for path in self._spool.waiting()}
        if not waiting:
            return IDLE
        now = time.time()
        limited = min(max(self._limits.until(category) - now, 0.0) for category in waiting)
        rest = max(limited, self._not_before - time.monotonic())
        return min(rest if rest > 0 else TAKEN_BY_ANOTHER, IDLE)

    def _send_all(self) -> None:
        self._limits.reload()
        self._spool.tidy()
        for category in self._spool.take_lost():
            self._lost("cache_overflow", Item(b"", type=_TYPES.get(category, category)))
        self._drop_unwanted()
        tried: set[Path] = set()
        while batch := self._batch(tried):
            for path in batch:
                tried.add(path)
                if self._stopped or not self._send(path):
                    return

    def _drop_unwanted(self) -> None:
        """Give up the timings of which the server wants none: some servers never want any."""
        for path in self._spool.waiting():
            category = category_of(path)
            if category not in PRECIOUS and self._limits.names(category):
                with self._spool.claim(path) as body:
                    if body is not None:
                        self._spool.drop(path)
                        self._count("ratelimit_backoff", serialization.items_of(body))

    def _batch(self, tried: set[Path]) -> list[Path]:
        """The latest few in their order: after an outage the new ones need not wait for all the old ones."""
        due = [
            path
            for path in self._spool.waiting()
            if path not in tried and not self._limits.until(category_of(path))
        ]
        # One that makes the server fail must not stand in the way of the others.
        fewest = min((self._tries[path] for path in due), default=0)
        return [path for path in due if self._tries[path] == fewest][-_BATCH:]

    def _send(self, path: Path) -> bool:
        """Try one; whether to go on with the others."""
        if self._limits.until(category_of(path)):
            return True
        with self._spool.claim(path) as body:
            if body is None:
                return True
            items = serialization.items_of(body)
            if not items:  # cut short as the machine lost its power
                self._spool.drop(path)
                return True
            spared = {name for name in map(serialization.category_of_item, items) if self._limits.until(name)}
            body, left_out = serialization.without(body, spared)
            self._count("ratelimit_backoff", left_out)
            return self._deliver(path, serialization.stamped(body))

    def _deliver(self, path: Path, body: bytes) -> bool:
        try:
            self._asking_since = time.monotonic()
            answer = self._post(body)
        except Unanswered as error:
            return self._failed(path, error.problem, FIRST_PAUSE)
        finally:
            self._asking_since = 0.0
        self._limits.learn(answer.status, answer.headers)
        self.status = answer.status
        return self._judge(path, body, answer)

    def _judge(self, path: Path, body: bytes, answer: Answer) -> bool:
        status = answer.status
        if status == 429:
            return self._limited(path)
        if status >= 500:
            return self._failed(path, "server_error", FIRST_PAUSE)
        if status in _WRONG_WAY or 300 <= status < 400 or not answer.from_sentry:
            return self._failed(path, "refused", FIRST_PAUSE_AT_A_CLOSED_DOOR)
        if 200 <= status < 300:
            self._spool.done(path, body)
            self._went_well(path)
            return True
        if status == 413:
            smaller, attachments = serialization.without(body, {"attachment"})
            if attachments and serialization.items_of(smaller):
                self._count("send_error", attachments)
                return self._deliver(path, smaller)
        return self._refuse(path, body)

    def _went_well(self, path: Path) -> None:
        self.problem = "none"
        self._failures = 0
        del self._tries[path]

    def _limited(self, path: Path) -> bool:
        self.problem = "rate_limited"
        category = category_of(path)
        if not self._limits.until(category):  # the limit named others only; it was this that was refused
            self._limits.hold(category)
        return True

    def _refuse(self, path: Path, body: bytes) -> bool:
        self.problem = "refused"
        self._spool.drop(path)
        self._refused.append(event_id_in(path))
        self._count("send_error", serialization.items_of(body))
        return True

    def _failed(self, path: Path, problem: Problem, pause: float) -> bool:
        self.problem = problem
        self._tries[path] += 1
        self._pause(pause)
        return False

    def _pause(self, first: float) -> None:
        """Wait twice as long with each failure, and never as long as other programs do."""
        pause = min(first * 2 ** min(self._failures, 10), LONGEST_PAUSE)
        self._failures += 1
        self._not_before = time.monotonic() + pause * random.uniform(0.5, 1.0)  # noqa: S311

    def _count(self, reason: str, items: list[Item]) -> None:
        for item in items:
            self._lost(reason, item)


# From a category back to a kind of item, where the two are called differently.
_TYPES: Final = {"error": "event", "log_item": "log", "monitor": "check_in", "internal": "client_report"}
