"""Lists in SQL: windows in a stable order, capped counts, filters and search; one engine for every kind.

Lists read columns through Core and never entities, and never more than their window.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, SQLColumnExpression, func, or_, select, tuple_

from models.enums import RecordKind
from models.text import clean_typed, search_terms
from services.errors import Invalid
from services.i18n import N_
from services.listing import Filter, ListQuery

Read = TypeVar("Read")


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
    rows = connection.execute(statement.order_by(*directed).limit(limit).offset(offset))
    return [listing.shape(row) for row in rows]


def count(listing: Listing[Read], connection: Connection, asking: Asking, query: ListQuery, cap: int) -> int:
    """How many rows the query has, at most ``cap``: counting a million takes longer than anyone reads."""
    matching = listing.select.with_only_columns(listing.key).where(*_conditions(listing, asking, query))
    total = connection.execute(select(func.count()).select_from(matching.limit(cap).subquery())).scalar()
    return total or 0


def one(listing: Listing[Read], connection: Connection, record_id: int) -> Read | None:
    """The record with this id, wherever it stands."""
    if not 0 < record_id < 2**31:
        return None
    row = connection.execute(listing.select.where(listing.key == record_id)).first()
    return None if row is None else listing.shape(row)


def _conditions(listing: Listing[Any], asking: Asking, query: ListQuery) -> list[ColumnElement[bool]]:
    conditions = [_filter(listing, chosen)(asking) for chosen in sorted(query.filters - {Filter.TRASHED})]
    if listing.deleted is not None:
        trashed = Filter.TRASHED in query.filters
        conditions.append(listing.deleted.is_not(None) if trashed else listing.deleted.is_(None))
    if query.parent is not None:
        kind, record_id = query.parent
        conditions.append(listing.parents[kind](record_id))
    conditions.extend(_matches(listing, term) for term in search_terms(clean_typed(query.search)))
    return conditions


def _filter(listing: Listing[Any], chosen: Filter) -> Callable[[Asking], ColumnElement[bool]]:
    if chosen not in listing.filters:
        raise Invalid.of("filter", N_("This list has no filter {name}."), name=chosen.value)
    return listing.filters[chosen]


def _matches(listing: Listing[Any], term: str) -> ColumnElement[bool]:
    found = or_(*(column.contains(term, autoescape=True) for column in listing.search))
    digits = term.lstrip("c").rpartition("-")[2]
    if listing.number is not None and digits.isascii() and digits.isdigit() and len(digits) < 10:
        return or_(found, listing.number == int(digits))
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
    here = connection.execute(listing.select.with_only_columns(*order).where(listing.key == after)).first()
    if here is None:
        raise Invalid.of("after", N_("There is no record {id} to go on from."), id=after)
    position, reached = tuple_(*order), tuple(here)
    return (position < reached) if descending else (position > reached)
