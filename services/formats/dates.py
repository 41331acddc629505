"""Formats dates and moments in the active language and the local time zone.

A moment is an aware ``datetime`` in UTC everywhere except on the screen; a day is a plain ``date``. A
formatted moment names its zone if the local clocks differ from those of the CRM, or of the event that it is
a time of, and in the repeated hour of autumn.
"""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from services import i18n, time_zones
from services.formats.locale_rules import date_locale, month_first

if TYPE_CHECKING:
    from babel.dates import DateTimePattern

_CELLS: Final = 16


def show_date(day: date) -> str:
    """Format the day in ten characters: ``15/06/2027``, in American English ``06/15/2027``."""
    return _date_pattern(i18n.locale_name()).apply(day, date_locale())


def show_datetime(moment: datetime, zone: tzinfo | None = None) -> str:
    """Format the moment in the local time zone, to the minute: ``15/06/2027 18:30``.

    The name of the local zone follows if the time is ambiguous (``31/10/2027 02:30 CET``), or if the clocks
    of ``zone`` differ: that of an event, by default that of the CRM.
    """
    local = moment.astimezone()
    name = time_zones.name_where_not_plain(local, zone)
    return " ".join(filter(None, (show_date(local), f"{local:%H:%M}", name)))


def list_datetime(moment: datetime, zone: tzinfo | None = None) -> str:
    """Format the moment for a list column, which is 16 cells wide if the local zone is that of the CRM.

    A short form shows the offset in the repeated hour of autumn, and for an event of another ``zone``:
    ``31/10/27 02:30+1``.
    """
    text = show_datetime(moment, zone)
    if len(text) <= _CELLS or time_zones.zone_width():
        return text
    local = moment.astimezone()
    offset = f"{local:%z}"[:3].replace("+0", "+").replace("-0", "-") + f"{local:%z}"[3:].rstrip("0")
    return f"{show_date(local).replace(f'{local:%Y}', f'{local:%y}')} {local:%H:%M}{offset}"


def say_age(age: timedelta) -> str:
    """How long ago something was, in words: ``3 minutes ago``."""
    from babel.dates import format_timedelta

    return format_timedelta(-age, add_direction=True, locale=date_locale())


def say_date(day: date) -> str:
    """The day in words: ``Tuesday 15 June 2027``, ``mardi 1er juin 2027``."""
    from babel.dates import format_date

    ordinal = "'er'" if day.day == 1 and i18n.language() == "fr" else ""
    pattern = "EEEE, MMMM d, yyyy" if month_first() else f"EEEE d{ordinal} MMMM yyyy"
    return format_date(day, pattern, locale=date_locale())


def say_month(day: date) -> str:
    """The month of a day in words: ``June 2027``."""
    from babel.dates import format_date

    return format_date(day, "MMMM yyyy", locale=date_locale())


def short_weekday(day: date) -> str:
    """The weekday of a day, abbreviated: ``Tue``, ``mar.``."""
    from babel.dates import format_date

    return format_date(day, "EEE", locale=date_locale())


def say_datetime(moment: datetime, zone: tzinfo | None = None) -> str:
    """The moment in words, in the local time zone: ``Tuesday 15 June 2027, 18:30``; ``zone`` as above."""
    local = moment.astimezone()
    words = f"{say_date(local.date())}, {local:%H:%M}"
    return " ".join(filter(None, (words, time_zones.name_where_not_plain(local, zone))))


def edit_date(day: date) -> str:
    """Format the day for an input; ``parse_date`` returns the same day."""
    return show_date(day)


def edit_datetime(moment: datetime, zone: tzinfo | None = None) -> str:
    """Format the moment for an input with times of ``zone``; ``parse_datetime`` returns it to the second.

    The text ends with the offset only for the second occurrence of a repeated time.
    """
    local = moment.astimezone(zone)
    text = f"{edit_date(local)} {local:%H:%M:%S}" if local.second else f"{edit_date(local)} {local:%H:%M}"
    naive = local.replace(tzinfo=None, fold=0)
    return text if time_zones.aware(naive, zone).astimezone(UTC) == moment else text + f"{local:%z}"


@lru_cache(maxsize=16)
def _date_pattern(locale_name: str) -> "DateTimePattern":
    from babel.dates import parse_pattern

    # Pad every part, so that dates align in a column.
    pattern = date_locale().datetime_skeletons["yMd"].pattern
    padded = re.sub("y+", "yyyy", re.sub("M+", "MM", re.sub("d+", "dd", pattern)))
    return parse_pattern(padded)
