"""One query of one list on one connection: its pages, its keys, its counts."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic

from sqlalchemy import Connection, Select, select
from sqlmodel import col

from models.column_types import whole_sum
from models.list_indexes import LIVE
from models.tables import Total
from services.lists import spec
from services.lists.query import ListQuery
from services.lists.spec import FilterSpec, ListSpec, QueryContext, QueryKey, Read, filter_specs
from services.lists.statements import Start, Statement, statements

Key = tuple[Any, ...]
"""The position of a row in the order: its sort value, unless the list is in id order, and its id."""

Nearest = Callable[[Key], tuple[Key, int] | None]
"""Gives a known key at or before another, and its place, so that only the rows between are counted."""


class Pages(Generic[Read]):
    """Reads a list without the words of its search.

    Raises :class:`services.errors.Invalid` for a sort, a filter or a parent that the list does not have.
    """

    def __init__(
        self, listing: ListSpec[Read], connection: Connection, asking: QueryContext, query: ListQuery
    ) -> None:
        self.listing = listing
        self.own = statements(listing, QueryKey.of(asking, query), connection.dialect.name)
        self._connection = connection
        self._asking = asking
        self._query = query
        self._values = spec.values(listing, asking, query)

    def page(
        self, start: Start, limit: int, *, offset: int = 0, forwards: bool = True, **values: Any
    ) -> list[Read]:
        """Rows from a start on, in the order of the list."""
        statement = self.own.page(start, forwards=forwards)
        known = self._values | values | {"window_limit": limit, "window_offset": offset}
        found = spec.fetch(self.listing, self._connection, statement, known)
        return found if forwards else found[::-1]

    def key(self, start: Start, skipped: int, *, forwards: bool = True, **values: Any) -> Key | None:
        """The key of the row some rows away from a start; ``None`` past the end."""
        window = {"window_limit": 1, "window_offset": skipped}
        statement = self.own.key(start, forwards=forwards)
        row = self._connection.execute(statement, self._values | values | window).first()
        return None if row is None else tuple(row)

    def further(self, start: Start, skipped: int, limit: int, **values: Any) -> list[Read]:
        """Rows some way behind a start: the first key is looked for in the index alone."""
        if not skipped:
            return self.page(start, limit, **values)
        key = self.key(start, skipped, **values)
        return [] if key is None else self.page(Start.KEY, limit, **key_values("key", key))

    def far(self, limit: int, offset: int) -> list[Read]:
        """A page deep in the list: its first key is looked for in the index alone, from the nearer end."""
        total = exact(self.listing, self._connection, self._asking, self._query)
        if total is not None and offset + limit >= total:
            return self.page(Start.END, max(total - offset, 0), forwards=False)
        if total is not None and offset > total // 2:
            key = self.key(Start.END, total - 1 - offset, forwards=False)
            return [] if key is None else self.page(Start.KEY, limit, **key_values("key", key))
        return self.further(Start.END, offset, limit)

    def count(self, cap: int) -> int:
        """How many rows there are, at most ``cap``."""
        return self.number(self.own.count(), window_limit=cap)

    def position(self, record_id: int, nearest: Nearest) -> int | None:
        """How many rows come before a record; ``None`` if the list does not hold it."""
        statement, known = self.own.key_of(), self._values | {"key_id": record_id}
        row = self._connection.execute(statement, known).first()
        if row is None:
            return None
        here = tuple(row)
        start = nearest(here)
        if start is None:
            return self.number(self.own.count_before(), **key_values("key", here))
        counted = self.own.count_between(tied=start[0][0] == here[0])
        between = key_values("key", start[0]) | key_values("upper", here)
        return start[1] + self.number(counted, **between)

    def number(self, statement: Statement, **values: Any) -> int:
        """The number that a statement gives."""
        return self._connection.execute(statement, self._values | values).scalar() or 0


def key_values(name: str, key: Key) -> dict[str, Any]:
    """A key as statements name its values."""
    return {name: key[0], f"{name}_id": key[-1]}


def exact(
    listing: ListSpec[Any], connection: Connection, asking: QueryContext, query: ListQuery
) -> int | None:
    """The stored length of a list of one kind, or of all records linked to one; ``None`` for other lists."""
    if query.searches:
        return None
    figure = _figure(listing, QueryKey.of(asking, query))
    if figure is None:
        return None
    return connection.execute(figure, spec.values(listing, asking, query)).scalar() or 0


@lru_cache(maxsize=512)
def _figure(listing: ListSpec[Any], shape: QueryKey) -> Select[*tuple[Any, ...]] | None:
    if listing.kind is None:
        return None
    live = FilterSpec((LIVE,))
    owners = [narrowing for narrowing in filter_specs(listing, shape) if narrowing != live]
    if not owners:
        return select(whole_sum(col(Total.count))).where(col(Total.kind) == listing.kind)
    if len(owners) > 1 or owners[0].known or owners[0].rest or owners[0].equal is None:
        return None
    column, value = owners[0].equal
    if column not in listing.figures:
        return None
    figure = listing.figures[column]
    return select(figure).where(figure.table.c.id == value)
