"""Envelopes as bytes, for the spool and the server.

The format: https://develop.sentry.dev/sdk/data-model/envelopes/
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sentry_sdk.envelope import Envelope, Item
from sentry_sdk.utils import format_timestamp

_SENT_AT: Final = re.compile(rb'("sent_at":")[^"]*(")')
# The SDK knows no category of their own for these.
_CATEGORIES: Final = {"feedback": "feedback", "user_report": "feedback"}
# What goes along with something else, and is worth nothing without it.
_COMPANIONS: Final = frozenset({"attachment", "profile", "internal"})


@dataclass(frozen=True)
class SentItem:
    """An envelope that the server took; ``body`` is what went over the line, before it was compressed."""

    time: datetime | None
    kinds: tuple[str, ...]
    event_id: str | None
    body: bytes


def category_of_item(item: Item) -> str:
    """The category by which Sentry limits the rate of such items."""
    return _CATEGORIES.get(item.type or "", item.data_category)


def category_of_envelope(envelope: Envelope) -> str:
    """The category of the item on whose account the envelope goes."""
    categories = [category_of_item(item) for item in envelope.items]
    leading = [category for category in categories if category not in _COMPANIONS]
    return (leading or categories or ["default"])[0]


def stamped(body: bytes, moment: datetime | None = None) -> bytes:
    """The envelope with the time at which it is sent in its header: the server corrects our clock by it."""
    head, newline, rest = body.partition(b"\n")
    sent_at = format_timestamp(moment or datetime.now(UTC)).encode()
    return _SENT_AT.sub(rb"\g<1>" + sent_at + rb"\g<2>", head, count=1) + newline + rest


def without(body: bytes, categories: Collection[str]) -> tuple[bytes, list[Item]]:
    """The envelope without its items of these categories, and those items."""
    envelope = Envelope.deserialize(body)
    taken = [item for item in envelope.items if category_of_item(item) in categories]
    if not taken:
        return body, []
    kept = [item for item in envelope.items if item not in taken]
    return Envelope(headers=envelope.headers, items=kept).serialize(), taken


def items_of(body: bytes) -> list[Item]:
    """All items; none where this is no envelope."""
    try:
        return Envelope.deserialize(body).items
    except Exception:
        return []


def described(body: bytes) -> SentItem | None:
    """What was sent, for people to look at; ``None`` where this is no envelope."""
    try:
        envelope = Envelope.deserialize(body)
        sent_at = envelope.headers.get("sent_at")
        return SentItem(
            time=datetime.fromisoformat(sent_at) if sent_at else None,
            kinds=tuple(item.type or "" for item in envelope.items),
            event_id=envelope.headers.get("event_id"),
            body=body,
        )
    except Exception:
        return None
