"""Transactions of a Textual app: loads of screens, thread workers and stalls of the event loop."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from inspect import isawaitable, iscoroutinefunction
from time import monotonic
from typing import Any, Final

import sentry_sdk
from sentry_sdk.scope import Scope, use_isolation_scope
from sentry_sdk.tracing import NoOpSpan, Span, Transaction
from sentry_sdk.tracing_utils import has_tracing_enabled
from textual.screen import Screen
from textual.worker import Worker

from .breadcrumbs import Breadcrumbs
from .worker_thread import Background, harmless

LONGEST_LOAD: Final = 5.0
"""Seconds after which a load ends, even if workers are still running."""
_ORIGIN: Final = "auto.ui.textual"
_STALLS_A_MINUTE: Final = 10


class Load:
    """The load of a screen, from its push to its first paint and the end of its thread workers."""

    def __init__(self, screen: Screen[Any], transaction: Transaction | NoOpSpan, asked: datetime) -> None:
        self.screen = screen
        self.transaction = transaction
        self.asked = asked
        self.painted = False
        self.pending: set[Worker[Any]] = set()
        self.deadline: asyncio.TimerHandle | None = None

    @property
    def is_over(self) -> bool:
        """Whether the screen is painted and no worker is pending."""
        return self.painted and not self.pending


class Traces:
    """Measures loads and workers. At most one load is open; only workers of its screen belong to it."""

    def __init__(self, breadcrumbs: Breadcrumbs, background: Background) -> None:
        self._breadcrumbs = breadcrumbs
        self._background = background
        self._asked: datetime | None = None
        self._stalls: deque[float] = deque(maxlen=_STALLS_A_MINUTE)
        self.load: Load | None = None

    @harmless
    def screen_requested(self) -> None:
        """Note the time at which a screen is about to be pushed or switched to."""
        self._asked = datetime.now(UTC)

    @harmless
    def screen_changed(self, screen: Screen[Any]) -> None:
        """Start the load of the top screen, unless the screen was mounted before."""
        asked, self._asked = self._asked or datetime.now(UTC), None
        if self.load is not None:
            self._end(self.load, "ok" if self.load.painted else "cancelled")
        if screen.is_mounted or not _is_tracing():
            return
        name = type(screen).__name__
        transaction = _transaction("ui.load", name, asked)
        load = self.load = Load(screen, transaction, asked)
        load.deadline = asyncio.get_running_loop().call_later(
            LONGEST_LOAD, self._end, load, "deadline_exceeded"
        )

    @harmless
    def screen_painted(self, screen: Screen[Any]) -> None:
        """Record the first paint of the loading screen."""
        load = self.load
        if load is None or load.painted or load.screen is not screen:
            return
        load.painted = True
        span = load.transaction.start_child(
            op="ui.paint", name="first paint", start_timestamp=load.asked, origin=_ORIGIN
        )
        span.finish(end_timestamp=datetime.now(UTC))
        self._end_if_over(load)

    @harmless
    def worker_started(self, worker: Worker[Any]) -> None:
        """Add a thread worker of the loading screen to its load."""
        load = self.load
        if load is None or not worker._thread_worker or worker._task is None:
            return
        if worker.node is worker.node.app or worker.node.screen is load.screen:
            load.pending.add(worker)
            worker._task.add_done_callback(partial(self._worker_ended, load, worker))

    @harmless
    def _worker_ended(self, load: Load, worker: Worker[Any], _task: object) -> None:
        load.pending.discard(worker)
        self._end_if_over(load)

    @harmless
    def close(self) -> None:
        """Cancel an open load at the end of the app."""
        if self.load is not None:
            self._end(self.load, "cancelled")

    def _end_if_over(self, load: Load) -> None:
        if load.is_over:
            self._end(load, "ok")

    def _end(self, load: Load, status: str) -> None:
        if self.load is load:
            self.load = None
            if load.deadline is not None:
                load.deadline.cancel()
            load.transaction.set_status(status)
            self._finish(load.transaction)

    @harmless
    def _finish(self, transaction: Transaction | NoOpSpan) -> None:
        _stop_profile(transaction)
        # Capturing a transaction takes milliseconds, so it runs in the background thread.
        if getattr(transaction, "sampled", False):
            self._background.run(partial(transaction.finish, end_timestamp=datetime.now(UTC)))

    # Threads

    @harmless
    def wrap_thread_worker(self, worker: Worker[Any]) -> Any:
        """Wrap the work of a thread worker, so that it runs in a span and under the scope of its task."""
        work, scope = worker._work, Scope.get_isolation_scope()
        load = self.load if self.load is not None and worker in self.load.pending else None
        traced = partial(self._traced, scope, load, _label(worker))
        # Textual treats a partial() of a coroutine function as one, so the wrapper must be one too.
        if iscoroutinefunction(getattr(work, "func", work)) or isawaitable(work):
            return _around_coroutine(work, traced)
        return _around_call(work, traced)

    @contextmanager
    def _traced(self, scope: Scope, load: Load | None, label: str) -> Iterator[None]:
        # The forked current scope separates the spans of parallel workers; the pool reuses the thread.
        with use_isolation_scope(scope):
            span = self._open(load, label)
            if span is None:
                yield
                return
            Scope.get_current_scope().span = span
            try:
                yield
            except BaseException:
                span.set_status("internal_error")
                raise
            finally:
                if isinstance(span, Transaction):
                    self._finish(span)
                else:
                    span.finish()

    @harmless
    def _open(self, load: Load | None, label: str) -> Span | None:
        if load is not None:
            return load.transaction.start_child(op="ui.worker", name=label, origin=_ORIGIN)
        if not _is_tracing():
            return None
        return _transaction("ui.work", f"{self._breadcrumbs.screen or 'App'}.{label}", datetime.now(UTC))

    # Slow frames

    @harmless
    def loop_stalled(self, seconds: float) -> None:
        """Record a stall of the event loop that ends now."""
        place, end = self._breadcrumbs.place or "App", datetime.now(UTC)
        milliseconds = round(seconds * 1000)
        self._breadcrumbs.add(
            category="ui.slow_frame",
            message=f"{place} {milliseconds} ms",
            level="warning",
            data={"milliseconds": milliseconds},
        )
        start = end - timedelta(seconds=seconds)
        if self.load is not None:
            span = self.load.transaction.start_child(
                op="ui.slow_frame", name=place, start_timestamp=start, origin=_ORIGIN
            )
            span.finish(end_timestamp=end)
        elif _is_tracing() and self._may_send_stall():
            self._background.run(partial(self._send_stall, place, start, end))

    def _may_send_stall(self) -> bool:
        now = monotonic()
        if len(self._stalls) == self._stalls.maxlen and now - self._stalls[0] < 60:
            return False
        self._stalls.append(now)
        return True

    def _send_stall(self, place: str, start: datetime, end: datetime) -> None:
        transaction = _transaction("ui.slow_frame", place, start)
        _stop_profile(transaction)
        transaction.finish(end_timestamp=end)


def _is_tracing() -> bool:
    return has_tracing_enabled(sentry_sdk.get_client().options)


def _transaction(op: str, name: str, start: datetime) -> Transaction | NoOpSpan:
    return sentry_sdk.start_transaction(
        op=op, name=name, source="component", start_timestamp=start, origin=_ORIGIN
    )


def _stop_profile(transaction: Transaction | NoOpSpan) -> None:
    # The transaction started the profiler. Only leaving its "with" block stops it, and it has no such block.
    profile = getattr(transaction, "_continuous_profile", None)
    if profile is not None:
        profile.stop()


def _label(worker: Worker[Any]) -> str:
    """The group or name of the worker, which are constants; its description may hold arguments."""
    return worker.group if worker.group not in ("", "default") else worker.name or "worker"


def _around_coroutine(work: Any, traced: Callable[[], Any]) -> Callable[[], Awaitable[Any]]:
    async def coroutine() -> Any:
        with traced():
            return await (work if isawaitable(work) else work())

    return coroutine


def _around_call(work: Any, traced: Callable[[], Any]) -> Callable[[], Any]:
    def call() -> Any:
        with traced():
            return work()

    return call
