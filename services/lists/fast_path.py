"""Pages read by single statements that also check the session: without an open session they return no row.

A read without a row is repeated through :mod:`services.lists.engine`, which tells the reason.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Generic

from sqlalchemy import Executable

from services.lists import row_mapper, spec
from services.lists.pages import key_values
from services.lists.query import ListQuery
from services.lists.spec import ListSpec, QueryContext, QueryKey, Read
from services.lists.statements import Start, by_id, statements
from services.persistence import prepared
from services.persistence.database import Database


class Glance(Generic[Read]):
    """A query of a list, without the words of its search. Raises :class:`Invalid` as the list does."""

    def __init__(
        self, database: Database, listing: ListSpec[Read], asking: QueryContext, query: ListQuery
    ) -> None:
        self._database = database
        self._listing = listing
        self._own = statements(listing, QueryKey.of(asking, query), database.kind)
        self._values = spec.values(listing, asking, query)

    def page(
        self, start: Start, limit: int, offset: int = 0, *, forwards: bool = True, **key: Any
    ) -> list[Read]:
        """Rows from a start on, in the order of the list."""
        statement = self._own.page(start, forwards=forwards, guarded=True)
        values = self._values | key | {"window_limit": limit, "window_offset": offset}
        rows = _rows(self._database, statement, values)
        found = row_mapper.shaped(self._listing, rows, self._database.engine.dialect)
        return found if forwards else found[::-1]

    def further(self, start: Start, skipped: int, limit: int, **key: Any) -> list[Read]:
        """A page some rows away from a start: its first key is looked for in the index alone."""
        if not skipped:
            return self.page(start, limit, **key)
        values = self._values | key | {"window_limit": 1, "window_offset": skipped}
        rows = _rows(self._database, self._own.key(start, forwards=True), values)
        if not rows:
            return []
        found = row_mapper.key(self._own.order, rows[0], self._database.engine.dialect)
        return self.page(Start.KEY, limit, **key_values("key", found))


def one(database: Database, listing: ListSpec[Read], asking: QueryContext, record_id: int) -> Read | None:
    """The record with this id, unless there is none or the session of who asks is not open."""
    rows = _rows(database, by_id(listing, guarded=True), spec.guard(asking) | {"key_id": record_id})
    return row_mapper.shaped(listing, rows, database.engine.dialect)[0] if rows else None


def _rows(database: Database, statement: Executable, values: Mapping[str, Any]) -> Sequence[prepared.Row]:
    try:
        return prepared.rows(database, statement, values)
    except database.engine.dialect.loaded_dbapi.Error:
        return []
