"""User feedback about a crash, linked to its event, without name or address.

The SDK has no function for it, so this module builds the feedback item of an envelope. The transport
sanitises it like every envelope, which masks personal data in the text.
"""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from models.text import clean_typed

if TYPE_CHECKING:
    from sentry_sdk.client import BaseClient
    from sentry_sdk.envelope import Envelope

LONGEST_FEEDBACK: Final = 4096
"""Maximum number of characters that Sentry stores of a feedback."""

_SDK: Final = "sentry_sdk"


def send_feedback(event_id: str, text: str) -> bool:
    """Send the user's text about the event with this id. Return whether the transport accepted it.

    Never raises. Without Sentry, without an event id or without text it sends nothing.
    """
    message = clean_typed(text, multiline=True).strip()[:LONGEST_FEEDBACK]
    if not message or not event_id or _SDK not in sys.modules:
        return False
    try:
        import sentry_sdk

        client = sentry_sdk.get_client()
        if not client.is_active() or client.transport is None:
            return False
        client.transport.capture_envelope(_envelope(client, event_id, message))
    except Exception:  # a failure of telemetry must not reach the program
        return False
    return True


def _envelope(client: "BaseClient", event_id: str, message: str) -> "Envelope":
    from sentry_sdk.envelope import Envelope, Item, PayloadRef

    item = _item(client.options, event_id, message)
    headers = {"event_id": item["event_id"], "sent_at": item["timestamp"]}
    return Envelope(headers, [Item(PayloadRef(json=item), type="feedback")])


def _item(options: dict[str, Any], event_id: str, message: str) -> dict[str, Any]:
    return {
        "event_id": uuid4().hex,
        "type": "feedback",
        "timestamp": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "platform": "python",
        "level": "info",
        "release": options["release"],
        "environment": options["environment"],
        "contexts": {"feedback": {"message": message, "associated_event_id": event_id}},
    }
