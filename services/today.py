"""What is to do today, for each department: figures, each with the list behind it.

The figures are those of their lists at the moment of reading. How long it takes does not depend on the number
of records: sums come from the figures by period, counts stop at ``COUNT_CAP``, and lines are few.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Integer, Select, Subquery, bindparam, func, literal_column, select, union_all

from models.column_types import UtcDateTime
from models.enums import Department, LoginOutcome, RecordKind
from models.read_models import EventRead
from models.tables import Collaborator, LoginAttempt, table_of
from services import record_types, rights
from services.actor import Actor
from services.collaborator_checks import display_name
from services.crm import Crm
from services.denormalized.figure_sums import Sum, by_period, load_totals, loads_between, sums_between
from services.denormalized.period_figures import EVERYONE, FigureKind, month_of, week_of
from services.lists import engine
from services.lists.own_filters import Comparison, Condition, OwnFilter
from services.lists.pages import Pages
from services.lists.query import COUNT_CAP
from services.lists.spec import QueryContext
from services.lists.statements import Start
from services.rights import Action
from services.time_zones import crm_moment, on_crm_clocks
from services.today_targets import NO_LIST_OF_PAYMENTS, Target, between, intervals, query_of
from services.unit_of_work import ReadContext, reading

UNSIGNED_AGES: Final = (60, 30, 14)
"""The ages in days between which unsigned contracts are counted."""
DUE_AGES: Final = (90, 30, 0)
"""The days since the event between which amounts due are counted; before 0, the event is not over."""
MONTHS: Final = 13
"""The months that are compared: this one, and those back to the same month of last year."""
WEEKS: Final = 8
"""The weeks for which the load of support people is counted, from this one on."""
MOST_PEOPLE: Final = 30
"""The most support people that are named, the busiest ones."""
DAYS: Final = 7
"""The days of the week of Support, and of the refused sign-ins."""
_MOST_OF_WEEK: Final = 50
_MOST_NEXT: Final = 5
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Point:
    """The figure of one day, week or month, which begins on ``first``."""

    first: date
    number: int
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of Today. ``key`` names it for scripts; those of one person or event have the same.

    ``number`` is counted up to ``COUNT_CAP``. ``points`` are in the order of time. ``name`` is that of the
    person, and may hold user text, as the event may.
    """

    key: str
    target: Target
    number: int = 0
    amount: Decimal | None = None
    points: Sequence[Point] = ()
    name: str = ""
    event: EventRead | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Figures that belong together. ``left_out`` is the number of lines that are not among them."""

    key: str
    figures: Sequence[Figure]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """What is to do for a person. ``day`` is in the CRM's time zone, ``now`` in UTC."""

    department: Department
    day: date
    now: datetime
    blocks: Sequence[Block]


def read_today(crm: Crm, actor: Actor) -> Today:
    """What is to do for the actor now. Raises :class:`NotSignedIn`."""
    with reading(crm, actor) as work:
        return today_at(work, crm.day_of(work.now))


def today_at(work: ReadContext, day: date) -> Today:
    """What is to do at the moment of a transaction, which is on this day in the CRM's time zone."""
    reader = _Reader(work, day)
    blocks = [build(reader) for build in _BLOCKS[work.actor.department]]
    return Today(work.actor.department, day, work.now, blocks)


class _Reader:
    """Reads the figures of one person within a transaction."""

    def __init__(self, work: ReadContext, day: date) -> None:
        self.connection = work.connection
        self.actor = work.actor
        self.now = work.now
        self.day = day
        self._asking = QueryContext.by(work.actor, work.now)

    def counted(self, key: str, kind: RecordKind, preset_key: str) -> Figure:
        """How many records a preset of the actor's department finds."""
        asked = query_of(kind, preset_key)
        listing = record_types.of_kind(kind).listing
        number = engine.count(listing, self.connection, self._asking, asked, COUNT_CAP)
        return Figure(key, Target(kind, preset_key), number)

    def first_of(self, kind: RecordKind, preset_key: str, limit: int) -> list[Any]:
        """The first records of a preset."""
        listing, asked = record_types.of_kind(kind).listing, query_of(kind, preset_key)
        return engine.window(listing, self.connection, self._asking, asked, limit=limit)

    def next_events(self, preset_key: str, limit: int) -> list[EventRead]:
        """The first events of a preset that have not started."""
        asked, listing = (
            query_of(RecordKind.EVENT, preset_key),
            record_types.of_kind(RecordKind.EVENT).listing,
        )
        pages = Pages(listing, self.connection, self._asking, asked)
        return pages.page(Start.KEY, limit, key=self.now, key_id=0)

    def ages(self, kind: FigureKind, owner: int, days: Sequence[int]) -> list[Sum]:
        """The sums before and between the moments so many days ago."""
        return sums_between(self.connection, kind, owner, self.moments_ago(days))

    def moments_ago(self, days: Sequence[int]) -> list[datetime]:
        """The moments so many days ago."""
        return [self.now - timedelta(days=each) for each in days]

    def refusal(self, right: Action) -> str | None:
        """Why the actor has not this right."""
        return rights.refusal(self.actor.department, right)


