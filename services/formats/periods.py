"""Days and periods as filters keep them: ``2027-06-15``, ``2027-06``, ``today-30``, ``this_week``.

What is typed relative to today stays so: ``today-30`` is another day tomorrow. A text that depends on today
in another way, such as a weekday, is kept as the day that it was when it was typed. Figures open lists from
one moment to another, such as ``2027-06-15T16:30:00+00:00``, which nobody types.
"""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from models.text import clean_typed, fold
from services.errors import Invalid
from services.formats.dates import edit_date, say_month, show_date, show_datetime
from services.formats.typed_dates import parse_date
from services.formats.typed_days import NO_SUCH_DAY, Reference, coded
from services.i18n import N_, N_plural, _, counted

_NAMES: Final = {
    "today": N_("today"), "today-1": N_("yesterday"), "today+1": N_("tomorrow"),
    "this_week": N_("this week"), "last_week": N_("last week"), "next_week": N_("next week"),
    "this_month": N_("this month"), "last_month": N_("last month"), "next_month": N_("next month"),
    "this_year": N_("this year"), "last_year": N_("last year"), "next_year": N_("next year"),
}  # fmt: skip
_LAST_DAYS: Final = N_plural("the last {count} day", "the last {count} days")
_NEXT_DAYS: Final = N_plural("the next {count} day", "the next {count} days")
_DAYS_AGO: Final = N_plural("{count} day ago", "{count} days ago")
_IN_DAYS: Final = N_plural("in {count} day", "in {count} days")

_MOST_DAYS: Final = 36_500
_TOKEN: Final = re.compile(
    r"(?P<which>this|last|next)_(?P<unit>week|month|year)|(?P<side>last|next)_(?P<days>[1-9][0-9]{0,4})_days"
    r"|today(?P<offset>[-+][1-9][0-9]{0,4})?"
    r"|(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"
)
_UNITS: Final = {"W": "week", "M": "month", "Y": "year"}
_WHICH: Final = r"(?:THE )?(?P<which>THIS|LAST|NEXT) UNIT-(?P<unit>[WMY])"
_AFTER: Final = r"(?:THE )?UNIT-(?P<unit>[WMY]) (?P<which>LAST|NEXT)"
_NUMBER: Final = r"(?P<number>[0-9]{1,5}) "
_SPAN: Final = rf"(?:IN )?(?:THE )?(?P<side>LAST|NEXT) {_NUMBER}UNIT-(?P<unit>[DW])"
_SPAN_AFTER: Final = rf"(?:IN )?(?:THE )?{_NUMBER}(?P<side>LAST|NEXT) UNIT-(?P<unit>[DW])"
_MONTH: Final = (
    r"MONTH(?P<month>[0-9]{1,2})(?: (?P<year>[0-9]{4}))?|(?P<number>[0-9]{1,2})[-/.](?P<of>[0-9]{4})"
    r"|(?P<first>[0-9]{4})[-/.](?P<then>[0-9]{1,2})"
)


def parse_period(text: str, field: str, reference: Reference) -> str:
    """A typed day or period as it is kept: ``this week``, ``30 derniers jours``, ``June 2027``, ``+3``.

    Raises :class:`Invalid` naming the field.
    """
    typed = clean_typed(text).strip()
    singular = re.sub(r"\b(dernier|derniere|prochain|prochaine)s\b", r"\1", fold(typed)[:200])
    for words in coded(re.sub(r"\bles\b", "le", singular)):
        token = _period(words, reference)
        if token is not None:
            return _checked(token, field, reference)
    day = parse_date(typed, field, reference)
    return _checked(_relative(typed, day, reference) or day.isoformat(), field, reference)


def keep_moment(moment: datetime) -> str:
    """A moment as it is kept, to the microsecond."""
    return moment.astimezone(UTC).isoformat()


def kept_moment(token: str) -> datetime | None:
    """The moment of what is kept, in UTC; ``None`` for a day or a period. Raises :class:`ValueError`."""
    if "T" not in token:
        return None
    moment = datetime.fromisoformat(token)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment.astimezone(UTC)


