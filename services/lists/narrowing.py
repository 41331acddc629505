"""The conditions of one filter in SQL, and the context in which a query is asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Table, TextClause, text

from models.enums import Department
from services.actor import Actor

Condition = ColumnElement[bool] | TextClause


@dataclass(frozen=True)
class QueryContext:
    """The actor and the moment of a query; filters such as "mine" and "next 7 days" depend on them."""

    actor_id: int
    now: datetime
    department: Department

    @classmethod
    def by(cls, actor: Actor, now: datetime) -> "QueryContext":
        """The context of a query of the actor now."""
        return cls(actor.id, now, actor.department)


@dataclass(frozen=True)
class FilterSpec:
    """The conditions of a filter or a parent on the table's own columns.

    ``known`` are conditions in the words of the scopes of :mod:`models.list_indexes`; ``equal`` is a column
    that has but one value, and that value; ``rest`` are the other conditions. ``index`` names an index that
    leaves so few rows that their order does not matter; an empty name leaves the choice to the database.
    """

    known: tuple[str, ...] = ()
    equal: tuple[str, BindParameter[Any]] | None = None
    rest: tuple[ColumnElement[bool], ...] = ()
    index: str | None = None

    def conditions(self, table: Table) -> list[Condition]:
        """As SQL."""
        equal = [] if self.equal is None else [table.c[self.equal[0]] == self.equal[1]]
        return [*(text(f"{table.name}.{known}") for known in self.known), *equal, *self.rest]
