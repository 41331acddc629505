"""Search on SQLite, by the FTS5 index of :mod:`services.persistence.sqlite_fts`.

Without a filter and a sort the index returns the rows in id order. Otherwise the number of matches decides:
few matches are looked up and sorted; for more, their ids are gathered and the index of the list is walked
past the other rows; if many match, the first rows of the list do.

The index walks prefixes of up to :data:`INDEXED_PREFIX` letters in id order. For a longer word it gathers and
sorts all matches, which is quick if they are few. A long word that many rows hold is searched by its prefix
instead, and each row is checked until the window is full.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from models.search_words import INDEXED_PREFIX, Term
from services.lists.search.statements import SearchStatements, SearchStrategy
from services.persistence.sqlite_fts import HAS_FTS5, IS_WHOLE

FEW: Final = 2_000
"""Up to so many rows are looked up one by one."""
MANY: Final = 0.03
"""If a larger share of rows matches, reading the list row by row soon fills a window."""
FIRST_ROWS: Final = 20_000
"""Rows of the list that are read before the ids are gathered all the same."""
PROBE: Final = 100
"""So many rows with the prefix of a long word are checked to learn whether most hold the whole word."""
CANDIDATES: Final = 4
"""At most so many rows with the prefix are checked for each row of the window."""

_STREAM: Final = (
    "SELECT rowid FROM {table}_search WHERE {table}_search MATCH ? AND rowid {side} ?"
    " ORDER BY rowid {direction} LIMIT ? OFFSET ?"
)
_COUNT: Final = "SELECT count(*) FROM (SELECT rowid FROM {table}_search WHERE {table}_search MATCH ? LIMIT ?)"
_FIRST: Final = (
    "SELECT count(*), coalesce(max(rowid), 1) FROM"
    " (SELECT rowid FROM {table}_search WHERE {table}_search MATCH ? ORDER BY rowid LIMIT ?)"
)
_COUNT_BEFORE: Final = "SELECT count(*) FROM {table}_search WHERE {table}_search MATCH ? AND rowid {side} ?"
_LAST_ID: Final = 2**63 - 1
_PROBE: Final = (
    "SELECT count(*), count(*) FILTER (WHERE {fitting}) FROM"
    " (SELECT rowid AS candidate FROM {table}_search WHERE {table}_search MATCH ? LIMIT ?)"
    " JOIN {table} ON {table}.id = candidate"
)
# A cross join keeps the order of the candidates.
_FIRST_FITTING: Final = (
    "SELECT candidate FROM (SELECT rowid AS candidate FROM {table}_search WHERE {table}_search MATCH ?"
    " AND rowid {side} ? ORDER BY rowid {direction} LIMIT ?)"
    " CROSS JOIN {table} ON {table}.id = candidate WHERE {fitting} LIMIT ? OFFSET ?"
)


def is_usable(connection: Connection) -> bool:
    """Whether a search of this transaction may ask the index; else it reads row by row.

    Asked each time: a program without FTS5 may have opened the database since.
    """
    return bool(connection.exec_driver_sql(f"SELECT {IS_WHOLE} AND {HAS_FTS5}").scalar_one())


class SqliteSearch:
    """One search in one list. ``values`` are those of its conditions, and of the key, if any.

    ``plain`` says that the list is all live records in id order, so that the index alone gives it.
    """

    def __init__(
        self, connection: Connection, statements: SearchStatements, terms: Sequence[Term],
        values: dict[str, Any], *, plain: bool,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._statements = statements
        self._table = statements.own.listing.table.name
        self._terms = terms
        self._values = values | {"match": match(terms)}
        self._plain = plain

    def window(self, limit: int, offset: int, *, descending: bool) -> list[int]:
        """The ids of a window, in order; it begins beyond the key, if there is one."""
        if self._plain:
            ids = self._by_prefixes(limit, offset, descending=descending)
            return self._streamed(limit, offset, descending=descending) if ids is None else ids
        holding, last = self._raw(_FIRST, self._values["match"], FEW + 1).one()
        if holding <= FEW:
            return self._window(SearchStrategy.BY_ID, limit, offset, descending=descending)
        if holding / last > MANY:
            ids = self._among_first(limit, offset, descending=descending)
            if ids is not None:
                return ids
        return self._window(SearchStrategy.IN_SET, limit, offset, descending=descending)

    def count(self, cap: int) -> int:
        """How many rows there are, at most ``cap``."""
        if self._plain:
            return self._count_holding(cap)
        return self._number(self._statements.count(self._way()), window_limit=cap)

    def count_before(self) -> int:
        """How many rows come before the key."""
        if self._plain:
            side = ">" if self._statements.own.descending else "<"
            values = self._values["match"], self._values["key_id"]
            return int(self._raw(_COUNT_BEFORE, *values, side=side).scalar_one())
        return self._number(self._statements.count_before(self._way()))

    def _way(self) -> SearchStrategy:
        return SearchStrategy.BY_ID if self._count_holding(FEW + 1) <= FEW else SearchStrategy.IN_SET

    def _count_holding(self, cap: int) -> int:
        return int(self._raw(_COUNT, self._values["match"], cap).scalar_one())

    def _by_prefixes(self, limit: int, offset: int, *, descending: bool) -> list[int] | None:
        """The ids of a window, if a long word is frequent and the window is among the first candidates."""
        frequent = [term for term in self._terms if self._is_long_and_frequent(term[0])]
        if not frequent:
            return None
        prefixes = match(
            [word[:INDEXED_PREFIX] for word in term] if term in frequent else term for term in self._terms
        )
        most = CANDIDATES * (limit + offset)
        rows = self._raw(
            _FIRST_FITTING, prefixes, self._from(descending), most, *_words(frequent), limit, offset,
            fitting=_fitting(frequent), **_direction(descending),
        )  # fmt: skip
        ids = list(rows.scalars())
        is_whole = len(ids) == limit or self._raw(_COUNT, prefixes, most).scalar_one() < most
        return ids if is_whole else None

    def _is_long_and_frequent(self, word: str) -> bool:
        if len(word) <= INDEXED_PREFIX:
            return False
        values = *_words([(word,)]), match([[word[:INDEXED_PREFIX]]]), PROBE
        seen, fitting = self._raw(_PROBE, *values, fitting=_fitting([(word,)])).one()
        return bool(seen == PROBE and fitting * CANDIDATES >= PROBE)

    def _streamed(self, limit: int, offset: int, *, descending: bool) -> list[int]:
        rows = self._raw(
            _STREAM, self._values["match"], self._from(descending), limit, offset, **_direction(descending)
        )
        return list(rows.scalars())

    def _among_first(self, limit: int, offset: int, *, descending: bool) -> list[int] | None:
        beyond = "key_id" in self._values
        values = self._values | {"first_rows": FIRST_ROWS, "window_limit": limit, "window_offset": offset}
        first = self._statements.among_first(descending=descending, beyond=beyond)
        ids = list(self._connection.execute(first, values).scalars())
        if len(ids) == limit:
            return ids
        past = self._statements.past_first(descending=descending, beyond=beyond)
        return ids if self._connection.execute(past, values).first() is None else None

    def _window(self, way: SearchStrategy, limit: int, offset: int, *, descending: bool) -> list[int]:
        window = self._statements.window(way, descending=descending, beyond="key_id" in self._values)
        values = self._values | {"window_limit": limit, "window_offset": offset}
        return list(self._connection.execute(window, values).scalars())

    def _number(self, statement: Any, **values: int) -> int:
        return self._connection.execute(statement, self._values | values).scalar_one()  # type: ignore[no-any-return]

    def _from(self, descending: bool) -> int:
        return self._values.get("key_id", _LAST_ID if descending else 0)  # type: ignore[no-any-return]

    def _raw(self, statement: str, *values: object, **parts: str) -> Any:
        return self._connection.exec_driver_sql(statement.format(table=self._table, **parts), values)


def _direction(descending: bool) -> dict[str, str]:
    return {"side": "<", "direction": "DESC"} if descending else {"side": ">", "direction": "ASC"}


def _fitting(terms: Sequence[Term]) -> str:
    """The condition that the words of a row hold each term; :func:`_words` gives its values."""
    return " AND ".join(f"({' OR '.join(['instr(search, ?) > 0'] * len(term))})" for term in terms)


def _words(terms: Sequence[Term]) -> list[str]:
    return [f" {word}" for term in terms for word in term]


def match(terms: Iterable[Iterable[str]]) -> str:
    """The FTS5 query for rows that hold, for each term, a word beginning with one of its words."""
    # Between brackets FTS5 needs an explicit AND.
    starts = ([f'"{word}"*' for word in dict.fromkeys(term)] for term in terms)
    return " AND ".join(f"({' OR '.join(either)})" for either in starts)
