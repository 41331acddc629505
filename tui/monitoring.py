"""The Textual side of monitoring: where one went, who one is, how a crash ends.

Nothing typed and no record goes through here, only class names and ids.
"""

import os
import sys
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.worker import WorkerFailed

from services import monitoring
from services.i18n import _

if TYPE_CHECKING:
    from textual.app import App

    from services.announcements import Actor

DEBUG_VARIABLE = "EPICEVENTS_DEBUG"
"""Set to anything, a crash also prints its traceback, without the values of variables."""


@dataclass(frozen=True)
class Crash:
    """An unhandled exception and the id of its report, empty where none was sent."""

    error: BaseException
    event_id: str


def report_crash(error: BaseException) -> Crash:
    """Report the exception that ends the application."""
    cause = error.error if isinstance(error, WorkerFailed) else error
    return Crash(cause, monitoring.capture_exception(cause) or "")


def print_crash(crash: Crash) -> None:
    """Say on standard error that the program stopped, once the terminal is restored."""
    if crash.event_id:
        message = _("epicevents stopped because of an error. Event: {id}").format(id=crash.event_id)
    else:
        message = _("epicevents stopped because of an error: {kind}").format(kind=type(crash.error).__name__)
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(crash.error)
    print(message, file=sys.stderr)


class Trail:
    """Leaves a breadcrumb at every change of screen, by class name."""

    def __init__(self, app: "App[Any]") -> None:
        self._from = ""
        app.screen_change_signal.subscribe(app, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        name = type(screen).__name__
        monitoring.add_breadcrumb(
            category="navigation",
            message=f"{self._from} → {name}",
            level="info",
            data={"from": self._from, "to": name},
        )
        self._from = name


def identify(actor: "Actor | None") -> None:
    """Name the person on whatever is reported from now on, or nobody."""
    if actor is None:
        monitoring.clear_user_context()
    else:
        monitoring.set_user_context(actor.id, actor.username, actor.department.value)
