"""Search on PostgreSQL, by the index of :mod:`models.postgresql_word_index`.

That index has no order, so it returns every matching row before the first one is known. The first rows of the
list are read instead: if many rows match, they fill the window. Otherwise, in id order, the index is asked
for one block of ids after the other. In another order, and for words longer than the indexed prefixes, some
thousand more rows are read before the index is asked for all.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection

from models.search_words import INDEXED_PREFIX, Term
from services.lists.search.statements import SearchStatements, SearchStrategy

GLANCE: Final = 500
"""Rows of the list that are read first."""
FIRST_ROWS: Final = 4_000
"""Rows that are read next, also to learn how frequent the words are."""
FURTHER: Final = 6
"""If the window is likely to need more than so many times as many rows, the index is asked for all."""
MANY: Final = 0.05
"""If a larger share of the first rows matches, counting goes row by row rather than by the index."""


class PostgresSearch:
    """One search in one list. ``values`` are those of its conditions, and of the key, if any."""

    def __init__(
        self, connection: Connection, statements: SearchStatements, terms: Sequence[Term],
        values: dict[str, Any],
    ) -> None:  # fmt: skip
        self._connection = connection
        self._statements = statements
        self._values = values | {"match": match(terms)}
        # Of the other words of a term, which are put together, the long ones are rare.
        self._in_blocks = len(statements.own.order) == 1 and all(
            len(term[0]) <= INDEXED_PREFIX for term in terms
        )

    def window(self, limit: int, offset: int, *, descending: bool) -> list[int]:
        """The ids of a window, in order; it begins beyond the key, if there is one."""
        ids = self._among_first(GLANCE, limit, offset, descending=descending)
        if len(ids) == limit:
            return ids
        if self._in_blocks:
            return self._block_by_block(limit, offset, descending=descending)
        seen, holding, ids = self._tally(
            limit, offset, descending=descending, beyond="key_id" in self._values
        )
        if len(ids) == limit or seen < FIRST_ROWS:
            return ids
        further = FIRST_ROWS * (limit + offset) / (holding or 1)
        if further <= FIRST_ROWS * FURTHER:
            # A margin of half, since this is an estimate.
            ids = self._among_first(int(further * 1.5), limit, offset, descending=descending)
            if len(ids) == limit:
                return ids
        window = self._statements.window(
            SearchStrategy.BY_WORDS, descending=descending, beyond="key_id" in self._values
        )
        values = self._values | {"window_limit": limit, "window_offset": offset}
        return list(self._connection.execute(window, values).scalars())

    def count(self, cap: int) -> int:
        """How many rows there are, at most ``cap``."""
        seen, holding, _ids = self._tally(0, 0, descending=self._statements.own.descending, beyond=False)
        if seen < FIRST_ROWS:
            return min(cap, holding)
        way = SearchStrategy.ROW_BY_ROW if holding > seen * MANY else SearchStrategy.BY_WORDS
        values = self._values | {"window_limit": cap}
        return self._connection.execute(self._statements.count(way), values).scalar_one()  # type: ignore[no-any-return]

    def count_before(self) -> int:
        """How many rows come before the key."""
        seen, holding, _ids = self._tally(0, 0, descending=self._statements.own.descending, beyond=False)
        way = (
            SearchStrategy.ROW_BY_ROW
            if seen < FIRST_ROWS or holding > seen * MANY
            else SearchStrategy.BY_WORDS
        )
        return self._connection.execute(self._statements.count_before(way), self._values).scalar_one()  # type: ignore[no-any-return]

    def _block_by_block(self, limit: int, offset: int, *, descending: bool) -> list[int]:
        blocks = self._statements.block_by_block(descending=descending, beyond="key_id" in self._values)
        values = self._values | {"window_limit": limit, "window_offset": offset}
        return list(self._connection.execute(blocks, values).scalars())

    def _among_first(self, rows: int, limit: int, offset: int, *, descending: bool) -> list[int]:
        first = self._statements.among_first(descending=descending, beyond="key_id" in self._values)
        values = self._values | {"first_rows": rows, "window_limit": limit, "window_offset": offset}
        return list(self._connection.execute(first, values).scalars())

    def _tally(
        self, limit: int, offset: int, *, descending: bool, beyond: bool
    ) -> tuple[int, int, list[int]]:
        tally = self._statements.tally_of_first(descending=descending, beyond=beyond)
        values = {"first_rows": FIRST_ROWS, "window_limit": limit, "window_offset": offset}
        seen, holding, ids = self._connection.execute(tally, self._values | values).one()
        return seen, holding, ids


def match(terms: Sequence[Term]) -> str:
    """A query for rows that hold, for each term, a word beginning with one of its words."""
    return " & ".join(f"({' | '.join(map(_start, dict.fromkeys(term)))})" for term in terms)


def _start(word: str) -> str:
    # Words are letters and digits: nothing in them ends the quotation.
    known = f"'{word[:INDEXED_PREFIX]}'"
    return known if len(word) <= INDEXED_PREFIX else f"{known} & '{word}':*"
