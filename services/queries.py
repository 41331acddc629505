"""Windows of lists in a stable order, capped counts, and where a record stands; one engine for every kind.

Lists read columns through Core and never entities, and never more than their window. What holds words of a
search is read by :mod:`services.searching`.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from services import list_rows, list_sql, searching
from services.database import is_record_id
from services.errors import Invalid
from services.i18n import N_
from services.list_sql import Asking, Listing, Read, Shape
from services.list_statements import ListStatements, Start, statements
from services.listing import ListQuery

_MOST_ROWS: Final = 2**31 - 1
NEAR: Final = 512
"""So many rows are read past one by one; further ones by their keys alone, without what is joined."""


def window(
    listing: Listing[Read], connection: Connection, asking: Asking, query: ListQuery,
    *, limit: int, offset: int = 0, after: int | None = None, before: int | None = None,
) -> list[Read]:  # fmt: skip
    """The rows from ``offset``, or those next to the record ``after`` or ``before``, as ordered.

    Raises :class:`Invalid` for a sort, a filter or a window that this list does not have.
    """
    limit, offset = bounds(limit, offset)
    reached = before if after is None else after
    offset = offset if reached is None else 0
    if list_sql.terms(query):
        rows = searching.found(
            listing, connection, asking, query, limit=limit, offset=offset, after=after, before=before
        )
        return list_rows.shaped(listing, rows)
    known = list_sql.values(listing, asking, query) | {"window_limit": limit, "window_offset": offset}
    own = of_list(listing, connection, asking, query)
    if reached is not None:
        require(listing, connection, reached)
        page = own.page(Start.BEYOND_RECORD, forwards=after is not None)
        found = list_rows.fetch(listing, connection, page, known | {"key_id": reached})
        return found if after is not None else found[::-1]
    if offset <= NEAR:
        return list_rows.fetch(listing, connection, own.page(Start.END, forwards=True), known)
    key = connection.execute(own.key(Start.END, forwards=True), known | {"window_limit": 1}).first()
    return [] if key is None else from_key(own, connection, known, tuple(key), limit)


def from_key(
    own: ListStatements[Read], connection: Connection, known: dict[str, Any], key: tuple[Any, ...], limit: int
) -> list[Read]:
    """The rows from a key on, with that of the key."""
    there = known | key_values("key", key) | {"window_limit": limit, "window_offset": 0}
    return list_rows.fetch(own.listing, connection, own.page(Start.KEY, forwards=True), there)


def bounds(limit: int, offset: int) -> tuple[int, int]:
    """A window that every database takes. Raises :class:`Invalid` where there can be none."""
    if limit < 0 or offset < 0:
        raise Invalid.of("limit", N_("This must not be negative."))
    return min(limit, _MOST_ROWS), min(offset, _MOST_ROWS)


def of_list(
    listing: Listing[Read], connection: Connection, asking: Asking, query: ListQuery
) -> ListStatements[Read]:
    """The statements of a query. Raises :class:`Invalid` as :func:`window`."""
    return statements(listing, Shape.of(asking, query), connection.dialect.name)


def key_values(name: str, key: tuple[Any, ...]) -> dict[str, Any]:
    """A key as statements name its values."""
    return {name: key[0], f"{name}_id": key[-1]}


def count(listing: Listing[Read], connection: Connection, asking: Asking, query: ListQuery, cap: int) -> int:
    """How many rows the query has, at most ``cap``: counting a million takes longer than anyone reads."""
    if list_sql.terms(query):
        return searching.count(listing, connection, asking, query, cap)
    known = list_sql.values(listing, asking, query) | {"window_limit": cap}
    own = of_list(listing, connection, asking, query)
    return connection.execute(own.count(), known).scalar() or 0


def position(
    listing: Listing[Any], connection: Connection, asking: Asking, query: ListQuery, record_id: int
) -> int | None:
    """How many rows of the query stand before a record; ``None`` where it is not among them."""
    if not is_record_id(record_id):
        return None
    if list_sql.terms(query):
        return _position_found(listing, connection, asking, query, record_id)
    known = list_sql.values(listing, asking, query) | {"key_id": record_id}
    own = of_list(listing, connection, asking, query)
    here = connection.execute(own.key_of(), known).first()
    if here is None:
        return None
    return connection.execute(own.count_before(), known | key_values("key", tuple(here))).scalar() or 0


def one(listing: Listing[Read], connection: Connection, record_id: int) -> Read | None:
    """The record with this id, wherever it stands."""
    return first(listing, connection, listing.key == record_id) if is_record_id(record_id) else None


def first(listing: Listing[Read], connection: Connection, condition: ColumnElement[bool]) -> Read | None:
    """A record of which a condition holds, wherever it stands."""
    found = list_rows.fetch(listing, connection, listing.select.where(condition).limit(1), {})
    return found[0] if found else None


def require(listing: Listing[Any], connection: Connection, record_id: int) -> None:
    """Raise :class:`Invalid` unless there is such a record, in the list or not any more, to go on from."""
    if not is_record_id(record_id):
        raise list_sql.no_record(record_id)
    here = listing.select.with_only_columns(listing.key).where(listing.key == record_id)
    if connection.execute(here).first() is None:
        raise list_sql.no_record(record_id)


def _position_found(
    listing: Listing[Any], connection: Connection, asking: Asking, query: ListQuery, record_id: int
) -> int | None:
    order = list_sql.order(listing, query)
    words = list_sql.like(listing, list_sql.terms(query))
    among = listing.select.where(*list_sql.conditions(listing, asking, query), *words)
    here = connection.execute(among.with_only_columns(*order).where(listing.key == record_id)).first()
    if here is None:
        return None
    columns, values = tuple_(*order), tuple(here)
    before = among.with_only_columns(listing.key).where(
        columns > values if query.descending else columns < values
    )
    return connection.execute(select(func.count()).select_from(before.subquery())).scalar() or 0