# Blocks


def _tasks(reader: _Reader) -> list[Figure]:
    return [
        reader.counted("tasks_overdue", RecordKind.TASK, "overdue"),
        reader.counted("tasks_today", RecordKind.TASK, "today"),
    ]


def _to_do_of_commercial(reader: _Reader) -> Block:
    figures = [
        reader.counted("clients_to_call", RecordKind.CLIENT, "not_contacted"),
        reader.counted("events_without_support", RecordKind.EVENT, "without_support_mine"),
        *_tasks(reader),
    ]
    return Block("to_do", figures)


def _unsigned(reader: _Reader) -> Block:
    keys = ("unsigned_over_60", "unsigned_31_to_60", "unsigned_15_to_30", "unsigned_up_to_14")
    found = reader.ages(FigureKind.UNSIGNED, reader.actor.id, UNSIGNED_AGES)
    targets = [
        Target(RecordKind.CONTRACT, "unsigned", own=between("created", *ends))
        for ends in intervals(reader.moments_ago(UNSIGNED_AGES))
    ]
    return Block("unsigned", _of_ages(keys, found, targets))


def _due_of_commercial(reader: _Reader) -> Block:
    return _due(reader, reader.actor.id, "unpaid")


def _due_of_all(reader: _Reader) -> Block:
    return _due(reader, EVERYONE, "unpaid_all")


def _due(reader: _Reader, owner: int, preset: str) -> Block:
    keys = ("due_over_90", "due_31_to_90", "due_up_to_30", "due_later")
    found = reader.ages(FigureKind.DUE, owner, DUE_AGES)
    *late, (now, _never) = intervals(reader.moments_ago(DUE_AGES))
    later = between("event_over", now, None).conditions
    # A contract without an event is not overdue.
    conditions = [
        *(between("event_over", *ends) for ends in late),
        OwnFilter((*later, Condition("event_over", Comparison.EMPTY)), any_of=True),
    ]
    targets = [Target(RecordKind.CONTRACT, preset, own=own) for own in conditions]
    return Block("due", _of_ages(keys, found, targets))


def _of_ages(keys: Sequence[str], sums: Sequence[Sum], targets: Sequence[Target]) -> list[Figure]:
    """The figures of ages, the oldest first."""
    return [
        Figure(key, target, found.number, found.amount)
        for key, found, target in zip(keys, sums, targets, strict=True)
    ]


def _months(reader: _Reader) -> Block:
    firsts = months_before(reader.day)
    within = OwnFilter((Condition("signed_on", Comparison.IS, f"{firsts[-1]:%Y-%m}"),))
    targets = {
        FigureKind.SIGNED: ("signed", Target(RecordKind.CONTRACT, "mine", own=within, sort="status")),
        FigureKind.PAID: ("paid", Target(None, refusal=NO_LIST_OF_PAYMENTS)),
    }
    figures = []
    for kind, (key, target) in targets.items():
        found = by_period(reader.connection, kind, reader.actor.id, firsts[0])
        points = [_point(first, found.get(first, Sum())) for first in firsts]
        figures.append(_of_points(key, target, points))
    edges = [crm_moment(first, "00:00") for first in (*firsts, _following(firsts[-1]))]
    held = sums_between(reader.connection, FigureKind.SOLD, reader.actor.id, edges, since=True)[1:-1]
    points = [Point(first, found.number) for first, found in zip(firsts, held, strict=True)]
    target = Target(RecordKind.EVENT, "mine", own=between("start", *edges[-2:]), sort="start")
    return Block("months", [*figures, _of_points("events", target, points)])


def _point(first: date, found: Sum) -> Point:
    return Point(first, found.number, found.amount)


def _of_points(key: str, target: Target, points: Sequence[Point]) -> Figure:
    """A figure over time, whose number is that of the last point."""
    return Figure(key, target, points[-1].number, points[-1].amount, points)


def months_before(day: date) -> list[date]:
    """The first days of this month and of those before it, back to the same month of last year."""
    months = [month_of(day)]
    while len(months) < MONTHS:
        months.append(month_of(months[-1] - _DAY))
    return months[::-1]


def _following(month: date) -> date:
    return month_of(month + timedelta(days=31))


def _to_do_of_support(reader: _Reader) -> Block:
    late = reader.counted("past_without_notes", RecordKind.EVENT, "without_notes")
    return Block("to_do", [*_tasks(reader), late])


def _week(reader: _Reader) -> Block:
    found: list[EventRead] = reader.first_of(RecordKind.EVENT, "next_7_days", _MOST_OF_WEEK)
    number = len(found)
    if number == _MOST_OF_WEEK:
        number = reader.counted("events_of_week", RecordKind.EVENT, "next_7_days").number
    days = [reader.day + _DAY * place for place in range(DAYS)]
    starts = [max(crm_day(event.start), days[0]) for event in found]
    points = [Point(day, starts.count(day)) for day in days]
    week = Figure("events_of_week", Target(RecordKind.EVENT, "next_7_days"), number, points=points)
    figures = [_of_event(event) for event in found]
    return Block("week", [week, *figures], max(0, number - len(found)))


