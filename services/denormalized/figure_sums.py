"""Sums of the figures by period between any moments, without reading the records of whole periods.

Periods are kept in UTC, while a month or an age begins at any moment. A period with such a moment within is
counted whole where its longest part belongs. The records of its other parts are read by an index and moved.
A part is shorter than a day, and for months and weeks no longer than the time zone is away from UTC.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    Subquery,
    bindparam,
    case,
    func,
    literal_column,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlmodel import SQLModel

from models.column_types import Money, UtcDateTime, whole_sum
from models.figure_tables import PeriodFigure
from models.list_indexes import HAS_EVENT, LIVE, OF_SUPPORT, UNPAID, UNSIGNED
from models.tables import table_of
from services.denormalized.period_figures import EVERYONE, FigureKind, month_of, utc_day, week_of
from services.persistence import prepared

_FIGURES: Final = table_of(PeriodFigure).c
_CONTRACT: Final = SQLModel.metadata.tables["contract"]
_EVENT: Final = SQLModel.metadata.tables["event"]
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sum:
    """The number of records, and the sum of their amounts."""

    number: int = 0
    amount: Decimal = Decimal(0)

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.number + other.number, self.amount + other.amount)

    def __sub__(self, other: "Sum") -> "Sum":
        return Sum(self.number - other.number, self.amount - other.amount)


@dataclass(frozen=True)
class _Records:
    """The records of a kind of figure: ``lists`` has the index in the order of ``moment``, by the scope."""

    moment: Any
    conditions: tuple[str, ...]
    index: str
    amount: Any = None
    owner: Any = None


_UNSIGNED: Final = _Records(
    _CONTRACT.c.created_at, (LIVE, UNSIGNED), "ix_contract_mine_unsigned_created",
    _CONTRACT.c.total_amount, _CONTRACT.c.sales_contact_id,
)  # fmt: skip
_DUE: Final = (LIVE, UNPAID, HAS_EVENT)
_DUE_OF_ONE: Final = _Records(
    _CONTRACT.c.event_over_at, _DUE, "ix_contract_mine_due_event_over_at",
    _CONTRACT.c.amount_due, _CONTRACT.c.sales_contact_id,
)  # fmt: skip
_DUE_OF_ALL: Final = _Records(
    _CONTRACT.c.event_over_at, _DUE, "ix_contract_due_event_over_at", _CONTRACT.c.amount_due
)
_SOLD: Final = _Records(_EVENT.c.starts_at, (LIVE,), "ix_event_sold_start", owner=_EVENT.c.sales_contact_id)
_RUN: Final = _Records(_EVENT.c.starts_at, (LIVE,), "ix_event_live_start")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a period: it is counted in one interval and belongs to another."""

    start: datetime
    end: datetime
    counted_in: int
    belongs_to: int


_OF_OWNER: Final = (
    select(
        _FIGURES.period, whole_sum(_FIGURES.number), type_coerce(whole_sum(_FIGURES.amount), Money)
    )
    .where(
        _FIGURES.kind == bindparam("kind", type_=String),
        _FIGURES.owner_id == bindparam("owner", type_=Integer),
        _FIGURES.period >= bindparam("first", type_=_FIGURES.period.type),
    )
    .group_by(_FIGURES.period)
)  # fmt: skip
_OF_SUPPORT: Final = select(_FIGURES.owner_id, _FIGURES.period, _FIGURES.number).where(
    text(OF_SUPPORT),
    _FIGURES.owner_id.in_(bindparam("owners", type_=Integer, expanding=True)),
    _FIGURES.period >= bindparam("first", type_=_FIGURES.period.type),
    _FIGURES.period <= bindparam("last", type_=_FIGURES.period.type),
)


def by_period(
    connection: Connection, kind: FigureKind, owner: int, first: date = date.min
) -> dict[date, Sum]:
    """The figures of a person from the period ``first`` on."""
    values = {"kind": kind.value, "owner": owner, "first": first}
    return {period: Sum(number, amount) for period, number, amount in connection.execute(_OF_OWNER, values)}


def sums_between(
    connection: Connection, kind: FigureKind, owner: int, edges: Sequence[datetime], *, since: bool = False
) -> list[Sum]:
    """The sums of a person before the first edge, between two edges, and from the last one on.

    A record at an edge is in the interval that begins there. With ``since``, the first sum is not whole, and
    earlier periods are not read.
    """
    parts = _parts(kind, edges)
    sums = [Sum() for _ in range(len(edges) + 1)]
    values: dict[str, Any] = {"kind": kind.value, "owner": owner}
    values["first"] = _period_of(kind, edges[0]) if since else date.min
    values |= {f"edge_{place}": first for place, first in enumerate(_firsts(kind, edges, parts))}
    for place, number, amount in connection.execute(kept_statement(len(edges)), values):
        sums[place] = Sum(number, amount)
    for part, found in zip(parts, _read_parts(connection, kind, owner, parts), strict=True):
        sums[part.counted_in] -= found
        sums[part.belongs_to] += found
    return sums


