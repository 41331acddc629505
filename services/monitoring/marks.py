"""The mark on an exception that was reported: by it everybody knows that it was, and under which id."""

from contextlib import suppress
from typing import Final

EVENT_ID_ATTRIBUTE: Final = "_sentry_event_id"


def event_id_of(error: BaseException) -> str | None:
    """The id of the event in which this exception was reported; ``None`` where it was not."""
    try:
        known = getattr(error, EVENT_ID_ATTRIBUTE, None)
    except Exception:  # an exception class may answer for its attributes itself, and fail at that
        return None
    return known if isinstance(known, str) else None


def mark(error: BaseException, event_id: str) -> None:
    """Remember on the exception that it was reported. One that takes no attribute stays unmarked."""
    with suppress(Exception):
        setattr(error, EVENT_ID_ATTRIBUTE, event_id)
