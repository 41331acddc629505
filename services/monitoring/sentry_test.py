"""A deliberate error that is sent to test the server, or shown as a preview.

The text of the error is that of "Test 4" in the customer's set-up guide for Sentry.
"""

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from services import monitoring
from services.monitoring import vocabulary
from services.monitoring.status import transport_in_use

if TYPE_CHECKING:
    from sentry_sdk.envelope import Envelope, Item

    from services.settings import Settings

TEST_ERROR: Final = "Test Sentry - Cette erreur est volontaire"
ANSWER_TIMEOUT: Final = 5.0
"""Seconds to wait for the server's answer."""

# The examples of that guide, so that a preview has personal data to mask.
_PERSONAL: Final = (
    "john.doe@example.com, 555-123-4567, 4532-1234-5678-9010, 192.168.1.1, password: 'secret123'"
)
_USERNAME: Final = "john_doe"

# A reserved host name that never resolves (RFC 2606), so that even a bug could send nothing.
_PREVIEW_DSN: Final = "https://preview@sentry.invalid/1"


@dataclass(frozen=True)
class ErrorDelivery:
    """The result of sending a test event.

    ``event_id`` is ``None`` if no event was sent: Sentry is off, or the throttle refused it. ``accepted`` is
    ``None`` if the server has not answered yet; the event then stays in the spool and is sent later.
    """

    event_id: str | None
    accepted: bool | None


def send_test_error() -> ErrorDelivery:
    """Send the guide's test error with a real traceback and wait for the answer up to ``ANSWER_TIMEOUT``.

    Never raises. Blocks, so never call it on the event loop.
    """
    event_id = None
    try:
        _fail_on_purpose()
    except ValueError as error:
        event_id = monitoring.capture_exception(error)
    transport = transport_in_use()
    if event_id is None or transport is None:
        return ErrorDelivery(None, None)
    try:
        return ErrorDelivery(event_id, transport.delivered(event_id, ANSWER_TIMEOUT))
    except Exception:  # a failure of telemetry must not reach the program
        return ErrorDelivery(event_id, None)


def preview(settings: "Settings") -> dict[str, Any]:
    """The exact headers and items of the envelope that a crash would send. Nothing is sent.

    Works without a DSN. Afterwards Sentry keeps a transport that sends nothing, so call it only in a process
    that is about to end.
    """
    offline = replace(settings, sentry=replace(settings.sentry, dsn=_PREVIEW_DSN), sentry_problem=None)
    monitoring.init_sentry(offline)
    envelopes = _replace_transport()
    monitoring.set_user_context(1, _USERNAME, "GESTION")
    monitoring.add_breadcrumb("auth", vocabulary.LOGIN_SUCCEEDED.format(username=_USERNAME))
    try:
        _crash()
    except ValueError as error:
        monitoring.capture_exception(error, mechanism={"type": "command", "handled": False})
    crash = next((envelope for envelope in envelopes if envelope.get_event() is not None), None)
    return {} if crash is None else _to_dict(crash)


def _fail_on_purpose() -> None:
    raise ValueError(TEST_ERROR)


def _crash() -> None:
    """Raise the test error while handling an exception with a text full of personal data."""
    try:
        raise LookupError(_PERSONAL)
    except LookupError:
        _fail_on_purpose()


def _replace_transport() -> "list[Envelope]":
    """Replace the transport by one that sends nothing. Return the list to which it adds each envelope."""
    import sentry_sdk
    from sentry_sdk.transport import Transport

    from services.monitoring.envelope import sanitizer

    kept: list[Envelope] = []

    class KeepingTransport(Transport):
        def capture_envelope(self, envelope: "Envelope") -> None:
            safe = sanitizer.sanitize_envelope(envelope, lambda _reason, _item: None)
            if safe is not None:
                kept.append(safe)

    client = sentry_sdk.get_client()
    if client.transport is not None:
        client.transport.kill()
    client.transport = KeepingTransport(client.options)
    return kept


def _to_dict(envelope: "Envelope") -> dict[str, Any]:
    return {"headers": envelope.headers, "items": [_item_to_dict(item) for item in envelope.items]}


def _item_to_dict(item: "Item") -> dict[str, Any]:
    body = item.get_bytes()
    try:
        payload: object = json.loads(body)
    except ValueError:  # an attachment
        payload = body.decode("utf-8", errors="replace")
    return {"headers": item.headers, "payload": payload}
