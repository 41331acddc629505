"""Envelopes as bytes, for the spool and the server.

The format: https://develop.sentry.dev/sdk/data-model/envelopes/
"""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from sentry_sdk.envelope import Envelope, Item
from sentry_sdk.utils import format_timestamp

_SENT_AT: Final = re.compile(rb'("sent_at":")[^"]*(")')
# Kinds of item for which the SDK names no category of their own.
_CATEGORIES: Final = {"feedback": "feedback", "user_report": "feedback"}
# Categories that accompany another item and are useless without it.
_COMPANIONS: Final = frozenset({"attachment", "profile", "internal"})


def category_of_item(item: Item) -> str:
    """The rate limit category of the item."""
    return _CATEGORIES.get(item.type or "", item.data_category)


def category_of_envelope(envelope: Envelope) -> str:
    """The category of the main item of the envelope."""
    categories = [category_of_item(item) for item in envelope.items]
    leading = [category for category in categories if category not in _COMPANIONS]
    return (leading or categories or ["default"])[0]


def stamped(body: bytes) -> bytes:
    """The envelope with the time of sending in its header; the server uses it to correct clock drift."""
    head, newline, rest = body.partition(b"\n")
    sent_at = format_timestamp(datetime.now(UTC)).encode()
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
    """All items; empty if the bytes are no envelope."""
    try:
        return Envelope.deserialize(body).items
    except Exception:
        return []
