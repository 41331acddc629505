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

Query = Select[*tuple[Any, ...]]

TEAM_LOCK: Final = 7_216_041_905
"""The key of a PostgreSQL advisory lock, which writers share. A change of the team holds it alone."""


def lock_team(
    database: Database, connection: Connection, action: Action, actor: Query, values: Mapping[str, Any]
) -> Sequence[Any] | None:
    """Take the lock of the team, alone for ``TEAM_ACTIONS``, else shared. Return the row of ``actor``.

    After a wait for the lock the row is read again, since it may have changed meanwhile.
    """
    if database.kind != "postgresql":
        return prepared.first(connection, actor, values)
    if action in TEAM_ACTIONS:
        database.wait_until_alone(connection, TEAM_LOCK)
        return prepared.first(connection, actor, values)
    # The same query also tries the lock: a second one is needed only while the team is being changed.
    row = prepared.first(connection, _trying_lock(actor), values)
    if row is None:
        return None
    *found, is_locked = row
    if is_locked:
        return found
    connection.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": TEAM_LOCK})
    return prepared.first(connection, actor, values)


@cache
def _trying_lock(query: Query) -> Query:
    return query.add_columns(func.pg_try_advisory_xact_lock_shared(TEAM_LOCK).label("is_locked"))


def lock_record(connection: Connection, model: type[Record], record_id: int) -> Sequence[Record]:
    """Lock the parents of a record, the uppermost first, then itself. Return the record, then its parents.

    The list is empty if there is no such record.
    """
    models = [each.model for each in record_types.ancestry(model)]
    row = prepared.first(connection, _lock_query(model), {"this_id": record_id})
    values = iter(row or ())
    return [mapper.record_from(each, values) for each in models] if row is not None else []


@cache
def _lock_query(model: type[Record]) -> Query:
    ancestry = list(record_types.ancestry(model))
    tables = [table_of(each.model) for each in ancestry]
    query = select(*(column for table in tables for column in table.c))
    for record_type, table, parent in zip(ancestry, tables, tables[1:], strict=False):
        assert record_type.parent is not None  # noqa: S101 - only the last table has none
        query = query.join(parent, parent.c.id == table.c[record_type.parent.link])
    this = tables[0].c.id == bindparam("this_id", type_=Integer)
    return query.where(this).with_for_update(**ROW_LOCK, of=tables[::-1])
