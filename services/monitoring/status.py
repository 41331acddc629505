"""The state of telemetry: on or off, its destination, the queued and the sent items.

The SDK is not loaded if Sentry is off.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from services.i18n import N_
from services.monitoring import SentryStatus, is_on

if TYPE_CHECKING:
    from services.monitoring.delivery.sender import Problem
    from services.monitoring.delivery.transport import SpoolTransport
    from services.settings import SentrySettings, Settings

PROBLEMS: "Mapping[Problem, str]" = {
    "none": N_("none"),
    "unreachable": N_("The server cannot be reached."),
    "timeout": N_("The server does not answer."),
    "rate_limited": N_("The server asks us to wait."),
    "refused": N_("The server rejects the data."),
    "server_error": N_("The server reports an internal error."),
}
"""The translatable text of each problem."""


@dataclass(frozen=True)
class SentItem:
    """An accepted envelope for display: ``time`` in UTC, the item kinds, and ``text`` exactly as sent.

    ``text`` may hold any characters and must not be parsed as markup. ``event_id`` is empty if there is none.
    """

    time: datetime | None
    kinds: tuple[str, ...]
    event_id: str
    text: str


@dataclass(frozen=True)
class TelemetryReport:
    """The state of this program's telemetry, for display; it holds no DSN key.

    ``host`` is the server of the DSN, empty if Sentry is off. ``last_status`` is the HTTP status of the last
    answer, if there was one. ``recent`` holds the last sent envelopes, the newest first.
    """

    status: SentryStatus
    environment: str
    release: str
    host: str
    traces_sample_rate: float
    profiles_sample_rate: float
    queued: int = 0
    last_problem: "Problem" = "none"
    last_status: int | None = None
    recent: tuple[SentItem, ...] = ()

    @property
    def is_on(self) -> bool:
        """Whether events are sent."""
        return self.status.outcome == "started"


def telemetry_report(settings: "Settings") -> TelemetryReport:
    """The current state. Reads a few files, so never call it on the event loop. Never raises."""
    transport = transport_in_use()
    sentry = settings.sentry
    report = TelemetryReport(
        status=_status(settings, on=transport is not None),
        environment=sentry.environment,
        release=sentry.release,
        host="" if transport is None else host_of(sentry),
        traces_sample_rate=sentry.traces_sample_rate,
        profiles_sample_rate=sentry.profiles_sample_rate,
    )
    return report if transport is None else _with_deliveries(report, transport)


def host_of(sentry: "SentrySettings") -> str:
    """The host of the DSN, with its port if it has one; never the key."""
    try:
        parts = urlsplit(sentry.dsn or "")
        host = parts.hostname or ""
        return f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return ""


def transport_in_use() -> "SpoolTransport | None":
    """The transport of the running client; ``None`` while Sentry is off."""
    if not is_on():
        return None
    from services.monitoring import sdk

    return sdk.transport()


def _with_deliveries(report: TelemetryReport, transport: "SpoolTransport") -> TelemetryReport:
    with suppress(Exception):  # a failure of telemetry must not reach the program
        return replace(
            report,
            queued=transport.queued(),
            last_problem=transport.last_problem,
            last_status=transport.last_status,
            recent=sent_items(transport),
        )
    return report


def sent_items(transport: "SpoolTransport") -> tuple[SentItem, ...]:
    """The last sent envelopes for display, the newest first."""
    return tuple(item for body in transport.recent() if (item := _sent_item(body)) is not None)


def _sent_item(body: bytes) -> SentItem | None:
    from sentry_sdk.envelope import Envelope

    try:
        envelope = Envelope.deserialize(body)
        sent_at = envelope.headers.get("sent_at")
        return SentItem(
            time=datetime.fromisoformat(sent_at) if sent_at else None,
            kinds=tuple(item.type or "" for item in envelope.items),
            event_id=envelope.headers.get("event_id") or "",
            text=body.decode("utf-8", errors="replace"),
        )
    except Exception:  # no envelope
        return None


def _status(settings: "Settings", *, on: bool) -> SentryStatus:
    environment = settings.sentry.environment
    if on:
        return SentryStatus("started", environment)
    if settings.sentry_problem is not None:
        return SentryStatus("bad_setting", environment, settings.sentry_problem)
    return SentryStatus("not_configured" if settings.sentry.dsn is None else "failed", environment)
