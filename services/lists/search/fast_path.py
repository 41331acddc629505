"""The first page of a plain search on SQLite, by single statements that also check session and index.

A search that they cannot answer is repeated by :mod:`services.lists.search.engine`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Integer, Select, bindparam, column, func, select, table, text
from sqlalchemy.exc import DBAPIError

from models.search_words import INDEXED_PREFIX, Term
from services.errors import DatabaseUnavailable
from services.lists import row_mapper, spec
from services.lists.query import ListQuery
from services.lists.search.sqlite import match
from services.lists.search.statements import holding, sizes, word_values
from services.lists.spec import ListSpec, QueryContext, Read
from services.lists.statements import LIMIT, OFFSET
from services.persistence import prepared, sqlite_fts
from services.persistence.database import Database
from services.session_rows import session_is_open

# More than any record can match, and more than a database likes to be asked.
MOST_WORDS: Final = 100

PROBE: Final = 100
"""So many rows that hold the beginning of a long word are looked at, to learn whether most hold all of it.

The index walks prefixes of up to eight letters in order; of a longer one it gathers and sorts all rows. That
takes no time where they are few; else the rows that hold the beginning are walked, and each is looked at.
"""
CANDIDATES: Final = 4
"""So many of these are looked at for each row that is wanted."""
_CANDIDATES: Final = bindparam("candidates", type_=Integer)
_Statement = Select[*tuple[Any, ...]]


def page(
    database: Database,
    listing: ListSpec[Read],
    asking: QueryContext,
    query: ListQuery,
    limit: int,
    offset: int,
) -> list[Read] | None:
    """The rows of a search in the order of the ids; ``None`` where it is not as plain as that.

    ``None`` also where the session is not open or the index not whole.
    """
    terms = query.terms
    if database.kind != "sqlite" or listing.lists is None or not _is_plain(query, terms):
        return None
    values = spec.guard(asking) | {LIMIT.key: limit, OFFSET.key: offset}
    try:
        rows = _rows(database, listing, terms, query.descending, values)
    except (database.engine.dialect.loaded_dbapi.Error, DBAPIError, DatabaseUnavailable):
        return None
    return None if rows is None else row_mapper.shaped(listing, rows, database.engine.dialect)


def _is_plain(query: ListQuery, terms: Sequence[Term]) -> bool:
    ordered_otherwise = query.sort not in ("", "id")
    return not (ordered_otherwise or query.filters or query.parent) and 0 < len(terms) <= MOST_WORDS


def _rows(
    database: Database,
    listing: ListSpec[Any],
    terms: Sequence[Term],
    descending: bool,
    values: dict[str, Any],
) -> Sequence[prepared.Row] | None:
    frequent = [term for term in terms if _is_long_and_frequent(database, listing, term[0])]
    if frequent:
        rows = _among_first(database, listing, terms, frequent, descending, values)
        if rows is not None:
            return rows
    rows = prepared.rows(database, _page(listing, descending), values | {"match": match(terms)})
    return _known(database, rows, values)


def _is_long_and_frequent(database: Database, listing: ListSpec[Any], word: str) -> bool:
    if len(word) <= INDEXED_PREFIX:
        return False
    asked = {"match": match([[word[:INDEXED_PREFIX]]]), "word_0_0": f" {word}", _CANDIDATES.key: PROBE}
    ((seen, fitting),) = prepared.rows(database, _probe(listing), asked)
    return bool(seen == PROBE and fitting * CANDIDATES >= PROBE)


def _among_first(
    database: Database, listing: ListSpec[Any], terms: Sequence[Term], frequent: Sequence[Term],
    descending: bool, values: dict[str, Any],
) -> Sequence[prepared.Row] | None:  # fmt: skip
    """The rows, where they are among the first that hold the beginnings of the frequent words."""
    limit, most = values[LIMIT.key], CANDIDATES * (values[LIMIT.key] + values[OFFSET.key])
    values = values | word_values(frequent)
    starts = [[word[:INDEXED_PREFIX] for word in term] if term in frequent else term for term in terms]
    values |= {"match": match(starts), _CANDIDATES.key: most}
    rows = prepared.rows(database, _fitting(listing, sizes(frequent), descending), values)
    if len(rows) == limit:
        return rows
    ((candidates,),) = prepared.rows(database, _count_candidates(listing), values)
    return _known(database, rows, values) if candidates < most else None


def _known(
    database: Database, rows: Sequence[prepared.Row], values: dict[str, Any]
) -> Sequence[prepared.Row] | None:
    # Where there are none, there may be none, or nobody may have been asked.
    return rows if rows or prepared.rows(database, _is_open(), values) else None


@lru_cache(maxsize=16)
def _page(listing: ListSpec[Any], descending: bool) -> _Statement:
    index = table(f"{listing.table.name}_search", column("rowid", Integer))
    found = listing.select.select_from(index).where(
        index.c.rowid == listing.key, text(f"{index.name} MATCH :match"), *_guards()
    )
    ordered = index.c.rowid.desc() if descending else index.c.rowid.asc()
    return found.order_by(ordered).limit(LIMIT).offset(OFFSET)


@lru_cache(maxsize=64)
def _fitting(listing: ListSpec[Any], sizes: tuple[int, ...], descending: bool) -> _Statement:
    index = table(f"{listing.table.name}_search", column("rowid", Integer))
    ordered = index.c.rowid.desc() if descending else index.c.rowid.asc()
    candidates = _candidates(index).order_by(ordered).subquery("candidates")
    fitting = holding(listing.search, sizes, "sqlite")
    # The candidates come in order, and each is looked up as it comes.
    found = listing.select.select_from(candidates).where(candidates.c.rowid == listing.key, *fitting)
    return found.limit(LIMIT).offset(OFFSET)


@lru_cache(maxsize=8)
def _count_candidates(listing: ListSpec[Any]) -> _Statement:
    index = table(f"{listing.table.name}_search", column("rowid", Integer))
    return select(func.count()).select_from(_candidates(index).subquery())


@lru_cache(maxsize=8)
def _probe(listing: ListSpec[Any]) -> _Statement:
    index = table(f"{listing.table.name}_search", column("rowid", Integer))
    first = select(index.c.rowid).where(text(f"{index.name} MATCH :match")).limit(_CANDIDATES).subquery()
    fitting = func.count().filter(*holding(listing.search, (1,), "sqlite"))
    return select(func.count(), fitting).where(first.c.rowid == listing.key)


def _candidates(index: Any) -> Select[tuple[int]]:
    found: Select[tuple[int]] = select(index.c.rowid).where(text(f"{index.name} MATCH :match"), *_guards())
    return found.limit(_CANDIDATES)


@lru_cache(maxsize=1)
def _is_open() -> _Statement:
    return select(text("1")).where(*_guards())


def _guards() -> tuple[Any, ...]:
    return session_is_open(), text(sqlite_fts.IS_WHOLE)
