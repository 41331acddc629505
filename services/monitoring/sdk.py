"""Sentry's SDK, started with options that collect no personal data and no host name.

Loaded only if a DSN is set. One user uses one process, so user, tags, breadcrumbs and the session of release
health live on the global scope, which every task and thread sees. The transport sanitises every envelope,
including those of the SDK's own integrations; the options here reduce the personal data that reaches it.
"""

import atexit
import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, Final, Literal

import sentry_sdk
from sentry_sdk.integrations import Integration, setup_integrations
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.sqlalchemy import SqlalchemyIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.integrations.unraisablehook import UnraisablehookIntegration
from sentry_sdk.utils import event_from_exception

from services import files, garbage_collection
from services.monitoring import marks, runtime_contexts, session_breadcrumbs, slow_queries, value_redaction
from services.monitoring.delivery.transport import SpoolTransport, spooling_in
from services.monitoring.envelope import field_rules
from services.monitoring.error_throttle import ErrorThrottle
from services.monitoring.value_redaction import REDACTED

if TYPE_CHECKING:
    from sentry_sdk.types import Breadcrumb, BreadcrumbHint, Event, Hint

    from services.settings import SentrySettings

Level = Literal["debug", "info", "warning", "error", "fatal"]

SERVER_NAME: Final = "epicevents"
SHUTDOWN_TIMEOUT: Final = 0.8
"""Seconds for which the exit waits for queued events; the next start sends the others.

Together with the shutdown of the interpreter the exit takes about a second."""
BREADCRUMBS: Final = 100

OURS: Final = "epicevents"
"""Name of the context that holds this program's details of an event."""

_OUR_PACKAGES: Final = ("models", "services", "tui", "cli")
# Errors of a write to a terminal that was closed; the program is about to end.
_TERMINAL_GONE: Final = frozenset({errno.EIO, errno.EPIPE, errno.EBADF})
_WRITER: Final = "textual.drivers._writer_thread"
# Integrations that capture uncaught exceptions themselves, so the throttle is applied in error_sampler.
_SDK_CAPTURES: Final = frozenset({"threading", "excepthook", "unraisablehook"})
# Polling for changes runs every few seconds; as transactions it would use up the quota of a month.
_POLLS: Final = ("poll", "report")

_A_METHOD: Final = "<bound method "

_throttle = ErrorThrottle()


def start(settings: "SentrySettings") -> None:
    """Start the SDK. Errors of the SDK are not caught."""
    value_redaction.clear()
    field_rules.trust_release(settings.release)
    os.environ.pop("SENTRY_PRINT_ENVELOPES", None)  # would print every item before it is scrubbed
    if settings.profiles_sample_rate:
        garbage_collection.pause_while_frames_are_read()
    sentry_sdk.init(
        dsn=settings.dsn,
        environment=settings.environment,
        release=settings.release,
        traces_sampler=_Sampler(settings.traces_sample_rate),
        # Sampled per run: the SDK is about to drop profiles per transaction.
        profile_session_sample_rate=settings.profiles_sample_rate,
        profile_lifecycle="trace",
        server_name=SERVER_NAME,
        # send_default_pii stays unset, which means False: the SDK warns if it is set at all.
        include_local_variables=False,
        include_source_context=False,
        default_integrations=False,
        auto_enabling_integrations=False,
        # The default integrations argv, modules, logging and stdlib record input and installed packages.
        integrations=[
            AtexitIntegration(callback=_silent),
            ExcepthookIntegration(),
            UnraisablehookIntegration(),  # exceptions in __del__ and in atexit callbacks
            ThreadingIntegration(propagate_scope=False),  # a copy of the scope would become stale
            SqlalchemyIntegration(),
        ],
        max_breadcrumbs=BREADCRUMBS,
        shutdown_timeout=SHUTDOWN_TIMEOUT,
        spotlight=False,
        debug=False,
        before_send=_before_send,
        before_breadcrumb=_before_breadcrumb,
        in_app_include=list(_OUR_PACKAGES),
        project_root=str(Path(__file__).parents[2]),  # the default is the current folder
        error_sampler=_sample_error,
        transport=spooling_in(files.state_folder()),
    )
    slow_queries.watch()
    sentry_sdk.get_global_scope().add_event_processor(_keep_run_alive)
    runtime_contexts.watch_database()
    for name, fields in runtime_contexts.contexts().items():
        sentry_sdk.get_global_scope().set_context(name, fields)
    _warm_up()
    sentry_sdk.get_global_scope().start_session()
    atexit.register(end_session)


