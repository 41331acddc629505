"""Watches the running application, and reports the exception that ends it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from textual.app import App

from services.monitoring import value_redaction
from tui.runtime.crash_reporting import Crash, count_stall, report_crash, shown_values
from tui.textual_sentry.loop_monitor import LoopWatch

SLOW_FRAME = 0.1
"""Seconds for which the event loop may be blocked before the screen counts as slow."""


class CrashGuard:
    """Watches one application from its first screen to its end; ``crash`` describes its failure, if any."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self.crash: Crash | None = None
        self._loop_watch = LoopWatch(count_stall, threshold=SLOW_FRAME)
        self._remove_values: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Watch the event loop, and let reports redact the values on the screens."""
        self._loop_watch.start()
        self._remove_values = value_redaction.add_source(partial(shown_values, self._app))

    def stop(self) -> None:
        """Stop watching the event loop and the values."""
        self._loop_watch.stop()
        self._remove_values()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do not watch the event loop meanwhile: a suspended program is not slow."""
        self._loop_watch.stop()
        try:
            yield
        finally:
            self._loop_watch.start()

    def report(self, error: BaseException) -> None:
        """Report the exception that ends the application, the first one only. Never raises."""
        if self.crash is None:
            self.crash = report_crash(error, self._app)
            # Later reports about the crash may quote these values, when the screens no longer exist.
            with suppress(Exception):
                value_redaction.keep(shown_values(self._app))
