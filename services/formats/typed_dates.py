"""Parses typed days and moments, says in words how they were read, and names what would be right.

``docs/forms.md`` has the table of what can be typed. The grammar is in :mod:`services.formats.typed_days` and
:mod:`services.formats.typed_moments`, its words in :mod:`services.formats.date_words`.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from services import time_zones
from services.errors import Invalid
from services.formats.dates import edit_date, edit_datetime, say_date, say_datetime
from services.formats.event_times import say_event_time
from services.formats.typed_days import (
    NO_SINGLE_DAY,
    NO_SUCH_DAY,
    Misread,
    Reference,
    TypedDay,
    coded,
    names_no_single_day,
    read_day,
)
from services.formats.typed_moments import TypedMoment, day_beside_time, read_moment
from services.i18n import N_, _

Found = TypeVar("Found")
_EXAMPLE: Final = datetime(2027, 6, 15, 18, 30)  # noqa: DTZ001 (shown as it is, in no zone)
_FIRST: Final = datetime(1, 1, 2, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 30, tzinfo=UTC)
"""Moments between these two have a day in every time zone."""

_NO_DATE: Final = N_("This is not a date; write it like {example}.")
_NO_MOMENT: Final = N_("This is not a date and time; write it like {example}.")
_DAY_ALONE: Final = N_("Only the day is kept here, without a time; write it like {example}.")
_FIRST_OF_TWO: Final = N_("{moment} (the clocks show this time twice; add {second} for the second)")


def parse_date(text: str, field: str, reference: Reference | None = None) -> date:
    """Parse a typed day: ``15/06/2027``, ``15/6``, ``15 June``, ``tomorrow``, ``lundi``, ``+3``.

    In American English the month comes first, in other languages the day; if that gives no date, the other
    order is used. Years of two digits are 1969 to 2068. Without a ``reference``, days without a year lie
    ahead. Raises :class:`Invalid` naming ``field``.
    """
    return _typed_day(text, field, reference or Reference()).day


def parse_datetime(text: str, field: str, reference: Reference | None = None) -> datetime:
    """Parse a typed moment, and return it in UTC: ``15/6/27 18:30``, ``demain 18h``.

    Times are those of the zone of the ``reference``, by default of the local one. The text may end with an
    offset (``2027-06-15T16:30:00Z``) or with the name of that zone (``02:30 CET``). A time that occurs twice
    in autumn means the first one, unless the zone is named. A time that the clocks skip in spring is refused.
    Raises :class:`Invalid` naming ``field``.
    """
    return _typed_moment(text, field, reference or Reference()).moment


def say_typed_date(text: str, field: str, reference: Reference | None = None) -> str:
    """A typed day in words. Raises :class:`Invalid` as :func:`parse_date`."""
    return say_date(parse_date(text, field, reference))


def say_typed_datetime(text: str, field: str, reference: Reference | None = None) -> str:
    """A typed moment in words; for a time that occurs twice, with a note about the other reading.

    A moment in another zone than the local one is said in both. Raises :class:`Invalid` as
    :func:`parse_datetime`.
    """
    zone = None if reference is None else reference.zone
    found = _typed_moment(text, field, reference or Reference())
    said = say_datetime(found.moment)
    if isinstance(zone, ZoneInfo):
        said = say_event_time(found.moment, zone.key)
    local = found.moment.astimezone(zone)
    second = time_zones.second_of_two(local)
    if second is None or local.fold or found.names_its_zone:
        return said
    return _(_FIRST_OF_TWO).format(moment=said, second=second)


def lasting_date(text: str, field: str, reference: Reference) -> str:
    """The text if it means the same day whenever it is read, and else the day itself, as :func:`edit_date`.

    Raises :class:`Invalid` as :func:`parse_date`.
    """
    found = _typed_day(text, field, reference)
    return text if found.is_fixed else edit_date(found.day)


def lasting_datetime(text: str, field: str, reference: Reference) -> str:
    """The text if it means the same moment whenever it is read, else the moment, as :func:`edit_datetime`.

    A time alone means the same as long as its start does. Raises :class:`Invalid` as :func:`parse_datetime`.
    """
    found = _typed_moment(text, field, reference)
    return text if found.is_fixed else edit_datetime(found.moment, reference.zone)


def _typed_day(text: str, field: str, reference: Reference) -> TypedDay:
    return _read(text, field, _NO_DATE, edit_date(_EXAMPLE), lambda words: _day_of(words, reference))


def _typed_moment(text: str, field: str, reference: Reference) -> TypedMoment:
    example = f"{edit_date(_EXAMPLE)} {_EXAMPLE:%H:%M}"
    found = _read(text, field, _NO_MOMENT, example, lambda words: read_moment(words, reference))
    if not _FIRST < found.moment < _LAST:
        raise Invalid.of(field, NO_SUCH_DAY, example=example)
    return found


def _day_of(words: str, reference: Reference) -> TypedDay | None:
    found = read_day(words, reference)
    if found is None and words.isdigit() and (near := read_day(f"THE {words}", reference)) is not None:
        raise Misread(_NO_DATE, example=edit_date(near.day))
    if found is None and names_no_single_day(words):
        raise Misread(NO_SINGLE_DAY)
    if found is None and (day := day_beside_time(words, reference)) is not None:
        raise Misread(_DAY_ALONE, example=edit_date(day))
    return found


def _read(text: str, field: str, refusal: str, example: str, read: Callable[[str], Found | None]) -> Found:
    """The first reading that the languages of the program give. Raises :class:`Invalid` if none does."""
    try:
        for words in coded(text):
            if (found := read(words)) is not None:
                return found
    except (OverflowError, ValueError, OSError):  # at the ends of the calendar
        problem = Invalid.of(field, NO_SUCH_DAY, example=example)
    except Misread as misread:
        problem = Invalid.of(field, misread.template, **{"example": example, **misread.params})
    else:
        problem = Invalid.of(field, refusal, example=example)
    raise problem
