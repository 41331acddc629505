"""What happens in the program, told to Sentry where a DSN is set.

Every function here may be called at any time from any thread. Without a DSN each does nothing, at once and
without loading the SDK; none ever raises, since telemetry must not harm what it watches. Texts are this
program's own and go as they are given; use :func:`services.monitoring.safety.typed_username` for a name
that somebody typed. Values of ``data`` and ``context`` go where they are numbers or plain words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Literal, ParamSpec, TypeVar

from services.errors import CrmError
from services.monitoring import client, console
from services.monitoring.client import Level

if TYPE_CHECKING:
    from services.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

_active = False


@dataclass(frozen=True)
class SentryStatus:
    """How the start of Sentry ended; ``problem`` is the bad setting."""

    outcome: Literal["started", "not_configured", "bad_setting", "failed"]
    environment: str
    problem: CrmError | None = None

    def line(self) -> str:
        """The console line of the contract, in the active language."""
        match self.outcome:
            case "started":
                return console.line(
                    "info", console.in_language(console.STARTED).format(environment=self.environment)
                )
            case "not_configured":
                return console.line("info", console.in_language(console.NOT_CONFIGURED))
            case "bad_setting" if self.problem is not None:
                text = console.in_language(console.BAD_SETTING).format(problem=self.problem.message())
                return console.line("warning", text)
            case _:
                return console.line("warning", console.in_language(console.FAILED))


def init_sentry(settings: "Settings") -> SentryStatus:
    """Start Sentry where these settings ask for it. Takes some 0.2 s then: never on the event loop."""
    global _active
    sentry = settings.sentry
    if settings.sentry_problem is not None:
        return SentryStatus("bad_setting", sentry.environment, settings.sentry_problem)
    if sentry.dsn is None:
        return SentryStatus("not_configured", sentry.environment)
    try:
        client.start(sentry)
    except Exception:
        return SentryStatus("failed", sentry.environment)
    _active = True
    set_tag("language", settings.language)
    set_tag("database", "sqlite" if settings.database_url.startswith("sqlite") else "postgresql")
    return SentryStatus("started", sentry.environment)


def _harmless(function: Callable[P, R]) -> Callable[P, R | None]:
    """Do nothing while Sentry is off, and let no failure out."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | None:
        if not _active:
            return None
        try:
            return function(*args, **kwargs)
        except Exception:
            return None

    return guarded


@_harmless
def close_sentry() -> None:
    """Send what waits, for a second at most, and stop. The end of the process does the same by itself."""
    global _active
    _active = False
    client.stop()


@_harmless
def set_user_context(user_id: int, username: str, department: str) -> None:
    """Name the signed-in person on every event until :func:`clear_user_context`."""
    client.set_user({"id": str(user_id), "username": username, "department": department})
    client.set_tag("department", department)


@_harmless
def clear_user_context() -> None:
    """Name nobody from now on."""
    client.set_user(None)
    client.set_tag("department", None)


@_harmless
def set_tag(name: str, value: str | None) -> None:
    """Put a tag on every event from now on; ``None`` takes it off."""
    client.set_tag(name, value)


@_harmless
def add_breadcrumb(
    category: str, message: str, level: Level = "info", data: Mapping[str, object] | None = None
) -> None:
    """Remember a step, to be sent along with the next event."""
    client.add_breadcrumb(category, message, level, data)


@_harmless
def capture_message(
    text: str,
    level: Level,
    fingerprint: Sequence[str] | None = None,
    context: Mapping[str, object] | None = None,
) -> str | None:
    """Send a message; ``fingerprint`` makes one issue of all of its kind. The id of the event."""
    return client.send_message(text, level, fingerprint, context)


@_harmless
def capture_exception(
    error: BaseException,
    context: Mapping[str, object] | None = None,
    fingerprint: Sequence[str] | None = None,
) -> str | None:
    """Send an exception, once in its life; the id of the event, which a person can quote."""
    return client.send_exception(error, fingerprint, context)
