"""Undo of one's own last change, over the journal and bound by the same rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.enums import Operation, RecordKind
from models.tables import AuditEntry, Record, Trashable
from services import audit_trail, phone_region, record_types, trash
from services.actor import Actor
from services.collaborator_checks import require_active
from services.crm import Crm
from services.errors import Conflict, InUse, NothingToUndo
from services.i18n import N_
from services.record_types import RecordType
from services.rights import Action
from services.unit_of_work import UnitOfWork, writing


@dataclass(frozen=True)
class Undone:
    """One change that was undone: its action and operation, and the record it was made to."""

    action: str
    operation: Operation
    kind: RecordKind
    record_id: int


_CHANGED_SINCE = N_("{who} has changed this record since, so your change cannot be undone.")

# Sessions that a change of password ended cannot be opened again, nor can a deleted account come back.
_FINAL = (Action.PASSWORD_CHANGE, Action.COLLABORATOR_DELETE, Action.COLLABORATOR_UNLOCK)


def undo_last(crm: Crm, actor: Actor) -> Undone:
    """Take back the actor's last change, whole; asked again, the one before it.

    Raises :class:`NothingToUndo`, :class:`Conflict` if another person changed the same fields since,
    :class:`InUse` if the record is in the trash or others depend on it, and :class:`Forbidden` if the actor
    no longer has the right to that change.
    """
    with crm.database.read() as connection, Session(connection) as session:
        entries = _last_batch(session, actor)
    if not entries:
        raise NothingToUndo
    action = Action(entries[0].action)
    with writing(crm, actor, action) as work:
        # Read again under the lock: two terminals of one person must not undo the same change twice.
        entries = _last_batch(work.session, actor)
        if not entries or entries[0].action != action:
            raise NothingToUndo
        work.undoes = entries[0].batch
        for kind in dict.fromkeys(entry.kind for entry in entries):
            record_types.of_kind(kind).prepare_undo(work)
        for entry in reversed(entries):
            _take_back(work, entry)
    if action is Action.SETTINGS_UPDATE:
        phone_region.read_phones_anew(crm.database)
    return Undone(action.value, entries[0].operation, entries[0].kind, entries[0].record_id)


def _last_batch(session: Session, actor: Actor) -> Sequence[AuditEntry]:
    undone = select(col(AuditEntry.undoes)).where(col(AuditEntry.undoes).is_not(None))
    newest = session.scalars(
        select(AuditEntry)
        .where(
            col(AuditEntry.actor_id) == actor.id,
            col(AuditEntry.undoes).is_(None),
            col(AuditEntry.batch).not_in(undone),
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    ).first()
    if newest is None or newest.action in _FINAL or "password" in newest.changes:
        return ()
    batch = select(AuditEntry).where(col(AuditEntry.batch) == newest.batch).order_by(col(AuditEntry.id))
    return session.scalars(batch).all()


def _take_back(work: UnitOfWork, entry: AuditEntry) -> None:
    record_type = record_types.of_kind(entry.kind)
    if entry.action in record_type.moved_by:
        return  # follows from the record that moved it
    record = work.get_even_trashed(record_type.model, entry.record_id)
    action = Action(entry.action)
    uncreates = entry.operation is Operation.CREATED and record_type.right_to_uncreate
    work.require(uncreates or action, owner_id=work.owner_of(record, action))
    _refuse_if_changed_since(work, record, entry)
    if entry.operation is Operation.CREATED:
        (record_type.undo_create or trash.discard)(work, record)
    elif entry.operation is Operation.TRASHED and isinstance(record, Trashable):
        trash.restore(work, record)
    elif entry.operation is Operation.RESTORED and isinstance(record, Trashable):
        trash.discard(work, record)
    else:
        _refuse_in_the_trash(record, entry, record_type.in_trash)
        _revert(work, record, entry, record_type)


def _refuse_in_the_trash(record: Record, entry: AuditEntry, refusal: str) -> None:
    # No use case changes a trashed record but the departure of its owner; its undo must give it back.
    trashed = isinstance(record, Trashable) and record.deleted_at is not None
    if trashed and entry.action != Action.COLLABORATOR_DEACTIVATE:
        raise InUse(refusal, key=entry.record_id)


def _revert(work: UnitOfWork, record: Record, entry: AuditEntry, record_type: RecordType[Any]) -> None:
    old = {name: audit_trail.from_json(type(record), name, pair[0]) for name, pair in entry.changes.items()}
    for field, department in record_type.contacts.items():
        if old.get(field) is not None:
            require_active(work.find, old[field], department, field)
    values = {name: _empty(record, name, value) for name, value in old.items()}
    (record_type.revert or UnitOfWork.change)(work, record, values)


def _empty(record: Record, name: str, value: Any) -> Any:
    # The journal leaves empty text out as "nothing"; a text column holds an empty text.
    current = getattr(record, name)
    return "" if value is None and isinstance(current, str) else value


def _refuse_if_changed_since(work: UnitOfWork, record: Record, entry: AuditEntry) -> None:
    if entry.operation is Operation.CREATED:
        current = audit_trail.initial_values(record)
        names = current.keys() | entry.changes.keys()
        nothing = [None, None]
        moved = [name for name in names if current.get(name, nothing) != entry.changes.get(name, nothing)]
    else:
        moved = [
            name
            for name, (_, new) in entry.changes.items()
            if not audit_trail.is_same(type(record), name, new, getattr(record, name))
        ]
    if moved:
        changes = audit_trail.latest_changes(work.session, record, moved)
        raise Conflict(entry.kind, entry.record_id, record.version, changes, _CHANGED_SINCE)
