"""The state of telemetry: on or off, its destination, the waiting and the sent items.

It answers without loading the SDK if Sentry is off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from services.i18n import N_
from services.monitoring import SentryStatus, is_on

if TYPE_CHECKING:
    from services.monitoring.delivery.transport import SpoolTransport
    from services.monitoring.envelope.serialization import SentItem as SentEnvelope
    from services.settings import SentrySettings, Settings

Problem = Literal["none", "unreachable", "timeout", "rate_limited", "refused", "server_error"]

PROBLEMS: Mapping[Problem, str] = {
    "none": N_("none"),
    "unreachable": N_("The server cannot be reached."),
    "timeout": N_("The server does not answer."),
    "rate_limited": N_("The server asks us to wait."),
    "refused": N_("The server rejects the data."),
    "server_error": N_("The server reports an internal error."),
}
"""What each means, translatable."""


@dataclass(frozen=True)
class SentItem:
    """What the server took: ``time`` in UTC, the kinds of its items, and ``text`` exactly as it was sent.

    ``text`` may hold anything; it is no markup. ``event_id`` is empty where what was sent has none.
    """

    time: datetime | None
    kinds: tuple[str, ...]
    event_id: str
    text: str


@dataclass(frozen=True)
class TelemetryReport:
    """The state of the telemetry of this program, for people; it holds no key.

    ``host`` is where events go, empty where they go nowhere; ``problem_status`` the HTTP status of the last
    answer, if one came; ``recent`` what was sent last, the newest first.
    """

    status: SentryStatus
    environment: str
    release: str
    host: str
    traces_sample_rate: float
    profiles_sample_rate: float
    queued: int = 0
    last_problem: Problem = "none"
    last_status: int | None = None
    recent: tuple[SentItem, ...] = ()

    @property
    def is_on(self) -> bool:
        """Whether events are sent."""
        return self.status.outcome == "started"


def telemetry_report(settings: "Settings") -> TelemetryReport:
    """The report of now. Reads a few files: not for the event loop. Never raises."""
    transport = transport_in_use()
    waiting = _Waiting() if transport is None else _waiting(transport)
    sentry = settings.sentry
    return TelemetryReport(
        status=_status(settings, on=transport is not None),
        environment=sentry.environment,
        release=sentry.release,
        host="" if transport is None else host_of(sentry),
        traces_sample_rate=sentry.traces_sample_rate,
        profiles_sample_rate=sentry.profiles_sample_rate,
        queued=waiting.queued,
        last_problem=waiting.problem,
        last_status=waiting.status,
        recent=waiting.recent,
    )


def host_of(sentry: "SentrySettings") -> str:
    """The host of the DSN, with a port where one is named; never the key."""
    try:
        parts = urlsplit(sentry.dsn or "")
        host = parts.hostname or ""
        return f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return ""


def transport_in_use() -> "SpoolTransport | None":
    """The way out that events of this program take now; ``None`` while Sentry is off."""
    if not is_on():
        return None
    import sentry_sdk

    from services.monitoring.delivery.transport import SpoolTransport

    client = sentry_sdk.get_client()
    transport = client.transport if client.is_active() else None
    return transport if isinstance(transport, SpoolTransport) else None


@dataclass(frozen=True)
class _Waiting:
    queued: int = 0
    problem: Problem = "none"
    status: int | None = None
    recent: tuple[SentItem, ...] = ()


def _waiting(transport: "SpoolTransport") -> _Waiting:
    try:
        recent = tuple(_sent(envelope) for envelope in transport.recent())
        return _Waiting(transport.queued(), transport.last_problem, transport.last_status, recent)
    except Exception:  # telemetry must not harm what it watches, nor those who watch it
        return _Waiting()


def _sent(envelope: "SentEnvelope") -> SentItem:
    text = envelope.body.decode("utf-8", errors="replace")
    return SentItem(envelope.time, envelope.kinds, envelope.event_id or "", text)


def _status(settings: "Settings", *, on: bool) -> SentryStatus:
    environment = settings.sentry.environment
    if on:
        return SentryStatus("started", environment)
    if settings.sentry_problem is not None:
        return SentryStatus("bad_setting", environment, settings.sentry_problem)
    return SentryStatus("not_configured" if settings.sentry.dsn is None else "failed", environment)
