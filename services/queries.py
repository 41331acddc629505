"""Windows of lists in a stable order, and capped counts; one engine for every kind.

Lists read columns through Core and never entities, and never more than their window.
"""

from typing import Any, Final

from sqlalchemy import Connection, func, select, tuple_

from services import list_sql, searching
from services.database import is_record_id
from services.errors import Invalid
from services.i18n import N_
from services.list_sql import Asking, Listing, Read
from services.listing import ListQuery

_MOST_ROWS: Final = 2**31 - 1


def window(
    listing: Listing[Read], connection: Connection, asking: Asking, query: ListQuery,
    *, limit: int, offset: int = 0, after: int | None = None, before: int | None = None,
) -> list[Read]:  # fmt: skip
    """The rows from ``offset``, or those next to the record ``after`` or ``before``, as ordered.

    Raises :class:`Invalid` for a sort, a filter or a window that this list does not have.
    """
    if limit < 0 or offset < 0:
        raise Invalid.of("limit", N_("This must not be negative."))
    rows = searching.found(
        listing, connection, asking, query,
        limit=min(limit, _MOST_ROWS), offset=min(offset, _MOST_ROWS), after=after, before=before,
    )  # fmt: skip
    return [listing.shape(row) for row in rows]


def count(listing: Listing[Read], connection: Connection, asking: Asking, query: ListQuery, cap: int) -> int:
    """How many rows the query has, at most ``cap``: counting a million takes longer than anyone reads."""
    return searching.count(listing, connection, asking, query, cap)


def position(
    listing: Listing[Any], connection: Connection, asking: Asking, query: ListQuery, record_id: int
) -> int | None:
    """How many rows of the query stand before a record; ``None`` where it is not among them."""
    if not is_record_id(record_id):
        return None
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


def one(listing: Listing[Read], connection: Connection, record_id: int) -> Read | None:
    """The record with this id, wherever it stands."""
    if not is_record_id(record_id):
        return None
    row = connection.execute(listing.select.where(listing.key == record_id)).first()
    return None if row is None else listing.shape(row)