def bounds(token: str, today: date) -> tuple[date, date]:
    """The first day of what is kept, and the day after its last. Raises :class:`ValueError` for no period."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise ValueError("no period")
    if match["unit"]:
        return _calendar_unit(match["unit"], {"last": -1, "this": 0, "next": 1}[match["which"]], today)
    if match["side"]:
        days = _limited(match["days"])
        ends = (1 - days, 1) if match["side"] == "last" else (0, days)
        return _later(today, ends[0]), _later(today, ends[1])
    if match["year"]:
        return _of_calendar(int(match["year"]), match["month"], match["day"])
    day = _later(today, _limited(match["offset"] or "0"))
    return day, _later(day, 1)


def say_period(token: str) -> str:
    """What is kept in the words of the language: ``this week``, ``30 days ago``, ``15/06/2027``."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        moment = _moment_in(token)
        return token if moment is None else show_datetime(moment)
    if token in _NAMES:
        return _(_NAMES[token])
    if match["side"]:
        text = _LAST_DAYS if match["side"] == "last" else _NEXT_DAYS
        return counted(text, int(match["days"])).format(count=int(match["days"]))
    if match["offset"]:
        days = int(match["offset"])
        return counted(_DAYS_AGO if days < 0 else _IN_DAYS, abs(days)).format(count=abs(days))
    return _say_calendar(token, match)


def edit_period(token: str) -> str:
    """What is kept as the initial text of an input; :func:`parse_period` gives the same.

    A moment becomes its day.
    """
    if (moment := _moment_in(token)) is not None:
        return edit_date(moment.astimezone().date())
    match = _TOKEN.fullmatch(token)
    if match is not None and match["offset"] and token not in _NAMES:
        return match["offset"]
    if match is not None and match["month"] and not match["day"]:
        return token
    return say_period(token)


def say_reading(token: str, today: date) -> str:
    """The first and the last day of what is kept, if these are not what :func:`say_period` says already."""
    if _moment_in(token) is not None:
        return ""
    start, end = bounds(token, today)
    last = _later(end, -1)
    if start == last:
        return show_date(start)
    return _("{first} to {last}").format(first=show_date(start), last=show_date(last))


def _moment_in(token: str) -> datetime | None:
    """The moment of what is kept, ``None`` too if it cannot be read."""
    try:
        return kept_moment(token)
    except (ValueError, OverflowError):
        return None


def _period(words: str, reference: Reference) -> str | None:
    if match := re.fullmatch(_WHICH, words) or re.fullmatch(_AFTER, words):
        return f"{match['which'].lower()}_{_UNITS[match['unit']]}"
    if match := re.fullmatch(_SPAN, words) or re.fullmatch(_SPAN_AFTER, words):
        days = int(match["number"]) * (7 if match["unit"] == "W" else 1)
        return f"{match['side'].lower()}_{days}_days"
    if re.fullmatch("[0-9]{4}", words):
        return words
    if match := re.fullmatch(_MONTH, words):
        month = int(match["month"] or match["number"] or match["then"])
        year = match["year"] or match["of"] or match["first"] or f"{reference.today.year:04}"
        return f"{year}-{month:02}"
    return None


def _relative(text: str, day: date, reference: Reference) -> str | None:
    """The day as a distance from today, if the text means the same distance on every day."""
    for later in (1, 9, 40):
        moved = replace(reference, now=reference.now + timedelta(days=later))
        try:
            distance = parse_date(text, "", moved) - day
        except Invalid:
            return None
        if distance != moved.today - reference.today:
            return None
    days = (day - reference.today).days
    return f"today{days:+d}" if days else "today"


def _checked(token: str, field: str, reference: Reference) -> str:
    try:
        bounds(token, reference.today)
    except ValueError:
        raise Invalid.of(field, NO_SUCH_DAY, example=edit_date(reference.today)) from None
    return token


def _calendar_unit(unit: str, step: int, today: date) -> tuple[date, date]:
    if unit == "week":
        monday = _later(today, 7 * step - today.weekday())
        return monday, _later(monday, 7)
    if unit == "month":
        months = today.year * 12 + today.month - 1 + step
        return _of_calendar(months // 12, f"{months % 12 + 1}", None)
    return _of_calendar(today.year + step, None, None)


def _of_calendar(year: int, month: str | None, day: str | None) -> tuple[date, date]:
    if day is not None:
        first = date(year, int(month or 1), int(day))
        return first, _later(first, 1)
    start = date(year, int(month or 1), 1)
    last = date(year, 12, 31) if month is None else start.replace(day=monthrange(year, int(month))[1])
    return start, _later(last, 1)


def _limited(number: str) -> int:
    days = int(number)
    if abs(days) > _MOST_DAYS:
        raise ValueError("too far")
    return days


def _later(day: date, days: int) -> date:
    """The day so many days later; at the ends of the calendar, its first or last day."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def _say_calendar(token: str, match: re.Match[str]) -> str:
    try:
        first = date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return token
    if match["day"]:
        return show_date(first)
    return say_month(first) if match["month"] else match["year"]
