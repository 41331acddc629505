"""Reassigns the records of a collaborator who leaves, and checks whether they may leave."""

from typing import Any, Final, TypeVar

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.activity_tables import Note, Task
from models.enums import Department
from models.tables import Client, Collaborator, Event, Payment
from models.view_tables import SavedView
from services.actor import Actor
from services.collaborator_checks import require_active
from services.crm import Crm
from services.errors import Amounts, Forbidden, InUse, Invalid
from services.i18n import N_, N_plural
from services.persistence.database import ROW_LOCK
from services.rights import Action
from services.unit_of_work import UnitOfWork, reading

Owned = TypeVar("Owned", Client, Event, Task)

_PAID: Final = ((Payment, Payment.recorded_by_id), (Payment, Payment.cancelled_by_id))
_NAMED_BY: Final = (
    (Note, Note.author_id), (Note, Note.collaborator_id),
    (Task, Task.assignee_id), (Task, Task.creator_id), (SavedView, SavedView.owner_id),
)  # fmt: skip

LAST_GESTION: Final = "collaborator.last_gestion"
_LAST_GESTION_SENTENCE = N_(
    "The last active account of Gestion can be neither deleted, deactivated nor moved to another department."
)


def refuse_last_gestion(session: Session, person: Collaborator) -> None:
    """Raise :class:`Forbidden` if this person is the last active collaborator of Gestion."""
    if person.department is not Department.GESTION or not person.active:
        return
    if lock_gestion(session) <= {person.id}:
        raise Forbidden(LAST_GESTION, _LAST_GESTION_SENTENCE)


def lock_gestion(session: Session) -> set[int | None]:
    """Lock the active accounts of Gestion in the order of their ids, and return the ids.

    Call this before locking a collaborator who may leave Gestion. Two accounts that remove each other at the
    same time must neither both succeed nor deadlock.
    """
    query = (
        select(col(Collaborator.id))
        .where(col(Collaborator.department) == Department.GESTION, col(Collaborator.active).is_(True))
        .order_by(col(Collaborator.id))
        .with_for_update(**ROW_LOCK)
    )
    return set(session.scalars(query))


def require_deletable(crm: Crm, actor: Actor, person_id: int) -> None:
    """Raise :class:`InUse` or :class:`Forbidden` if an account cannot be deleted, before a confirmation."""
    with reading(crm, actor, Action.COLLABORATOR_READ) as work, Session(work.connection) as session:
        person = session.get(Collaborator, person_id)
        if person is None:
            return
        others = select(func.count()).where(
            col(Collaborator.department) == Department.GESTION,
            col(Collaborator.active).is_(True),
            col(Collaborator.id) != person_id,
        )
        if person.department is Department.GESTION and person.active and not session.scalar(others):
            raise Forbidden(LAST_GESTION, _LAST_GESTION_SENTENCE)
        refuse_while_owner(session, person)


def refuse_while_owner(session: Session, person: Collaborator, *, records_only: bool = False) -> None:
    """Raise :class:`InUse` if clients, events, payments, notes, tasks or views name the person.

    ``records_only`` ignores payments, notes, tasks and views, which do not depend on the department.
    """
    clients = _count(session, Client, Client.sales_contact_id, person)
    events = _count(session, Event, Event.support_contact_id, person)
    if clients or events:
        raise InUse(
            N_("{username} owns {records}. Reassign them, or deactivate the account instead."),
            username=person.username,
            records=_owned_records(clients, events),
        )
    if not records_only and _count_any(session, person, *_PAID):
        raise InUse(
            N_(
                "{username} recorded or cancelled payments. Deactivate the account instead, "
                "so that the payments keep their author."
            ),
            username=person.username,
        )
    if not records_only and _count_any(session, person, *_NAMED_BY):
        raise InUse(
            N_(
                "{username} has notes, tasks or saved views. Deactivate the account instead, "
                "so that they keep their people."
            ),
            username=person.username,
        )


def reassign_records(work: UnitOfWork, person: Collaborator, target_id: int | None) -> None:
    """Assign a collaborator's clients and events, including trashed ones, to the target.

    Open tasks go to the target too, or to the actor if none is named. Raises :class:`Invalid` naming
    ``reassign_to`` unless the target is active and, for clients and events, in the right department.
    """
    if target_id == person.id:
        template = N_("{username} is the account being deactivated. Name another collaborator.")
        raise Invalid.of("reassign_to", template, username=person.username)
    _hand_over_tasks(work, person, target_id)
    clients = _owned(work, Client, Client.sales_contact_id, person)
    events = _owned(work, Event, Event.support_contact_id, person)
    if not clients and not events:
        return
    if target_id is None:
        raise Invalid.of(
            "reassign_to",
            N_("{username} owns {records}. Name the new owner."),
            username=person.username,
            records=_owned_records(len(clients), len(events)),
        )
    if clients:
        require_active(work.find, target_id, Department.COMMERCIAL, "reassign_to")
    if events:
        require_active(work.find, target_id, Department.SUPPORT, "reassign_to")
    work.change_all(clients, {"sales_contact_id": target_id})
    work.change_all(events, {"support_contact_id": target_id})


def _hand_over_tasks(work: UnitOfWork, person: Collaborator, target_id: int | None) -> None:
    """Assign the open tasks of a person, including trashed ones, to the target, or else to the actor."""
    tasks = _owned(work, Task, Task.assignee_id, person, col(Task.done_at).is_(None))
    if not tasks:
        return
    heir = target_id or work.actor.id
    found = work.find(Collaborator, heir)
    if heir == person.id or found is None or not found.active:
        raise Invalid.of("reassign_to", N_("Name an active collaborator for the open tasks."))
    work.change_all(tasks, {"assignee_id": heir})


def _owned_records(clients: int, events: int) -> Amounts:
    return Amounts(
        ((N_plural("{n} client", "{n} clients"), clients), (N_plural("{n} event", "{n} events"), events))
    )


def _count(session: Session, model: type, column: object, person: Collaborator) -> int:
    query = select(func.count()).select_from(model).where(col(column) == person.id)
    return session.scalar(query) or 0


def _count_any(session: Session, person: Collaborator, *columns: tuple[type, object]) -> bool:
    return any(_count(session, model, column, person) for model, column in columns)


def _owned(
    work: UnitOfWork, model: type[Owned], column: object, person: Collaborator, *conditions: Any
) -> list[Owned]:
    query = select(model).where(col(column) == person.id, *conditions).order_by(col(model.id))
    return list(work.session.scalars(query.with_for_update(**ROW_LOCK)))
