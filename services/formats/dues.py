"""When a task is due: a day, or a day with a time."""

from datetime import date, datetime

from services.errors import Invalid
from services.formats.dates import show_date, show_datetime
from services.formats.typed_dates import (
    lasting_date,
    lasting_datetime,
    parse_date,
    parse_datetime,
    say_typed_date,
    say_typed_datetime,
)
from services.formats.typed_days import Reference


def parse_due(text: str, field: str, reference: Reference | None = None) -> date | datetime:
    """Parse a typed day, or a typed day with a time, which is then a moment in UTC.

    Raises :class:`Invalid` naming ``field``.
    """
    try:
        return parse_date(text, field, reference)
    except Invalid as no_day:
        try:
            return parse_datetime(text, field, reference)
        except Invalid:
            if len(text.split()) > 1 or ":" in text:
                raise
            raise no_day from None


def show_due(due: date | datetime | None) -> str:
    """The day, or the moment in the local time zone; empty if it is never due."""
    if due is None:
        return ""
    return show_datetime(due) if isinstance(due, datetime) else show_date(due)


def say_typed_due(text: str, field: str, reference: Reference | None = None) -> str:
    """A typed day or moment in words. Raises :class:`Invalid` as :func:`parse_due`."""
    is_moment = isinstance(parse_due(text, field, reference), datetime)
    return (say_typed_datetime if is_moment else say_typed_date)(text, field, reference)


def lasting_due(text: str, field: str, reference: Reference) -> str:
    """The text if it means the same whenever it is read, else the day or the moment.

    Raises :class:`Invalid` as :func:`parse_due`.
    """
    is_moment = isinstance(parse_due(text, field, reference), datetime)
    return (lasting_datetime if is_moment else lasting_date)(text, field, reference)
