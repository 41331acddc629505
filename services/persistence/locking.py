"""Fixed lock order that prevents deadlocks on PostgreSQL.

A record is locked after its parents: the client, then the contract, then the payment or the event; rows of
counters come last. A change of the team excludes all other writers, since it may touch every client. SQLite
has one writer at a time; there the same queries only read.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, bindparam, func, select, text

from models.tables import Record, table_of
from services import record_types
from services.persistence import mapper, prepared
from services.persistence.database import ROW_LOCK, Database
from services.rights import Action

TEAM_ACTIONS: Final = frozenset({
    Action.COLLABORATOR_CREATE, Action.COLLABORATOR_UPDATE, Action.COLLABORATOR_DEACTIVATE,
    Action.COLLABORATOR_REACTIVATE, Action.COLLABORATOR_DELETE, Action.COLLABORATOR_UNLOCK,
    # No contract must appear while the currency changes, no phone while the region does.
    Action.SETTINGS_UPDATE,
})  # fmt: skip

Owner = Select[*tuple[Any, ...]]

# Any number that nothing else of ours uses as a PostgreSQL advisory lock.
TEAM_MATTER: Final = 7_216_041_905


def enter(
    database: Database, connection: Connection, action: Action, owner: Owner, values: Mapping[str, Any]
) -> Sequence[Any] | None:
    """The row of ``owner``, once no other transaction changes the team, or once the actor is alone."""
    if database.kind != "postgresql":
        return prepared.first(connection, owner, values)
    if action in TEAM_ACTIONS:
        database.wait_until_alone(connection, TEAM_MATTER)
        return prepared.first(connection, owner, values)
    # Asked along with the actor, which costs no query of its own when no one is in the way.
    row = prepared.first(connection, _alongside(owner), values)
    if row is None:
        return None
    *asked, may_go_on = row
    if may_go_on:
        return asked
    connection.execute(text("SELECT pg_advisory_xact_lock_shared(:matter)"), {"matter": TEAM_MATTER})
    return prepared.first(connection, owner, values)


@cache
def _alongside(owner: Owner) -> Owner:
    return owner.add_columns(func.pg_try_advisory_xact_lock_shared(TEAM_MATTER).label("may_go_on"))


def locked(connection: Connection, model: type[Record], record_id: int) -> Sequence[Record]:
    """A record, then the records that it belongs to, all locked from the uppermost down; empty without it."""
    models = [each.model for each in record_types.ancestry(model)]
    row = prepared.first(connection, _locking(model), {"this_id": record_id})
    values = iter(row or ())
    return [mapper.made(each, values) for each in models] if row is not None else []


@cache
def _locking(model: type[Record]) -> Owner:
    line = list(record_types.ancestry(model))
    tables = [table_of(each.model) for each in line]
    query = select(*(column for table in tables for column in table.c))
    for record_type, table, above in zip(line, tables, tables[1:], strict=False):
        assert record_type.parent is not None  # noqa: S101 - a table stands above its own
        query = query.join(above, above.c.id == table.c[record_type.parent.link])
    this = tables[0].c.id == bindparam("this_id", type_=Integer)
    return query.where(this).with_for_update(**ROW_LOCK, of=tables[::-1])
