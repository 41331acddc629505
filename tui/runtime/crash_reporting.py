"""How the application is watched and reports: the integration, the user, the exception that ends it.

:mod:`tui.textual_sentry` watches Textual itself; it knows nothing of this program.
"""

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from textual.app import App
from textual.worker import WorkerFailed

from services import monitoring
from services.i18n import _
from services.monitoring import value_redaction
from tui.protocols import the_app
from tui.textual_sentry.loop_monitor import LoopWatch

if TYPE_CHECKING:
    from services.actor import Actor
    from services.settings import Settings
    from tui.textual_sentry import TextualIntegration

SLOW_FRAME: Final = 0.1
"""Seconds for which the event loop may be blocked before the screen counts as slow."""
_watching: "WeakKeyDictionary[App[Any], TextualIntegration]" = WeakKeyDictionary()
_making = Lock()


@dataclass(frozen=True)
class Crash:
    """An unhandled exception and the id of its report, empty if none was sent.

    ``names_person`` says whether the report names the person who was signed in.
    """

    error: BaseException
    event_id: str
    names_person: bool = False


def integrations(app: App[Any], settings: "Settings") -> "list[TextualIntegration]":
    """The integration that watches a running application, always the same one; none without Sentry.

    Loads the SDK: never on the event loop.
    """
    if settings.sentry.dsn is None or settings.sentry_problem is not None:
        return []
    from tui.textual_sentry import TextualIntegration

    with _making:
        if app not in _watching:
            _watching[app] = TextualIntegration(app=app, may_report=monitoring.may_report)
        return [_watching[app]]


def open_telemetry(settings: "Settings", app: App[Any]) -> str:
    """Start Sentry, watching the application; the line that says so, in the active language."""
    status = monitoring.init_sentry(settings)
    session = the_app(app).session
    identify(session.actor, session.resuming)
    # Only now: from here on the integration is the first to report a crash.
    monitoring.init_sentry(settings, integrations(app, settings))
    return status.line()


def report_crash(error: BaseException, app: App[Any]) -> Crash:
    """Have the integration report the exception that ends the application, before Sentry was started too.

    The integration alone reports it, once. Never raises: the person must be told of the crash even if
    reporting it fails.
    """
    cause = error.error if isinstance(error, WorkerFailed) else error
    services = the_app(app)
    event_id, actor, resuming = None, services.session.actor, services.session.resuming
    with suppress(Exception):
        from services.monitoring import local_counters

        local_counters.count("errors")
        watching = integrations(app, services.settings)
        monitoring.ensure_started(services.settings, watching)
        identify(actor, resuming)
        for integration in watching:
            integration.report_end(app, cause)
        event_id = monitoring.event_id_of(cause)
    return Crash(cause, event_id or "", names_person=bool(event_id and (actor or resuming)))


class CrashGuard:
    """Watches one application from its first screen to its end; ``crash`` describes its failure, if any."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self.crash: Crash | None = None
        self._loop_watch = LoopWatch(self._count_stall, threshold=SLOW_FRAME)
        self._remove_values: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Watch the event loop, and let reports redact the values on the screens."""
        self._loop_watch.start()
        self._remove_values = value_redaction.add_source(self._shown_values)

    def stop(self) -> None:
        """Stop watching the event loop and the values."""
        self._loop_watch.stop()
        self._remove_values()

    def _count_stall(self, _seconds: float) -> None:
        from services.monitoring import local_counters

        local_counters.count("slow_screens")

    def _shown_values(self) -> list[str]:
        from tui.runtime.visible_values import shown_values

        return shown_values(self._app)

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
                value_redaction.keep(self._shown_values())


def print_crash(crash: Crash, *, debug: bool = False) -> None:
    """Say on standard error that the program stopped, once the terminal is restored.

    ``debug`` prints the traceback as well, without the values of variables.
    """
    if crash.event_id:
        message = _("epicevents stopped because of an error. Event: {id}").format(id=crash.event_id)
    else:
        message = _("epicevents stopped because of an error: {kind}").format(kind=type(crash.error).__name__)
    if debug:
        traceback.print_exception(crash.error)
    print(message, file=sys.stderr)


def identify(actor: "Actor | None", resuming: int | None = None) -> None:
    """Name the person on every later report; by id only while a kept session is ``resuming``; or no one."""
    if actor is not None:
        monitoring.set_user_context(actor.id, actor.username, actor.department.value)
    elif resuming is not None:
        monitoring.set_user_id(resuming)
    else:
        monitoring.clear_user_context()
