"""Windows of lists in a stable order, capped counts, and positions of records; one engine for every kind.

Lists read columns through Core, never entities, and only the rows of their window. A search takes two steps:
the ids of a window, found by the cheapest strategy, then their records. Lists without a word index (the
trash, the records of one client) are searched row by row.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, Protocol

from sqlalchemy import Connection, CursorResult, bindparam

from models.enums import RecordKind
from models.search_words import Term
from models.tables import Record
from services import record_types, rights
from services.actor import Actor
from services.crm import Crm
from services.errors import Invalid
from services.i18n import N_
from services.lists import spec
from services.lists.pages import Nearest, Pages, key_values
from services.lists.query import Filter, ListQuery
from services.lists.search import sqlite
from services.lists.search.people import with_people
from services.lists.search.postgresql import PostgresSearch
from services.lists.search.statements import (
    SearchStatements,
    SearchStrategy,
    Statement,
    search_statements,
    searching,
)
from services.lists.spec import ListSpec, QueryContext, QueryKey, Read
from services.lists.statements import Start, by_id, statements
from services.persistence.database import is_record_id
from services.rights import Action
from services.unit_of_work import UnitOfWork, reading

NEAR: Final = 64
"""The largest offset at which rows are skipped with their joins; beyond it, the index alone is walked."""

MOST_WORDS: Final = 100
"""More words than any record has; a search for more finds nothing."""

_MOST_ROWS: Final = 2**31 - 1
_AT_ONCE: Final = 500
"""Records that one statement reads by their ids."""


def window(
    listing: ListSpec[Read], connection: Connection, asking: QueryContext, query: ListQuery,
    *, limit: int, offset: int = 0, after: int | None = None, before: int | None = None,
) -> list[Read]:  # fmt: skip
    """The rows from ``offset``, or those next to the record ``after`` or ``before``, as ordered.

    Raises :class:`Invalid` for a sort, a filter or a window that this list does not have.
    """
    limit, offset = bounds(limit, offset)
    if query.searches:
        return _found(
            listing, connection, asking, query, limit=limit, offset=offset, after=after, before=before
        )
    pages = Pages(listing, connection, asking, query)
    reached = before if after is None else after
    if reached is not None:
        _require(listing, connection, reached)
        return pages.page(Start.BEYOND_RECORD, limit, forwards=after is not None, key_id=reached)
    return pages.page(Start.END, limit, offset=offset) if offset <= NEAR else pages.far(limit, offset)


def bounds(limit: int, offset: int) -> tuple[int, int]:
    """A limit and an offset that every database takes. Raises :class:`Invalid` if one is negative."""
    if limit < 0 or offset < 0:
        raise Invalid.of("limit", N_("This must not be negative."))
    return min(limit, _MOST_ROWS), min(offset, _MOST_ROWS)


def count(
    listing: ListSpec[Read], connection: Connection, asking: QueryContext, query: ListQuery, cap: int
) -> int:
    """How many rows the query has, at most ``cap``: counting a million takes longer than anyone reads."""
    if query.searches:
        return _count_found(listing, connection, asking, query, cap)
    return Pages(listing, connection, asking, query).count(cap)


def position(
    listing: ListSpec[Any], connection: Connection, asking: QueryContext, query: ListQuery, record_id: int,
    nearest: Nearest = lambda key: None,
) -> int | None:  # fmt: skip
    """How many rows of the query come before a record; ``None`` if the query does not find it.

    ``nearest`` gives a known key at or before another, and its place; ``None`` if there is none.
    """
    if query.searches:
        return _position_found(listing, connection, asking, query, record_id)
    pages = Pages(listing, connection, asking, query)
    return pages.position(record_id, nearest) if is_record_id(record_id) else None


def one(listing: ListSpec[Read], connection: Connection, record_id: int) -> Read | None:
    """The record with this id, live or in the trash; ``None`` if there is none."""
    if not is_record_id(record_id):
        return None
    found = spec.fetch(listing, connection, by_id(listing), {"key_id": record_id})
    return found[0] if found else None


def _require(listing: ListSpec[Any], connection: Connection, record_id: int) -> None:
    # A record to go on from need not be in the list any more, but has to be somewhere.
    here = listing.select.with_only_columns(listing.key).where(listing.key == record_id)
    if not is_record_id(record_id) or connection.execute(here).first() is None:
        raise spec.no_record(record_id)


def read_one(
    crm: Crm, actor: Actor, listing: ListSpec[Read], kind: RecordKind, record_id: int,
    right: Action = Action.RECORD_READ,
) -> Read:  # fmt: skip
    """The record, live or in the trash. Raises :class:`NotFound`, or :class:`Forbidden` without the right."""
    with reading(crm, actor, right) as work:
        record = one(listing, work.connection, record_id)
        needed = None if record is None else listing.row_right(record)
        if needed is not None:
            rights.require(work.actor.department, needed)
    if record is None:
        raise record_types.not_found(kind, record_id)
    return record


def read_window(
    crm: Crm, actor: Actor, listing: ListSpec[Read], query: ListQuery,
    limit: int, offset: int = 0, after: int | None = None, right: Action = Action.RECORD_READ,
) -> list[Read]:  # fmt: skip
    """A window of a list. Raises :class:`Forbidden` and the errors of :func:`window`."""
    with reading(crm, actor, right) as work:
        asking = QueryContext.by(work.actor, work.now)
        return window(listing, work.connection, asking, query, limit=limit, offset=offset, after=after)


def as_written(work: UnitOfWork, listing: ListSpec[Read], record: Record) -> Read:
    """A record that this transaction has written, as it is read."""
    work.settle()
    return spec.fetch(listing, work.connection, by_id(listing), {"key_id": record.id})[0]


class _Search(Protocol):
    """One search in one list: the ids of a window, from the start or beyond a key; counts of its rows."""

    def window(self, limit: int, offset: int, *, descending: bool) -> list[int]: ...
    def count(self, cap: int) -> int: ...
    def count_before(self) -> int: ...


class _RowByRow:
    """A search without an index of words. ``values`` are those of its conditions, and the key if any."""

    def __init__(self, connection: Connection, asked: SearchStatements, values: dict[str, Any]) -> None:
        self._connection = connection
        self._asked = asked
        self._values = values

    def window(self, limit: int, offset: int, *, descending: bool) -> list[int]:
        beyond = "key_id" in self._values
        window = self._asked.window(SearchStrategy.ROW_BY_ROW, descending=descending, beyond=beyond)
        values = self._values | {"window_limit": limit, "window_offset": offset}
        return list(self._connection.execute(window, values).scalars())

    def count(self, cap: int) -> int:
        counted = self._connection.execute(
            self._asked.count(SearchStrategy.ROW_BY_ROW), self._values | {"window_limit": cap}
        )
        return counted.scalar_one()  # type: ignore[no-any-return]

    def count_before(self) -> int:
        counted = self._connection.execute(self._asked.count_before(SearchStrategy.ROW_BY_ROW), self._values)
        return counted.scalar_one()  # type: ignore[no-any-return]


def _found(
    listing: ListSpec[Read], connection: Connection, asking: QueryContext, query: ListQuery,
    *, limit: int, offset: int = 0, after: int | None = None, before: int | None = None,
) -> list[Read]:  # fmt: skip
    asked, values, terms = _asked(listing, connection, asking, query)
    reached = before if after is None else after
    if reached is not None:
        values |= _key(connection, asked, reached)
    if not _can_match(asked):
        return []
    backwards = reached is not None and after is None
    search = _search(listing, connection, query, asked, values, terms)
    ids = search.window(limit, offset, descending=query.descending is not backwards)
    return _records(listing, connection, ids[::-1] if backwards else ids)


def _count_found(
    listing: ListSpec[Any], connection: Connection, asking: QueryContext, query: ListQuery, cap: int
) -> int:
    asked, values, terms = _asked(listing, connection, asking, query)
    if not _can_match(asked):
        return 0
    return _search(listing, connection, query, asked, values, terms).count(cap)


def _position_found(
    listing: ListSpec[Any], connection: Connection, asking: QueryContext, query: ListQuery, record_id: int
) -> int | None:
    asked, values, terms = _asked(listing, connection, asking, query)
    if not is_record_id(record_id) or not _can_match(asked):
        return None
    here = connection.execute(asked.holds(), values | {"key_id": record_id}).first()
    if here is None:
        return None
    values |= key_values("key", tuple(here))
    return _search(listing, connection, query, asked, values, terms).count_before()


def _asked(
    listing: ListSpec[Any], connection: Connection, asking: QueryContext, query: ListQuery
) -> tuple[SearchStatements, dict[str, Any], Sequence[Term]]:
    dialect = connection.dialect.name
    terms: Sequence[Term] = query.terms
    if len(terms) <= MOST_WORDS:
        terms = with_people(connection, terms, listing.people)
    own = statements(listing, QueryKey.of(asking, query), dialect)
    values = spec.values(listing, asking, query)
    if listing.finds is not None and 0 < len(terms) <= MOST_WORDS:
        return searching(own, listing.finds(connection, terms), dialect), values, terms
    # Row by row, one term is checked after the other: the longest rules out most rows.
    ordered = sorted(terms, key=lambda term: len(term[0]), reverse=True)
    asked = search_statements(own, tuple(map(len, ordered)), dialect)
    words = (f" {word}" for term in ordered for word in term)
    return asked, values | dict(zip(asked.names, words, strict=True)), terms


def _can_match(asked: SearchStatements) -> bool:
    return bool(asked.found) or (asked.own.listing.search is not None and 0 < len(asked.sizes) <= MOST_WORDS)


def _search(
    listing: ListSpec[Any], connection: Connection, query: ListQuery, asked: SearchStatements,
    values: dict[str, Any], terms: Sequence[Term],
) -> _Search:  # fmt: skip
    if listing.lists is None or query.parent is not None or Filter.TRASHED in query.filters:
        return _RowByRow(connection, asked, values)
    if connection.dialect.name == "postgresql":
        return PostgresSearch(connection, asked, terms, values)
    if sqlite.is_usable(connection):
        plain = not query.filters and not query.own and len(asked.own.order) == 1 and listing.always is None
        return sqlite.SqliteSearch(connection, asked, terms, values, plain=plain)
    return _RowByRow(connection, asked, values)


def _key(connection: Connection, asked: SearchStatements, record_id: int) -> dict[str, Any]:
    if is_record_id(record_id):
        here = connection.execute(asked.key_of(), {"key_id": record_id}).first()
        if here is not None:
            return key_values("key", tuple(here))
    raise spec.no_record(record_id)


def _records(listing: ListSpec[Read], connection: Connection, ids: list[int]) -> list[Read]:
    by_id: dict[int, Read] = {}
    for start in range(0, len(ids), _AT_ONCE):
        # SQLAlchemy runs this one: its text depends on the number of ids.
        result = connection.execute(_by_ids(listing), {"ids": ids[start : start + _AT_ONCE]})
        assert isinstance(result, CursorResult)  # noqa: S101 - Core gives no other
        rows = result.cursor.fetchall()
        result.close()
        for record in spec.shaped(listing, rows, connection.dialect):
            by_id[record.id] = record  # type: ignore[attr-defined]
    # A record deleted between the two steps is left out.
    return [by_id[record_id] for record_id in ids if record_id in by_id]


@cache
def _by_ids(listing: ListSpec[Any]) -> Statement:
    return listing.select.where(listing.key.in_(bindparam("ids", expanding=True)))
