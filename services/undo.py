"""Undo of one's own last change, and redo of it, over the journal and bound by the same rights."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from models.enums import Operation
from models.read_models import PastChange
from models.tables import AuditEntry, Record, Trashable
from services import audit_trail, days_of_words, phone_region, record_types, trash, undo_history
from services.actor import Actor
from services.collaborator_checks import require_active
from services.crm import Crm
from services.errors import Conflict, CrmError, InUse, NothingToRedo, NothingToUndo, OtherChange
from services.i18n import N_
from services.record_types import RecordType
from services.rights import Action
from services.undo_history import Step
from services.unit_of_work import UnitOfWork, reading, writing

_UNDO_CHANGED = N_("{who} has changed this record since, so your change cannot be undone.")
_REDO_CHANGED = N_("{who} has changed this record since, so your change cannot be redone.")

_Next = Callable[[Session, Actor], Step | None]


def look_at_undo(crm: Crm, actor: Actor) -> PastChange:
    """The change that :func:`undo_last` would take back. Raises :class:`NothingToUndo`."""
    return _look(crm, actor, undo_history.next_undo, NothingToUndo)


def look_at_redo(crm: Crm, actor: Actor) -> PastChange:
    """The change that :func:`redo_last` would make again. Raises :class:`NothingToRedo`."""
    return _look(crm, actor, undo_history.next_redo, NothingToRedo)


def undo_last(crm: Crm, actor: Actor, batch: str | None = None) -> PastChange:
    """Take back the actor's last change, whole; asked again, the one before it.

    With the ``batch`` of a change that was looked at, take back this one or raise :class:`OtherChange`.
    Raises :class:`NothingToUndo`, :class:`Conflict` if another person changed the same fields since,
    :class:`InUse` if the record is in the trash or others depend on it, and :class:`Forbidden` if the actor
    no longer has the right to that change.
    """
    return _go(crm, actor, undo_history.next_undo, NothingToUndo, batch)


def redo_last(crm: Crm, actor: Actor, batch: str | None = None) -> PastChange:
    """Make the change again that the actor undid last; asked again, the one that was undone before it.

    Raises as :func:`undo_last` does, and :class:`NothingToRedo`: a new change ends what can be redone.
    """
    return _go(crm, actor, undo_history.next_redo, NothingToRedo, batch)


def _look(crm: Crm, actor: Actor, find_next: _Next, nothing: type[CrmError]) -> PastChange:
    with reading(crm, actor) as work, Session(work.connection) as session:
        step = find_next(session, work.actor)
        if step is None:
            raise nothing
        return step.described(work.connection, work.now)


def _go(crm: Crm, actor: Actor, find_next: _Next, nothing: type[CrmError], batch: str | None) -> PastChange:
    with reading(crm, actor) as look, Session(look.connection) as session:
        step = find_next(session, look.actor)
    if step is None:
        raise nothing
    action = step.action
    with writing(crm, actor, action) as work:
        # Read again under the lock: two terminals of one person must not undo the same change twice.
        step = find_next(work.session, actor)
        if step is not None and step.batch != (batch or step.batch):
            raise OtherChange
        if step is None or step.action != action:
            raise OtherChange if batch else nothing
        change = step.described(work.connection, work.now)
        _take_back_all(work, step)
    if action is Action.SETTINGS_UPDATE:
        phone_region.read_phones_anew(crm.database)
        days_of_words.write_days_anew(crm.database)
    return change


def _take_back_all(work: UnitOfWork, step: Step) -> None:
    work.undoes = step.batch
    for kind in dict.fromkeys(entry.kind for entry in step.entries):
        record_types.of_kind(kind).prepare_undo(work)
    created = {(e.kind, e.record_id) for e in step.change if e.operation is Operation.CREATED}
    redoes = step.entries is not step.change
    for entry in reversed(step.entries):
        _take_back(work, entry, redoes=redoes, creates=(entry.kind, entry.record_id) in created)


def _take_back(work: UnitOfWork, entry: AuditEntry, *, redoes: bool, creates: bool) -> None:
    record_type = record_types.of_kind(entry.kind)
    if entry.action in record_type.moved_by:
        return  # follows from the record that moved it
    record = work.get_even_trashed(record_type.model, entry.record_id)
    for action in _rights(entry, record_type, redoes=redoes, creates=creates):
        work.require(action, owner_id=work.owner_of(record, Action(entry.action)))
    _refuse_if_changed_since(work, record, entry, _REDO_CHANGED if redoes else _UNDO_CHANGED)
    if entry.operation is Operation.CREATED:
        (record_type.undo_create or trash.discard)(work, record)
    elif entry.operation is Operation.TRASHED and isinstance(record, Trashable):
        trash.restore(work, record)
    elif entry.operation is Operation.RESTORED and isinstance(record, Trashable):
        trash.discard(work, record, _earlier(record, entry)["deleted_at"])
    else:
        _refuse_in_the_trash(record, entry, record_type.in_trash)
        _revert(work, record, entry, record_type)


def _rights(entry: AuditEntry, record_type: RecordType[Any], *, redoes: bool, creates: bool) -> set[Action]:
    """The right to the change; to undo a creation, that to remove the record; to redo it, both."""
    action = Action(entry.action)
    if not creates or record_type.right_to_uncreate is None:
        return {action}
    return {record_type.right_to_uncreate} | ({action} if redoes else set())


def _refuse_in_the_trash(record: Record, entry: AuditEntry, refusal: str) -> None:
    # No use case changes a trashed record but the departure of its owner; its undo must give it back.
    trashed = isinstance(record, Trashable) and record.deleted_at is not None
    if trashed and entry.action != Action.COLLABORATOR_DEACTIVATE:
        raise InUse(refusal, key=entry.record_id)


def _revert(work: UnitOfWork, record: Record, entry: AuditEntry, record_type: RecordType[Any]) -> None:
    old = _earlier(record, entry)
    for field, department in record_type.contacts.items():
        if old.get(field) is not None:
            require_active(work.find, old[field], department, field)
    values = {name: _empty(record, name, value) for name, value in old.items()}
    (record_type.revert or UnitOfWork.change)(work, record, values)


def _earlier(record: Record, entry: AuditEntry) -> dict[str, Any]:
    return {name: audit_trail.from_json(type(record), name, old) for name, (old, _) in entry.changes.items()}


def _empty(record: Record, name: str, value: Any) -> Any:
    # The journal leaves empty text out as "nothing"; a text column holds an empty text.
    current = getattr(record, name)
    return "" if value is None and type(current) is str else value


def _refuse_if_changed_since(work: UnitOfWork, record: Record, entry: AuditEntry, refusal: str) -> None:
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
        raise Conflict(entry.kind, entry.record_id, record.version, changes, refusal)
