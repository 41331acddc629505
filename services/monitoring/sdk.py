"""Sentry's SDK, started with options that keep personal values and the machine's name at home.

Loaded only where a DSN is set. One person uses one process, so user, tags, breadcrumbs and the session of
release health live on the global scope, which reaches every task and thread; a scope of a task would lose
them. What leaves passes the gate of the transport, whoever captured it; the options here see to it that
little that is personal gets that far.
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

from services import files
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
"""Seconds for which the end of the program waits for events on their way; the rest goes at the next start.

The interpreter takes its own time to end: together they stay near a second."""
BREADCRUMBS: Final = 100

OURS: Final = "epicevents"
"""Name of the context in which this program says what an event is about."""

_OUR_PACKAGES: Final = ("models", "services", "tui", "cli")
# What a terminal answers that is gone: its window was closed, and the program is about to end.
_TERMINAL_GONE: Final = frozenset({errno.EIO, errno.EPIPE, errno.EBADF})
_WRITER: Final = "textual.drivers._writer_thread"
# These report uncaught exceptions on their own: repeated ones are throttled here, not at their capture.
_BY_THE_SDK: Final = frozenset({"threading", "excepthook", "unraisablehook"})
# One looks at others' changes every few seconds; as transactions these would use up the quota of a month.
_POLLS: Final = ("poll", "report")

_A_METHOD: Final = "<bound method "

_storm = ErrorThrottle()


def start(settings: "SentrySettings") -> None:
    """Start the SDK. Raises whatever the SDK raises."""
    value_redaction.forget()
    field_rules.trust_release(settings.release)
    os.environ.pop("SENTRY_PRINT_ENVELOPES", None)  # would print every item before it is scrubbed
    sentry_sdk.init(
        dsn=settings.dsn,
        environment=settings.environment,
        release=settings.release,
        traces_sampler=_Sampler(settings.traces_sample_rate),
        # The rate is that of runs: the SDK is about to give up profiles by transaction.
        profile_session_sample_rate=settings.profiles_sample_rate,
        profile_lifecycle="trace",
        server_name=SERVER_NAME,
        # send_default_pii stays unset, which means False: the SDK warns where it is named.
        include_local_variables=False,
        include_source_context=False,
        default_integrations=False,
        auto_enabling_integrations=False,
        # Left out of the defaults: argv, modules, logging and stdlib record what was typed or is installed.
        integrations=[
            AtexitIntegration(callback=_silent),
            ExcepthookIntegration(),
            UnraisablehookIntegration(),  # what __del__ and the callbacks of atexit raise
            ThreadingIntegration(propagate_scope=False),  # a copy of the scope would grow stale
            SqlalchemyIntegration(),
        ],
        max_breadcrumbs=BREADCRUMBS,
        shutdown_timeout=SHUTDOWN_TIMEOUT,
        spotlight=False,
        debug=False,
        before_send=_before_send,
        before_breadcrumb=_before_breadcrumb,
        in_app_include=list(_OUR_PACKAGES),
        project_root=str(Path(__file__).parents[2]),  # else it is the current folder, whatever lies there
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
    """Give the running client those that it does not have yet. Raises ``DidNotEnable`` like the SDK."""
    running = sentry_sdk.get_client().integrations
    missing = [each for each in integrations if each.identifier not in running]
    running.update(setup_integrations(missing, with_defaults=False))


def _silent(pending: int, timeout: float) -> None:
    """Say nothing at exit: the SDK's own callback writes over the terminal."""


def _warm_up() -> None:
    """Build an event and throw it away: the first one takes the SDK 40 ms, which a key press would feel."""
    try:
        raise RuntimeError
    except RuntimeError as error:
        event_from_exception(error, client_options=sentry_sdk.get_client().options)


class _Sampler:
    """Which transactions are recorded: the configured part of them, and none for what nobody asked for."""

    def __init__(self, rate: float) -> None:
        self._rate = rate

    def __call__(self, context: dict[str, Any]) -> float:
        name = str(context.get("transaction_context", {}).get("name") or "")
        return 0.0 if name.endswith(_POLLS) else self._rate


def _before_send(event: "Event", hint: "Hint") -> "Event | None":
    """Each exception once in its life, with how many of its kind were held back before it."""
    error = (hint.get("exc_info") or (None, None, None))[1]
    if error is None:
        return event
    if marks.event_id_of(error) is not None or _is_closed_window(error):
        return None
    marks.mark(error, str(event.get("event_id", "")))
    suppressed = _storm.take_suppressed(error)
    if suppressed:
        event.setdefault("contexts", {})["storm"] = {"suppressed": suppressed}
    for exception in (event.get("exception") or {}).get("values") or ():
        exception["value"] = value_redaction.mask(_text(exception, error))
    return event


