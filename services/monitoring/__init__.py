"""What happens in the program, told to Sentry where a DSN is set.

Every function here may be called at any time from any thread. Without a DSN each does nothing, at once and
without loading the SDK; none ever raises, since telemetry must not harm what it watches. What leaves the
process is scrubbed on its way out; use :func:`services.monitoring.vocabulary.typed_username` for a name that
somebody typed all the same, for it may be a password.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, Final, Literal, ParamSpec, TypeVar

from services.errors import CrmError
from services.monitoring import console_lines

if TYPE_CHECKING:
    from sentry_sdk.integrations import Integration

    from services.monitoring.sdk import Level
    from services.settings import SentrySettings, Settings

P = ParamSpec("P")
R = TypeVar("R")

_active = False
_starting = RLock()
_last_status: "SentryStatus | None" = None
_started_with: "SentrySettings | None" = None

HANDLED: Final[Mapping[str, object]] = {"type": "generic", "handled": True}
"""How an exception came to us that the program goes on after; the session stays free of a crash."""


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
                return console_lines.line(
                    "info",
                    console_lines.in_language(console_lines.STARTED).format(environment=self.environment),
                )
            case "not_configured":
                return console_lines.line("info", console_lines.in_language(console_lines.NOT_CONFIGURED))
            case "bad_setting" if self.problem is not None:
                text = console_lines.in_language(console_lines.BAD_SETTING).format(
                    problem=self.problem.message()
                )
                return console_lines.line("warning", text)
            case _:
                return console_lines.line("warning", console_lines.in_language(console_lines.FAILED))


def init_sentry(settings: "Settings", integrations: "Sequence[Integration]" = ()) -> SentryStatus:
    """Start Sentry where these settings ask for it. Takes some 0.3 s then: never on the event loop.

    A process starts Sentry once: any later call with the same settings leaves the running client and its
    session as they are, and only adds the ``integrations`` that it does not have yet. Other settings replace
    the first start.
    """
    global _last_status
    with _starting:
        if _last_status is None or not _runs_with(settings):
            _continue_session()
            close_sentry()
            _last_status = _start(settings)
        _add_integrations(integrations)
        _tag(settings)
        return _last_status


def _runs_with(settings: "Settings") -> bool:
    return _active and settings.sentry_problem is None and settings.sentry == _started_with


def status() -> SentryStatus | None:
    """How the last start ended; ``None`` before the first."""
    return _last_status


def is_on() -> bool:
    """Whether Sentry runs."""
    return _active


def ensure_started(settings: "Settings", integrations: "Sequence[Integration]" = ()) -> None:
    """Start Sentry if nobody has: for an exception in the first moments of the program.

    Waits for a start that is under way. Adds the ``integrations`` that the running client does not have.
    """
    with _starting:
        if _last_status is None:
            init_sentry(settings, integrations)
        else:
            _add_integrations(integrations)


def _start(settings: "Settings") -> SentryStatus:
    global _active, _started_with
    sentry = settings.sentry
    if settings.sentry_problem is not None:
        return SentryStatus("bad_setting", sentry.environment, settings.sentry_problem)
    if sentry.dsn is None:
        return SentryStatus("not_configured", sentry.environment)
    try:
        from services.monitoring import sdk

        sdk.start(sentry)
    except Exception:
        with suppress(Exception):
            sdk.stop()  # it may have come half of the way
        return SentryStatus("failed", sentry.environment)
    _active, _started_with = True, sentry
    return SentryStatus("started", sentry.environment)


def _tag(settings: "Settings") -> None:
    set_tag("language", settings.language)
    set_tag("database", "sqlite" if settings.database_url.startswith("sqlite") else "postgresql")


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
def _add_integrations(integrations: "Sequence[Integration]") -> None:
    from services.monitoring import sdk

    sdk.add_integrations(integrations)


@_harmless
def _continue_session() -> None:
    """What other settings replace is the same run; one that crashed is told all the same."""
    from services.monitoring import sdk

    sdk.forget_session()


@_harmless
def close_sentry() -> None:
    """Send what waits, for a second at most, and stop. The end of the process does the same by itself."""
    from services.monitoring import sdk

    global _active
    _active = False
    sdk.stop()


@_harmless
def set_user_context(user_id: int, username: str, department: str) -> None:
    """Name the signed-in person on every event until :func:`clear_user_context`."""
    from services.monitoring import sdk

    sdk.set_user({"id": str(user_id), "username": username, "department": department})
    sdk.set_tag("department", department)


@_harmless
def set_user_id(user_id: int) -> None:
    """Name a person of whom only the id is known yet."""
    from services.monitoring import sdk

    sdk.set_user({"id": str(user_id)})


@_harmless
def clear_user_context() -> None:
    """Name nobody from now on."""
    from services.monitoring import sdk

    sdk.set_user(None)
    sdk.set_tag("department", None)


@_harmless
def set_tag(name: str, value: str | None) -> None:
    """Put a tag on every event from now on; ``None`` takes it off."""
    from services.monitoring import sdk

    sdk.set_tag(name, value)


@_harmless
def name_transaction(name: str) -> None:
    """Name what the program was asked to do, such as a command, on every event from now on."""
    from services.monitoring import sdk

    sdk.name_transaction(name)


@_harmless
def add_breadcrumb(
    category: str, message: str, level: "Level" = "info", data: Mapping[str, object] | None = None
) -> None:
    """Remember a step, to be sent along with the next event."""
    from services.monitoring import sdk

    sdk.add_breadcrumb(category, message, level, data)


@_harmless
def keep_trail(session_id: str, crumbs: Sequence[Mapping[str, object]]) -> None:
    """Keep the steps that led to a session, for the programs that go on with it."""
    from services.monitoring import session_breadcrumbs

    session_breadcrumbs.keep(session_id, crumbs)


@_harmless
def take_up_trail(session_id: str) -> None:
    """Remember the steps that led to a session which another program began."""
    from services.monitoring import sdk

    sdk.take_up_trail(session_id)


@_harmless
def forget_trail(session_id: str) -> None:
    """A session has ended."""
    from services.monitoring import session_breadcrumbs

    session_breadcrumbs.forget(session_id)


@_harmless
def capture_message(
    text: str,
    level: "Level",
    fingerprint: Sequence[str] | None = None,
    context: Mapping[str, object] | None = None,
) -> str | None:
    """Send a message; ``fingerprint`` makes one issue of all of its kind. The id of the event."""
    from services.monitoring import sdk

    return sdk.send_message(text, level, fingerprint, context)


@_harmless
def capture_exception(
    error: BaseException,
    context: Mapping[str, object] | None = None,
    fingerprint: Sequence[str] | None = None,
    mechanism: Mapping[str, object] = HANDLED,
) -> str | None:
    """Send an exception, once in its life; the id of the event, which a person can quote.

    ``mechanism`` is Sentry's word for how it was caught: ``{"type": …, "handled": False}`` where it ends the
    program, which then counts as a crash. One that repeats itself in a loop is counted instead, after a few.
    """
    from services.monitoring import sdk

    return sdk.send_exception(error, fingerprint, context, mechanism)


def may_report(error: BaseException) -> bool:
    """Whether an exception may become an event now: in an error loop only a few a minute do."""
    from services.monitoring import sdk

    return sdk.may_report(error)


@contextmanager
def span(op: str, name: str) -> Iterator[None]:
    """Measure a part of the work, with the queries in it, and send it where the person's waits are sampled.

    ``op`` and ``name`` are words of this program, never of its users.
    """
    if not _active:
        yield
        return
    from services.monitoring import sdk

    with sdk.span(op, name):
        yield
