"""When a task is due: a day, or a day with a time."""

from datetime import date, datetime

from services.errors import Invalid
from services.formats.dates import (
    parse_date,
    parse_datetime,
    say_date,
    say_typed_datetime,
    show_date,
    show_datetime,
)


def parse_due(text: str, field: str) -> date | datetime:
    """Parse a typed day, or a typed day with a time, which is then a moment in UTC.

    Raises :class:`Invalid` naming ``field``.
    """
    try:
        return parse_date(text, field)
    except Invalid as no_day:
        try:
            return parse_datetime(text, field)
        except Invalid:
            if len(text.split()) > 1 or ":" in text:
                raise
            raise no_day from None


def show_due(due: date | datetime | None) -> str:
    """The day, or the moment in the local time zone; empty if it is never due."""
    if due is None:
        return ""
    return show_datetime(due) if isinstance(due, datetime) else show_date(due)


def say_typed_due(text: str, field: str) -> str:
    """A typed day or moment in words. Raises :class:`Invalid` as :func:`parse_due`."""
    due = parse_due(text, field)
    return say_typed_datetime(text, field) if isinstance(due, datetime) else say_date(due)