def _keep_run_alive(event: "Event", hint: "Hint") -> "Event":
    """The program goes on after what a destructor raises: the run did not crash."""
    for exception in (event.get("exception") or {}).get("values") or ():
        if (exception.get("mechanism") or {}).get("type") == UnraisablehookIntegration.identifier:
            exception["mechanism"]["handled"] = True
    return event


def _text(exception: dict[str, Any], error: BaseException) -> str:
    text = str(exception.get("value") or "")
    if not text.startswith(_A_METHOD):
        return text
    # The SDK takes an attribute "message" for the text; of our refusals it is a method, its text a template.
    return str(error) if exception.get("type") == type(error).__name__ else REDACTED


def _is_closed_window(error: BaseException) -> bool:
    """Whether the terminal went away under Textual's thread that writes to it: an end, and no crash."""
    if not isinstance(error, OSError) or error.errno not in _TERMINAL_GONE:
        return False
    frames = walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__") == _WRITER for frame, _line in frames)


def _before_breadcrumb(crumb: "Breadcrumb", hint: "BreadcrumbHint") -> "Breadcrumb | None":
    """The steps of a person. Queries are spans: as steps, some forty of them would push all others out."""
    return None if crumb.get("category") == "query" else crumb


def _sample_error(event: "Event", hint: "Hint") -> float:
    error = (hint.get("exc_info") or (None, None, None))[1]
    values: list[Any] = list((event.get("exception") or {}).get("values") or ())
    by_the_sdk = bool(values) and (values[-1].get("mechanism") or {}).get("type") in _BY_THE_SDK
    return 0.0 if by_the_sdk and error is not None and not _storm.allow(error) else 1.0


def may_report(error: BaseException) -> bool:
    """Whether this exception may become an event now; one that repeats itself is only counted."""
    if _storm.allow(error):
        return True
    client = sentry_sdk.get_client()
    if client.transport is not None:
        client.transport.record_lost_event("ratelimit_backoff", data_category="error")
    return False


def transport() -> SpoolTransport | None:
    """The way out, for those who ask what waits there."""
    found = sentry_sdk.get_client().transport
    return found if isinstance(found, SpoolTransport) else None


def forget_session() -> None:
    """The run goes on under another start of the SDK, whose session stands for it, unless it crashed."""
    scope = sentry_sdk.get_global_scope()
    if scope._session is not None and scope._session.status == "ok":
        scope._session = None


def end_session() -> None:
    """The end of this run, for the rate of runs without a crash."""
    with suppress(Exception):
        sentry_sdk.get_global_scope().end_session()


def stop() -> None:
    """Send what waits, for as long as the end of the program may take, and stop."""
    try:
        end_session()
        value_redaction.forget()
        atexit.unregister(end_session)
        sentry_sdk.get_client().close(timeout=SHUTDOWN_TIMEOUT, callback=_silent)
    finally:
        # A closed client still gives out ids of events that it then drops.
        sentry_sdk.get_global_scope().set_client(None)
        sentry_sdk.get_global_scope().clear()


def set_user(user: Mapping[str, str] | None) -> None:
    """The person on every event, transaction and session from now on."""
    scope = sentry_sdk.get_global_scope()
    scope.set_user(dict(user) if user is not None else None)
    if user is not None and scope._session is not None:
        scope._session.update(user={"id": user["id"]})


def set_tag(name: str, value: str | None) -> None:
    """A tag on every event from now on; ``None`` takes it off."""
    scope = sentry_sdk.get_global_scope()
    if value is None:
        scope.remove_tag(name)
    else:
        scope.set_tag(name, value)


def name_transaction(name: str) -> None:
    """What the program was asked to do, on every event from now on."""
    sentry_sdk.get_global_scope().set_transaction_name(name, source="custom")
    set_tag("command", name)


def add_breadcrumb(category: str, message: str, level: Level, data: Mapping[str, object] | None) -> None:
    """One step of what led to the next event."""
    crumb: dict[str, Any] = {"category": category, "message": message, "level": level}
    if data:
        crumb["data"] = dict(data)
    sentry_sdk.get_global_scope().add_breadcrumb(crumb)


def take_up_trail(session_id: str) -> None:
    """The steps that led to a session which another program began."""
    for crumb in session_breadcrumbs.take_up(session_id):
        sentry_sdk.get_global_scope().add_breadcrumb(crumb)


def send_message(
    text: str, level: Level, fingerprint: Sequence[str] | None, context: Mapping[str, object] | None
) -> str | None:
    """An event of its own; its id."""
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
    """The exception as an event, once in its life; the id of that event."""
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
    """A part of what the person waits for; a transaction of its own where none is under way."""
    if sentry_sdk.get_current_span() is None:
        with sentry_sdk.start_transaction(op=op, name=name, source="custom"):
            yield
    else:
        with sentry_sdk.start_span(op=op, name=name):
            yield
