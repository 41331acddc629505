"""Sentry's SDK, started with options that keep personal values and the machine's name at home.

The only module that imports the SDK, and only inside functions: without a DSN it is never loaded. One
person uses one process, so user, tags and breadcrumbs live on the global scope, which reaches every task
and thread; a scope of a task would lose them.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from services.monitoring import safety

if TYPE_CHECKING:
    from sentry_sdk.integrations import Integration

    from services.settings import SentrySettings

Level = Literal["debug", "info", "warning", "error", "fatal"]

SERVER_NAME: Final = "epicevents"
SHUTDOWN_TIMEOUT: Final = 1
"""Seconds for which the end of the program waits for events on their way."""


def start(settings: "SentrySettings") -> None:
    """Start the SDK. Raises whatever the SDK raises."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.dsn,
        environment=settings.environment,
        release=settings.release,
        traces_sample_rate=settings.traces_sample_rate,
        # No profiles_sample_rate: a profile names the home folder in every path and passes no hook.
        server_name=SERVER_NAME,
        # send_default_pii stays unset, which means False: the SDK warns where it is named.
        include_local_variables=False,
        include_source_context=False,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=_integrations(),
        max_breadcrumbs=100,
        shutdown_timeout=SHUTDOWN_TIMEOUT,
        spotlight=False,
        debug=False,
        before_send=safety.safe_event,
        before_send_transaction=safety.no_transaction,
        before_breadcrumb=safety.safe_breadcrumb,
    )


def _integrations() -> "list[Integration]":
    # Left out of the defaults: argv, modules, logging and stdlib record what was typed or what is installed.
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.threading import ThreadingIntegration

    return [AtexitIntegration(callback=_silent), ExcepthookIntegration(), ThreadingIntegration()]


def _silent(pending: int, timeout: float) -> None:
    """Say nothing at exit: the SDK's own callback writes over the terminal."""


def stop() -> None:
    """Send what waits, for as long as the end of the program may take, and stop."""
    import sentry_sdk

    sentry_sdk.get_client().close(timeout=SHUTDOWN_TIMEOUT, callback=_silent)
    sentry_sdk.Scope.get_global_scope().clear()


def set_user(user: Mapping[str, str] | None) -> None:
    """The person on every event from now on."""
    import sentry_sdk

    sentry_sdk.Scope.get_global_scope().set_user(dict(user) if user is not None else None)


def set_tag(name: str, value: str | None) -> None:
    """A tag on every event from now on; ``None`` takes it off."""
    import sentry_sdk

    scope = sentry_sdk.Scope.get_global_scope()
    if value is None:
        scope.remove_tag(name)
    else:
        scope.set_tag(name, value)


def add_breadcrumb(category: str, message: str, level: Level, data: Mapping[str, object] | None) -> None:
    """One step of what led to the next event."""
    import sentry_sdk

    crumb: dict[str, Any] = {"category": category, "message": message, "level": level}
    if data:
        crumb["data"] = safety.plain_values(data)
    sentry_sdk.Scope.get_global_scope().add_breadcrumb(crumb, {safety.OURS: True})


def send_message(
    text: str, level: Level, fingerprint: Sequence[str] | None, context: Mapping[str, object] | None
) -> str | None:
    """An event of its own; its id."""
    import sentry_sdk

    event: dict[str, Any] = {"message": text, "level": level, "contexts": _context(context)}
    if fingerprint:
        event["fingerprint"] = list(fingerprint)
    return sentry_sdk.capture_event(event, hint={safety.OURS: True})  # type: ignore[arg-type]


def send_exception(
    error: BaseException, fingerprint: Sequence[str] | None, context: Mapping[str, object] | None
) -> str | None:
    """The exception as an event, once in its life; the id of that event."""
    import sentry_sdk

    known: str | None = getattr(error, safety.EVENT_ID, None)
    if known is not None:
        return known
    grouping = {"fingerprint": list(fingerprint)} if fingerprint else {}
    event_id = sentry_sdk.capture_exception(error, contexts=_context(context), **grouping)
    if event_id is not None:
        setattr(error, safety.EVENT_ID, event_id)
    return event_id


def _context(context: Mapping[str, object] | None) -> dict[str, dict[str, object]]:
    return {safety.OURS: safety.plain_values(context)} if context else {}
