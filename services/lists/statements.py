"""The statements of one list in one order, built once and used with other values.

A key is the position of a row in the order: its sort value and its id. Windows begin at a key, so that a
million rows before it cost nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Final, Generic

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    text,
    union_all,
)

from services.lists.keyset import Keys, Part
from services.lists.query import ListQuery
from services.lists.spec import (
    Condition,
    ListSpec,
    Order,
    QueryKey,
    Read,
    directed,
    filter_specs,
    index_of,
    order,
    scope_of,
)

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]

LIMIT: Final = bindparam("window_limit", type_=Integer)
OFFSET: Final = bindparam("window_offset", type_=Integer)


_ALL: Final = Part()
_built_once: Final = lru_cache(maxsize=2048)
"""A dozen statements for each list in each order; each is compiled once, too, as long as it is the same."""


class Start(Enum):
    """The place at which a window begins."""

    END = "at the end of the list"
    KEY = "at a key, with it"
    BEYOND_RECORD = "beyond a record, which need not be in the list"


@dataclass(frozen=True, eq=False)
class ListStatements(Generic[Read]):
    """The statements of one list in one order; made by :func:`statements`.

    ``forwards`` is the direction in which rows are read: with the order of the list or against it. The
    values of keys are named ``key`` and ``key_id``, those of a second one ``upper`` and ``upper_id``.
    """

    listing: ListSpec[Read]
    conditions: tuple[Condition, ...]
    order: Order
    index: str | None
    descending: bool
    row_values: bool

    @_built_once
    def page(self, start: Start, *, forwards: bool) -> Statement:
        """Rows from a start on."""
        columns = [*self.listing.select.selected_columns, *self._labelled_order()]
        return self._ordered(self.listing.select.with_only_columns(*columns), start, forwards=forwards)

    @_built_once
    def key(self, start: Start, *, forwards: bool) -> Statement:
        """The key some rows away from a start, read from the index alone."""
        columns = self._of_table(*self._labelled_order())
        return self._ordered(columns, start, forwards=forwards)

    @_built_once
    def key_of(self) -> Statement:
        """The key of the record ``key_id``, if it is in the list."""
        found = self._of_table(*self.order)
        return found.where(*self.conditions, self.listing.key == bindparam("key_id", type_=Integer))

    @_built_once
    def count(self) -> Statement:
        """How many rows there are, up to ``window_limit``."""
        rows = self._among(self._of_table(literal_column("1").label("one"))).limit(LIMIT)
        return select(func.count()).select_from(rows.subquery())

    @_built_once
    def count_before(self) -> Statement:
        """How many rows come before a key."""
        return self._counted(self._keys.beyond("key", larger=self.descending))

    @_built_once
    def count_from(self) -> Statement:
        """How many rows are at a key or after it."""
        return self._counted(self._keys.beyond("key", larger=not self.descending, inclusive=True))

    @_built_once
    def count_between(self, *, tied: bool) -> Statement:
        """How many rows come before the key ``upper`` and not before the key ``key``.

        ``tied`` says that both keys have the same sort value.
        """
        keys, ahead = self._keys, not self.descending
        if tied and len(self.order) > 1:
            start = keys.ids("key", larger=ahead, inclusive=True)
            end = keys.ids("upper", larger=not ahead, inclusive=False)
            return self._counted([keys.tied("key", None, start, end)])
        lower = keys.beyond("key", larger=ahead, inclusive=True)
        upper = keys.beyond("upper", larger=not ahead)
        # The sort values differ, so no row is tied with both keys: that pair is left out.
        return self._counted([one & other for one in lower for other in upper][len(lower) - 1 :])

    @property
    def _keys(self) -> Keys:
        return Keys(self.order, self.row_values)

    def _counted(self, parts: Sequence[Part]) -> Statement:
        counts = [self._among(self._of_table(func.count()), part).scalar_subquery() for part in parts]
        return select(sum(counts[1:], start=counts[0]).label("rows"))

    def _of_table(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        return select(*columns).select_from(self.listing.table)

    def _among(self, found: Select[*tuple[Any, ...]], part: Part = _ALL) -> Select[*tuple[Any, ...]]:
        if self.index is not None:
            found = found.with_hint(self.listing.table, f"INDEXED BY {self.index}", "sqlite")
        return found.where(*part.among(self.conditions, self.order))

    def _ordered(self, found: Select[*tuple[Any, ...]], start: Start, *, forwards: bool) -> Statement:
        parts = [self._among(found, part) for part in self._parts(start, forwards=forwards)]
        descending = self.descending is forwards
        if len(parts) == 1:
            ordered: Statement = parts[0].order_by(*directed(self.order, descending=descending))
        else:
            # Each part comes in order from the index, and the database merges them as it goes.
            direction = " DESC" if descending else ""
            names = ", ".join(f"order_{place}{direction}" for place in range(len(self.order)))
            ordered = union_all(*parts).order_by(text(names))
        return ordered.limit(LIMIT).offset(OFFSET)

    def _labelled_order(self) -> list[ColumnElement[Any]]:
        return [column.label(f"order_{place}") for place, column in enumerate(self.order)]

    def _parts(self, start: Start, *, forwards: bool) -> Sequence[Part]:
        if start is Start.END:
            return [_ALL]
        return self._keys.beyond(
            "key", larger=self.descending is not forwards, inclusive=start is Start.KEY,
            of_record=start is Start.BEYOND_RECORD,
        )  # fmt: skip


@lru_cache(maxsize=512)
def statements(listing: ListSpec[Read], shape: QueryKey, dialect_name: str) -> ListStatements[Read]:
    """The statements of a list. Raises :class:`Invalid` for a sort, a filter or a parent it does not have."""
    asked = filter_specs(listing, shape)
    return ListStatements(
        listing=listing,
        conditions=tuple(each for narrowing in asked for each in narrowing.conditions(listing.table)),
        order=_order(listing, shape),
        index=index_of(listing, asked, shape.sort),
        descending=shape.descending,
        row_values=dialect_name != "sqlite",
    )


def _order(listing: ListSpec[Any], shape: QueryKey) -> Order:
    columns = order(listing, ListQuery(shape.filters, sort=shape.sort))
    scope = scope_of(listing, filter_specs(listing, shape), shape.sort or "id")
    # All rows of the scope have the same sort value, so the list is in id order.
    return columns[-1:] if scope is not None and shape.sort in scope.constant else columns


@lru_cache(maxsize=64)
def by_id(listing: ListSpec[Any]) -> Select[*tuple[Any, ...]]:
    """The record ``key_id``."""
    return listing.select.where(listing.key == bindparam("key_id", type_=Integer))
