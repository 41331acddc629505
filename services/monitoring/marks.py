"""Marks a reported exception with its event id, so that it is reported only once."""

from contextlib import suppress
from typing import Final

EVENT_ID_ATTRIBUTE: Final = "_sentry_event_id"


def event_id_of(error: BaseException) -> str | None:
    """The id of the event that reported this exception; ``None`` if it was not reported."""
    try:
        known = getattr(error, EVENT_ID_ATTRIBUTE, None)
    except Exception:  # the exception class may define __getattr__, which may raise
        return None
    return known if isinstance(known, str) else None


def mark(error: BaseException, event_id: str) -> None:
    """Set the event id on the exception. An exception that accepts no attribute stays unmarked."""
    with suppress(Exception):
        setattr(error, EVENT_ID_ATTRIBUTE, event_id)
