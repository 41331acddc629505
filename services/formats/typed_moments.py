"""The grammar of typed moments: a day and a time in either order, ``in 2 hours``, a time alone in an end.

Times are those of the clocks of the reference, by default the local ones:
``18h``, ``18h30``, ``18:30``, ``18.30``, ``1830``, ``6pm``, ``midi``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from services import time_zones
from services.formats.dates import edit_date, edit_datetime
from services.formats.typed_days import (
    NO_SINGLE_DAY,
    Misread,
    Reference,
    has_form_of_day,
    names_no_single_day,
    number_of,
    read_day,
)
from services.i18n import N_

_NO_MOMENT: Final = N_("This is not a date and time; write it like {example}.")
_NO_TIME: Final = N_("Add the time, like {example}.")
_NO_DAY: Final = N_("Add the day, like {example}.")
_SKIPPED: Final = N_(
    "This time does not exist, since the clocks go forward then; an hour later it is {example}."
)
_DAY_OR_TIME: Final = N_("This could be a day or a time; write it like {example}.")
_OTHER_ZONE: Final = N_(
    "Times are typed in {zone} here; write it like {example}, or with an offset such as +02:00."
)

_TIME: Final = (
    r"(?:(?P<part_before>MORNING|AFTERNOON|EVENING) )?(?:(?:AT|A|T) )?"
    r"(?:(?P<word>NOON|MIDNIGHT)"
    r"|(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,6})?)?(?: H)?"
    r"|\.(?P<after_dot>[0-9]{2})|(?P<h> H)(?: (?P<after_h>[0-9]{2})(?: MIN)?)?)?"
    r"|(?P<compact>[0-9]{3,4}))"
    r"(?: (?:(?P<half>AM|PM)|(?P<part_after>MORNING|AFTERNOON|EVENING)))?"
    r"(?: ?(?P<zone>z|(?:utc)?[-+][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?|[a-z]{2,5}))?"
)
_BARE_HOUR: Final = "(?P<day>.+?)(?: AT| A)? (?P<hour>[01]?[0-9]|2[0-3])"
_WEEKDAY_AND_NUMBER: Final = "(?:THE )?WEEKDAY[0-6] [0-9]{1,2}"
_FROM_NOW: Final = (
    "(?:(?P<before>IN|BEFORE-NOW|[-+]) ?)?"
    "(?:(?P<hours>[0-9]+|A|NUM[0-9]+) H(?: (?P<rest>[0-9]{1,2})(?: MIN)?)?|(?P<minutes>[0-9]+) MIN)"
    "(?: (?P<after>AGO|FROM-NOW))?"
)
_HOURS: Final[Mapping[str, range]] = {
    "AM": range(12), "PM": range(12, 24),
    "MORNING": range(12), "AFTERNOON": range(12, 20), "EVENING": range(17, 25),
}  # fmt: skip
"""The hours of each part of the day; the evening ends at 24:00."""
_LIKE_A_YEAR: Final = "19|20|21"
"""The first two digits of a number that is a year after the name of a month, and no time."""


@dataclass(frozen=True)
class TypedMoment:
    """A moment that was read, in UTC.

    ``is_fixed`` says that the text means the same whenever it is read, ``names_its_zone`` that it leaves no
    choice between the two occurrences of a time in autumn.
    """

    moment: datetime
    is_fixed: bool
    names_its_zone: bool = False


@dataclass(frozen=True)
class _ClockTime:
    """A time of day with its zone as typed; 24:00 is the midnight at the end of the day."""

    hour: int
    minute: int = 0
    second: int = 0
    zone: str = ""

    def on(self, day: date) -> datetime:
        """The naive moment on a day."""
        midnight = datetime.combine(day, time())
        return midnight + timedelta(hours=self.hour, minutes=self.minute, seconds=self.second)


def read_moment(text: str, reference: Reference) -> TypedMoment | None:
    """The moment that the text in codes means; ``None`` without the form of one. Raises :class:`Misread`."""
    if text == "NOW":
        return TypedMoment(_to_the_minute(reference.now), is_fixed=False)
    from_now = _from_now(text, reference)
    if from_now is not None:
        return from_now
    for day_text, clock in _splits(text):
        day = read_day(day_text, reference)
        if day is not None:
            return TypedMoment(_in_utc(clock, day.day, reference.zone), day.is_fixed, bool(clock.zone))
    time_alone = _clock_time(text)
    if time_alone is not None and (reference.start is not None or not _is_day(text, reference)):
        return _after_start(time_alone, reference)
    _refuse_half(re.sub(" (?:MORNING|AFTERNOON|EVENING)$", "", text), reference)
    return None


def day_beside_time(text: str, reference: Reference) -> date | None:
    """The day of a text in codes that has a time too, else ``None``. Raises :class:`Misread`."""
    for day_text, _clock in _splits(text):
        day = read_day(day_text, reference)
        return None if day is None else day.day
    return None


def _is_day(text: str, reference: Reference) -> bool:
    """Whether the text is a day of the calendar: 15.06 is one, 18.30 only a time."""
    try:
        return read_day(text, reference) is not None
    except Misread:
        return False


def _splits(text: str) -> Iterator[tuple[str, _ClockTime]]:
    """The ways to read the text as a day before a time, then those as a time before a day."""
    words = text.split(" ")
    pairs = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words))]
    for day, after in pairs:
        clock = _clock_time(after)
        if clock is not None and has_form_of_day(day) and not _is_year(day, after):
            yield day, clock
    for before, day in pairs:
        clock = _clock_time(before)
        if clock is not None and day[0] not in "+-" and has_form_of_day(day):
            yield day, clock


def _is_year(day: str, number: str) -> bool:
    """Whether a number of four digits after a day is its year: ``15 June 2030``."""
    ends_with_month = re.search(r"MONTH[0-9]+(?: [0-9]{1,2}(?: TH)?)?$", day) is not None
    return ends_with_month and number.isdigit() and re.match(_LIKE_A_YEAR, number) is not None


def _clock_time(text: str) -> _ClockTime | None:
    """The time of day; ``None`` for all else, such as a number alone, 25:00 or 13 pm."""
    match = re.fullmatch(_TIME, text)
    if match is None or (match["part_before"] and (match["half"] or match["part_after"])):
        return None
    part = match["half"] or match["part_before"] or match["part_after"]
    is_whole = match["word"] or match["h"] or len(match["compact"] or "") == 4
    minute, second = _minute(match), int(match["second"] or 0)
    hour = _hour(match, part)
    if hour is None or not (part or is_whole or minute is not None):
        return None
    clock = _ClockTime(hour, minute or 0, second, match["zone"] or "")
    is_end_of_day = (clock.hour, clock.minute, second) == (24, 0, 0)
    is_time = clock.hour < 24 and clock.minute < 60 and second < 60
    return clock if is_time or is_end_of_day else None


def _hour(match: re.Match[str], part: str | None) -> int | None:
    """The hour of 24; ``None`` if the part of the day has no such hour, as in 13 pm."""
    if match["word"]:
        hour = 12 if match["word"] == "NOON" else 0
        hours: tuple[int, ...] = (hour,) if hour else (0, 24)
    else:
        hour = int(match["hour"] or match["compact"][:-2])
        hours = (hour, hour + 12) if 1 <= hour < 12 else (0, 12, 24) if hour == 12 and part else (hour,)
    if part is None:
        return hour
    if match["half"] and (match["word"] or not 1 <= hour <= 12):
        return None
    return next((each for each in hours if each in _HOURS[part]), None)


def _minute(match: re.Match[str]) -> int | None:
    minute = match["minute"] or match["after_dot"] or match["after_h"] or (match["compact"] or "")[-2:]
    return int(minute) if minute else None


def _from_now(text: str, reference: Reference) -> TypedMoment | None:
    """A moment some hours and minutes from now; with a sign in an end, from the start."""
    match = re.fullmatch(_FROM_NOW, text)
    if match is None or (match["before"] is None) == (match["after"] is None):
        return None
    hours = number_of(match["hours"]) if match["hours"] else 0
    minutes = int(match["rest"] or match["minutes"] or 0)
    is_past = match["before"] in ("-", "BEFORE-NOW") or match["after"] == "AGO"
    start = reference.start if match["before"] in ("-", "+") else None
    ahead = timedelta(hours=hours, minutes=minutes)
    base = _to_the_minute(reference.now) if start is None else start.astimezone(UTC)
    moment = base - ahead if is_past else base + ahead
    return TypedMoment(moment, start is not None, names_its_zone=True)


def _to_the_minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _after_start(clock: _ClockTime, reference: Reference) -> TypedMoment:
    """A time on the day of the start, or on the next day if that does not lie after the start."""
    if reference.start is None:
        raise Misread(_NO_DAY, example=_next_example(clock, reference))
    zone = reference.zone
    start, local = reference.start.astimezone(UTC), reference.start.astimezone(zone)
    next_day = local.date() + timedelta(days=1)
    moment = _later_that_day(clock, start, local, zone) or _in_utc(clock, next_day, zone)
    return TypedMoment(moment, is_fixed=True, names_its_zone=bool(clock.zone))


def _later_that_day(
    clock: _ClockTime, start: datetime, local: datetime, zone: tzinfo | None
) -> datetime | None:
    try:
        first = _in_utc(clock, local.date(), zone)
    except Misread:
        if clock.on(local.date()) > local.replace(tzinfo=None):
            raise
        return None
    second = time_zones.aware(clock.on(local.date()), zone, fold=1).astimezone(UTC)
    return next((moment for moment in (first, *(() if clock.zone else (second,))) if moment > start), None)


def _next_example(clock: _ClockTime, reference: Reference) -> str:
    local = reference.now.astimezone(reference.zone).replace(tzinfo=None)
    is_over = clock.on(local.date()) <= local
    day = local.date() + timedelta(days=1) if is_over else local.date()
    return f"{edit_date(day)} {clock.hour:02}:{clock.minute:02}"


def _refuse_half(text: str, reference: Reference) -> None:
    """Raise :class:`Misread` for a text that is a moment but for one part, with the part in the example."""
    bare = re.fullmatch(_BARE_HOUR, text)
    day = read_day(bare["day"], reference) if bare is not None else None
    if bare is not None and day is not None:
        template = _DAY_OR_TIME if re.fullmatch(_WEEKDAY_AND_NUMBER, text) else _NO_MOMENT
        raise Misread(template, example=f"{edit_date(day.day)} {int(bare['hour']):02}:00")
    day = read_day(text, reference)
    if day is not None:
        raise Misread(_NO_TIME, example=f"{edit_date(day.day)} 18:30")
    words = text.split(" ")
    for place in range(1, len(words) + 1):
        rest = " ".join(words[place:])
        if names_no_single_day(" ".join(words[:place])) and (not rest or _clock_time(rest) is not None):
            raise Misread(NO_SINGLE_DAY)


def _in_utc(clock: _ClockTime, day: date, own: tzinfo | None) -> datetime:
    """The moment of a time on a day. Raises :class:`Misread` if the clocks skip it or know no such zone."""
    try:
        naive, zone = clock.on(day), clock.zone.upper()
        if zone[:1] in ("Z", "+", "-") or zone.startswith("UTC"):
            offset = zone.removeprefix("UTC") or "Z"
            return datetime.fromisoformat(f"{naive.isoformat()}{offset}").astimezone(UTC)
        return _local_in_utc(naive, zone, own)
    except (ValueError, OverflowError, OSError):
        raise Misread(_NO_MOMENT) from None


def _local_in_utc(naive: datetime, zone: str, own: tzinfo | None) -> datetime:
    candidates = [time_zones.aware(naive, own, fold) for fold in (0, 1)]
    if candidates[0].astimezone(UTC).astimezone(own).replace(tzinfo=None, fold=0) != naive:
        later = max(each.astimezone(UTC) for each in candidates)
        raise Misread(_SKIPPED, example=edit_datetime(later, own))
    if not zone:
        return candidates[0].astimezone(UTC)
    named = [each for each in candidates if time_zones.name_of(each) == zone]
    if not named:
        raise Misread(_OTHER_ZONE, zone=time_zones.name_of(candidates[0]))
    return named[0].astimezone(UTC)
