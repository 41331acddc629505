"""What keeps telemetry from being felt: a thread for what takes time, a guard against its own failures."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from sentry_sdk.scope import Scope, use_isolation_scope
from sentry_sdk.utils import logger

P = ParamSpec("P")
R = TypeVar("R")


def harmless(function: Callable[P, R]) -> Callable[P, R | None]:
    """Let no exception out of what only watches; the SDK's log gets it."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return function(*args, **kwargs)
        except Exception:
            logger.debug("[Textual] could not report", exc_info=True)
            return None

    return guarded


class Background:
    """One thread beside the event loop, in which events are built and given to the transport, in order."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sentry-textual")

    def run(self, work: Callable[[], object]) -> "Future[None]":
        """Do this soon, under the isolation scope of the caller. What it raises goes to the SDK's log."""
        job = partial(_run_under, Scope.get_isolation_scope(), work)
        try:
            return self._pool.submit(job)
        except RuntimeError:  # the interpreter is about to end and takes no more jobs
            job()
            done: Future[None] = Future()
            done.set_result(None)
            return done


@harmless
def _run_under(scope: Scope, work: Callable[[], object]) -> None:
    with use_isolation_scope(scope):
        work()
