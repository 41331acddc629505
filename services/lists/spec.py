"""Lists in SQL, as data and as parts of statements: conditions, order and words, and the records of rows.

Values are named parameters (``actor_id``, ``now``), so that a statement is built once and used for every
actor; :func:`values` gives them. :mod:`services.lists.statements` and
:mod:`services.lists.search.statements` put the parts together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, make_dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Select,
    SQLColumnExpression,
    Table,
    UnaryExpression,
    bindparam,
)
from sqlalchemy.engine import Dialect

from models.column_types import Converter, UtcDateTime, Values, converter
from models.enums import Department, RecordKind
from models.list_indexes import LIVE, TRASHED, IndexedLists, Scope
from models.search_words import Term
from services.errors import Invalid
from services.i18n import N_
from services.lists import own_conditions
from services.lists.filter_fields import FilterField
from services.lists.narrowing import Condition as Condition
from services.lists.narrowing import FilterSpec as FilterSpec
from services.lists.narrowing import QueryContext as QueryContext
from services.lists.own_conditions import OwnShape
from services.lists.query import Filter, ListQuery, Preset
from services.persistence import prepared
from services.persistence.database import is_record_id
from services.rights import Action

Read = TypeVar("Read")
Order = list[SQLColumnExpression[Any]]

NOBODY: Final = bindparam("nobody", 0, type_=Integer)
"""An id that no record has, for a list that is empty for some: its index is used all the same."""
NOW: Final = bindparam("now", type_=UtcDateTime)
"""The moment of the query."""
PARENT: Final = bindparam("parent_id", type_=Integer)
"""The record to which the query is narrowed."""


@dataclass(frozen=True, eq=False)
class ListSpec(Generic[Read]):
    """One kind of list as data.

    ``select`` has the columns under the names of the fields of ``record``, or those that ``computed`` makes
    the other fields from; :func:`same_named` gives those of the list's own ``table``. The table drives the
    list; others are joined from the left, for the shown columns only. ``sorts`` maps a field to the own
    column that orders it. ``search`` holds the words of a row as :func:`models.search_words.stored` writes
    them; ``people`` are the marks of the people in them. ``finds`` gives the conditions that a row holds the
    terms of a search, for a list whose rows have no such words. ``values`` are the values in filters, by
    name.
    ``kind`` is that of the total that says how long the whole list is. ``figures`` maps a column of ids to
    the counter of the rows that have such an id; the record with that id holds the counter. ``always`` holds
    of each row; ``row_right`` gives the right that a single row needs besides that of the list, if any.
    ``presets`` are in the order of the section's keys; their source is "Filters every department asks for" in
    the brief, and a department sees its own first. ``sorts_within`` names the filter without which a sort has
    no index and is refused. ``fields`` are those that people's own filters may name, in the order in which
    they are offered. ``is_small`` says that reading every row of the table is nothing to speak of.
    """

    record: type[Read]
    table: Table
    select: Select[*tuple[Any, ...]]
    key: SQLColumnExpression[Any]
    computed: Mapping[str, Callable[[Mapping[str, Sequence[Any]]], Sequence[Any]]] = field(
        default_factory=dict
    )
    search: SQLColumnExpression[str] | None = None
    people: str = ""
    finds: Callable[[Connection, Sequence[Term]], Sequence[ColumnElement[bool]]] | None = None
    sorts: Mapping[str, SQLColumnExpression[Any]] = field(default_factory=dict)
    sorts_within: Mapping[str, Filter] = field(default_factory=dict)
    trashable: bool = False
    mine: Mapping[Department, FilterSpec] = field(default_factory=dict)
    filters: Mapping[Filter, FilterSpec] = field(default_factory=dict)
    parents: Mapping[RecordKind, FilterSpec] = field(default_factory=dict)
    values: Mapping[str, Callable[[QueryContext], object]] = field(default_factory=dict)
    lists: IndexedLists | None = None
    kind: RecordKind | None = None
    figures: Mapping[str, Column[Any]] = field(default_factory=dict)
    always: FilterSpec | None = None
    row_right: Callable[[Read], Action | None] = lambda _row: None
    presets: Sequence[Preset] = ()
    fields: Mapping[str, FilterField] = field(default_factory=dict)
    is_small: bool = False

    @cached_property
    def unpeopled(self) -> "ListSpec[Read]":
        """This list, searched without the names of the people of its rows."""
        return replace(self, people="")

    def sorts_under(self, filters: frozenset[Filter]) -> list[str]:
        """The fields that may order the list with these filters, besides the id."""
        needed = self.sorts_within
        return [name for name in self.sorts if name not in needed or needed[name] in filters]


@dataclass(frozen=True)
class QueryKey:
    """The part of a query that determines its statement, without its values and the words of its search."""

    filters: frozenset[Filter]
    department: Department | None
    parent: RecordKind | None
    sort: str
    descending: bool
    own: OwnShape = own_conditions.NO_SHAPE

    @classmethod
    def of(cls, asking: QueryContext, query: ListQuery) -> "QueryKey":
        """The key of a query."""
        whose = asking.department if Filter.MINE in query.filters else None
        sort = "" if query.sort == "id" else query.sort
        return cls(
            query.filters, whose, query.parent and query.parent[0], sort, query.descending,
            own_conditions.shape_of(query.own),
        )  # fmt: skip


def same_named(record: type[Any], table: Table) -> list[Column[Any]]:
    """The columns of a table that a read model has under their own names."""
    return [table.c[each.name] for each in fields(record) if each.name in table.c]


def everyone(narrowing: FilterSpec) -> Mapping[Department, FilterSpec]:
    """The same "mine" for each department."""
    return dict.fromkeys(Department, narrowing)


def filter_specs(listing: ListSpec[Any], shape: QueryKey) -> list[FilterSpec]:
    """The conditions of the filters and the parent. Raises :class:`Invalid` for one that the list lacks."""
    asked = [_filter(listing, shape, chosen) for chosen in sorted(shape.filters - {Filter.TRASHED})]
    if listing.trashable:
        asked.append(FilterSpec((TRASHED if Filter.TRASHED in shape.filters else LIVE,)))
    if shape.parent is not None:
        if shape.parent not in listing.parents:
            template = N_("This list cannot be filtered by one {kind}.")
            raise Invalid.of("parent", template, kind=shape.parent.value)
        asked.append(listing.parents[shape.parent])
    asked += own_conditions.narrowings(listing.fields, listing.table, shape.own)
    return asked if listing.always is None else [listing.always, *asked]


def values(listing: ListSpec[Any], asking: QueryContext, query: ListQuery) -> dict[str, Any]:
    """The values in the conditions of a query, by their names."""
    parent = query.parent[1] if query.parent is not None else 0
    own = (
        {name: value(asking) for name, value in listing.values.items()}
        if query.filters or listing.always
        else {}
    )
    own |= own_conditions.values(listing.fields, query.own, asking)
    # No record has the id 0: no record is linked to a number that cannot be an id.
    return own | {
        "actor_id": asking.actor_id, "now": asking.now, "parent_id": parent if is_record_id(parent) else 0,
    }  # fmt: skip


def scope_of(listing: ListSpec[Any], asked: Sequence[FilterSpec], sort: str) -> Scope | None:
    """The part of the table with most of the conditions in its indexes, and with an index in this order."""
    if listing.lists is None:
        return None
    known = {each for narrowing in asked for each in narrowing.known}
    leads = {narrowing.equal[0] for narrowing in asked if narrowing.equal is not None} | {""}
    fitting = [
        scope
        for scope in listing.lists.scopes
        if scope.conditions <= known and scope.lead in leads and sort in listing.lists.orders_of(scope)
    ]
    return max(fitting, key=lambda scope: (bool(scope.lead), len(scope.conditions)), default=None)


def index_of(listing: ListSpec[Any], asked: Sequence[FilterSpec], sort: str) -> str | None:
    """The index that serves the conditions in an order; ``None`` leaves it to the database."""
    named = [narrowing.index for narrowing in asked if narrowing.index is not None]
    scope = scope_of(listing, asked, sort or "id")
    if named or scope is None or listing.lists is None:
        return named[0] or None if named else None
    return listing.lists.index_name(scope, sort or "id")


def reads_every_row(listing: ListSpec[Any], shape: QueryKey) -> bool:
    """Whether the own filter of a query is asked of one row after the other, since no index leaves any out.

    Raises :class:`Invalid` as :func:`filter_specs`.
    """
    if not shape.own.conditions or listing.is_small or shape.parent is not None:
        return False
    scope = scope_of(listing, filter_specs(listing, shape), shape.sort or "id")
    if scope is not None and (scope.lead or scope.conditions - {LIVE}):
        return False
    return not own_conditions.is_served(listing.fields, shape.own, shape.sort)


def order(listing: ListSpec[Any], query: ListQuery) -> Order:
    """The columns that a query is ordered by, the key last. Raises :class:`Invalid` for an unknown sort."""
    if not query.sort or query.sort == "id":
        return [listing.key]
    possible = listing.sorts_under(query.filters)
    if query.sort not in possible:
        raise Invalid.of("sort", N_("Sort by one of: {names}."), names=", ".join(["id", *sorted(possible)]))
    return [listing.sorts[query.sort], listing.key]


def directed(columns: Order, *, descending: bool) -> list[UnaryExpression[Any]]:
    """The order with its direction."""
    return [column.desc() if descending else column.asc() for column in columns]


def no_record(record_id: int) -> Invalid:
    """The refusal to go on from a record that is not there."""
    return Invalid.of("after", N_("There is no record {id} to continue after."), id=record_id)


def _filter(listing: ListSpec[Any], shape: QueryKey, chosen: Filter) -> FilterSpec:
    if chosen is Filter.MINE and shape.department is not None and shape.department in listing.mine:
        return listing.mine[shape.department]
    if chosen not in listing.filters:
        raise Invalid.of("filter", N_("This list has no filter {name}."), name=chosen.value)
    return listing.filters[chosen]


def fetch(
    listing: ListSpec[Read], connection: Connection, statement: Executable, values: Mapping[str, Any]
) -> list[Read]:
    """The records of a statement that is built once and has the columns of the list first."""
    return shaped(listing, prepared.run(connection, statement, values).rows, connection.dialect)


def shaped(listing: ListSpec[Read], rows: Sequence[Values], dialect: Dialect) -> list[Read]:
    """Rows of a driver that have the columns of the list first, as records.

    They are converted column by column, which costs a third of going row by row.
    """
    if not rows:
        return []
    columns: list[Values] = list(zip(*rows, strict=True))
    for place, convert in _converters(listing, dialect):
        columns[place] = convert(columns[place])
    return _assembly(listing)(columns)


@lru_cache(maxsize=64)
def _converters(listing: ListSpec[Any], dialect: Dialect) -> Sequence[tuple[int, Converter]]:
    converting = [converter(column.type, dialect) for column in listing.select.selected_columns]
    return [(place, convert) for place, convert in enumerate(converting) if convert is not None]


@lru_cache(maxsize=64)
def _assembly(listing: ListSpec[Read]) -> Callable[[Sequence[Values]], list[Read]]:
    names = [column.name for column in listing.select.selected_columns]
    build = builder(listing.record)
    wanted = [each.name for each in fields(listing.record)]  # type: ignore[arg-type]

    def assemble(columns: Sequence[Values]) -> list[Read]:
        named = dict(zip(names, columns, strict=False))
        named |= {name: compute(named) for name, compute in listing.computed.items()}
        return build(*(named[name] for name in wanted))

    return assemble


def builder(shape: type[Read]) -> Callable[..., list[Read]]:
    """A function that builds records of a frozen dataclass from columns in a fifth of the usual time.

    A frozen dataclass sets each field with a call of ``object.__setattr__``. This function creates instances
    of an unfrozen class with the same layout and then changes their class.
    """
    twin: Any = make_dataclass(
        f"{shape.__name__}Thawed",
        [(each.name, each.type) for each in fields(shape)],  # type: ignore[arg-type]
        slots=True,
    )

    def build(*columns: Any) -> list[Any]:
        made = list(map(twin, *columns))
        for record in made:
            record.__class__ = shape
        return made

    return build
