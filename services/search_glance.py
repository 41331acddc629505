"""The first page of a plain search on SQLite by single statements, which ask for session and index too.

What cannot be answered so is asked again with care, by :mod:`services.searching`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Integer, Select, String, bindparam, column, func, select, table, text
from sqlalchemy.exc import DBAPIError

from models.word_index import INDEXED_PREFIX
from services import direct, list_rows, list_sql, search_index
from services.database import Database
from services.errors import DatabaseUnavailable
from services.list_sql import Asking, Listing, Read
from services.list_statements import LIMIT, OFFSET, session_is_open
from services.listing import ListQuery
from services.search_sqlite import match

# More than any record can match, and more than a database likes to be asked.
MOST_WORDS: Final = 100

CANDIDATES: Final = 4
"""So many rows that hold the beginning of a long word are looked at for each one that is wanted.

The index walks prefixes of up to eight letters in order; of a longer one it gathers and sorts all rows. Where
few of the candidates hold the whole word, few rows do at all, and that takes no time.
"""
_CANDIDATES: Final = bindparam("candidates", type_=Integer)
_Statement = Select[*tuple[Any, ...]]


def page(
    database: Database, listing: Listing[Read], asking: Asking, query: ListQuery, limit: int, offset: int
) -> list[Read] | None:
    """The rows of a search in the order of the ids; ``None`` where it is not as plain as that.

    ``None`` also where the session is not open or the index not whole.
    """
    words = list_sql.terms(query)
    if database.kind != "sqlite" or listing.lists is None or not _is_plain(query, words):
        return None
    values = list_sql.guard(asking) | {LIMIT.key: limit, OFFSET.key: offset}
    try:
        rows = _rows(database, listing, words, query.descending, values)
    except (database.engine.dialect.loaded_dbapi.Error, DBAPIError, DatabaseUnavailable):
        return None
    return None if rows is None else list_rows.shaped(listing, rows, database.engine.dialect)


def _is_plain(query: ListQuery, words: Sequence[str]) -> bool:
    ordered_otherwise = query.sort not in ("", "id")
    return not (ordered_otherwise or query.filters or query.parent or len(words) > MOST_WORDS)


def _rows(
    database: Database, listing: Listing[Any], words: Sequence[str], descending: bool, values: dict[str, Any]
) -> Sequence[direct.Row] | None:
    long = [word for word in words if len(word) > INDEXED_PREFIX]
    limit = values[LIMIT.key]
    if long:
        rows = direct.rows(
            database,
            _among_candidates(listing, len(long), descending),
            values | {f"word_{place}": f" {word}" for place, word in enumerate(long)}
            | {"match": match([word[:INDEXED_PREFIX] for word in words]),
               _CANDIDATES.key: CANDIDATES * (limit + values[OFFSET.key])},
        )  # fmt: skip
        if len(rows) == limit:
            return rows
    rows = direct.rows(database, _page(listing, descending), values | {"match": match(words)})
    # Nothing may be found, or nothing may have been asked for.
    return rows if rows or direct.rows(database, _is_open(), values) else None


@lru_cache(maxsize=16)
def _page(listing: Listing[Any], descending: bool) -> _Statement:
    index = table(f"{listing.table.name}_search", column("rowid", Integer))
    found = listing.select.select_from(index).where(
        index.c.rowid == listing.key, text(f"{index.name} MATCH :match"), *_guards()
    )
    ordered = index.c.rowid.desc() if descending else index.c.rowid.asc()
    return found.order_by(ordered).limit(LIMIT).offset(OFFSET)


@lru_cache(maxsize=64)
def _among_candidates(listing: Listing[Any], long: int, descending: bool) -> _Statement:
    index = table(f"{listing.table.name}_search", column("rowid", Integer))
    ordered = index.c.rowid.desc() if descending else index.c.rowid.asc()
    first = select(index.c.rowid).where(text(f"{index.name} MATCH :match"), *_guards())
    candidates = first.order_by(ordered).limit(_CANDIDATES).subquery("candidates")
    fitting = [
        func.instr(listing.search, bindparam(f"word_{place}", type_=String)) > 0 for place in range(long)
    ]
    # The candidates come in order, and each is looked up as it comes.
    found = listing.select.select_from(candidates).where(candidates.c.rowid == listing.key, *fitting)
    return found.limit(LIMIT).offset(OFFSET)


@lru_cache(maxsize=1)
def _is_open() -> _Statement:
    return select(text("1")).where(*_guards())


def _guards() -> tuple[Any, ...]:
    return session_is_open(), text(search_index.IS_WHOLE)
