"""The changes that an actor can take back or make again, read from the journal.

A batch without ``undoes`` is a change. An undo has the batch of the change there, a redo that of the undo; an
undo after a redo has the batch of the change again. So a change is undone while one of its undos has no redo.
A redo brings back exactly what the change had written, so the entries of the change describe both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.enums import Operation, RecordKind
from models.read_models import PastChange
from models.tables import AuditEntry, table_of
from services import record_types
from services.actor import Actor
from services.errors import AccountIsGone
from services.record_names import names_of
from services.rights import Action

# Sessions that a change of password ended cannot be opened again, nor can a deleted account come back.
_FINAL: Final = (Action.PASSWORD_CHANGE, Action.COLLABORATOR_DELETE, Action.COLLABORATOR_UNLOCK)


@dataclass(frozen=True)
class Step:
    """The audit entries to take back, and those of the change; they differ for a redo."""

    entries: Sequence[AuditEntry]
    change: Sequence[AuditEntry]

    @property
    def batch(self) -> str:
        """The batch that is taken back."""
        return self.entries[0].batch

    @property
    def action(self) -> Action:
        """The action of the change."""
        return Action(self.entries[0].action)

    def described(self, connection: Connection, now: datetime) -> PastChange:
        """The change for people. Of several records it names the one that the action is about."""
        about = self.action.value.partition(".")[0]
        entry = next((entry for entry in self.change if entry.kind == about), self.change[0])
        shown = _shown(connection, entry.kind, entry.record_id)
        name = names_of(connection, [shown]).get(shown, "")
        age = max(now - entry.at, timedelta(0))
        return PastChange(
            self.batch, entry.action, entry.operation, entry.kind, entry.record_id, age, shown, name
        )


def next_undo(session: Session, actor: Actor) -> Step | None:
    """The newest change of the actor that is not undone; none if it cannot be taken back."""
    newest = session.scalars(
        select(AuditEntry)
        .where(_by(actor), col(AuditEntry.undoes).is_(None), ~_is_undone())
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    ).first()
    if newest is None or newest.action in _FINAL or "password" in newest.changes:
        return None
    entries = _entries(session, newest.batch)
    return Step(entries, entries)


def next_redo(session: Session, actor: Actor) -> Step | None:
    """The newest undo of the actor that is not taken back; none if they have made a new change since.

    Raises :class:`AccountIsGone` if the undo removed an account.
    """
    last_change = select(func.max(col(AuditEntry.id))).where(_by(actor), col(AuditEntry.undoes).is_(None))
    redo, change = aliased(AuditEntry), aliased(AuditEntry)
    newest = session.scalars(
        select(AuditEntry)
        .where(
            _by(actor),
            col(AuditEntry.id) > last_change.scalar_subquery(),
            exists().where(col(change.batch) == AuditEntry.undoes, col(change.undoes).is_(None)),
            ~exists().where(col(redo.undoes) == AuditEntry.batch),
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    ).first()
    if newest is None or newest.undoes is None:
        return None
    step = Step(_entries(session, newest.batch), _entries(session, newest.undoes))
    if any(entry.operation is Operation.DELETED for entry in step.entries):
        raise AccountIsGone
    return step


def _by(actor: Actor) -> ColumnElement[bool]:
    return col(AuditEntry.actor_id) == actor.id


def _is_undone() -> ColumnElement[bool]:
    undo, redo = aliased(AuditEntry), aliased(AuditEntry)
    return exists().where(
        col(undo.undoes) == AuditEntry.batch, ~exists().where(col(redo.undoes) == undo.batch)
    )


def _entries(session: Session, batch: str) -> Sequence[AuditEntry]:
    query = select(AuditEntry).where(col(AuditEntry.batch) == batch).order_by(col(AuditEntry.id))
    return session.scalars(query).all()


def _shown(connection: Connection, kind: RecordKind, record_id: int) -> tuple[RecordKind, int]:
    """The record with a name: itself, or the one that it belongs to."""
    record_type = record_types.of_kind(kind)
    if record_type.naming is not None or record_type.parent is None:
        return kind, record_id
    own = table_of(record_type.model).c
    above = connection.execute(select(own[record_type.parent.link]).where(own.id == record_id)).scalar()
    return (kind, record_id) if above is None else _shown(connection, record_type.parent.kind, above)
