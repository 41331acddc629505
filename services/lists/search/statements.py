"""The statements of a search in one list, built once and used with other words.

The rows of a search are found in one of several ways. The quickest depends on how many rows match;
:mod:`services.lists.search.sqlite` and :mod:`services.lists.search.postgresql` choose it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    TextClause,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
)

from models.postgresql_word_index import BLOCK, BLOCK_BITS, WORD_STARTS
from services.lists.spec import Order, directed
from services.lists.statements import LIMIT, OFFSET, ListStatements

Statement = Select[*tuple[Any, ...]]

_FIRST_ROWS: Final = bindparam("first_rows", type_=Integer)
"""How many rows of the list are looked at before another way is taken."""


class SearchStrategy(Enum):
    """How the rows are found."""

    ROW_BY_ROW = "each row of the list is looked at, in its order"
    BY_ID = "the index of words names the rows, and each is looked up"
    IN_SET = "the index of the list is walked, past rows that the index of words does not name"
    BY_WORDS = "the index of words of PostgreSQL gives the rows"


_IN_INDEX: Final = "{table}.id IN (SELECT rowid FROM {table}_search WHERE {table}_search MATCH :match)"
# The plus sign keeps SQLite from looking the rows up, one by one.
_NAMED: Final = {SearchStrategy.BY_ID: _IN_INDEX, SearchStrategy.IN_SET: f"+{_IN_INDEX}"}


@dataclass(frozen=True, eq=False)
class SearchStatements:
    """The statements of a search for terms of so many words each; made by :func:`search_statements`.

    ``names`` are those of the words, each with a space before it, term by term; ``match`` is the query for
    the index of words, ``key`` and ``key_id`` the key beyond which a window begins. ``found`` are the
    conditions of a search in a list that has no words of its own.
    """

    own: ListStatements[Any]
    sizes: tuple[int, ...]
    dialect: str
    names: tuple[str, ...]
    found: tuple[ColumnElement[bool], ...] = ()

    @lru_cache(maxsize=1024)  # noqa: B019 - of all lists together, which stay as long as the program
    def window(self, way: SearchStrategy, *, descending: bool, beyond: bool) -> Statement:
        """The ids of a window, in order, from the start of the list or beyond the key."""
        found, order = self._found(way)
        if beyond:
            found = found.where(_beside(order, larger=not descending))
        ids = found.with_only_columns(order[-1]).order_by(*directed(order, descending=descending))
        return ids.limit(LIMIT).offset(OFFSET)

    @lru_cache(maxsize=1024)  # noqa: B019 - as above
    def block_by_block(self, *, descending: bool, beyond: bool) -> Statement:
        """As :meth:`window`, on PostgreSQL and in the order of the ids.

        The index of words is asked for one block of ids after the other, until the window is full: the
        blocks come in order, so that only the rows of one block are sorted.
        """
        blocks = self._blocks(descending=descending, beyond=beyond)
        found = self._in_block(descending=descending, beyond=beyond).lateral("found")
        here = directed([blocks.c.number, found.c.id], descending=descending)
        ids = select(found.c.id).select_from(blocks.join(found, true()))
        return ids.order_by(*here).limit(LIMIT).offset(OFFSET)

    @lru_cache(maxsize=1024)  # noqa: B019 - as above
    def count(self, way: SearchStrategy) -> Statement:
        """How many rows there are, up to ``window_limit``."""
        found, _ = self._found(way)
        rows: Statement = found.with_only_columns(literal_column("1").label("one")).limit(LIMIT)
        return select(func.count()).select_from(rows.subquery())

    @lru_cache(maxsize=1024)  # noqa: B019 - as above
    def count_before(self, way: SearchStrategy) -> Statement:
        """How many rows come before the key."""
        found, order = self._found(way)
        before = _beside(order, larger=self.own.descending)
        return found.with_only_columns(func.count()).where(before)

    @lru_cache(maxsize=1024)  # noqa: B019 - as above
    def among_first(self, *, descending: bool, beyond: bool) -> Statement:
        """As :meth:`window`, among the first ``first_rows`` rows of the list only."""
        first = self._first(descending=descending, beyond=beyond).subquery("first")
        ids = select(first.c.id).where(*self._fitting(first.c.search)).limit(LIMIT).offset(OFFSET)
        if self.dialect == "sqlite":
            # The rows keep the order of the inner select; with an ORDER BY SQLite would sort them all again.
            return ids
        return ids.order_by(*directed([*first.c][2:], descending=descending))

    @lru_cache(maxsize=1024)  # noqa: B019 - as above
    def past_first(self, *, descending: bool, beyond: bool) -> Statement:
        """The id of the row after the first ``first_rows`` rows, if the list has more."""
        table, order = self.own.listing.table, self.own.order
        rows = self._hinted(select(table.c.id)).where(*self.own.conditions)
        if beyond:
            rows = rows.where(_beside(order, larger=not descending))
        return rows.order_by(*directed(order, descending=descending)).limit(1).offset(_FIRST_ROWS)

    @lru_cache(maxsize=1024)  # noqa: B019 - as above
    def tally_of_first(self, *, descending: bool, beyond: bool) -> Statement:
        """How many of the first rows there are, how many hold the words, and the ids of :meth:`among_first`.

        For PostgreSQL: one walk over the rows gives all of it.
        """
        first = _materialized(self._first(descending=descending, beyond=beyond), "first")
        holding = _materialized(select(first).where(*self._fitting(first.c.search)), "holding")
        ordered = directed([*holding.c][2:], descending=descending)
        ids = select(holding.c.id).order_by(*ordered).limit(LIMIT).offset(OFFSET)
        return select(_rows_in(first), _rows_in(holding), func.array(ids.scalar_subquery()))

    @lru_cache(maxsize=1024)  # noqa: B019 - as above
    def holds(self) -> Statement:
        """The key of the record ``key_id``, if the search finds it."""
        return self._row_by_row(select(*self.own.order)).where(
            self.own.listing.key == bindparam("key_id", type_=Integer)
        )

    @lru_cache(maxsize=1024)  # noqa: B019 - as above
    def key_of(self) -> Statement:
        """The key of the record ``key_id``, whether the search finds it or not."""
        return select(*self.own.order).where(self.own.listing.key == bindparam("key_id", type_=Integer))

    def _found(self, way: SearchStrategy) -> tuple[Statement, Order]:
        everything = select(*self.own.order).select_from(self.own.listing.table)
        if way is SearchStrategy.ROW_BY_ROW:
            return self._hinted(self._row_by_row(everything)), self.own.order
        if way is SearchStrategy.BY_WORDS:
            return self._by_words(everything)
        among = everything.where(*self.own.conditions, text(_NAMED[way].format(table=self._table)))
        if way is SearchStrategy.IN_SET:
            return self._hinted(among), self.own.order
        return among.with_hint(self.own.listing.table, "NOT INDEXED", "sqlite"), self.own.order

    def _by_words(self, everything: Statement) -> tuple[Statement, Order]:
        # Materialised: with the order in sight the planner walks the list instead, for seconds at times.
        held = self._holding("CAST(:match AS tsquery)")
        rows = everything.with_only_columns(*self._labelled_order()).where(*self.own.conditions, held)
        found = _materialized(rows, "found")
        return select(found).select_from(found), list(found.c)

    def _blocks(self, *, descending: bool, beyond: bool) -> Subquery:
        """The numbers of the blocks of the table, in order, from that of the key on."""
        key_id = bindparam("key_id", type_=Integer)
        last = select(func.max(self.own.listing.table.c.id)).scalar_subquery()
        start = _block_of(key_id) if beyond and not descending else literal_column("0")
        end = _block_of(key_id if beyond and descending else last)
        number: Any = func.generate_series(start, end).column_valued("number")
        ordered = directed([number], descending=descending)
        return select(number.label("number")).order_by(*ordered).subquery("block")

    def _in_block(self, *, descending: bool, beyond: bool) -> Statement:
        """The ids that a block has for a window, in order."""
        # With one condition PostgreSQL checks each row that holds the rarest word. With two it skips, in the
        # rows of each, to the next row of the other: past all rows of other blocks at once. The words share
        # one condition, since many short skips between frequent words take longer than the checks.
        here = self._holding(f"CAST('''{BLOCK}' || block.number || '''' AS tsquery)")
        held = self._holding("CAST(:match AS tsquery)")
        rows = select(self.own.listing.table.c.id).where(*self.own.conditions, here, held)
        if beyond:
            rows = rows.where(_beside(self.own.order, larger=not descending))
        # The OFFSET hides the order from the planner, which would walk the ids instead.
        fenced = rows.offset(0).subquery("held")
        return (
            select(fenced.c.id)
            .order_by(*directed([fenced.c.id], descending=descending))
            .limit(LIMIT + OFFSET)
        )

    def _holding(self, query: str) -> TextClause:
        return text(f"{WORD_STARTS}({self._table}.search, {self._table}.id) @@ {query}")

    def _first(self, *, descending: bool, beyond: bool) -> Statement:
        table, order = self.own.listing.table, self.own.order
        columns = table.c.id, table.c.search, *self._labelled_order()
        rows = self._hinted(select(*columns)).where(*self.own.conditions)
        if beyond:
            rows = rows.where(_beside(order, larger=not descending))
        return rows.order_by(*directed(order, descending=descending)).limit(_FIRST_ROWS)

    def _labelled_order(self) -> list[ColumnElement[Any]]:
        return [column.label(f"order_{place}") for place, column in enumerate(self.own.order)]

    def _row_by_row(self, rows: Statement) -> Statement:
        return rows.where(*self.own.conditions, *self._fitting(self.own.listing.search))

    def _hinted(self, rows: Statement) -> Statement:
        if self.own.index is None:
            return rows
        return rows.with_hint(self.own.listing.table, f"INDEXED BY {self.own.index}", "sqlite")

    def _fitting(self, search: Any) -> list[ColumnElement[bool]]:
        if self.found:
            return [*self.found]
        return holding(search, self.sizes, self.dialect)

    @property
    def _table(self) -> str:
        return self.own.listing.table.name


def _materialized(rows: Statement, name: str) -> CTE:
    # SQLAlchemy writes the prefix of a CTE after AS, as PostgreSQL requires of this word.
    return rows.cte(name).prefix_with("MATERIALIZED", dialect="postgresql")


def _block_of(record_id: Any) -> ColumnElement[int]:
    block: ColumnElement[int] = record_id.op(">>")(literal_column(str(BLOCK_BITS)))
    return block


def _rows_in(rows: CTE) -> Any:
    return select(func.count()).select_from(rows).scalar_subquery()


@lru_cache(maxsize=256)
def search_statements(own: ListStatements[Any], sizes: tuple[int, ...], dialect: str) -> SearchStatements:
    """The statements of a search in a list, for terms of so many words each."""
    names = (_word_name(place, turn) for place, size in enumerate(sizes) for turn in range(size))
    return SearchStatements(own, sizes, dialect, tuple(names))


def searching(
    own: ListStatements[Any], found: Sequence[ColumnElement[bool]], dialect: str
) -> SearchStatements:
    """The statements of a search by conditions, which are those of one search alone."""
    return SearchStatements(own, (), dialect, (), tuple(found))


def _word_name(place: int, turn: int) -> str:
    return f"word_{place}_{turn}"


def holding(search: Any, sizes: Sequence[int], dialect: str) -> list[ColumnElement[bool]]:
    """The conditions that a text holds, for each term of so many words, one of its words."""
    place_of = func.instr if dialect == "sqlite" else func.strpos
    return [
        or_(*(place_of(search, bindparam(_word_name(place, turn), type_=String)) > 0 for turn in range(size)))
        for place, size in enumerate(sizes)
    ]


def _beside(order: Sequence[Any], *, larger: bool) -> ColumnElement[bool]:
    names = ("key", "key_id")[-len(order) :]
    keys = [bindparam(name, type_=column.type) for name, column in zip(names, order, strict=True)]
    here, there = (order[0], keys[0]) if len(order) == 1 else (tuple_(*order), tuple_(*keys))
    beside: ColumnElement[bool] = here > there if larger else here < there
    return beside
