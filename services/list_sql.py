"""Lists in SQL, as data and as parts of statements: what a list is, its conditions, its order, its words.

``services.queries`` and ``services.searching`` put the parts together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    SQLColumnExpression,
    UnaryExpression,
    false,
    tuple_,
)

from models.enums import Department, RecordKind
from models.list_indexes import IndexedLists
from models.text import clean_typed, search_terms
from services.announcements import Actor
from services.database import is_record_id
from services.errors import Invalid
from services.i18n import N_
from services.listing import Filter, ListQuery

Read = TypeVar("Read")
Order = list[SQLColumnExpression[Any]]

# More than any record can match, and more than SQLite takes in one statement: nothing is found.
_MOST_TERMS: Final = 100
_LONGEST_TERM: Final = 5_000


@dataclass(frozen=True)
class Asking:
    """Who asks, and when: what filters such as "mine" and "next 7 days" depend on."""

    actor_id: int
    now: datetime
    department: Department

    @classmethod
    def by(cls, actor: Actor, now: datetime) -> "Asking":
        """What the actor asks now."""
        return cls(actor.id, now, actor.department)


@dataclass(frozen=True)
class Listing(Generic[Read]):
    """One kind of list as data. ``sorts`` maps a field of the read shape to what orders it.

    ``search`` holds the words of a row as :func:`models.text.searchable` writes them.
    """

    select: Select[*tuple[Any, ...]]
    key: SQLColumnExpression[Any]
    shape: Callable[[Row[*tuple[Any, ...]]], Read]
    search: SQLColumnExpression[str] | None = None
    deleted: SQLColumnExpression[Any] | None = None
    filters: Mapping[Filter, Callable[[Asking], ColumnElement[bool]]] = field(default_factory=dict)
    sorts: Mapping[str, SQLColumnExpression[Any]] = field(default_factory=dict)
    parents: Mapping[RecordKind, Callable[[int], ColumnElement[bool]]] = field(default_factory=dict)
    lists: IndexedLists | None = None


def conditions(listing: Listing[Any], asking: Asking, query: ListQuery) -> list[ColumnElement[bool]]:
    """What the filters and the parent of a query ask of a row; the words of its search are not in it.

    Raises :class:`Invalid` for a filter or a parent that this list does not have.
    """
    holding = [_filter(listing, chosen)(asking) for chosen in sorted(query.filters - {Filter.TRASHED})]
    if listing.deleted is not None:
        trashed = Filter.TRASHED in query.filters
        holding.append(listing.deleted.is_not(None) if trashed else listing.deleted.is_(None))
    if query.parent is not None:
        holding.append(_linked(listing, *query.parent))
    return holding


def terms(query: ListQuery) -> list[str]:
    """The words of a search, each once; none where the search asks nothing."""
    return sorted(set(search_terms(clean_typed(query.search))))


def like(listing: Listing[Any], words: Sequence[str]) -> list[ColumnElement[bool]]:
    """The words of a search as conditions that every database can check, row by row."""
    if not words:
        return []
    if listing.search is None or len(words) > _MOST_TERMS or any(len(word) > _LONGEST_TERM for word in words):
        return [false()]
    return [listing.search.contains(f" {word}", autoescape=True) for word in words]


def order(listing: Listing[Any], query: ListQuery) -> Order:
    """The columns that a query is ordered by, the key last. Raises :class:`Invalid` for an unknown sort."""
    if not query.sort or query.sort == "id":
        return [listing.key]
    if query.sort not in listing.sorts:
        raise Invalid.of(
            "sort", N_("Sort by one of: {names}."), names=", ".join(["id", *sorted(listing.sorts)])
        )
    return [listing.sorts[query.sort], listing.key]


def directed(columns: Order, *, descending: bool) -> list[UnaryExpression[Any]]:
    """The order with its direction."""
    return [column.desc() if descending else column.asc() for column in columns]


def beyond(
    listing: Listing[Any], connection: Connection, columns: Order, record_id: int, *, larger: bool
) -> ColumnElement[bool]:
    """The rows on one side of a record, which need not be in the list any more.

    Raises :class:`Invalid` where there is no such record.
    """
    query = listing.select.with_only_columns(*columns).where(listing.key == record_id)
    here = connection.execute(query).first() if is_record_id(record_id) else None
    if here is None:
        raise Invalid.of("after", N_("There is no record {id} to go on from."), id=record_id)
    position, reached = tuple_(*columns), tuple(here)
    return (position > reached) if larger else (position < reached)


def _linked(listing: Listing[Any], kind: RecordKind, record_id: int) -> ColumnElement[bool]:
    if kind not in listing.parents:
        raise Invalid.of("parent", N_("This list cannot be narrowed to one {kind}."), kind=kind.value)
    return listing.parents[kind](record_id) if is_record_id(record_id) else false()


def _filter(listing: Listing[Any], chosen: Filter) -> Callable[[Asking], ColumnElement[bool]]:
    if chosen not in listing.filters:
        raise Invalid.of("filter", N_("This list has no filter {name}."), name=chosen.value)
    return listing.filters[chosen]
