"""The grammar of typed days: ``15/6``, ``lundi``, ``the 15th``, ``+2w``, ``in 3 days``, ``fin juin``.

A rule is a pattern over the text in codes (see :mod:`services.formats.date_words`) and a function that
returns the day.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from models.text import fold, plain_number
from services import i18n
from services.formats.date_words import readings_of
from services.formats.dates import say_date
from services.formats.locale_rules import month_first
from services.i18n import N_

NO_SUCH_DAY: Final = N_("There is no such day in the calendar; write it like {example}.")
NO_SINGLE_DAY: Final = N_("This names no single day; write it like {example}.")
_OTHER_WEEKDAY: Final = N_("The weekday does not fit, since this is {day}. Correct one of the two.")

_LONGEST: Final = 60
_LONGEST_PASTED: Final = 1000
_PIVOT: Final = 69
"""A year of two digits from this one on is in the 20th century, as in POSIX."""
_LEAP_YEAR: Final = 2000
_YEARS_TO_A_LEAP_DAY: Final = 8
"""From 1896 to 1904 and from 2096 to 2104."""


@dataclass(frozen=True)
class Reference:
    """What a typed date is read against.

    ``now`` is an aware moment; today is its day on the clocks of ``zone``, by default those of this machine,
    which typed times are of. A weekday or a day without a year is the next one, or the latest one up to today
    if the field ``looks_back``. ``start`` is the start of something whose end is typed: a weekday, a day
    without a year and a time alone then follow it.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    looks_back: bool = False
    start: datetime | None = None
    zone: tzinfo | None = None

    @property
    def today(self) -> date:
        """The day on the clocks of the zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def nearby(self) -> date:
        """The day that a day without a year is near to."""
        return self.today if self.start is None else self.start.astimezone(self.zone).date()


@dataclass(frozen=True)
class TypedDay:
    """A day that was read; ``is_fixed`` says that the text means the same whenever it is read."""

    day: date
    is_fixed: bool


class Misread(Exception):
    """The text has the form of a date but is none; ``template`` and ``params`` say what would be right."""

    def __init__(self, template: str, **params: object) -> None:
        super().__init__(template)
        self.template = template
        self.params = params


def coded(text: str) -> Iterator[str]:
    """The text in codes, as each language reads its words, that of the screen first; nothing if too long."""
    if len(text) > _LONGEST_PASTED:
        return
    plain = " ".join(fold(plain_number(text)).split())
    if len(plain) <= _LONGEST:
        for coded_words in readings_of(_without_marks(plain), i18n.language()):
            yield re.sub("(?:^| )(?:OF|ON)(?= |$)", "", coded_words).strip()


_BEFORE_ZONE: Final = (
    r"(?<=[0-9])( ?h| ?[ap]\.? ?m\.?)(?=z$|utc|(?!eures?$|ours?$|rs?$)[a-z]{3,5}$)"  # 18hCEST, but 18heures
)


def _without_marks(text: str) -> str:
    """The folded text without the marks of abbreviations, and those between words and numbers."""
    text = re.sub(_BEFORE_ZONE, r"\1 ", text)
    text = re.sub(r"(?<![a-z])([ap])\.? ?m(?![a-z])\.?", r"\1m", text)
    text = re.sub(r"(?<=[a-z])\.|\.(?=[a-z])|(?<=[0-9])\. |[',]", " ", text)
    text = re.sub(r"(?<!utc)(?<=[a-z])[-/](?=[a-z0-9])|(?<=[0-9])[-/](?=[a-z])", " ", text)
    return re.sub(r" ?([:/]) ?", r"\1", text.replace("@", " at "))


def read_day(text: str, reference: Reference) -> TypedDay | None:
    """The day that the text in codes means; ``None`` without the form of one. Raises :class:`Misread`."""
    for pattern, read in _RULES:
        match = re.fullmatch(pattern, text)
        if match is not None:
            return _checked(match, read, reference)
    return None


def has_form_of_day(text: str) -> bool:
    """Whether the text in codes has the form of a day, be there one or not."""
    return any(re.fullmatch(pattern, text) for pattern, _read in _RULES)


def day_and_month(text: str) -> tuple[int, int] | None:
    """The day and the month that the text in codes names without a year; ``None`` if it names no such day.

    Days that exist in leap years alone count too.
    """
    for pattern, read in _RULES:
        match = re.fullmatch(pattern, text) if read in (_numbers, _with_month) else None
        if match is not None:
            parts = match.groupdict()
            day, month = _placed(match) if read is _numbers else (int(parts["day"]), int(parts["month"]))
            is_whole = parts.get("year") is None and parts.get("beside") is None
            return (day, month) if is_whole and _exists(day, month) else None
    return None


def _exists(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(_LEAP_YEAR, month)[1]


def names_no_single_day(text: str) -> bool:
    """Whether the text in codes is a month, a year or another period."""
    return re.fullmatch(_PERIOD, text) is not None


def _checked(match: re.Match[str], read: "Rule", reference: Reference) -> TypedDay:
    try:
        found = read(match, reference)
    except (ValueError, OverflowError):
        raise Misread(NO_SUCH_DAY) from None
    weekday = match.groupdict().get("beside")
    if weekday is not None and found.day.weekday() != int(weekday):
        raise Misread(_OTHER_WEEKDAY, day=say_date(found.day))
    return found


# The functions of the rules. They raise ValueError or OverflowError for a day that does not exist.

Rule = Callable[[re.Match[str], Reference], TypedDay]


def _year_first(match: re.Match[str], _reference: Reference) -> TypedDay:
    return TypedDay(date(int(match["year"]), int(match["month"]), int(match["day"])), is_fixed=True)


def _numbers(match: re.Match[str], reference: Reference) -> TypedDay:
    day, month = _placed(match)
    return _day_of_month(day, month, match["year"], reference)


def _placed(match: re.Match[str]) -> tuple[int, int]:
    """The day and the month of two numbers, in the order of the language."""
    first, second = int(match["first"]), int(match["second"])
    month_leads = first <= 12 if month_first() else second > 12
    return (second, first) if month_leads else (first, second)


def _with_month(match: re.Match[str], reference: Reference) -> TypedDay:
    return _day_of_month(int(match["day"]), int(match["month"]), match["year"], reference)


def _day_of_month(day: int, month: int, year: str | None, reference: Reference) -> TypedDay:
    if year is not None:
        return TypedDay(date(full_year(year), month, day), is_fixed=True)
    step = -1 if reference.looks_back else 1
    years = (reference.nearby.year + step * distance for distance in range(_YEARS_TO_A_LEAP_DAY + 1))
    return _nearest(((each, month, day) for each in years), reference)


def _without_month(match: re.Match[str], reference: Reference) -> TypedDay:
    near, step = reference.nearby, -1 if reference.looks_back else 1
    months = (near.year * 12 + near.month - 1 + step * distance for distance in range(3))
    return _nearest(((each // 12, each % 12 + 1, int(match["day"])) for each in months), reference)


def _nearest(days: Iterator[tuple[int, int, int]], reference: Reference) -> TypedDay:
    """The first day that exists and lies in the direction of the reference. Raises :class:`ValueError`."""
    near = reference.nearby
    for parts in days:
        try:
            day = date(*parts)
        except ValueError:
            continue
        if day <= near if reference.looks_back else day >= near:
            return TypedDay(day, reference.start is not None)
    raise ValueError("no such day")


def _end_of_month(match: re.Match[str], reference: Reference) -> TypedDay:
    month, year = int(match["month"]), match["year"]
    if year is not None:
        return TypedDay(_last_of(full_year(year), month), is_fixed=True)
    near = reference.nearby
    found = _last_of(near.year, month)
    if reference.looks_back and found > near:
        found = _last_of(near.year - 1, month)
    if not reference.looks_back and found < near:
        found = _last_of(near.year + 1, month)
    return TypedDay(found, reference.start is not None)


def _end_of_this(match: re.Match[str], reference: Reference) -> TypedDay:
    day = reference.today
    if match["unit"] == "UNIT-Y":
        return TypedDay(date(day.year, 12, 31), is_fixed=False)
    day = _moved(day, 1 if match["before"] or match["after"] else 0, "UNIT-M")
    return TypedDay(_last_of(day.year, day.month), is_fixed=False)


def _end_of_year(match: re.Match[str], _reference: Reference) -> TypedDay:
    return TypedDay(date(int(match["year"]), 12, 31), is_fixed=True)


def _weekday(match: re.Match[str], reference: Reference) -> TypedDay:
    which, weekday = match["which"], int(match["weekday"])
    if which is None and reference.start is not None:
        return TypedDay(_on_or_after(reference.nearby, weekday), is_fixed=True)
    today, day = reference.today, timedelta(days=1)
    if which == "LAST" or (which != "NEXT" and reference.looks_back):
        latest = today - day if which == "LAST" else today
        return TypedDay(_on_or_after(latest - 6 * day, weekday), is_fixed=False)
    return TypedDay(_on_or_after(today if which == "THIS" else today + day, weekday), is_fixed=False)


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _word(match: re.Match[str], reference: Reference) -> TypedDay:
    return TypedDay(_moved(reference.today, int(match["days"] or 0), "UNIT-D"), is_fixed=False)


def _ahead(match: re.Match[str], reference: Reference) -> TypedDay:
    parts = match.groupdict()
    number = number_of(match["number"]) * (-1 if parts.get("sign") == "-" else 1)
    return TypedDay(_moved(reference.today, number, parts["unit"] or "UNIT-D"), is_fixed=False)


def _ago(match: re.Match[str], reference: Reference) -> TypedDay:
    return TypedDay(_moved(reference.today, -number_of(match["number"]), match["unit"]), is_fixed=False)


def number_of(text: str) -> int:
    """The number in digits or codes: ``3``, ``NUM3``, ``A``."""
    return 1 if text == "A" else int(text.removeprefix("NUM"))


def _moved(day: date, number: int, unit: str) -> date:
    """The day so many units later; the last day of the month if it has no such day."""
    if unit in ("UNIT-D", "UNIT-W"):
        return day + timedelta(days=number * (7 if unit == "UNIT-W" else 1))
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "UNIT-Y" else 1)
    last = _last_of(months // 12, months % 12 + 1)
    return last.replace(day=min(day.day, last.day))


def _last_of(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first.replace(day=monthrange(first.year, first.month)[1])


def full_year(text: str) -> int:
    """The year that was typed with two digits or with all."""
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= _PIVOT else 2000)


_BESIDE = "(?:(?:THE )?WEEKDAY(?P<beside>[0-6]) )?"
_YEAR = "(?: (?P<year>[0-9]{4}|[0-9]{2}))?"
_NUMBER = "(?P<number>[0-9]+|A|NUM[0-9]+)"
_UNIT = "(?P<unit>UNIT-[DWMY])"

_RULES: Final = (
        (
            _BESIDE + r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})",
            _year_first,
        ),
        (
            _BESIDE + r"(?P<first>[0-9]{1,2})(?P<mark>[-/.])(?P<second>[0-9]{1,2})"
            r"(?:(?P=mark)(?P<year>[0-9]{4}|[0-9]{2}))?",
            _numbers,
        ),
        (_BESIDE + r"(?P<first>[0-9]{1,2}) (?P<second>[0-9]{1,2}) (?P<year>[0-9]{4})", _numbers),
        (_BESIDE + r"(?:THE )?(?P<day>[0-9]{1,2})(?: TH)? MONTH(?P<month>[0-9]+)" + _YEAR, _with_month),
        (_BESIDE + r"MONTH(?P<month>[0-9]+) (?:THE )?(?P<day>[0-9]{1,2})(?: TH)?" + _YEAR, _with_month),
        (r"(?P<year>[0-9]{4}) MONTH(?P<month>[0-9]+) (?P<day>[0-9]{1,2})", _with_month),
        (_BESIDE + r"THE (?P<day>[0-9]{1,2})(?: TH)?", _without_month),
        (_BESIDE + r"(?P<day>[0-9]{1,2}) TH", _without_month),
        (r"(?:THE )?WEEKDAY(?P<beside>[0-6]) (?P<day>[0-9]{1,2})", _without_month),
        (r"(?:THE )?WEEKDAY(?P<weekday>[0-6])(?: (?P<which>NEXT|LAST|THIS))?", _weekday),
        (r"(?:THE )?(?P<which>NEXT|LAST|THIS) WEEKDAY(?P<weekday>[0-6])", _weekday),
        (r"DAY(?P<days>[-+]?[0-9])", _word),
        (r"NOW(?P<days>)", _word),
        (r"(?P<sign>[-+]) ?" + _NUMBER + f"(?: {_UNIT})?", _ahead),
        (f"IN {_NUMBER} {_UNIT}", _ahead),
        (f"{_NUMBER} {_UNIT} FROM-NOW", _ahead),
        (f"{_NUMBER} {_UNIT} AGO", _ago),
        (f"BEFORE-NOW {_NUMBER} {_UNIT}", _ago),
        (r"END MONTH(?P<month>[0-9]+)" + _YEAR, _end_of_month),
        (r"END (?:THE |THIS )?(?P<before>NEXT )?(?P<unit>UNIT-M)(?P<after> NEXT)?", _end_of_this),
        (r"END (?:THE |THIS )?(?P<before>)(?P<unit>UNIT-Y)(?P<after>)", _end_of_this),
        (r"END (?P<year>[0-9]{4})", _end_of_year),
)  # fmt: skip
"""Compiled when the first date is typed: they would take 10 ms of each start."""

_PERIOD: Final = (
    r"(?:(?:NEXT|LAST|THIS|THE|PART-OF) )*(?:MONTH[0-9]+|UNIT-[WMY]|WEEKEND|END (?:THE )?UNIT-W)"
    r"(?: (?:NEXT|LAST))?(?: [0-9]{4})?"
    r"|[0-9]{4}|[0-9]{1,2}[-/.][0-9]{4}|[0-9]{4}[-/.][0-9]{1,2}"
)