def add_integrations(integrations: Sequence[Integration]) -> None:
    """Add the integrations that the running client lacks. Raises ``DidNotEnable`` like the SDK."""
    running = sentry_sdk.get_client().integrations
    missing = [each for each in integrations if each.identifier not in running]
    running.update(setup_integrations(missing, with_defaults=False))


def _silent(pending: int, timeout: float) -> None:
    """Print nothing at exit: the SDK's own callback writes to the terminal."""


def _warm_up() -> None:
    """Build an event and discard it: the SDK's first event takes 40 ms, which would delay a key press."""
    try:
        raise RuntimeError
    except RuntimeError as error:
        event_from_exception(error, client_options=sentry_sdk.get_client().options)


class _Sampler:
    """Samples transactions at the configured rate, and never those of background polling."""

    def __init__(self, rate: float) -> None:
        self._rate = rate

    def __call__(self, context: dict[str, Any]) -> float:
        name = str(context.get("transaction_context", {}).get("name") or "")
        return 0.0 if name.endswith(_POLLS) else self._rate


def _before_send(event: "Event", hint: "Hint") -> "Event | None":
    """Drop an exception that was already reported; attach the number of throttled exceptions of its kind."""
    error = (hint.get("exc_info") or (None, None, None))[1]
    if error is None:
        return event
    if marks.event_id_of(error) is not None or _is_closed_window(error):
        return None
    marks.mark(error, str(event.get("event_id", "")))
    suppressed = _throttle.take_suppressed(error)
    if suppressed:
        event.setdefault("contexts", {})["storm"] = {"suppressed": suppressed}
    for exception in (event.get("exception") or {}).get("values") or ():
        exception["value"] = value_redaction.redact(_text(exception, error))
    return event


def _keep_run_alive(event: "Event", hint: "Hint") -> "Event":
    """Mark exceptions of destructors as handled: the program continues, so the run did not crash."""
    for exception in (event.get("exception") or {}).get("values") or ():
        if (exception.get("mechanism") or {}).get("type") == UnraisablehookIntegration.identifier:
            exception["mechanism"]["handled"] = True
    return event


def _text(exception: dict[str, Any], error: BaseException) -> str:
    text = str(exception.get("value") or "")
    if not text.startswith(_A_METHOD):
        return text
    # The SDK reads the attribute "message"; on our errors it is a method, so the SDK reports its repr.
    return str(error) if exception.get("type") == type(error).__name__ else REDACTED


def _is_closed_window(error: BaseException) -> bool:
    """Whether Textual's writer thread failed because the terminal window was closed; that is no crash."""
    if not isinstance(error, OSError) or error.errno not in _TERMINAL_GONE:
        return False
    frames = walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__") == _WRITER for frame, _line in frames)


def _before_breadcrumb(crumb: "Breadcrumb", hint: "BreadcrumbHint") -> "Breadcrumb | None":
    """Drop breadcrumbs of queries: some forty of them would push out the user's actions."""
    return None if crumb.get("category") == "query" else crumb


def _sample_error(event: "Event", hint: "Hint") -> float:
    error = (hint.get("exc_info") or (None, None, None))[1]
    values: list[Any] = list((event.get("exception") or {}).get("values") or ())
    by_the_sdk = bool(values) and (values[-1].get("mechanism") or {}).get("type") in _SDK_CAPTURES
    return 0.0 if by_the_sdk and error is not None and not _throttle.allow(error) else 1.0


def may_report(error: BaseException) -> bool:
    """Whether this exception may become an event now; a throttled one is counted as lost."""
    if _throttle.allow(error):
        return True
    client = sentry_sdk.get_client()
    if client.transport is not None:
        client.transport.record_lost_event("ratelimit_backoff", data_category="error")
    return False