def load_totals(edges: Sequence[datetime]) -> tuple[Subquery, Mapping[str, Any]]:
    """The events of each support contact from the first edge to the last, as a table, and its values.

    The database ranks hundreds of people in it, while Python would read each week of each of them.
    """
    kind, within = FigureKind.RUN, range(1, len(edges))
    parts = _parts(kind, edges)
    firsts = _firsts(kind, edges, parts)
    signs = {part: (part.belongs_to in within) - (part.counted_in in within) for part in parts}
    moved = [part for part, sign in signs.items() if sign]
    values = {"first": firsts[0], "behind": firsts[-1], **_bounds(moved)}
    return totals_table(len(moved)), values | {
        f"sign_{place}": signs[part] for place, part in enumerate(moved)
    }


@lru_cache(maxsize=4)
def totals_table(parts: int) -> Subquery:
    """The sum of the weeks between two periods for each support contact; events of some parts are moved."""
    day = _FIGURES.period.type
    weeks = (
        select(_FIGURES.owner_id, _FIGURES.number)
        .with_hint(table_of(PeriodFigure), "INDEXED BY ix_period_figure_run", "sqlite")
        .where(
            text(OF_SUPPORT),
            _FIGURES.period >= bindparam("first", type_=day),
            _FIGURES.period < bindparam("behind", type_=day),
        )
    )
    moved = [
        _in_part(_RUN, place, (_EVENT.c.support_contact_id, bindparam(f"sign_{place}", type_=Integer)))
        for place in range(parts)
    ]
    rows = union_all(weeks, *moved).subquery()
    number = whole_sum(rows.c.number).label("number")
    return select(rows.c.owner_id, number).group_by(rows.c.owner_id).subquery()


def loads_between(
    connection: Connection, edges: Sequence[datetime], owners: Sequence[int]
) -> Mapping[int, list[int]]:
    """The number of events of some support contacts between two edges, by the id of the person."""
    kind = FigureKind.RUN
    parts = _parts(kind, edges)
    counted = {_period_of(kind, part.start): part.counted_in for part in parts}
    loads: defaultdict[int, list[int]] = defaultdict(lambda: [0] * (len(edges) + 1))
    values = {"first": _period_of(kind, edges[0]), "last": _period_of(kind, edges[-1]), "owners": owners}
    periods: dict[date, int] = {}
    for owner, period, number in connection.execute(_OF_SUPPORT, values):
        place = periods.get(period)
        if place is None:
            place = periods[period] = _place(period, counted, edges)
        loads[owner][place] += number
    for number, owner in _read_starts(connection, parts):
        loads[owner][parts[number].counted_in] -= 1
        loads[owner][parts[number].belongs_to] += 1
    return {owner: weeks[1:-1] for owner, weeks in loads.items()}


def _firsts(kind: FigureKind, edges: Sequence[datetime], parts: Sequence[_Part]) -> list[date]:
    """For each edge the first period that is counted behind it."""
    counted = {_period_of(kind, part.start): part.counted_in for part in parts}
    firsts = []
    for place, edge in enumerate(edges, start=1):
        period = _period_of(kind, edge)
        behind = counted.get(period, place) >= place
        firsts.append(period if behind else utc_day(_end_of(kind, period)))
    return firsts


@lru_cache(maxsize=16)
def kept_statement(edges: int) -> Select[*tuple[Any, ...]]:
    """The sums of a person before, between and behind so many periods."""
    day = _FIGURES.period.type
    cases = [(_FIGURES.period < bindparam(f"edge_{place}", type_=day), place) for place in range(edges)]
    place = case(*cases, else_=edges).label("place")
    rows = (
        select(place, _FIGURES.number, _FIGURES.amount)
        .where(
            _FIGURES.kind == bindparam("kind", type_=String),
            _FIGURES.owner_id == bindparam("owner", type_=Integer),
            _FIGURES.period >= bindparam("first", type_=day),
        )
        .subquery()
    )
    amount = type_coerce(whole_sum(rows.c.amount), Money)
    return select(rows.c.place, whole_sum(rows.c.number), amount).group_by(rows.c.place)


