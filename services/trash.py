"""The trash: moving records in, and restoring them after their parents."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Select, Table, bindparam, func, select

from models.enums import Operation, RecordKind
from models.tables import Record, Trashable, table_of
from services import record_types
from services.actor import Actor
from services.crm import Crm
from services.errors import InUse, NotTrashed
from services.persistence import prepared
from services.record_types import Parent, RecordType
from services.unit_of_work import UnitOfWork, reading


def require_free(crm: Crm, actor: Actor, kind: RecordKind, record_id: int) -> None:
    """Raise :class:`InUse` while live records depend on this one: before a person is asked to trash it."""
    with reading(crm, actor) as work:
        _refuse_while_used(work.connection, kind, record_id)


def discard(work: UnitOfWork, record: Trashable, at: datetime | None = None) -> None:
    """Put a record in the trash, or back into it as of ``at``. Raises :class:`InUse` while others need it."""
    _refuse_while_used(work.connection, record_types.of_record(record).kind, record.id)
    work.change(record, {"deleted_at": at or work.now}, Operation.TRASHED)


def refuse_while(work: UnitOfWork, parent: Record, kind: RecordKind) -> None:
    """Raise :class:`InUse` while live records of a kind belong to this one."""
    _refuse_while(work.connection, record_types.of_kind(kind), parent.id)


def _refuse_while_used(connection: Connection, kind: RecordKind, record_id: int | None) -> None:
    for dependent in record_types.dependents(kind):
        _refuse_while(connection, dependent, record_id)


def restore(work: UnitOfWork, record: Trashable) -> None:
    """Take a record out of the trash. Raises :class:`InUse` while its parent forbids it."""
    record_type = record_types.of_record(record)
    if record.deleted_at is None:
        raise NotTrashed(record_type.kind, record.id, record_type.not_trashed)
    if record_type.parent is not None and record_type.parent.restore_first:
        _require_live(work, record, record_type.parent)
    work.change(record, {"deleted_at": None}, Operation.RESTORED)


def _refuse_while(connection: Connection, dependent: RecordType[Any], parent_id: int | None) -> None:
    assert dependent.parent is not None  # noqa: S101 - it depends on one
    statement = _count_of_live(table_of(dependent.model), dependent.parent)
    live = prepared.run(connection, statement, {"parent_id": parent_id}).rows[0][0]
    if live:
        raise InUse(dependent.parent.in_use, count=live)


@cache
def _count_of_live(table: Table, parent: Parent) -> Select[*tuple[Any, ...]]:
    theirs = table.c[parent.link] == bindparam("parent_id", type_=Integer)
    query = select(func.count()).select_from(table).where(theirs, table.c.deleted_at.is_(None))
    return query.where(table.c[parent.unless].is_(None)) if parent.unless else query


def _require_live(work: UnitOfWork, record: Trashable, parent: Parent) -> None:
    above = work.get_even_trashed(record_types.of_kind(parent.kind).model, getattr(record, parent.link))
    if isinstance(above, Trashable) and above.deleted_at is not None:
        raise InUse(parent.restore_first)
    if parent.needs and getattr(above, parent.needs) is None:
        raise InUse(parent.lacks)
