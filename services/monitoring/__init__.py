"""The program's facade to Sentry, which is active only if a DSN is set.

Every function here may be called at any time from any thread. Without a DSN each returns at once and does not
load the SDK. No function raises: a failure of telemetry must not reach the program. Every envelope is
scrubbed before it leaves the process. A username from a text field may be a password: pass it through
:func:`services.monitoring.vocabulary.typed_username` first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, Final, Literal, ParamSpec, TypeVar

from services.errors import CrmError
from services.monitoring import console_lines, marks

if TYPE_CHECKING:
    from sentry_sdk.integrations import Integration

    from services.monitoring import sdk  # at run time a global from the first start on
    from services.monitoring.sdk import Level
    from services.settings import SentrySettings, Settings

P = ParamSpec("P")
R = TypeVar("R")

_active = False
_starting = RLock()
_last_status: "SentryStatus | None" = None
_started_with: "SentrySettings | None" = None

HANDLED: Final[Mapping[str, object]] = {"type": "generic", "handled": True}
"""The mechanism of a handled exception: the program goes on, and the session does not count as crashed."""

_LINES: Final[Mapping[str, tuple[console_lines.Kind, Mapping[str, str]]]] = {
    "started": ("info", console_lines.STARTED),
    "not_configured": ("info", console_lines.NOT_CONFIGURED),
    "bad_setting": ("warning", console_lines.BAD_SETTING),
    "failed": ("warning", console_lines.FAILED),
}


@dataclass(frozen=True)
class SentryStatus:
    """The result of starting Sentry; ``problem`` is the error of the invalid setting."""

    outcome: Literal["started", "not_configured", "bad_setting", "failed"]
    environment: str
    problem: CrmError | None = None

    def line(self) -> str:
        """The console line that the telemetry contract prescribes, in the active language."""
        kind, texts = _LINES[self.outcome]
        problem = "" if self.problem is None else self.problem.message()
        text = console_lines.in_language(texts).format(environment=self.environment, problem=problem)
        return console_lines.line(kind, text)


def init_sentry(settings: "Settings", integrations: "Sequence[Integration]" = ()) -> SentryStatus:
    """Start Sentry if the settings hold a DSN. This takes 0.3 s, so never call it on the event loop.

    A process starts Sentry once. A later call with the same settings keeps the running client and its session
    and only adds the missing ``integrations``. A later call with other settings replaces the client.
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
    """The result of the last start; ``None`` before the first start."""
    return _last_status


def is_on() -> bool:
    """Whether Sentry runs."""
    return _active


def ensure_started(settings: "Settings", integrations: "Sequence[Integration]" = ()) -> None:
    """Start Sentry if it was not started yet, so that an exception during start-up is reported.

    If another thread is starting Sentry, wait for it. Adds the missing ``integrations``.
    """
    with _starting:
        if _last_status is None:
            init_sentry(settings, integrations)
        else:
            _add_integrations(integrations)


def _start(settings: "Settings") -> SentryStatus:
    global _active, _started_with, sdk
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
            sdk.stop()  # the SDK may be half initialised
        return SentryStatus("failed", sentry.environment)
    _active, _started_with = True, sentry
    return SentryStatus("started", sentry.environment)


def _tag(settings: "Settings") -> None:
    set_tag("language", settings.language)
    set_tag("database", "sqlite" if settings.database_url.startswith("sqlite") else "postgresql")


def _harmless(function: Callable[P, R]) -> Callable[P, R | None]:
    """Do nothing while Sentry is off, and suppress every exception."""

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
    sdk.add_integrations(integrations)


@_harmless
def _continue_session() -> None:
    """Drop the session before a restart: the run continues. A crashed session is still sent."""
    sdk.forget_session()


@_harmless
def close_sentry() -> None:
    """Send the queued envelopes for at most a second, then stop. The SDK does the same at exit."""
    global _active
    _active = False
    sdk.stop()


@_harmless
def set_user_context(user_id: int, username: str, department: str) -> None:
    """Set the signed-in user of every event until :func:`clear_user_context`."""
    sdk.set_user({"id": str(user_id), "username": username, "department": department})
    sdk.set_tag("department", department)


@_harmless
def set_user_id(user_id: int) -> None:
    """Set the user when only the id is known so far."""
    sdk.set_user({"id": str(user_id)})


@_harmless
def clear_user_context() -> None:
    """Remove the user from later events."""
    sdk.set_user(None)
    sdk.set_tag("department", None)


@_harmless
def set_tag(name: str, value: str | None) -> None:
    """Set a tag on every later event; ``None`` removes it."""
    sdk.set_tag(name, value)


@_harmless
def name_transaction(name: str) -> None:
    """Set the transaction name of every later event, such as the name of a command."""
    sdk.name_transaction(name)


@_harmless
def add_breadcrumb(
    category: str, message: str, level: "Level" = "info", data: Mapping[str, object] | None = None
) -> None:
    """Record a breadcrumb that is sent with the next event."""
    sdk.add_breadcrumb(category, message, level, data)


@_harmless
def store_breadcrumbs(session_id: str, crumbs: Sequence[Mapping[str, object]]) -> None:
    """Store the breadcrumbs of a sign-in for later processes that use the same session."""
    from services.monitoring import session_breadcrumbs

    session_breadcrumbs.save(session_id, crumbs)


@_harmless
def restore_breadcrumbs(session_id: str) -> None:
    """Record the breadcrumbs of a session that another process started."""
    sdk.restore_breadcrumbs(session_id)


@_harmless
def delete_breadcrumbs(session_id: str) -> None:
    """Delete the breadcrumbs of a session that has ended."""
    from services.monitoring import session_breadcrumbs

    session_breadcrumbs.delete(session_id)


@_harmless
def capture_message(
    text: str,
    level: "Level",
    fingerprint: Sequence[str] | None = None,
    context: Mapping[str, object] | None = None,
) -> str | None:
    """Send a message and return its event id. Messages with one ``fingerprint`` form one issue."""
    return sdk.send_message(text, level, fingerprint, context)


@_harmless
def capture_exception(
    error: BaseException,
    context: Mapping[str, object] | None = None,
    fingerprint: Sequence[str] | None = None,
    mechanism: Mapping[str, object] = HANDLED,
) -> str | None:
    """Send an exception once and return its event id, which the user can quote to support.

    ``mechanism`` tells Sentry how the exception was caught. With ``{"type": …, "handled": False}`` the
    session counts as crashed. An exception that repeats in a loop is only counted after the first few.
    """
    return sdk.send_exception(error, fingerprint, context, mechanism)


def event_id_of(error: BaseException) -> str | None:
    """The id of the event that reported this exception; ``None`` if none did."""
    return marks.event_id_of(error)


def may_report(error: BaseException) -> bool:
    """Whether the throttle lets this exception become an event now."""
    from services.monitoring import sdk

    return sdk.may_report(error)


@contextmanager
def span(op: str, name: str) -> Iterator[None]:
    """Measure a block and its queries as a Sentry span, if tracing samples it.

    ``op`` and ``name`` are constants of this program, never user input.
    """
    if not _active:
        yield
        return
    with sdk.span(op, name):
        yield
