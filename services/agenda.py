"""The events of a day, a week or a month, with the conflicts of the people who run them.

An event belongs to each local day that it touches. The conflicts are those of :mod:`services.scheduling`, as
in an assignment: they are judged by all events of the person, also by those that the agenda does not show.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

from sqlalchemy import Integer, Select, bindparam, func, literal_column, select, text

from models.column_types import UtcDateTime
from models.enums import Department, RecordKind
from models.list_indexes import LIVE, LONG, WITHOUT_SUPPORT
from models.read_models import EventRead, SharedSettingsRead
from models.tables import Collaborator, Event, table_of
from services import events, record_types, scheduling
from services.actor import Actor
from services.collaborator_checks import username_key
from services.crm import Crm
from services.lists.query import COUNT_CAP
from services.lists.spec import fetch
from services.persistence import prepared
from services.scheduling import Availability, Booking
from services.time_zones import local_midnight
from services.unit_of_work import ReadContext, reading

MOST: Final = 3_000
"""The most events of one agenda; the earliest are kept."""
FIRST_DAY: Final = date(1, 2, 1)
LAST_DAY: Final = date(9999, 11, 30)
"""Agendas are between these days, whose week and month are in the calendar."""

_DAY: Final = timedelta(days=1)
_LOOK_BACK: Final = timedelta(days=14)
"""The length of the longest event that is in no index of its own."""


class View(StrEnum):
    """The period of an agenda."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def days_around(self, day: date) -> tuple[date, date]:
        """The first and the last day of the period with this day; weeks begin on Monday."""
        day = min(max(day, FIRST_DAY), LAST_DAY)
        if self is View.WEEK:
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        if self is View.MONTH:
            return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
        return day, day


class Whose(StrEnum):
    """The events of an agenda: all, the actor's own, those without support, those of one person."""

    EVERYBODY = "everybody"
    MINE = "mine"
    WITHOUT_SUPPORT = "without_support"
    PERSON = "person"


