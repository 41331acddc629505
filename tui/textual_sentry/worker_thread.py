"""A background thread for slow telemetry work, and a decorator that suppresses its exceptions."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from sentry_sdk.scope import Scope, use_isolation_scope
from sentry_sdk.utils import logger

P = ParamSpec("P")
R = TypeVar("R")


def harmless(function: Callable[P, R]) -> Callable[P, R | None]:
    """Suppress every exception of the function and write it to the SDK's log."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return function(*args, **kwargs)
        except Exception:
            logger.debug("[Textual] could not report", exc_info=True)
            return None

    return guarded


class Background:
    """A single thread that builds events and passes them to the transport in order."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sentry-textual")

    def run(self, work: Callable[[], object]) -> "Future[None]":
        """Queue this call under the caller's isolation scope. Its exceptions go to the SDK's log."""
        job = partial(_run_under, Scope.get_isolation_scope(), work)
        try:
            return self._pool.submit(job)
        except RuntimeError:  # the interpreter is shutting down and accepts no more jobs
            job()
            done: Future[None] = Future()
            done.set_result(None)
            return done


@harmless
def _run_under(scope: Scope, work: Callable[[], object]) -> None:
    with use_isolation_scope(scope):
        work()
