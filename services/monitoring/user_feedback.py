"""User feedback about a crash, tied to its event, without name or address.

The SDK has no call for it: a feedback is an item of its own in an envelope. It is sanitised like every
envelope, which masks personal data in the text.
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
"""Characters that Sentry keeps of a feedback."""

_SDK: Final = "sentry_sdk"


def send_feedback(event_id: str, text: str) -> bool:
    """Send what was said about the event of this id; whether it was taken.

    Never raises. Without Sentry, without an event or without a word it does nothing.
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
    except Exception:  # telemetry must not harm what it watches
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