def _place(period: date, counted: Mapping[date, int], edges: Sequence[datetime]) -> int:
    if period in counted:
        return counted[period]
    return bisect_right(edges, datetime.combine(period, time(), UTC))


def _period_of(kind: FigureKind, moment: datetime) -> date:
    day = utc_day(moment)
    if kind is FigureKind.SOLD:
        return month_of(day)
    return week_of(day) if kind is FigureKind.RUN else day


def _end_of(kind: FigureKind, period: date) -> datetime:
    following = period + (timedelta(days=7) if kind is FigureKind.RUN else _DAY)
    if kind is FigureKind.SOLD:
        following = month_of(period + timedelta(days=31))
    return datetime.combine(following, time(), UTC)


def _parts(kind: FigureKind, edges: Sequence[datetime]) -> list[_Part]:
    """The parts of periods that are counted in another interval than their own."""
    within: defaultdict[date, list[datetime]] = defaultdict(list)
    for edge in edges:
        within[_period_of(kind, edge)].append(edge)
    found: list[_Part] = []
    for period, cuts in within.items():
        bounds = [datetime.combine(period, time(), UTC), *cuts, _end_of(kind, period)]
        pieces = [(start, end) for start, end in pairwise(bounds) if start < end]
        longest = max(pieces, key=lambda piece: piece[1] - piece[0])
        counted_in = bisect_right(edges, longest[0])
        found += [
            _Part(start, end, counted_in, bisect_right(edges, start))
            for start, end in pieces
            if (start, end) != longest
        ]
    return found


# The records of parts


def _read_parts(connection: Connection, kind: FigureKind, owner: int, parts: Sequence[_Part]) -> list[Sum]:
    if not parts:
        return []
    records = {
        FigureKind.UNSIGNED: _UNSIGNED,
        FigureKind.SOLD: _SOLD,
        FigureKind.DUE: _DUE_OF_ALL if owner == EVERYONE else _DUE_OF_ONE,
    }[kind]
    found = [Sum()] * len(parts)
    values = {"owner": owner, **_bounds(parts)}
    for place, number, amount in connection.execute(sums_statement(records, len(parts)), values):
        found[place] = Sum(number, amount)
    return found


def _read_starts(connection: Connection, parts: Sequence[_Part]) -> Sequence[tuple[int, int]]:
    if not parts:
        return []
    rows = prepared.run(connection, starts_statement(len(parts)), _bounds(parts)).rows
    return [(place, owner) for place, owner in rows if owner is not None]


def _bounds(parts: Sequence[_Part]) -> dict[str, Any]:
    starts = {f"start_{place}": part.start for place, part in enumerate(parts)}
    return starts | {f"end_{place}": part.end for place, part in enumerate(parts)}


@lru_cache(maxsize=64)
def sums_statement(records: _Records, parts: int) -> Any:
    """The number and the sum of the records in each part; all that is not their own is ``owner``'s."""
    amount = literal_column("0") if records.amount is None else records.amount
    columns = (func.count(), type_coerce(func.coalesce(whole_sum(amount), 0), Money))
    return union_all(*(_in_part(records, place, (_number(place), *columns)) for place in range(parts)))


@lru_cache(maxsize=16)
def starts_statement(parts: int) -> Any:
    """The support contact of each event that starts in a part."""
    support = _EVENT.c.support_contact_id
    return union_all(*(_in_part(_RUN, place, (_number(place), support)) for place in range(parts)))


def _number(place: int) -> ColumnElement[int]:
    return literal_column(str(place), Integer)


def _in_part(
    records: _Records, place: int, columns: tuple[ColumnElement[Any], ...]
) -> Select[*tuple[Any, ...]]:
    start, end = (bindparam(f"{name}_{place}", type_=UtcDateTime) for name in ("start", "end"))
    table = records.moment.table
    found = select(*columns).select_from(table)
    found = found.with_hint(table, f"INDEXED BY {records.index}", "sqlite")
    found = found.where(*(text(f"{table.name}.{each}") for each in records.conditions))
    found = found.where(records.moment >= start, records.moment < end)
    if records.owner is not None:
        found = found.where(records.owner == bindparam("owner", type_=Integer))
    return found


PARTS: Final[Mapping[str, _Records]] = {
    "unsigned": _UNSIGNED, "due": _DUE_OF_ONE, "due of all": _DUE_OF_ALL, "sold": _SOLD,
}  # fmt: skip
"""The records of which parts of periods are read, for the test of their plans."""
