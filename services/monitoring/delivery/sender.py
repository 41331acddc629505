"""The thread that sends the envelopes of the spool and obeys the server's rate limits.

The sender handles the answers as follows ("dropped" includes a count in Sentry's client reports):

===================================  =====================================================================
2xx                                  moved to the sent envelopes
429                                  kept until the limit ends; other categories are sent meanwhile
a limit that names a timing category dropped, as in the SDK; errors are always kept
413                                  sent again without attachments, then dropped
415                                  sent again uncompressed by the transport, then dropped
other 4xx                            the server rejects this envelope: dropped
401, 403, 404, 407, 408, 3xx, HTML   the server is not reached (wrong key, proxy, captive portal), which may
                                     be repaired: kept and retried, first after a minute
5xx, no answer                       kept and retried, first after a second
===================================  =====================================================================

The pause between retries doubles up to five minutes.
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
FIRST_PAUSE_IF_UNREACHED: Final = 60.0
LONGEST_PAUSE: Final = 300.0
THREAD: Final = "epicevents-telemetry"
"""The name of the thread."""
STUCK: Final = 20.0
"""Seconds after which a request counts as stuck and another thread takes over."""
IDLE: Final = 300.0
"""Seconds between looks for envelopes that another process left behind."""
LOCKED_ELSEWHERE: Final = 5.0
"""Seconds after which to check whether another process sent the envelope that it had locked."""
_BATCH: Final = 20
_UNREACHED: Final = frozenset({401, 403, 404, 407, 408})


@dataclass(frozen=True)
class Answer:
    """The server's answer; ``from_sentry`` is false if it is an HTML page, such as that of a proxy."""

    status: int
    headers: Mapping[str, str]
    from_sentry: bool = True


class Unanswered(Exception):
    """The server gave no answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem: Problem = problem


Post = Callable[[bytes], Answer]
"""Sends an envelope to the server. Raises :class:`Unanswered`."""
Lost = Callable[[str, Item], None]
"""Counts a dropped item with a reason of Sentry's client reports."""


class Sender:
    """Sends the envelopes of one spool in a thread that starts on demand."""

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
        """Reset thread, lock and queue: a fork copies no thread, and copies locks in their held state."""
        self._lock = threading.RLock()
        # SimpleQueue.put is reentrant: a signal handler may capture an event during a put.
        self._calls: SimpleQueue[threading.Event | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._asking_since = 0.0

    def wake(self) -> None:
        """Start the thread if necessary and let it look for envelopes."""
        if self._start():
            self._calls.put(None)

    def flush(self, timeout: float) -> bool:
        """Try every envelope once, but not after a server timeout. Return whether it was done in time."""
        tried = threading.Event()
        if not self._start():
            return False
        self._calls.put(tried)
        return tried.wait(timeout)

    def stop(self) -> None:
        """Stop the thread. A thread that is waiting for an answer stops when the answer arrives."""
        with self._lock:
            self._stopped = True
            thread = self._thread
        self._calls.put(None)
        if thread is not None and thread.is_alive() and not self._asking_since:
            thread.join(0.2)

    def was_refused(self, event_id: str) -> bool:
        """Whether the server rejected this event."""
        return event_id in self._refused

    def _start(self) -> bool:
        with self._lock:
            if self._stopped:
                return False
            if self._thread is not None and self._is_stuck():
                # The stuck thread keeps its locked envelope; a new thread sends the others after a pause.
                self._thread = None
                self._asking_since = 0.0
                self._calls = SimpleQueue()
                self.problem = "timeout"
                self._pause(FIRST_PAUSE_IF_UNREACHED)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, args=(self._calls,), name=THREAD, daemon=True
                )
                try:
                    self._thread.start()
                except RuntimeError:  # the interpreter is shutting down; the next process sends the files
                    self._thread = None
                    return False
            return True

    def _is_stuck(self) -> bool:
        """Whether the current request takes longer than ``STUCK`` seconds."""
        since = self._asking_since
        return bool(since) and time.monotonic() - since > STUCK

    def _run(self, calls: SimpleQueue[threading.Event | None]) -> None:
        while not self._stopped and calls is self._calls:
            waiting = self._await_calls(calls)
            try:
                if waiting and self.problem != "timeout":
                    self._not_before = 0.0
                if not self._stopped and time.monotonic() >= self._not_before:
                    self._send_all()
            except Exception:
                self._pause(FIRST_PAUSE)
            for each in waiting:
                each.set()

    def _await_calls(self, queue: SimpleQueue[threading.Event | None]) -> list[threading.Event]:
        """Wait for a call or for the time of the next retry. Return the events that callers await."""
        calls: list[threading.Event | None] = []
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
        return min(rest if rest > 0 else LOCKED_ELSEWHERE, IDLE)

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
        """Drop timings of rate-limited categories: some servers never accept them."""
        for path in self._spool.waiting():
            category = category_of(path)
            if category not in PRECIOUS and self._limits.names(category):
                with self._spool.locked(path) as body:
                    if body is not None:
                        self._spool.drop(path)
                        self._count("ratelimit_backoff", serialization.items_of(body))

    def _batch(self, tried: set[Path]) -> list[Path]:
        """The newest due envelopes, oldest first: after an outage new events do not wait for all others."""
        due = [
            path
            for path in self._spool.waiting()
            if path not in tried and not self._limits.until(category_of(path))
        ]
        # An envelope that makes the server fail must not block the others.
        fewest = min((self._tries[path] for path in due), default=0)
        return [path for path in due if self._tries[path] == fewest][-_BATCH:]

    def _send(self, path: Path) -> bool:
        """Try one envelope. Return whether to continue with the others."""
        if self._limits.until(category_of(path)):
            return True
        with self._spool.locked(path) as body:
            if body is None:
                return True
            items = serialization.items_of(body)
            if not items:  # truncated by a power failure
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
        if status in _UNREACHED or 300 <= status < 400 or not answer.from_sentry:
            return self._failed(path, "refused", FIRST_PAUSE_IF_UNREACHED)
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
        if not self._limits.until(category):  # the headers limit other categories, but this one got the 429
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
        """Double the pause with each failure, with a random factor so that processes do not retry at once."""
        pause = min(first * 2 ** min(self._failures, 10), LONGEST_PAUSE)
        self._failures += 1
        self._not_before = time.monotonic() + pause * random.uniform(0.5, 1.0)  # noqa: S311

    def _count(self, reason: str, items: list[Item]) -> None:
        for item in items:
            self._lost(reason, item)


# The kind of item of each category that has another name.
_TYPES: Final = {"error": "event", "log_item": "log", "monitor": "check_in", "internal": "client_report"}