def crm_day(moment: datetime) -> date:
    """The day of a moment in the CRM's time zone."""
    return on_crm_clocks(moment).date()


def _of_event(event: EventRead) -> Figure:
    return Figure("event", Target(RecordKind.EVENT, record=event.id), event=event)


def _lacking(reader: _Reader) -> Block:
    keys = {
        "without_address": "without_address",
        "without_phone": "without_phone",
        "without_notes": "coming_without_notes",
    }
    return Block("lacking", [reader.counted(key, RecordKind.EVENT, preset) for key, preset in keys.items()])


def _to_do_of_gestion(reader: _Reader) -> Block:
    figures = [
        reader.counted("events_without_support", RecordKind.EVENT, "without_support"),
        reader.counted("unsigned_over_14", RecordKind.CONTRACT, "unsigned_14"),
        *_tasks(reader),
    ]
    if reader.refusal(Action.SECURITY_READ) is None:
        figures.append(_refused_sign_ins(reader))
    return Block("to_do", figures)


def _next_without_support(reader: _Reader) -> Block:
    found = reader.next_events("without_support", _MOST_NEXT)
    return Block("next_without_support", [_of_event(event) for event in found])


def _loads(reader: _Reader) -> Block:
    monday = week_of(reader.day)
    weeks = [monday + _DAY * 7 * place for place in range(WEEKS + 1)]
    edges = [crm_moment(week, "00:00") for week in weeks]
    totals, values = load_totals(edges)
    busiest = reader.connection.execute(busiest_of(totals), {**values, "most": MOST_PEOPLE}).all()
    loads = loads_between(reader.connection, edges, [person.id for person in busiest])
    figures = []
    for person in busiest:
        numbers = loads.get(person.id, [0] * WEEKS)
        points = [Point(week, number) for week, number in zip(weeks, numbers, strict=False)]
        # In this week the agenda opens on today by itself.
        busy = next((point.first for point in points[1:] if point.number), None)
        day = None if points[0].number else busy
        target = Target(RecordKind.EVENT, agenda=person.username, day=day)
        figures.append(Figure("load", target, sum(numbers), points=points, name=person.name))
    return Block("loads", figures, busiest[0].people - len(busiest) if busiest else 0)


@lru_cache(maxsize=4)
def busiest_of(totals: Subquery) -> Select[*tuple[Any, ...]]:
    """The support people with the most events, by name among equals, and how many people there are.

    ``most`` is the most people that are named.
    """
    person, load = table_of(Collaborator), func.coalesce(totals.c.number, 0)
    return (
        select(
            person.c.id, person.c.username, display_name(person.c).label("name"),
            func.count().over().label("people"),
        )
        .outerjoin_from(person, totals, totals.c.owner_id == person.c.id)
        .where(person.c.department == Department.SUPPORT, person.c.active.is_(True))
        .order_by(load.desc(), person.c.sort_name, person.c.id)
        .limit(bindparam("most", type_=Integer))
    )  # fmt: skip


def _refused_sign_ins(reader: _Reader) -> Figure:
    days = [reader.day + _DAY * (place - DAYS + 1) for place in range(DAYS)]
    edges = [crm_moment(day, "00:00") for day in (*days, days[-1] + _DAY)]
    values = {f"edge_{place}": edge for place, edge in enumerate(edges)}
    rows = reader.connection.execute(REFUSED, values | {"cap": COUNT_CAP})
    numbers = {int(place): int(number) for place, number in rows}
    points = [Point(day, numbers[place]) for place, day in enumerate(days)]
    number = min(sum(numbers.values()), COUNT_CAP)
    return Figure("refused_sign_ins", Target(None), number, points=points)


def _refused_on(place: int) -> Any:
    attempt = table_of(LoginAttempt)
    start, end = (bindparam(f"edge_{each}", type_=UtcDateTime) for each in (place, place + 1))
    found: Select[Any] = select(literal_column("1").label("one")).where(
        attempt.c.at >= start, attempt.c.at < end, attempt.c.outcome != LoginOutcome.ACCEPTED
    )
    counted = found.limit(bindparam("cap", type_=Integer)).subquery()
    return select(literal_column(str(place)), func.count()).select_from(counted)


REFUSED: Final = union_all(*(_refused_on(place) for place in range(DAYS)))
"""The number of refused sign-ins between the moments ``edge_0`` to ``edge_7``, by their place."""

_BLOCKS: Final[Mapping[Department, Sequence[Callable[[_Reader], Block]]]] = {
    Department.COMMERCIAL: (_to_do_of_commercial, _unsigned, _due_of_commercial, _months),
    Department.SUPPORT: (_to_do_of_support, _week, _lacking),
    Department.GESTION: (_to_do_of_gestion, _next_without_support, _due_of_all, _loads),
}
