"""How the application reports: what watches it, who one is, how a crash ends.

What is seen of Textual itself is the work of :mod:`tui.textual_sentry`, which knows nothing of this program.
"""

import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from textual.worker import WorkerFailed

from services import monitoring
from services.i18n import _

if TYPE_CHECKING:
    from sentry_sdk.integrations import Integration
    from textual.app import App

    from services.announcements import Actor
    from services.settings import Settings

_MECHANISM: Final = {"type": "textual", "handled": False}


@dataclass(frozen=True)
class Crash:
    """An unhandled exception and the id of its report, empty where none was sent."""

    error: BaseException
    event_id: str


def integrations(app: "App[Any]") -> "list[Integration]":
    """What the SDK is to watch of a running application. Loads the SDK: never on the event loop."""
    from tui.textual_sentry import TextualIntegration

    return [TextualIntegration(app=app, may_report=monitoring.may_report)]


def stalled(seconds: float) -> None:
    """Count a moment in which the event loop stood still."""
    from services.monitoring import counts

    counts.count("slow_screens")


def shown_values(app: "App[Any]") -> list[str]:
    """What stands on the screens, for :mod:`services.monitoring.private_values`."""
    from tui import shown_values

    return shown_values.shown_values(app)


def report_crash(error: BaseException, settings: "Settings") -> Crash:
    """Report the exception that ends the application, be it before Sentry was started.

    Where the integration saw it first, this only finds the id of its report. Never raises: whatever goes
    wrong here, the person must be told of the crash itself.
    """
    cause = error.error if isinstance(error, WorkerFailed) else error
    event_id = None
    with suppress(Exception):
        from services.monitoring import counts

        counts.count("errors")
        monitoring.ensure_started(settings)
        event_id = monitoring.capture_exception(cause, mechanism=_MECHANISM)
    return Crash(cause, event_id or "")


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


def identify(actor: "Actor | None") -> None:
    """Name the person on whatever is reported from now on, or nobody."""
    if actor is None:
        monitoring.clear_user_context()
    else:
        monitoring.set_user_context(actor.id, actor.username, actor.department.value)
