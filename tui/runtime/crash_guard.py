"""Watches the running application, and reports the exception that ends it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from textual.app import App

from services.monitoring import value_redaction
from tui.runtime.crash_reporting import Crash, report_crash, shown_values, stalled
from tui.textual_sentry.loop_monitor import LoopWatch

SLOW_FRAME = 0.1
"""Seconds for which the event loop may stand still before the screen counts as slow."""


class CrashGuard:
    """Watches one application from its first screen to its end; ``crash`` says how it failed, if it did."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self.crash: Crash | None = None
        self._loop_watch = LoopWatch(stalled, threshold=SLOW_FRAME)
        self._unwatch_values: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Watch the event loop, and the values on the screens for reports to redact."""
        self._loop_watch.start()
        self._unwatch_values = value_redaction.add_source(partial(shown_values, self._app))

    def stop(self) -> None:
        """Watch no longer."""
        self._loop_watch.stop()
        self._unwatch_values()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let the event loop stand still: a program that was stopped is not slow."""
        self._loop_watch.stop()
        try:
            yield
        finally:
            self._loop_watch.start()

    def report(self, error: BaseException) -> None:
        """Report the exception that ends the application, the first one only. Never raises."""
        if self.crash is None:
            self.crash = report_crash(error, self._app)
            with suppress(Exception):  # a word about the crash may quote what stood here
                value_redaction.keep(shown_values(self._app))
