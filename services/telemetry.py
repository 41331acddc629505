"""Telemetry as Gestion reads it: its state, the sent events, and error counts by day."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from services.actor import Actor
from services.auth import brute_force
from services.crm import Crm
from services.monitoring import local_counters
from services.monitoring.sentry_test import ErrorDelivery, send_test_error
from services.monitoring.status import TelemetryReport, telemetry_report
from services.rights import Action
from services.unit_of_work import reading

WEEK: Final = 7
"""In days, including today."""


@dataclass(frozen=True)
class Tally:
    """Counts of a period: errors and slow screens of this machine, refused sign-ins of all terminals."""

    errors: int
    refused_sign_ins: int
    slow_screens: int


@dataclass(frozen=True)
class Telemetry:
    """All that the telemetry screen shows."""

    report: TelemetryReport
    today: Tally
    week: Tally


def read_telemetry(crm: Crm, actor: Actor) -> Telemetry:
    """The current state. Raises :class:`NotSignedIn` and :class:`Forbidden`."""
    with reading(crm, actor, Action.TELEMETRY_READ) as work:
        refused = [brute_force.refused_since(work.connection, _start(days)) for days in (1, WEEK)]
    today, week = (_tally(days, number) for days, number in zip((1, WEEK), refused, strict=True))
    return Telemetry(telemetry_report(crm.settings), today, week)


def send_test_event(crm: Crm, actor: Actor) -> ErrorDelivery:
    """Send the test error and wait a few seconds for the server. Raises as :func:`read_telemetry` does."""
    with reading(crm, actor, Action.TELEMETRY_READ):
        pass
    return send_test_error()


def _tally(days: int, refused: int) -> Tally:
    local = local_counters.recent(days)
    return Tally(local.errors, refused, local.slow_screens)


def _start(days: int) -> datetime:
    """The local midnight at which these days began, in UTC."""
    first = datetime.now().astimezone().date() - timedelta(days=days - 1)
    return datetime.combine(first, time.min).astimezone(UTC)
