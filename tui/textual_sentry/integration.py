"""Sentry for Textual: every exception, the trail that led to it, and how long things take.

For any Textual 8 application; it knows nothing of this one.
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

from .breadcrumbs import Trail
from .event_capture import EVENT_ID_ATTRIBUTE, Reports, drop_repeated
from .hooks import install, share_scope, watch_loop, watch_signals
from .loop_monitor import LoopWatch
from .tracing import Traces
from .versions import check_versions
from .worker_thread import Background, harmless

__all__ = ["EVENT_ID_ATTRIBUTE", "TextualIntegration"]

_LONGEST_END = 0.5
"""Seconds for which the end of an app waits for the reports that are being written."""


class TextualIntegration(Integration):
    """Reports to Sentry what happens in a Textual app.

    Use::

        import sentry_sdk
        from textual_sentry import TextualIntegration

        sentry_sdk.init("https://key@host/1", integrations=[TextualIntegration()])
        MyApp().run()

    Every exception on any path of Textual is one event with its own stack, mechanism ``textual.<path>``, the
    context ``textual`` (screen, focused widget's class, last action, size) and, where it ends the app, the
    screen as a masked ``wireframe.txt``. Screens and actions are breadcrumbs by name. With
    ``traces_sample_rate`` each load of a screen and each thread worker is timed. ``sentry_sdk.set_user``,
    ``set_tag`` and ``add_breadcrumb`` reach every later event, whichever task or thread calls them; leave the
    SDK's ``AsyncioIntegration`` off, which would give each task a scope of its own.

    The stack of an exception ends the app as before: nothing is swallowed. An app that overrides
    ``_handle_exception`` without calling ``super()`` is not seen there.
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
        """Take the options.

        Args:
            app: one that runs already, if the SDK is initialised that late; any thread may do so.
            may_report: asked before an event is built of an exception; ``False`` and there is none.
            slow_frame: seconds for which the event loop may stand still before that is recorded.
            wireframe: whether the masked screen is attached to what ended the app.
            ignored_actions: names of actions that are no breadcrumbs, as ``"name"`` or ``"Class.name"``.
        """
        self.app = app
        self._background = Background()
        self.trail = Trail(ignored_actions)
        self.reports = Reports(self.trail, self._background, may_report=may_report, wireframe=wireframe)
        self.traces = Traces(self.trail, self._background)
        self._watch = LoopWatch(self._stalled, threshold=slow_frame)
        self._attached: WeakSet[App[Any]] = WeakSet()
        self._scope: Scope | None = None
        Scope.get_isolation_scope()  # one from here on, which the tasks of the app take along
        if app is not None and app._loop is not None:
            share_scope()
            with suppress(RuntimeError):  # its loop was closed meanwhile
                app._loop.call_soon_threadsafe(self.attach, app)

    @staticmethod
    def setup_once() -> None:
        """Take hold of Textual; called by the SDK, once in a process.

        Raises ``DidNotEnable`` for versions of Textual or of the SDK that this is not made for.
        """
        check_versions()
        install(_current)
        add_global_event_processor(drop_repeated)

    @harmless
    def attach(self, app: App[Any]) -> None:
        """Follow this app. Called on its event loop; an app that starts later is found without it."""
        if app in self._attached or not app._running:
            return
        self._attached.add(app)
        self.app = app
        self._scope = Scope.get_isolation_scope()
        self.trail.began(app)
        self.reports.began()
        app.screen_change_signal.subscribe(app, self._moved, immediate=True)
        watch_loop(asyncio.get_running_loop(), _current)
        self._watch.start()
        if app._driver is not None and not app.is_headless and sys.platform != "win32":
            watch_signals(app._driver, _current)

    @harmless
    def began(self, app: App[Any]) -> None:
        """The app has its first screen. The bare one that Textual makes for lack of another is none."""
        if app is self.app and not self.trail.screen and type(app.screen) is not Screen:
            self._moved(app.screen)

    @harmless
    def crashed(self, app: App[Any], error: BaseException) -> None:
        """Report what ends this app. Never raises."""
        self._watch.stop()  # to print a crash takes long, and is no slow frame
        self.trail.ended(app)
        self.reports.fatal(app, error)

    def report_end(self, app: App[Any], error: BaseException) -> None:
        """Report what ends an app whose exceptions were not watched from its beginning. Never raises."""
        self.attach(app)
        self.crashed(app, error)

    @harmless
    def driver_failed(self, app: App[Any] | None, error: BaseException) -> None:
        """Report what a thread or a signal handler of the driver raises, under the scope of the app."""
        # The SDK gives a thread a copy of the scope as it was when the thread began.
        with use_isolation_scope(self._scope or Scope.get_isolation_scope()):
            self.reports.fatal(app or self.app, error, "driver")

    @harmless
    def panicked(self, app: App[Any], handled: BaseException | None) -> None:
        """Report that this app gives up by ``App.panic``, unless an exception was reported that led there."""
        if app._exception is None and handled is not None:
            self.crashed(app, handled)
        elif app._exception is None and not self.reports.has_reported_end:
            self.reports.gave_up(app)

    async def detach(self, app: App[Any]) -> None:
        """The app has ended: what is under way is written, for a moment at most. Never raises."""
        with suppress(Exception):
            if app is self.app:
                self._watch.stop()
                self.traces.close()
            await asyncio.wait_for(asyncio.wrap_future(self._background.run(lambda: None)), _LONGEST_END)

    def _stalled(self, seconds: float) -> None:
        if _current() is self:
            self.traces.stalled(seconds)

    @harmless
    def _moved(self, screen: Screen[Any]) -> None:
        if _current() is not self:
            return
        app = self.app
        if app is None or screen is not app.screen:
            return  # pushed onto a mode that is not shown
        self.trail.moved(app, screen)
        self.traces.moved(screen)


def _current() -> TextualIntegration | None:
    found = sentry_sdk.get_client().get_integration(TextualIntegration)
    return found if isinstance(found, TextualIntegration) else None