@dataclass(frozen=True)
class AgendaFilter:
    """Which events an agenda shows; ``username`` is that of the person, in any case.

    The events of a person are those of their clients for Commercial, else those that they run.
    """

    whose: Whose = Whose.EVERYBODY
    username: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event, and how its support contact is booked around it; ``None`` if it has none."""

    event: EventRead
    availability: Availability | None

    @property
    def has_conflict(self) -> bool:
        """Whether another event of the support contact overlaps it or is too near to it."""
        return self.availability is not None and not self.availability.is_free


@dataclass(frozen=True, slots=True)
class Agenda:
    """The events of a period in the order of their starts, and by each of its local days.

    ``left_out`` is the number of later events that are not read; it is counted up to ``COUNT_CAP``.
    """

    entries: Sequence[Entry]
    days: Mapping[date, Sequence[Entry]]
    left_out: int


def read_agenda(
    crm: Crm, actor: Actor, first: date, last: date, asked: AgendaFilter = AgendaFilter()
) -> Agenda:
    """The live events that touch a local day from ``first`` to ``last``.

    An event that began before the period is found in one of two ways, each by an index: up to 14 days before,
    among all that began then; farther back, among those that last longer and are not over, which have an
    index of their own. Raises :class:`NotFound` for a person who does not exist.
    """
    with reading(crm, actor) as work:
        part, person = _part_of(work, asked)
        found, left_out = _read(work, part, _values(first, last, person))
        people = sorted({each.support_contact_id for each in found if each.support_contact_id is not None})
        diaries = _diaries(work, people, found, crm.shared)
    entries = [Entry(each, _availability(each, diaries)) for each in found]
    return Agenda(entries, _by_day(entries, first, last), left_out)


# Reading

_event = table_of(Event).c
_person = table_of(Collaborator).c
_BY_USERNAME: Final = select(_person.id, _person.department).where(
    _person.username_key == bindparam("username_key")
)
_LEADS: Final = {"run": _event.support_contact_id, "sold": _event.sales_contact_id}
"""The column that names the person of a part of the events; the parts are those of ``EVENT_LISTS``."""
_FIRST, _LAST, _SINCE = (bindparam(name, type_=UtcDateTime) for name in ("first", "last", "since"))


def _part_of(work: ReadContext, asked: AgendaFilter) -> tuple[str, int]:
    """The part of the events, and the person whose they are."""
    if asked.whose is Whose.EVERYBODY:
        return "live", 0
    if asked.whose is Whose.WITHOUT_SUPPORT:
        return "without_support", 0
    if asked.whose is Whose.MINE:
        return _part_of_department(work.actor.department), work.actor.id
    known = {"username_key": username_key(asked.username)}
    row = work.connection.execute(_BY_USERNAME, known).first()
    if row is None:
        raise record_types.not_found(RecordKind.COLLABORATOR, asked.username)
    return _part_of_department(row.department), row.id


def _part_of_department(department: Department) -> str:
    return "sold" if department is Department.COMMERCIAL else "run"


def _values(first: date, last: date, person: int) -> dict[str, Any]:
    start = local_midnight(first)
    return {
        "first": start, "last": local_midnight(last + _DAY), "since": start - _LOOK_BACK, "person": person,
        "limit": MOST + 1, "cap": COUNT_CAP + MOST,
    }  # fmt: skip


def _read(work: ReadContext, part: str, values: Mapping[str, Any]) -> tuple[list[EventRead], int]:
    """The events by their starts, and the number of those left out."""
    dialect, found = work.connection.dialect.name, []
    for is_long in (True, False):
        some = fetch(events.LISTING, work.connection, statement(part, dialect, is_long=is_long), values)
        found += sorted(some, key=lambda each: (each.start, each.id))
    if len(found) <= MOST:
        return found, 0
    counts = [count_statement(part, dialect, is_long=is_long) for is_long in (True, False)]
    total = sum(prepared.run(work.connection, each, values).rows[0][0] for each in counts)
    return found[:MOST], min(total - MOST, COUNT_CAP)


@lru_cache(maxsize=16)
def statement(part: str, dialect_name: str, *, is_long: bool) -> Select[*tuple[Any, ...]]:
    """The events of a part that touch a period: those that began since ``since``, or the long ones before."""
    found = _narrowed(events.LISTING.select, part, dialect_name, is_long=is_long)
    # In the order of their starts, PostgreSQL would walk all earlier events to find the few long ones.
    order = (_event.ends_at, _event.starts_at) if is_long else (_event.starts_at, _event.id)
    return found.order_by(*order).limit(bindparam("limit", type_=Integer))


@lru_cache(maxsize=16)
def count_statement(part: str, dialect_name: str, *, is_long: bool) -> Select[*tuple[Any, ...]]:
    """How many these are, up to ``cap``."""
    row: Select[Any] = select(literal_column("1").label("one")).select_from(table_of(Event))
    rows = _narrowed(row, part, dialect_name, is_long=is_long).limit(bindparam("cap", type_=Integer))
    return select(func.count()).select_from(rows.subquery())


def _narrowed(
    found: Select[*tuple[Any, ...]], part: str, dialect_name: str, *, is_long: bool
) -> Select[*tuple[Any, ...]]:
    index = "ix_event_long" if is_long else f"ix_event_{part}_start"
    found = found.with_hint(table_of(Event), f"INDEXED BY {index}", "sqlite")
    found = found.where(text(f"event.{LIVE}"), _event.ends_at > _FIRST)
    if part in _LEADS:
        found = found.where(_LEADS[part] == bindparam("person", type_=Integer))
    elif part == "without_support":
        found = found.where(text(f"event.{WITHOUT_SUPPORT}"))
    if is_long:
        return found.where(text(LONG[dialect_name]), _event.starts_at < _SINCE)
    return found.where(_event.starts_at >= _SINCE, _event.starts_at < _LAST)


# Conflicts


class _Diary:
    """The bookings of one person, to find those around an event without looking at all of them."""

    def __init__(self, bookings: Iterable[Booking], settings: SharedSettingsRead) -> None:
        self._settings = settings
        self._bookings = sorted(bookings, key=lambda each: each.start)
        self._starts = [each.start for each in self._bookings]
        self._latest_ends = list(accumulate((each.end for each in self._bookings), max))

    def around(self, event: Booking) -> Availability:
        """How the person is booked around one of their own events."""
        first, last = scheduling.period_around(event, self._settings)
        low, high = bisect_right(self._latest_ends, first), bisect_left(self._starts, last)
        near = [each for each in self._bookings[low:high] if each.end > first and each.id != event.id]
        return scheduling.availability(event, near, self._settings)


def _diaries(
    work: ReadContext, people: Sequence[int], found: Sequence[EventRead], settings: SharedSettingsRead
) -> Mapping[int, _Diary]:
    periods = [scheduling.period_around(_booking(each), settings) for each in found]
    if not people:
        return {}
    first, last = min(first for first, _last in periods), max(last for _first, last in periods)
    own = scheduling.bookings_between(work.connection, people, first, last)
    return {person: _Diary(bookings, settings) for person, bookings in own.items()}


def _availability(event: EventRead, diaries: Mapping[int, _Diary]) -> Availability | None:
    diary = diaries.get(event.support_contact_id or 0)
    return None if diary is None else diary.around(_booking(event))


def _booking(event: EventRead) -> Booking:
    return Booking(event.start, event.end, event.location, event.name, event.id)


def _by_day(entries: Iterable[Entry], first: date, last: date) -> Mapping[date, Sequence[Entry]]:
    days: dict[date, list[Entry]] = {first + _DAY * n: [] for n in range((last - first).days + 1)}
    for entry in entries:
        # The day that begins at the end of an event is not touched by it.
        final = (entry.event.end - timedelta.resolution).astimezone().date()
        day = max(first, entry.event.start.astimezone().date())
        while day <= min(last, final):
            days[day].append(entry)
            day += _DAY
    return days