def transport() -> SpoolTransport | None:
    """The transport of the running client, if it is ours."""
    found = sentry_sdk.get_client().transport
    return found if isinstance(found, SpoolTransport) else None


def forget_session() -> None:
    """Drop the open session before the SDK restarts; a crashed session is kept and sent."""
    scope = sentry_sdk.get_global_scope()
    if scope._session is not None and scope._session.status == "ok":
        scope._session = None


def end_session() -> None:
    """End the session of release health, which counts runs without a crash."""
    with suppress(Exception):
        sentry_sdk.get_global_scope().end_session()


def stop() -> None:
    """Send the queued envelopes for at most ``SHUTDOWN_TIMEOUT`` seconds, then close the client."""
    try:
        end_session()
        value_redaction.clear()
        atexit.unregister(end_session)
        sentry_sdk.get_client().close(timeout=SHUTDOWN_TIMEOUT, callback=_silent)
    finally:
        # A closed client still returns ids of events that it drops.
        sentry_sdk.get_global_scope().set_client(None)
        sentry_sdk.get_global_scope().clear()


def set_user(user: Mapping[str, str] | None) -> None:
    """Set the user of every later event and transaction, and of the open session."""
    scope = sentry_sdk.get_global_scope()
    scope.set_user(dict(user) if user is not None else None)
    if user is not None and scope._session is not None:
        scope._session.update(user={"id": user["id"]})


def set_tag(name: str, value: str | None) -> None:
    """Set a tag on every later event; ``None`` removes it."""
    scope = sentry_sdk.get_global_scope()
    if value is None:
        scope.remove_tag(name)
    else:
        scope.set_tag(name, value)


def name_transaction(name: str) -> None:
    """Set the transaction name and the tag ``command`` of every later event."""
    sentry_sdk.get_global_scope().set_transaction_name(name, source="custom")
    set_tag("command", name)


def add_breadcrumb(category: str, message: str, level: Level, data: Mapping[str, object] | None) -> None:
    """Record a breadcrumb on the global scope."""
    crumb: dict[str, Any] = {"category": category, "message": message, "level": level}
    if data:
        crumb["data"] = dict(data)
    sentry_sdk.get_global_scope().add_breadcrumb(crumb)


def restore_breadcrumbs(session_id: str) -> None:
    """Record the stored breadcrumbs of a session that another process started."""
    for crumb in session_breadcrumbs.load(session_id):
        sentry_sdk.get_global_scope().add_breadcrumb(crumb)


def send_message(
    text: str, level: Level, fingerprint: Sequence[str] | None, context: Mapping[str, object] | None
) -> str | None:
    """Send a message event and return its id."""
    event: Event = {"logentry": {"message": text}, "level": level, "contexts": _context(context)}
    if fingerprint:
        event["fingerprint"] = list(fingerprint)
    return sentry_sdk.capture_event(event)


def send_exception(
    error: BaseException,
    fingerprint: Sequence[str] | None,
    context: Mapping[str, object] | None,
    mechanism: Mapping[str, object],
) -> str | None:
    """Send the exception as an event and return its id; for one already reported return the known id."""
    known = marks.event_id_of(error)
    if known is not None:
        return known
    if not may_report(error):
        return None
    options = sentry_sdk.get_client().options
    event, hint = event_from_exception(error, client_options=options, mechanism=dict(mechanism))
    event["contexts"] = _context(context)
    if fingerprint:
        event["fingerprint"] = list(fingerprint)
    return sentry_sdk.capture_event(event, hint)


def _context(context: Mapping[str, object] | None) -> dict[str, dict[str, object]]:
    return {OURS: dict(context)} if context else {}


@contextmanager
def span(op: str, name: str) -> Iterator[None]:
    """Measure a block as a span of the running transaction, or as a new transaction if none is running."""
    if sentry_sdk.get_current_span() is None:
        with sentry_sdk.start_transaction(op=op, name=name, source="custom"):
            yield
    else:
        with sentry_sdk.start_span(op=op, name=name):
            yield
