"""Windows of lists in a stable order, capped counts, and positions of records; one engine for every kind.

Lists read columns through Core, never entities, and only the rows of their window.
:mod:`services.lists.search.engine` reads lists that are narrowed by a search text.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection

from models.enums import RecordKind
from models.tables import Record
from services import record_types
from services.actor import Actor
from services.crm import Crm
from services.errors import Invalid
from services.i18n import N_
from services.lists import row_mapper, spec
from services.lists.pages import Nearest, Pages
from services.lists.query import ListQuery
from services.lists.search import engine
from services.lists.spec import ListSpec, QueryContext, Read
from services.lists.statements import Start, by_id
from services.persistence import prepared
from services.persistence.database import is_record_id
from services.rights import Action
from services.unit_of_work import UnitOfWork, reading

NEAR: Final = 64
"""So many rows are read past with what is joined to them; more by their keys alone."""

_MOST_ROWS: Final = 2**31 - 1


def window(
    listing: ListSpec[Read], connection: Connection, asking: QueryContext, query: ListQuery,
    *, limit: int, offset: int = 0, after: int | None = None, before: int | None = None,
) -> list[Read]:  # fmt: skip
    """The rows from ``offset``, or those next to the record ``after`` or ``before``, as ordered.

    Raises :class:`Invalid` for a sort, a filter or a window that this list does not have.
    """
    limit, offset = bounds(limit, offset)
    if query.searches:
        return engine.found(
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


def count(
    listing: ListSpec[Read], connection: Connection, asking: QueryContext, query: ListQuery, cap: int
) -> int:
    """How many rows the query has, at most ``cap``: counting a million takes longer than anyone reads."""
    if query.searches:
        return engine.count(listing, connection, asking, query, cap)
    return Pages(listing, connection, asking, query).count(cap)


def position(
    listing: ListSpec[Any], connection: Connection, asking: QueryContext, query: ListQuery, record_id: int,
    nearest: Nearest = lambda key: None,
) -> int | None:  # fmt: skip
    """How many rows of the query stand before a record; ``None`` where it is not among them.

    ``nearest`` gives a key that does not stand behind another, and its place, where one is known.
    """
    if query.searches:
        return engine.position(listing, connection, asking, query, record_id)
    pages = Pages(listing, connection, asking, query)
    return pages.position(record_id, nearest) if is_record_id(record_id) else None


def one(listing: ListSpec[Read], connection: Connection, record_id: int) -> Read | None:
    """The record with this id, wherever it stands."""
    if not is_record_id(record_id):
        return None
    found = row_mapper.fetch(listing, connection, by_id(listing), {"key_id": record_id})
    return found[0] if found else None


def first(listing: ListSpec[Read], connection: Connection, condition: ColumnElement[bool]) -> Read | None:
    """A record of which a condition holds, wherever it stands."""
    found = row_mapper.fetch(listing, connection, listing.select.where(condition).limit(1), {})
    return found[0] if found else None


def _require(listing: ListSpec[Any], connection: Connection, record_id: int) -> None:
    # A record to go on from need not be in the list any more, but has to be somewhere.
    here = listing.select.with_only_columns(listing.key).where(listing.key == record_id)
    if not is_record_id(record_id) or connection.execute(here).first() is None:
        raise spec.no_record(record_id)


def read_one(
    crm: Crm, actor: Actor, listing: ListSpec[Read], kind: RecordKind, record_id: int,
    right: Action = Action.RECORD_READ,
) -> Read:  # fmt: skip
    """The record, wherever it stands. Raises :class:`NotFound`, and :class:`Forbidden` without the right."""
    with reading(crm, actor, right) as work:
        record = one(listing, work.connection, record_id)
    if record is None:
        raise record_types.not_found(kind, record_id)
    return record


def read_window(
    crm: Crm, actor: Actor, listing: ListSpec[Read], query: ListQuery,
    limit: int, offset: int = 0, after: int | None = None, right: Action = Action.RECORD_READ,
) -> list[Read]:  # fmt: skip
    """A window of a list. Raises :class:`Forbidden` and the errors of :func:`window`."""
    with reading(crm, actor, right) as work:
        asking = QueryContext.by(work.actor, work.now)
        return window(listing, work.connection, asking, query, limit=limit, offset=offset, after=after)


def read_count(
    crm: Crm, actor: Actor, listing: ListSpec[Any], query: ListQuery, cap: int,
    right: Action = Action.RECORD_READ,
) -> int:  # fmt: skip
    """How many rows the query has, at most ``cap``. Raises :class:`Forbidden` without the right."""
    with reading(crm, actor, right) as work:
        return count(listing, work.connection, QueryContext.by(work.actor, work.now), query, cap)


def as_written(work: UnitOfWork, listing: ListSpec[Read], record: Record) -> Read:
    """A record that this transaction has written, as it is read."""
    work.settle()
    rows = prepared.run(work.connection, by_id(listing), {"key_id": record.id}).rows
    return row_mapper.shaped(listing, rows, work.connection.dialect)[0]
