"""Windows of lists in a stable order, capped counts, and where a record stands; one engine for every kind.

Lists read columns through Core and never entities, and never more than their window. What holds words of a
search is read by :mod:`services.searching`.
"""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Integer, Select, bindparam

from services import list_rows, list_sql, searching
from services.database import is_record_id
from services.errors import Invalid
from services.i18n import N_
from services.list_pages import Nearest, Pages
from services.list_sql import Asking, Listing, Read
from services.list_statements import Start
from services.listing import ListQuery
from services.session_rows import session_is_open

NEAR: Final = 64
"""So many rows are read past with what is joined to them; more by their keys alone."""

_MOST_ROWS: Final = 2**31 - 1


def window(
    listing: Listing[Read], connection: Connection, asking: Asking, query: ListQuery,
    *, limit: int, offset: int = 0, after: int | None = None, before: int | None = None,
) -> list[Read]:  # fmt: skip
    """The rows from ``offset``, or those next to the record ``after`` or ``before``, as ordered.

    Raises :class:`Invalid` for a sort, a filter or a window that this list does not have.
    """
    limit, offset = bounds(limit, offset)
    if list_sql.searches(query):
        return searching.found(
            listing, connection, asking, query, limit=limit, offset=offset, after=after, before=before
        )
    pages = Pages(listing, connection, asking, query)
    reached = before if after is None else after
    if reached is not None:
        _require(listing, connection, reached)
        return pages.page(Start.BEYOND_RECORD, limit, forwards=after is not None, key_id=reached)
    return pages.page(Start.END, limit, offset=offset) if offset <= NEAR else pages.far(limit, offset)


def bounds(limit: int, offset: int) -> tuple[int, int]:
    """A window that every database takes. Raises :class:`Invalid` where there can be none."""
    if limit < 0 or offset < 0:
        raise Invalid.of("limit", N_("This must not be negative."))
    return min(limit, _MOST_ROWS), min(offset, _MOST_ROWS)


def count(listing: Listing[Read], connection: Connection, asking: Asking, query: ListQuery, cap: int) -> int:
    """How many rows the query has, at most ``cap``: counting a million takes longer than anyone reads."""
    if list_sql.searches(query):
        return searching.count(listing, connection, asking, query, cap)
    return Pages(listing, connection, asking, query).count(cap)


def position(
    listing: Listing[Any], connection: Connection, asking: Asking, query: ListQuery, record_id: int,
    nearest: Nearest = lambda key: None,
) -> int | None:  # fmt: skip
    """How many rows of the query stand before a record; ``None`` where it is not among them.

    ``nearest`` gives a key that does not stand behind another, and its place, where one is known.
    """
    if list_sql.searches(query):
        return searching.position(listing, connection, asking, query, record_id)
    pages = Pages(listing, connection, asking, query)
    return pages.position(record_id, nearest) if is_record_id(record_id) else None


def one(listing: Listing[Read], connection: Connection, record_id: int) -> Read | None:
    """The record with this id, wherever it stands."""
    if not is_record_id(record_id):
        return None
    found = list_rows.fetch(listing, connection, by_id(listing), {"key_id": record_id})
    return found[0] if found else None


@lru_cache(maxsize=64)
def by_id(listing: Listing[Any], *, guarded: bool = False) -> Select[*tuple[Any, ...]]:
    """The record ``key_id``; ``guarded`` gives none unless the session of the actor is open."""
    found = listing.select.where(listing.key == bindparam("key_id", type_=Integer))
    return found.where(session_is_open()) if guarded else found


def first(listing: Listing[Read], connection: Connection, condition: ColumnElement[bool]) -> Read | None:
    """A record of which a condition holds, wherever it stands."""
    found = list_rows.fetch(listing, connection, listing.select.where(condition).limit(1), {})
    return found[0] if found else None


def _require(listing: Listing[Any], connection: Connection, record_id: int) -> None:
    # A record to go on from need not be in the list any more, but has to be somewhere.
    here = listing.select.with_only_columns(listing.key).where(listing.key == record_id)
    if not is_record_id(record_id) or connection.execute(here).first() is None:
        raise list_sql.no_record(record_id)
