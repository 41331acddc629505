"""The statements of one list in one order, built once and used with other values.

A key is where a row stands in its order: what it is ordered by, and its id. Windows begin at a key, so that
a million rows before it cost nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Final, Generic

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    select,
    text,
    tuple_,
    union_all,
)

from models.tables import Collaborator, LoginSession
from services.list_sql import (
    ACTOR,
    NOW,
    Condition,
    Listing,
    Order,
    Read,
    Shape,
    directed,
    index_of,
    narrowings,
    order,
    scope_of,
    table_of,
)
from services.listing import ListQuery

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Side = list[ColumnElement[bool]]

LIMIT: Final = bindparam("window_limit", type_=Integer)
OFFSET: Final = bindparam("window_offset", type_=Integer)


_built_once: Final = lru_cache(maxsize=2048)
"""A dozen statements for each list in each order; each is compiled once, too, as long as it is the same."""


class Start(Enum):
    """Where a window begins."""

    END = "at the end of the list"
    KEY = "at a key, with it"
    BEYOND_KEY = "beyond a key"
    BEYOND_RECORD = "beyond a record, which need not be in the list"


@dataclass(frozen=True, eq=False)
class ListStatements(Generic[Read]):
    """What is asked of one list; made by :func:`statements`.

    ``forwards`` is the direction in which rows are read: with the order of the list or against it. The
    values of keys are named ``key`` and ``key_id``, those of a second one ``upper`` and ``upper_id``.
    """

    listing: Listing[Read]
    conditions: tuple[Condition, ...]
    order: Order
    index: str | None
    descending: bool
    row_values: bool

    @_built_once
    def page(self, start: Start, *, forwards: bool, guarded: bool = False) -> Statement:
        """Rows from a start on; ``guarded`` gives none unless the session of the actor is open."""
        columns = [*self.listing.select.selected_columns, *self._labelled_order()]
        select_from = self.listing.select.with_only_columns(*columns)
        if guarded:
            select_from = select_from.where(session_is_open())
        return self._ordered(select_from, self._sides(start, forwards=forwards), forwards=forwards)

    @_built_once
    def key(self, start: Start, *, forwards: bool) -> Statement:
        """The key some rows away from a start, read from the index alone."""
        columns = self._of_table(*self._labelled_order())
        return self._ordered(columns, self._sides(start, forwards=forwards), forwards=forwards)

    @_built_once
    def key_of(self) -> Statement:
        """The key of the record ``key_id``, where it is in the list."""
        found = self._of_table(*self.order)
        return found.where(*self.conditions, self.listing.key == bindparam("key_id", type_=Integer))

    @_built_once
    def count(self) -> Statement:
        """How many rows there are, up to ``window_limit``."""
        rows = self._among(self._of_table(literal_column("1").label("one"))).limit(LIMIT)
        return select(func.count()).select_from(rows.subquery())

    @_built_once
    def count_before(self) -> Statement:
        """How many rows stand before a key."""
        return self._counted(self._apart("key", larger=self.descending))

    @_built_once
    def count_from(self) -> Statement:
        """How many rows stand at a key or behind it."""
        return self._counted(self._apart("key", larger=not self.descending, inclusive=True))

    @_built_once
    def count_between(self, *, tied: bool) -> Statement:
        """How many rows stand before the key ``upper`` and not before the key ``key``.

        ``tied`` says that both are equal in what they are ordered by.
        """
        ahead = not self.descending
        if tied and len(self.order) > 1:
            value = self.order[0] == self._value("key")
            ids = self._on_side(self.listing.key, "key_id", larger=ahead, inclusive=True)
            until = self._on_side(self.listing.key, "upper_id", larger=not ahead, inclusive=False)
            return self._counted([[value, ids, until]])
        lower = self._apart("key", larger=ahead, inclusive=True)
        upper = self._apart("upper", larger=not ahead)
        # No row is equal to both keys in what they are ordered by, which differ.
        pairs = [(one, other) for one in lower for other in upper][len(lower) - 1 :]
        return self._counted([[*one, *other] for one, other in pairs])

    def _counted(self, sides: Sequence[Side]) -> Statement:
        counts = [self._among(self._of_table(func.count())).where(*side).scalar_subquery() for side in sides]
        return select(sum(counts[1:], start=counts[0]).label("rows"))

    def _of_table(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        return select(*columns).select_from(self.listing.table)

    def _among(self, found: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        if self.index is not None:
            found = found.with_hint(self.listing.table, f"INDEXED BY {self.index}", "sqlite")
        return found.where(*self.conditions)

    def _ordered(
        self, found: Select[*tuple[Any, ...]], sides: Sequence[Side], *, forwards: bool
    ) -> Statement:
        among = self._among(found)
        descending = self.descending is forwards
        if len(sides) == 1:
            ordered = among.where(*sides[0]).order_by(*directed(self.order, descending=descending))
            return ordered.limit(LIMIT).offset(OFFSET)
        # Each part comes in order from the index, and the database merges them as it goes.
        direction = " DESC" if descending else ""
        names = ", ".join(f"order_{place}{direction}" for place in range(len(self.order)))
        merged = union_all(*(among.where(*side) for side in sides))
        return merged.order_by(text(names)).limit(LIMIT).offset(OFFSET)

    def _labelled_order(self) -> list[ColumnElement[Any]]:
        return [column.label(f"order_{place}") for place, column in enumerate(self.order)]

    def _sides(self, start: Start, *, forwards: bool) -> list[Side]:
        if start is Start.END:
            return [[]]
        return self._apart(
            "key", larger=self.descending is not forwards, inclusive=start is Start.KEY,
            looked_up=start is Start.BEYOND_RECORD,
        )  # fmt: skip

    def _apart(
        self, name: str, *, larger: bool, inclusive: bool = False, looked_up: bool = False
    ) -> list[Side]:
        """What lies on one side of a key, in parts that are laid end to end.

        SQLite finds the first column of a comparison of rows in an index and walks over all that are equal
        in it; so the rest of those that are equal are asked for by themselves there.
        """
        ids = self._on_side(self.listing.key, f"{name}_id", larger=larger, inclusive=inclusive)
        if len(self.order) == 1:
            return [[ids]]
        value = self._looked_up() if looked_up else self._value(name)
        further = self.order[0] > value if larger else self.order[0] < value
        if not self.row_values:
            return [[self.order[0] == value, ids], [further]]
        return [[self._compared_as_rows(value, name, larger=larger, inclusive=inclusive)]]

    def _compared_as_rows(
        self, value: Any, name: str, *, larger: bool, inclusive: bool
    ) -> ColumnElement[bool]:
        here, there = tuple_(*self.order), tuple_(value, bindparam(f"{name}_id", type_=Integer))
        if inclusive:
            return here >= there if larger else here <= there
        return here > there if larger else here < there

    def _on_side(self, column: Any, name: str, *, larger: bool, inclusive: bool) -> ColumnElement[bool]:
        there = bindparam(name, type_=Integer)
        if inclusive:
            return column >= there if larger else column <= there  # type: ignore[no-any-return]
        return column > there if larger else column < there  # type: ignore[no-any-return]

    def _value(self, name: str) -> ColumnElement[Any]:
        column: Any = self.order[0]
        return bindparam(name, type_=column.type)

    def _looked_up(self) -> ColumnElement[Any]:
        there = self.listing.key == bindparam("key_id", type_=Integer)
        # Uncorrelated: the same table, but not the row at hand.
        return select(self.order[0]).where(there).correlate(None).scalar_subquery()


@lru_cache(maxsize=512)
def statements(listing: Listing[Read], shape: Shape, dialect_name: str) -> ListStatements[Read]:
    """The statements of a list. Raises :class:`Invalid` for a sort, a filter or a parent it does not have."""
    asked = narrowings(listing, shape)
    return ListStatements(
        listing=listing,
        conditions=tuple(each for narrowing in asked for each in narrowing.conditions(listing.table)),
        order=_order(listing, shape),
        index=index_of(listing, asked, shape.sort),
        descending=shape.descending,
        row_values=dialect_name != "sqlite",
    )


def _order(listing: Listing[Any], shape: Shape) -> Order:
    columns = order(listing, ListQuery(sort=shape.sort))
    scope = scope_of(listing, narrowings(listing, shape))
    # Where all are equal in it, the list is in the order of the ids.
    return columns[-1:] if scope is not None and shape.sort in scope.constant else columns


_SESSION: Final = bindparam("session_id", type_=String)
_DEPARTMENT: Final = bindparam("department", type_=table_of(Collaborator).c.department.type)


@cache
def session_is_open() -> ColumnElement[bool]:
    """Whether the session of the actor is open, and the actor still of the department known.

    So that one statement reads a page and knows that it may: see :func:`services.reads.read_window`.
    """
    session, person = table_of(LoginSession), table_of(Collaborator).alias("asking")
    return (
        select(literal_column("1"))
        .select_from(session.join(person, person.c.id == session.c.collaborator_id))
        .where(
            session.c.id == _SESSION, session.c.revoked_at.is_(None), session.c.expires_at > NOW,
            person.c.active.is_(True), person.c.id == ACTOR, person.c.department == _DEPARTMENT,
        )
        .exists()
    )  # fmt: skip
