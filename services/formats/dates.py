"""Parses and formats dates and moments in the active language and the local time zone.

A moment is an aware ``datetime`` in UTC everywhere except on the screen; a day is a plain ``date``. A
formatted moment names its zone if the local zone differs from that of the CRM, and in the repeated hour of
autumn.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from models.text import plain_number
from services import i18n, time_zones
from services.errors import Invalid
from services.formats.locale_rules import date_locale, month_first
from services.i18n import N_, _

if TYPE_CHECKING:
    from babel.dates import DateTimePattern

_LONGEST: Final = 60
_EXAMPLE: Final = datetime(2027, 6, 15, 18, 30)  # noqa: DTZ001 (shown as it is, in no zone)
_CELLS: Final = 16
_PIVOT: Final = 69
"""A year of two digits from this one on is in the 20th century, as in POSIX."""
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_MOMENT = re.compile(r"(?P<day>[0-9./-]+)(?:[Tt]|,? (?:(?:à|at) )?)(?P<time>[0-9].*)")
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:hH](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,6})?)?|[hH])?"
    r"(?: ?(?P<half>[aApP])\.?[mM]\.?)?"
    r"(?: ?(?P<zone>[Zz]|(?:UTC)?[+-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?| [A-Z]{2,5}|[A-Z]{3,5}))?"
)

_NO_DATE = N_("This is not a date; write it like {example}.")
_NO_SUCH_DAY = N_("There is no such day in the calendar; write the date like {example}.")
_NO_SUCH_DAY_THEN = N_("There is no such day in the calendar; write the date and time like {example}.")
_NO_MOMENT = N_("This is not a date and time; write it like {example}.")
_NO_TIME = N_("Add the time, like {example}.")
_SKIPPED = N_("This time does not exist, since the clocks go forward then; an hour later it is {example}.")
_OTHER_ZONE = N_("Times are typed in {zone} here; write it like {example}, or with an offset such as +02:00.")
_FIRST_OF_TWO = N_("{moment} (the clocks show this time twice; add {second} for the second)")


def parse_date(text: str, field: str) -> date:
    """Parse a typed day: ``15/06/2027``, ``15/6/27``, ``2027-06-15``, ``15.06.2027``.

    In American English the month comes first, in other languages the day; if that gives no date, the other
    order is used. Years of two digits are 1969 to 2068. Raises :class:`Invalid` naming ``field``.
    """
    day = _read_day(_tidy(text))
    if day is None:
        raise Invalid.of(field, _NO_DATE, example=edit_date(_EXAMPLE.date()))
    try:
        return date(*day)
    except ValueError:
        raise Invalid.of(field, _NO_SUCH_DAY, example=edit_date(_EXAMPLE.date())) from None


def parse_datetime(text: str, field: str) -> datetime:
    """Parse a typed moment in the local time zone, and return it in UTC: ``15/06/2027 18:30``, ``18h30``.

    The text may end with an offset (``2027-06-15T16:30:00Z``) or with the name of the local zone
    (``02:30 CET``). A time that occurs twice in autumn means the first one, unless the zone is named. A time
    that the clocks skip in spring is refused. Raises :class:`Invalid` naming ``field``.
    """
    typed = _tidy(text)
    match = _MOMENT.fullmatch(typed)
    clock = _TIME.fullmatch(match["time"]) if match else None
    day = _read_day(match["day"]) if match else None
    if clock is None or day is None:
        template = _NO_MOMENT if _read_day(typed) is None else _NO_TIME
        raise Invalid.of(field, template, example=_moment_example())
    try:
        naive = datetime(*day, *_clock(clock))  # noqa: DTZ001 (its zone comes next)
        return _in_utc(naive, (clock["zone"] or "").strip(), field)
    except (ValueError, OverflowError, OSError):
        template = _NO_MOMENT if _is_day(day) else _NO_SUCH_DAY_THEN
        raise Invalid.of(field, template, example=_moment_example()) from None


def show_date(day: date) -> str:
    """Format the day in ten characters: ``15/06/2027``, in American English ``06/15/2027``."""
    return _date_pattern(i18n.locale_name()).apply(day, date_locale())


def show_datetime(moment: datetime) -> str:
    """Format the moment in the local time zone, to the minute: ``15/06/2027 18:30``.

    The name of the zone follows if the time is ambiguous: ``31/10/2027 02:30 CET``.
    """
    local = moment.astimezone()
    return " ".join(
        filter(None, (show_date(local), f"{local:%H:%M}", time_zones.name_where_not_plain(local)))
    )


def list_datetime(moment: datetime) -> str:
    """Format the moment for a list column, which is 16 cells wide if the local zone is that of the CRM.

    In the repeated hour of autumn a short form shows the offset: ``31/10/27 02:30+1``.
    """
    text = show_datetime(moment)
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
    """The day in words: ``Tuesday 15 June 2027``."""
    from babel.dates import format_date

    return format_date(day, "full" if month_first() else "EEEE d MMMM y", locale=date_locale())


def say_datetime(moment: datetime) -> str:
    """The moment in words, in the local time zone: ``Tuesday 15 June 2027, 18:30``."""
    local = moment.astimezone()
    words = f"{say_date(local.date())}, {local:%H:%M}"
    return " ".join(filter(None, (words, time_zones.name_where_not_plain(local))))


def say_typed_datetime(text: str, field: str) -> str:
    """A typed moment in words; for a time that occurs twice, with a note about the other reading.

    Raises :class:`Invalid` as :func:`parse_datetime`.
    """
    moment = parse_datetime(text, field)
    local = moment.astimezone()
    said = say_datetime(moment)
    second = time_zones.second_of_two(local)
    names_its_zone = re.search(r"[0-9 ](?:[A-Za-z]{3,}[+0-9:]*|[Zz]|[+-][0-9:]+)$", _tidy(text)[10:])
    if second is None or local.fold or names_its_zone:
        return said
    return _(_FIRST_OF_TWO).format(moment=said, second=second)


def edit_date(day: date) -> str:
    """Format the day for an input; :func:`parse_date` returns the same day."""
    return show_date(day)


def edit_datetime(moment: datetime) -> str:
    """Format the moment for an input; :func:`parse_datetime` returns it to the second.

    The text ends with the offset only for the second occurrence of a repeated time.
    """
    local = moment.astimezone()
    text = f"{edit_date(local)} {local:%H:%M:%S}" if local.second else f"{edit_date(local)} {local:%H:%M}"
    naive = local.replace(tzinfo=None, fold=0)
    return text if naive.astimezone(UTC) == moment else text + f"{local:%z}"


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", plain_number(text).strip()[:_LONGEST])


def _read_day(text: str) -> tuple[int, int, int] | None:
    """Year, month and day; ``None`` if the text has not the form of a date."""
    year_first = _YEAR_FIRST.fullmatch(text)
    if year_first is not None:
        return int(year_first[1]), int(year_first[3]), int(year_first[4])
    year_last = _YEAR_LAST.fullmatch(text)
    if year_last is None:
        return None
    first, second, year = int(year_last[1]), int(year_last[3]), int(year_last[4])
    if len(year_last[4]) == 2:
        year += 1900 if year >= _PIVOT else 2000
    month_leads = first <= 12 if month_first() else second > 12
    return (year, first, second) if month_leads else (year, second, first)


def _is_day(day: tuple[int, int, int]) -> bool:
    try:
        date(*day)
    except ValueError:
        return False
    return True


def _moment_example() -> str:
    return f"{edit_date(_EXAMPLE)} {_EXAMPLE:%H:%M}"


def _clock(clock: re.Match[str]) -> tuple[int, int, int]:
    """Hour, minute and second. Raises :class:`ValueError` for a bare hour or 13 pm."""
    hour, half = int(clock["hour"]), (clock["half"] or "").lower()
    if not half and not re.match("[0-9]{1,2}[:hH]", clock[0]):
        raise ValueError("a bare number is no time")
    if half and not 1 <= hour <= 12:
        raise ValueError("no such hour on a clock of twelve")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(clock["minute"] or 0), int(clock["second"] or 0)


def _in_utc(naive: datetime, zone: str, field: str) -> datetime:
    if zone[:1] in ("Z", "z", "+", "-") or zone.startswith("UTC"):
        offset = zone.upper().removeprefix("UTC") or "Z"
        return datetime.fromisoformat(f"{naive.isoformat()}{offset}").astimezone(UTC)
    candidates = [naive.replace(fold=fold).astimezone() for fold in (0, 1)]
    if candidates[0].astimezone(UTC).astimezone().replace(tzinfo=None) != naive:
        later = max(each.astimezone(UTC) for each in candidates)
        raise Invalid.of(field, _SKIPPED, example=edit_datetime(later))
    if not zone:
        return candidates[0].astimezone(UTC)
    named = [each for each in candidates if time_zones.name_of(each) == zone]
    if not named:
        name = time_zones.name_of(candidates[0])
        raise Invalid.of(field, _OTHER_ZONE, zone=name, example=_moment_example())
    return named[0].astimezone(UTC)


@lru_cache(maxsize=16)
def _date_pattern(locale_name: str) -> "DateTimePattern":
    from babel.dates import parse_pattern

    # Pad every part, so that dates align in a column.
    pattern = date_locale().datetime_skeletons["yMd"].pattern
    padded = re.sub("y+", "yyyy", re.sub("M+", "MM", re.sub("d+", "dd", pattern)))
    return parse_pattern(padded)
