"""Lists in SQL: windows in a stable order, capped counts, filters and search; one engine for every kind.

Lists read columns through Core and never entities, and never more than their window.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    SQLColumnExpression,
    false,
    func,
    or_,
    select,
    tuple_,
)

from models.enums import RecordKind
from models.text import clean_typed, search_terms
from services.database import is_record_id
from services.errors import Invalid
from services.i18n import N_
from services.listing import Filter, ListQuery

Read = TypeVar("Read")

_MOST_ROWS: Final = 2**31 - 1
# More than any record can match, and more than SQLite takes in one statement: nothing is found.
_MOST_TERMS: Final = 100
_LONGEST_TERM: Final = 5_000
# A contract as people quote it: C2026-00412, 2026-00412, c412 or 412.
_NUMBER: Final = re.compile(r"c?(?:[0-9]{4}-)?([0-9]{1,9})")


@dataclass(frozen=True)
class Asking:
    """Who asks, and when: what filters such as "mine" and "next 7 days" depend on."""

    actor_id: int
    now: datetime


@dataclass(frozen=True)
class Listing(Generic[Read]):
    """One kind of list as data. ``sorts`` maps a field of the read shape to what orders it."""

    select: Select[*tuple[Any, ...]]
    key: SQLColumnExpression[Any]
    shape: Callable[[Row[*tuple[Any, ...]]], Read]
    search: tuple[SQLColumnExpression[str], ...] = ()
    number: SQLColumnExpression[Any] | None = None
    deleted: SQLColumnExpression[Any] | None = None
    filters: Mapping[Filter, Callable[[Asking], ColumnElement[bool]]] = field(default_factory=dict)
    sorts: Mapping[str, SQLColumnExpression[Any]] = field(default_factory=dict)
    parents: Mapping[RecordKind, Callable[[int], ColumnElement[bool]]] = field(default_factory=dict)


def window(
    listing: Listing[Read], connection: Connection, asking: Asking, query: ListQuery,
    *, limit: int, offset: int = 0, after: int | None = None,
) -> list[Read]:  # fmt: skip
    """The rows from ``offset``, or those behind the record ``after``, in the order of the query.

    Raises :class:`Invalid` for a sort, a filter or a window that this list does not have.
    """
    if limit < 0 or offset < 0:
        raise Invalid.of("limit", N_("This must not be negative."))
    statement = listing.select.where(*_conditions(listing, asking, query))
    order = _order(listing, query)
    if after is not None:
        statement = statement.where(_behind(listing, connection, order, after, query.descending))
    directed = [column.desc() if query.descending else column.asc() for column in order]
    most = statement.order_by(*directed).limit(min(limit, _MOST_ROWS)).offset(min(offset, _MOST_ROWS))
    rows = connection.execute(most)
    return [listing.shape(row) for row in rows]


def count(listing: Listing[Read], connection: Connection, asking: Asking, query: ListQuery, cap: int) -> int:
    """How many rows the query has, at most ``cap``: counting a million takes longer than anyone reads."""
    matching = listing.select.with_only_columns(listing.key).where(*_conditions(listing, asking, query))
    total = connection.execute(select(func.count()).select_from(matching.limit(cap).subquery())).scalar()
    return total or 0


def position(
    listing: Listing[Any], connection: Connection, asking: Asking, query: ListQuery, record_id: int
) -> int | None:
    """How many rows of the query stand before a record; ``None`` where it is not among them."""
    if not is_record_id(record_id):
        return None
    order = _order(listing, query)
    among = listing.select.where(*_conditions(listing, asking, query))
    here = connection.execute(among.with_only_columns(*order).where(listing.key == record_id)).first()
    if here is None:
        return None
    columns, values = tuple_(*order), tuple(here)
    before = among.with_only_columns(listing.key).where(
        columns > values if query.descending else columns < values
    )
    return connection.execute(select(func.count()).select_from(before.subquery())).scalar() or 0


def one(listing: Listing[Read], connection: Connection, record_id: int) -> Read | None:
    """The record with this id, wherever it stands."""
    if not is_record_id(record_id):
        return None
    row = connection.execute(listing.select.where(listing.key == record_id)).first()
    return None if row is None else listing.shape(row)


def _conditions(listing: Listing[Any], asking: Asking, query: ListQuery) -> list[ColumnElement[bool]]:
    conditions = [_filter(listing, chosen)(asking) for chosen in sorted(query.filters - {Filter.TRASHED})]
    if listing.deleted is not None:
        trashed = Filter.TRASHED in query.filters
        conditions.append(listing.deleted.is_not(None) if trashed else listing.deleted.is_(None))
    if query.parent is not None:
        conditions.append(_linked(listing, *query.parent))
    return conditions + _searched(listing, query.search)


def _linked(listing: Listing[Any], kind: RecordKind, record_id: int) -> ColumnElement[bool]:
    if kind not in listing.parents:
        raise Invalid.of("parent", N_("This list cannot be narrowed to one {kind}."), kind=kind.value)
    return listing.parents[kind](record_id) if is_record_id(record_id) else false()


def _filter(listing: Listing[Any], chosen: Filter) -> Callable[[Asking], ColumnElement[bool]]:
    if chosen not in listing.filters:
        raise Invalid.of("filter", N_("This list has no filter {name}."), name=chosen.value)
    return listing.filters[chosen]


def _searched(listing: Listing[Any], search: str) -> list[ColumnElement[bool]]:
    terms = sorted(set(search_terms(clean_typed(search))))
    if len(terms) > _MOST_TERMS or any(len(term) > _LONGEST_TERM for term in terms):
        return [false()]
    return [_matches(listing, term) for term in terms]


def _matches(listing: Listing[Any], term: str) -> ColumnElement[bool]:
    found = or_(*(column.contains(term, autoescape=True) for column in listing.search))
    number = _NUMBER.fullmatch(term)
    if listing.number is not None and number is not None:
        return or_(found, listing.number == int(number[1]))
    return found


def _order(listing: Listing[Any], query: ListQuery) -> list[SQLColumnExpression[Any]]:
    if not query.sort or query.sort == "id":
        return [listing.key]
    if query.sort not in listing.sorts:
        raise Invalid.of(
            "sort", N_("Sort by one of: {names}."), names=", ".join(["id", *sorted(listing.sorts)])
        )
    return [listing.sorts[query.sort], listing.key]


def _behind(
    listing: Listing[Any],
    connection: Connection,
    order: list[SQLColumnExpression[Any]],
    after: int,
    descending: bool,
) -> ColumnElement[bool]:
    query = listing.select.with_only_columns(*order).where(listing.key == after)
    here = connection.execute(query).first() if is_record_id(after) else None
    if here is None:
        raise Invalid.of("after", N_("There is no record {id} to go on from."), id=after)
    position, reached = tuple_(*order), tuple(here)
    return (position < reached) if descending else (position > reached)
