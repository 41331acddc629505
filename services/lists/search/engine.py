"""The records that match a search, their number, and the position of one among them.

A search takes two steps: the ids of a window, found by the cheapest strategy, then their records. Lists
without a word index (the trash, the records of one client) are searched row by row.
"""

from functools import cache
from typing import Any, Final, Protocol

from sqlalchemy import Connection, bindparam

from services.lists import row_mapper, spec
from services.lists.query import Filter, ListQuery
from services.lists.search.postgresql import PostgresSearch
from services.lists.search.sqlite import SqliteSearch
from services.lists.search.statements import (
    SearchStatements,
    SearchStrategy,
    Statement,
    search_statements,
    sizes,
    word_values,
)
from services.lists.spec import ListSpec, QueryContext, QueryKey, Read
from services.lists.statements import statements
from services.persistence import sqlite_fts
from services.persistence.database import is_record_id

MOST_WORDS: Final = 100
"""More words than any record has; a search for more finds nothing."""

_AT_ONCE: Final = 500


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


def found(
    listing: ListSpec[Read], connection: Connection, asking: QueryContext, query: ListQuery,
    *, limit: int, offset: int = 0, after: int | None = None, before: int | None = None,
) -> list[Read]:  # fmt: skip
    """The records of a window of a search, in the order of the query.

    See :func:`services.lists.engine.window`.
    """
    asked, values = _asked(listing, connection.dialect.name, asking, query)
    reached = before if after is None else after
    if reached is not None:
        values |= _key(connection, asked, reached)
    if not _can_match(asked):
        return []
    backwards = reached is not None and after is None
    search = _search(listing, connection, query, asked, values)
    ids = search.window(limit, offset, descending=query.descending is not backwards)
    return _records(listing, connection, ids[::-1] if backwards else ids)


def count(
    listing: ListSpec[Any], connection: Connection, asking: QueryContext, query: ListQuery, cap: int
) -> int:
    """How many rows a search finds, at most ``cap``."""
    asked, values = _asked(listing, connection.dialect.name, asking, query)
    return _search(listing, connection, query, asked, values).count(cap) if _can_match(asked) else 0


def position(
    listing: ListSpec[Any], connection: Connection, asking: QueryContext, query: ListQuery, record_id: int
) -> int | None:
    """How many rows of a search stand before a record; ``None`` where it is not among them."""
    asked, values = _asked(listing, connection.dialect.name, asking, query)
    if not is_record_id(record_id) or not _can_match(asked):
        return None
    here = connection.execute(asked.holds(), values | {"key_id": record_id}).first()
    if here is None:
        return None
    return _search(listing, connection, query, asked, values | _named(tuple(here))).count_before()


def _asked(
    listing: ListSpec[Any], dialect: str, asking: QueryContext, query: ListQuery
) -> tuple[SearchStatements, dict[str, Any]]:
    terms = query.terms
    own = statements(listing, QueryKey.of(asking, query), dialect)
    values = spec.values(listing, asking, query)
    # Where one of them is looked at after the other, the longest decides soonest.
    ordered = sorted(terms, key=lambda term: len(term[0]), reverse=True)
    return search_statements(own, sizes(ordered), dialect), values | word_values(ordered)


def _can_match(asked: SearchStatements) -> bool:
    return asked.own.listing.search is not None and 0 < len(asked.sizes) <= MOST_WORDS


def _search(
    listing: ListSpec[Any], connection: Connection, query: ListQuery, asked: SearchStatements,
    values: dict[str, Any],
) -> _Search:  # fmt: skip
    terms = query.terms
    if listing.lists is None or query.parent is not None or Filter.TRASHED in query.filters:
        return _RowByRow(connection, asked, values)
    if connection.dialect.name == "postgresql":
        return PostgresSearch(connection, asked, terms, values)
    if sqlite_fts.is_usable(connection):
        plain = not query.filters and len(asked.own.order) == 1
        return SqliteSearch(connection, asked, terms, values, plain=plain)
    return _RowByRow(connection, asked, values)


def _key(connection: Connection, asked: SearchStatements, record_id: int) -> dict[str, Any]:
    if is_record_id(record_id):
        here = connection.execute(asked.key_of(), {"key_id": record_id}).first()
        if here is not None:
            return _named(tuple(here))
    raise spec.no_record(record_id)


def _named(key: tuple[Any, ...]) -> dict[str, Any]:
    return {"key": key[0], "key_id": key[-1]}


def _records(listing: ListSpec[Read], connection: Connection, ids: list[int]) -> list[Read]:
    by_id: dict[int, Read] = {}
    for start in range(0, len(ids), _AT_ONCE):
        values = {"ids": ids[start : start + _AT_ONCE]}
        for record in row_mapper.fetch(listing, connection, _by_ids(listing), values):
            by_id[record.id] = record  # type: ignore[attr-defined]
    # What has gone between the two steps is in neither.
    return [by_id[record_id] for record_id in ids if record_id in by_id]


@cache
def _by_ids(listing: ListSpec[Any]) -> Statement:
    return listing.select.where(listing.key.in_(bindparam("ids", expanding=True)))
