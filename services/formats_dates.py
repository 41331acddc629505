"""Dates and moments: read as people type them, shown in the active language and the local time zone.

A moment is an aware ``datetime`` in UTC everywhere but on the screen; a day is a plain ``date``.
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from services import i18n
from services.errors import Invalid
from services.formats_locale import babel_locale, month_first
from services.i18n import N_

if TYPE_CHECKING:
    from babel.dates import DateTimePattern

_LONGEST: Final = 60
_EXAMPLE: Final = datetime(2027, 6, 15, 18, 30)  # noqa: DTZ001 (shown as it is, in no zone)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2}")
_MOMENT = re.compile(r"(?P<day>[0-9./-]+)(?:[Tt]|,? (?:(?:à|at) )?)(?P<time>[0-9].*)")
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:hH](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,6})?)?|[hH])?"
    r"(?: ?(?P<half>[aApP])\.?[mM]\.?)?(?: ?(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2}(?::?[0-9]{2})?))?"
)

_NO_DATE = N_("This is not a date; write it like {example}.")
_NO_SUCH_DAY = N_("There is no such day in the calendar; write the date like {example}.")
_SHORT = N_("Write the year with four digits, like {example}.")
_NO_MOMENT = N_("This is not a date and time; write it like {example}.")
_NO_TIME = N_("Add the time, like {example}.")
_SKIPPED = N_("The clocks go forward then: this time does not exist.")


def parse_date(text: str, field: str) -> date:
    """The day that somebody typed: ``15/06/2027``, ``2027-06-15``, ``15.06.2027``.

    In English of America the month comes first, elsewhere the day; the other order is taken where it is
    the only possible one. Raises :class:`Invalid` naming ``field``.
    """
    typed = text.strip()[:_LONGEST]
    year_first = _YEAR_FIRST.fullmatch(typed)
    if year_first is not None:
        return _day(int(year_first[1]), int(year_first[3]), int(year_first[4]), field)
    year_last = _YEAR_LAST.fullmatch(typed)
    if year_last is None:
        template = _SHORT if _SHORT_YEAR.fullmatch(typed) else _NO_DATE
        raise Invalid.of(field, template, example=edit_date(_EXAMPLE.date()))
    first, second, year = int(year_last[1]), int(year_last[3]), int(year_last[4])
    month_leads = first <= 12 if month_first() else second > 12
    month, day = (first, second) if month_leads else (second, first)
    return _day(year, month, day, field)


def parse_datetime(text: str, field: str) -> datetime:
    """The moment that somebody typed in the local time zone, in UTC: ``15/06/2027 18:30``, ``18h30``.

    ISO 8601 with its zone (``2027-06-15T16:30:00Z``) is read as it says. Of a time that the clocks show
    twice in autumn the first is meant; one that they skip in spring is refused. Raises :class:`Invalid`
    naming ``field``.
    """
    typed = re.sub(r"\s+", " ", text.strip()[:_LONGEST])
    match = _MOMENT.fullmatch(typed)
    clock = _TIME.fullmatch(match["time"]) if match else None
    if match is None or clock is None:
        template = _NO_TIME if _is_date(typed, field) else _NO_MOMENT
        raise Invalid.of(field, template, example=_moment_example())
    day = parse_date(match["day"], field)
    try:
        naive = datetime(day.year, day.month, day.day, *_clock(clock))  # noqa: DTZ001 (its zone comes next)
        return _in_utc(naive, clock["zone"], field)
    except (ValueError, OverflowError, OSError):
        raise Invalid.of(field, _NO_MOMENT, example=_moment_example()) from None


def show_date(day: date) -> str:
    """The day for the eye, ten characters: ``15/06/2027``, in America ``06/15/2027``."""
    name = i18n.locale_name()
    return _date_pattern(name).apply(day, babel_locale(name))


def show_datetime(moment: datetime) -> str:
    """The moment for the eye, in the local time zone, to the minute: ``15/06/2027 18:30``."""
    local = moment.astimezone()
    return f"{show_date(local)} {local:%H:%M}"


def edit_date(day: date) -> str:
    """The day as one would type it; :func:`parse_date` gives the same day back."""
    return show_date(day)


def edit_datetime(moment: datetime) -> str:
    """The moment as one would type it; :func:`parse_datetime` gives it back, to the second.

    It bears its zone only where the clocks show the same time twice and the second is meant.
    """
    local = moment.astimezone()
    text = f"{edit_date(local)} {local:%H:%M:%S}" if local.second else f"{edit_date(local)} {local:%H:%M}"
    naive = local.replace(tzinfo=None, fold=0)
    return text if naive.astimezone(UTC) == moment else text + f"{local:%z}"


def iso_utc(moment: datetime) -> str:
    """The moment for scripts: ISO 8601 in UTC, to the second, as ``2027-06-15T16:30:00Z``.

    Raises :class:`ValueError` for a moment without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _day(year: int, month: int, day: int, field: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Invalid.of(field, _NO_SUCH_DAY, example=edit_date(_EXAMPLE.date())) from None


def _is_date(text: str, field: str) -> bool:
    try:
        parse_date(text, field)
    except Invalid:
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


def _in_utc(naive: datetime, zone: str | None, field: str) -> datetime:
    if zone is not None:
        return datetime.fromisoformat(f"{naive.isoformat()}{zone.upper()}").astimezone(UTC)
    moment = naive.astimezone(UTC)
    if moment.astimezone().replace(tzinfo=None) != naive:
        raise Invalid.of(field, _SKIPPED)
    return moment


@lru_cache(maxsize=16)
def _date_pattern(locale_name: str) -> "DateTimePattern":
    from babel.dates import parse_pattern

    # Every part padded, so that dates stand below each other.
    pattern = babel_locale(locale_name).datetime_skeletons["yMd"].pattern
    padded = re.sub("y+", "yyyy", re.sub("M+", "MM", re.sub("d+", "dd", pattern)))
    return parse_pattern(padded)
