"""Reading one record or a part of a list as an actor: what every kind of list does alike.

What is read most is read by one statement that asks for the session too. Where it gives nothing, it is asked
again with care: who may not read is told so, and the rest is really not there.
"""

from typing import Any, Final, TypeVar

from models.enums import RecordKind
from models.tables import Record
from services import direct, glances, list_rows, list_sql, rights, search_glance
from services.announcements import Actor
from services.crm import Crm
from services.database import is_record_id
from services.errors import NotFound
from services.list_sql import Asking, Listing
from services.list_statements import Start
from services.listing import ListQuery
from services.queries import NEAR, bounds, by_id, count, one, window
from services.rights import Action
from services.transaction import Writing, reading

Read = TypeVar("Read")

_FAR: Final = 10_000
"""Rows from which on it pays to know how long a list is, and to come from its nearer end."""


def read_one(
    crm: Crm, actor: Actor, listing: Listing[Read], kind: RecordKind, record_id: int,
    right: Action = Action.RECORD_READ,
) -> Read:  # fmt: skip
    """The record, wherever it stands. Raises :class:`NotFound`, and :class:`Forbidden` without the right."""
    if is_record_id(record_id) and rights.refusal(actor.department, right) is None:
        found = glances.one(crm.database, listing, Asking.by(actor, crm.database.clock.estimate()), record_id)
        if found is not None:
            return found
    with reading(crm, actor, right) as work:
        record = one(listing, work.connection, record_id)
    if record is None:
        raise NotFound(kind, record_id)
    return record


def read_window(
    crm: Crm, actor: Actor, listing: Listing[Read], query: ListQuery,
    limit: int, offset: int = 0, after: int | None = None, right: Action = Action.RECORD_READ,
    *, before: int | None = None,
) -> list[Read]:  # fmt: skip
    """A window of the list of a query. Raises as :func:`services.queries.window`, and :class:`Forbidden`."""
    looking = glance(crm, actor, listing, query, right)
    if looking is not None and (found := _at_once(looking, limit, offset, after, before)):
        return found
    if looking is None and (after, before) == (None, None):
        rows = _search_at_once(crm, actor, listing, query, right, *bounds(limit, offset))
        if rows is not None:
            return rows
    with reading(crm, actor, right) as work:
        asking = Asking.by(work.actor, work.now)
        return window(
            listing, work.connection, asking, query, limit=limit, offset=offset, after=after, before=before
        )


def read_count(
    crm: Crm, actor: Actor, listing: Listing[Any], query: ListQuery, cap: int,
    right: Action = Action.RECORD_READ,
) -> int:  # fmt: skip
    """How many rows the query has, at most ``cap``. Raises :class:`Forbidden` without the right."""
    with reading(crm, actor, right) as work:
        return count(listing, work.connection, Asking.by(work.actor, work.now), query, cap)


def glance(
    crm: Crm, actor: Actor, listing: Listing[Read], query: ListQuery, right: Action
) -> glances.Glance[Read] | None:
    """A query to be read at once; ``None`` for a search, and for who has not the right."""
    if list_sql.searches(query) or rights.refusal(actor.department, right) is not None:
        return None
    return glances.Glance(crm.database, listing, Asking.by(actor, crm.database.clock.estimate()), query)


def _at_once(
    looking: glances.Glance[Read], limit: int, offset: int, after: int | None, before: int | None
) -> list[Read]:
    limit, offset = bounds(limit, offset)
    reached = before if after is None else after
    if reached is None:
        if offset <= NEAR:
            return looking.page(Start.END, limit, offset)
        return looking.further(Start.END, offset, limit) if offset <= _FAR else []
    if not is_record_id(reached):
        return []
    return looking.page(Start.BEYOND_RECORD, limit, forwards=after is not None, key_id=reached)


def _search_at_once(
    crm: Crm, actor: Actor, listing: Listing[Read], query: ListQuery, right: Action, limit: int, offset: int
) -> list[Read] | None:
    if offset > NEAR or rights.refusal(actor.department, right) is not None:
        return None
    asking = Asking.by(actor, crm.database.clock.estimate())
    return search_glance.page(crm.database, listing, asking, query, limit, offset)


def as_written(work: Writing, listing: Listing[Read], record: Record) -> Read:
    """A record that this transaction has written, as it is read."""
    work.settle()
    rows = direct.run(work.connection, by_id(listing), {"key_id": record.id}).rows
    return list_rows.shaped(listing, rows, work.connection.dialect)[0]
