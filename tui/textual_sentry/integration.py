"""The Sentry integration for Textual 8: exceptions, breadcrumbs and timings.

It is independent of this application.
"""

import asyncio
import sys
from collections.abc import Callable, Container
from contextlib import suppress
from typing import Any
from weakref import WeakSet

import sentry_sdk
from sentry_sdk.integrations import Integration
from sentry_sdk.scope import Scope, add_global_event_processor, use_isolation_scope
from textual.app import App
from textual.screen import Screen

from .breadcrumbs import Breadcrumbs
from .event_capture import Reports, drop_repeated
from .hooks import install, share_scope, watch_loop, watch_signals
from .loop_monitor import LoopWatch
from .tracing import Traces
from .versions import check_versions
from .worker_thread import Background, harmless

__all__ = ["TextualIntegration"]

_LONGEST_END = 0.5
"""Seconds for which the end of an app waits for pending reports."""


class TextualIntegration(Integration):
    """Reports exceptions, breadcrumbs and timings of a Textual app to Sentry.

    Every exception on any path of Textual becomes one event with its stack, the mechanism ``textual.<path>``
    and the context ``textual`` (screen, class of the focused widget, last action, size). If it ends the app,
    the screen is attached as a masked ``wireframe.txt``. Screens and actions are recorded as breadcrumbs by
    name. With ``traces_sample_rate`` the load of each screen and each thread worker is timed.
    ``sentry_sdk.set_user``, ``set_tag`` and ``add_breadcrumb`` affect every later event, from any task or
    thread. Do not enable the SDK's ``AsyncioIntegration``, which gives each task its own scope.

    Exceptions are not swallowed: they end the app as before. An app that overrides ``_handle_exception``
    without calling ``super()`` is not covered there.
    """

    identifier = "textual"

    def __init__(
        self,
        *,
        app: App[Any] | None = None,
        may_report: Callable[[BaseException], bool] = lambda error: True,
        slow_frame: float = 0.1,
        wireframe: bool = True,
        ignored_actions: Container[str] = (),
    ) -> None:
        """Store the options.

        Args:
            app: the running app, if the SDK is initialised after its start; any thread may do so.
            may_report: called before an event is built for an exception; ``False`` drops the event.
            slow_frame: seconds for which the event loop may be blocked before a stall is recorded.
            wireframe: whether the masked screen is attached to an exception that ends the app.
            ignored_actions: actions that are not recorded, as ``"name"`` or ``"Class.name"``.
        """
        self.app = app
        self._background = Background()
        self.breadcrumbs = Breadcrumbs(ignored_actions)
        self.reports = Reports(self.breadcrumbs, self._background, may_report=may_report, wireframe=wireframe)
        self.traces = Traces(self.breadcrumbs, self._background)
        self._watch = LoopWatch(self._stalled, threshold=slow_frame)
        self._attached: WeakSet[App[Any]] = WeakSet()
        self._scope: Scope | None = None
        Scope.get_isolation_scope()  # creates the scope that the tasks of the app inherit
        if app is not None and app._loop is not None:
            share_scope()
            with suppress(RuntimeError):  # the loop was closed meanwhile
                app._loop.call_soon_threadsafe(self.attach, app)

    @staticmethod
    def setup_once() -> None:
        """Patch Textual; the SDK calls this once per process.

        Raises ``DidNotEnable`` for unsupported versions of Textual or of the SDK.
        """
        check_versions()
        install(_current)
        add_global_event_processor(drop_repeated)

    @harmless
    def attach(self, app: App[Any]) -> None:
        """Start to report this app. Called on its event loop; a hook attaches apps that start later."""
        if app in self._attached or not app._running:
            return
        self._attached.add(app)
        self.app = app
        self._scope = Scope.get_isolation_scope()
        self.breadcrumbs.start(app)
        self.reports.start()
        app.screen_change_signal.subscribe(app, self._moved, immediate=True)
        watch_loop(asyncio.get_running_loop(), _current)
        self._watch.start()
        if app._driver is not None and not app.is_headless and sys.platform != "win32":
            watch_signals(app._driver, _current)

    @harmless
    def first_screen_shown(self, app: App[Any]) -> None:
        """Record the first screen of the app; Textual's default screen does not count."""
        if app is self.app and not self.breadcrumbs.screen and type(app.screen) is not Screen:
            self._moved(app.screen)

    @harmless
    def crashed(self, app: App[Any], error: BaseException) -> None:
        """Report the exception that ends this app. Never raises."""
        self._watch.stop()  # printing the crash blocks the loop, which is no slow frame
        self.breadcrumbs.app_crashed(app)
        self.reports.capture_fatal(app, error)

    def report_end(self, app: App[Any], error: BaseException) -> None:
        """Report the exception that ends an app which was not attached yet. Never raises."""
        self.attach(app)
        self.crashed(app, error)

    @harmless
    def driver_failed(self, app: App[Any] | None, error: BaseException) -> None:
        """Report an exception of a thread or signal handler of the driver, under the scope of the app."""
        # The SDK gives a thread a copy of the scope at the start of the thread.
        with use_isolation_scope(self._scope or Scope.get_isolation_scope()):
            self.reports.capture_fatal(app or self.app, error, "driver")

    @harmless
    def panicked(self, app: App[Any], handled: BaseException | None) -> None:
        """Report a call of ``App.panic``, unless the exception that led to it was reported."""
        if app._exception is None and handled is not None:
            self.crashed(app, handled)
        elif app._exception is None and not self.reports.has_reported_end:
            self.reports.capture_panic(app)

    async def detach(self, app: App[Any]) -> None:
        """Wait up to ``_LONGEST_END`` seconds for pending reports after the end of the app. Never raises."""
        with suppress(Exception):
            if app is self.app:
                self._watch.stop()
                self.traces.close()
            await asyncio.wait_for(asyncio.wrap_future(self._background.run(lambda: None)), _LONGEST_END)

    def _stalled(self, seconds: float) -> None:
        if _current() is self:
            self.traces.loop_stalled(seconds)

    @harmless
    def _moved(self, screen: Screen[Any]) -> None:
        if _current() is not self:
            return
        app = self.app
        if app is None or screen is not app.screen:
            return  # pushed onto a mode that is not active
        self.breadcrumbs.screen_changed(app, screen)
        self.traces.screen_changed(screen)


def _current() -> TextualIntegration | None:
    found = sentry_sdk.get_client().get_integration(TextualIntegration)
    return found if isinstance(found, TextualIntegration) else None
