"""How the application reports: the integration, the user, the end of a crash.

:mod:`tui.textual_sentry` watches Textual itself; it knows nothing of this program.
"""

import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from textual.worker import WorkerFailed

from services import monitoring
from services.i18n import _
from tui.protocols import the_app

if TYPE_CHECKING:
    from textual.app import App

    from services.actor import Actor
    from services.settings import Settings
    from tui.textual_sentry import TextualIntegration

_watching: "WeakKeyDictionary[App[Any], TextualIntegration]" = WeakKeyDictionary()
_making = Lock()


@dataclass(frozen=True)
class Crash:
    """An unhandled exception and the id of its report, empty where none was sent.

    ``names_person`` says whether the report names the person who was signed in.
    """

    error: BaseException
    event_id: str
    names_person: bool = False


def integrations(app: "App[Any]", settings: "Settings") -> "list[TextualIntegration]":
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


def open_telemetry(settings: "Settings", app: "App[Any]") -> str:
    """Start Sentry, watching the application; the line that says so, in the active language."""
    status = monitoring.init_sentry(settings)
    session = the_app(app).session
    identify(session.actor, session.resuming)
    # Only now: from here on the integration is the first to report a crash.
    monitoring.init_sentry(settings, integrations(app, settings))
    return status.line()


def count_stall(seconds: float) -> None:
    """Count one blocking of the event loop in the local counters."""
    from services.monitoring import local_counters

    local_counters.count("slow_screens")


def shown_values(app: "App[Any]") -> list[str]:
    """The values on the screens, for :mod:`services.monitoring.value_redaction`."""
    from tui.runtime import visible_values

    return visible_values.shown_values(app)


def report_crash(error: BaseException, app: "App[Any]") -> Crash:
    """Have the integration report the exception that ends the application, before Sentry was started too.

    The integration alone reports it, once. Never raises: whatever goes wrong here, the person must be told
    of the crash itself.
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
