"""Keyset conditions: the rows on one side of a key, in a form that each database answers from an index.

A key holds the sort values of a row and its id. For a row comparison SQLite uses only the first column of an
index and walks over all rows that are equal in it: thousands, for a date. So its condition has two parts, one
after the other: the rest of the rows equal to the key, and the rows beyond.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, TextClause, bindparam, func, select, tuple_
from sqlalchemy.sql.visitors import replacement_traverse

from services.lists.spec import Condition, Order


@dataclass(frozen=True)
class Part:
    """Consecutive rows of a list; ``tied`` is the sort value that all of them have, if they share one."""

    conditions: tuple[ColumnElement[bool], ...] = ()
    tied: ColumnElement[Any] | None = None

    def __and__(self, other: "Part") -> "Part":
        """The rows that are in both."""
        tied = other.tied if self.tied is None else self.tied
        return Part((*self.conditions, *other.conditions), tied)

    def among(self, conditions: Iterable[Condition], order: Order) -> list[Condition]:
        """The conditions of the list and those of the part.

        For tied rows, a condition on the sort column tests the key's value instead: given a range of the
        column, SQLite would walk that range of the index rather than the equal rows.
        """
        own = (
            list(conditions)
            if self.tied is None
            else [_told(each, order[0], self.tied) for each in conditions]
        )
        return [*own, *self.conditions]


@dataclass(frozen=True)
class Keys:
    """The keys of a list in an order; ``row_values`` says that an index answers comparisons of whole rows."""

    order: Order
    row_values: bool

    def beyond(
        self, name: str, *, larger: bool, inclusive: bool = False, of_record: bool = False
    ) -> Sequence[Part]:
        """The rows on one side of the key with the values ``name`` and ``name_id``.

        ``of_record`` says that only the id is given, and the record may be in the list or not.
        """
        ids = self.ids(name, larger=larger, inclusive=inclusive)
        if len(self.order) == 1:
            return [Part((ids,))]
        value = self._looked_up(name) if of_record else self._value(name)
        if self.row_values:
            there = tuple_(value, bindparam(f"{name}_id", type_=Integer))
            return [Part((_beside(tuple_(*self.order), there, larger=larger, inclusive=inclusive),))]
        return [
            self.tied(name, value, ids),
            Part((_beside(self.order[0], value, larger=larger, inclusive=False),)),
        ]

    def tied(self, name: str, value: ColumnElement[Any] | None = None, *ids: ColumnElement[bool]) -> Part:
        """The rows with the sort value of a key, narrowed by conditions on their ids."""
        equal = self._value(name) if value is None else value
        same: ColumnElement[bool] = self.order[0] == equal
        if not self.row_values:
            # Without statistics SQLite may take the range of the scope, such as amount_due > 0, for narrower.
            same = func.unlikely(same)
        return Part((same, *ids), equal)

    def ids(self, name: str, *, larger: bool, inclusive: bool) -> ColumnElement[bool]:
        """The ids on one side of that of a key."""
        there = bindparam(f"{name}_id", type_=Integer)
        return _beside(self.order[-1], there, larger=larger, inclusive=inclusive)

    def _value(self, name: str) -> ColumnElement[Any]:
        column: Any = self.order[0]
        return bindparam(name, type_=column.type)

    def _looked_up(self, name: str) -> ColumnElement[Any]:
        there = self.order[-1] == bindparam(f"{name}_id", type_=Integer)
        # Uncorrelated: the same table, but not the row at hand.
        return select(self.order[0]).where(there).correlate(None).scalar_subquery()


def _beside(here: Any, there: Any, *, larger: bool, inclusive: bool) -> ColumnElement[bool]:
    if inclusive:
        return here >= there if larger else here <= there  # type: ignore[no-any-return]
    return here > there if larger else here < there  # type: ignore[no-any-return]


def _told(condition: Condition, column: Any, value: ColumnElement[Any]) -> Condition:
    if isinstance(condition, TextClause):
        return condition
    replaced: ColumnElement[bool] = replacement_traverse(
        condition, {}, lambda element, **_: value if element is column else None
    )
    return replaced
