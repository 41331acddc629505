"""Undo of one's own last change, over the journal and bound by the same rights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, col

from models.enums import Department, Operation, RecordKind
from models.tables import (
    AuditEntry,
    Client,
    Collaborator,
    Contract,
    Event,
    Payment,
    Record,
    SharedSettings,
    Trashable,
)
from services import audit_trail, phone_region, trash
from services.actor import Actor
from services.auth.sessions import revoke_sessions
from services.collaborator_checks import require_active
from services.contracts import owner_of
from services.crm import Crm
from services.errors import Conflict, InUse, NothingToUndo
from services.i18n import N_
from services.offboarding import lock_gestion, refuse_last_gestion, refuse_while_owner
from services.rights import Action
from services.shared_settings import change_settings
from services.unit_of_work import UnitOfWork, writing


@dataclass(frozen=True)
class Undone:
    """One change that was undone: its action and operation, and the record it was made to."""

    action: str
    operation: Operation
    kind: RecordKind
    record_id: int


_CONTACTS: Final = {
    "sales_contact_id": Department.COMMERCIAL,
    "support_contact_id": Department.SUPPORT,
}
_CHANGED_SINCE = N_("{who} has changed this record since, so your change cannot be undone.")

_IN_THE_TRASH: Final = {
    RecordKind.CLIENT: N_("Client {key} is in the trash. Restore it before you undo this change."),
    RecordKind.CONTRACT: N_("Contract {key} is in the trash. Restore it before you undo this change."),
    RecordKind.EVENT: N_("Event {key} is in the trash. Restore it before you undo this change."),
    RecordKind.PAYMENT: N_("Payment {key} was removed, so this change cannot be undone."),
}

# Sessions that a change of password ended cannot be opened again, nor can a deleted account come back.
_FINAL = (Action.PASSWORD_CHANGE, Action.COLLABORATOR_DELETE, Action.COLLABORATOR_UNLOCK)


def undo_last(crm: Crm, actor: Actor) -> Undone:
    """Take back the actor's last change, whole; asked again, the one before it.

    Raises :class:`NothingToUndo`, :class:`Conflict` where somebody changed the same fields since,
    :class:`InUse` where the record is in the trash or others depend on it, and :class:`Forbidden` where the
    right to that change is gone.
    """
    with crm.database.reading() as connection, Session(connection) as session:
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
        if any(entry.kind is RecordKind.COLLABORATOR for entry in entries):
            lock_gestion(work.session)
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
    model = audit_trail.MODELS[entry.kind]
    record = work.get_even_trashed(model, entry.record_id)
    work.require(_right(entry), owner_id=_owner(work, record, entry))
    _refuse_if_changed_since(work, record, entry)
    if entry.operation is Operation.CREATED:
        _undo_create(work, record)
    elif entry.operation is Operation.TRASHED and isinstance(record, Trashable):
        trash.restore(work, record)
    elif entry.operation is Operation.RESTORED and isinstance(record, Trashable):
        trash.discard(work, record)
    else:
        _refuse_in_the_trash(record, entry)
        _revert(work, record, entry)


def _refuse_in_the_trash(record: Record, entry: AuditEntry) -> None:
    # No use case changes a trashed record but the departure of its owner, whose undo must give it back.
    trashed = isinstance(record, Trashable) and record.deleted_at is not None
    if trashed and entry.action != Action.COLLABORATOR_DEACTIVATE:
        raise InUse(_IN_THE_TRASH[entry.kind], key=entry.record_id)


def _revert(work: UnitOfWork, record: Record, entry: AuditEntry) -> None:
    old = {name: audit_trail.from_json(type(record), name, pair[0]) for name, pair in entry.changes.items()}
    if isinstance(record, SharedSettings):
        change_settings(work, record, old)
        return
    _refuse_what_no_longer_fits(work, record, old)
    work.change(record, {name: _empty(record, name, value) for name, value in old.items()})
    if isinstance(record, Collaborator) and {"department", "active"} & entry.changes.keys():
        revoke_sessions(work.session, entry.record_id)


def _refuse_what_no_longer_fits(work: UnitOfWork, record: Record, old: Mapping[str, Any]) -> None:
    # What the use case would refuse today must not come back through the undo either.
    if isinstance(record, Collaborator) and ("department" in old or old.get("active") is False):
        refuse_last_gestion(work.session, record)
        refuse_while_owner(work.session, record, records_only=True)
    elif isinstance(record, Contract) and "signed_on" in old and old["signed_on"] is None:
        trash.refuse_while_events(work, record)
    for field, department in _CONTACTS.items():
        if old.get(field) is not None:
            require_active(work.find, old[field], department, field)


def _empty(record: Record, name: str, value: Any) -> Any:
    # The journal leaves empty text out as "nothing"; a text column holds an empty text.
    current = getattr(record, name)
    return "" if value is None and isinstance(current, str) else value


def _undo_create(work: UnitOfWork, record: Record) -> None:
    if isinstance(record, Collaborator):
        refuse_last_gestion(work.session, record)
        refuse_while_owner(work.session, record)
        work.delete(record)
    elif isinstance(record, Trashable):
        trash.discard(work, record)


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


_RIGHT_TO_UNCREATE = {
    RecordKind.CLIENT: Action.CLIENT_TRASH,
    RecordKind.CONTRACT: Action.CONTRACT_TRASH,
    RecordKind.EVENT: Action.EVENT_TRASH,
    RecordKind.PAYMENT: Action.PAYMENT_RECORD,
    RecordKind.COLLABORATOR: Action.COLLABORATOR_DELETE,
}


def _right(entry: AuditEntry) -> Action:
    if entry.operation is Operation.CREATED:
        return _RIGHT_TO_UNCREATE[entry.kind]
    return Action(entry.action)


def _owner(work: UnitOfWork, record: Record, entry: AuditEntry) -> int | None:
    if isinstance(record, Client):
        return record.sales_contact_id
    if isinstance(record, Contract):
        return owner_of(work, record)
    if isinstance(record, Payment):
        return owner_of(work, work.get_even_trashed(Contract, record.contract_id))
    if isinstance(record, Event) and entry.action != Action.EVENT_UPDATE:
        return owner_of(work, work.get_even_trashed(Contract, record.contract_id))
    if isinstance(record, Event):
        return record.support_contact_id or 0
    return None
