"""The commands that test Sentry: a deliberate error, and a preview of a crash report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cli import console
from cli.app import INSTALLATION, command
from cli.output import show_json
from services.errors import SettingsError
from services.i18n import N_, _

if TYPE_CHECKING:
    from services.settings import Settings

_NOT_ACCEPTED = 1
_NO_DSN = N_("{variable} is not set, so there is no server to send to.")


@command(
    "sentry-test",
    N_("Send a test error to Sentry, and say whether the server accepted it."),
    panel=INSTALLATION,
    example="epicevents sentry-test",
)
def sentry_test() -> None:
    """Print the id of the event. The exit code is 1 if the server refused it, and 2 without a DSN."""
    from services.settings import load_settings

    settings = load_settings()
    _start(settings)
    from services.monitoring.sentry_test import send_test_error

    delivery = send_test_error()
    if delivery.event_id is not None:
        typer.echo(delivery.event_id)
    if delivery.accepted:
        console.success(_("The server accepted the event."))
        return
    problem = _problem(settings)
    if delivery.accepted is None:
        console.warning(_("{problem} The event waits and is sent at the next start.").format(problem=problem))
    else:
        console.error(problem)
    raise typer.Exit(_NOT_ACCEPTED)


@command(
    "sentry-preview",
    N_("Show the report of a crash without sending it."),
    panel=INSTALLATION,
)
def sentry_preview() -> None:
    """Print the envelope of an example as JSON, masked as it would be sent."""
    from services.monitoring.sentry_test import preview
    from services.settings import load_settings

    show_json(preview(load_settings()))
    console.info(_("An example, masked as a crash would be. Nothing was sent."))


def _start(settings: Settings) -> None:
    """Start Sentry and report it; exit if Sentry is off. Raises :class:`SettingsError`."""
    from services.monitoring import init_sentry

    status = init_sentry(settings)
    console.line(status.line())
    if status.outcome == "failed":
        raise typer.Exit(_NOT_ACCEPTED)
    if status.outcome != "started":
        raise status.problem or SettingsError("SENTRY_DSN", _NO_DSN)


def _problem(settings: Settings) -> str:
    from services.monitoring.status import PROBLEMS, telemetry_report

    report = telemetry_report(settings)
    if report.last_problem == "none":
        return _("The server has not answered yet.")
    status = f" (HTTP {report.last_status})" if report.last_status else ""
    return _(PROBLEMS[report.last_problem]) + status
