"""The way out if no account of Gestion can sign in: the key and the database unlock an account."""

from typing import Final
from uuid import uuid4

from sqlalchemy import Select, select
from sqlmodel import Session, col

from models.enums import Department, Operation, RecordKind
from models.read_models import CollaboratorRead
from models.tables import AuditEntry, Collaborator
from services import audit_trail, record_types
from services.actor import Actor
from services.auth import signing_key
from services.auth.password_checks import forget_failures
from services.collaborator_checks import username_key
from services.collaborators import LISTING
from services.crm import Crm
from services.domain_events import RecordChanged
from services.lists.engine import one
from services.persistence.locking import TEAM_LOCK
from services.rights import Action

# No username has a colon: no collaborator is taken for the account of a machine.
_ACTOR: Final = "local:{account}"
_LONGEST_NAME: Final = 50


def unlock_locally(crm: Crm, username: str, account: str) -> CollaboratorRead:
    """Unlock an account without a session. ``account`` is that of the machine, for the journal.

    Raises :class:`NotFound`, :class:`services.auth.signing_key.OtherKey` and :class:`SettingsError`.
    """
    key = crm.settings.require_secret_key()
    actor = Actor(0, _ACTOR.format(account=account)[:_LONGEST_NAME], account, Department.GESTION, "")
    with crm.database.write_session() as session:
        crm.database.wait_until_alone(session, TEAM_LOCK)
        signing_key.refuse_another(session, key)
        person = session.scalars(_select_by_username(username)).one_or_none()
        if person is None:
            raise record_types.not_found(RecordKind.COLLABORATOR, username)
        event = _unlock(crm, session, person, actor)
        session.flush()
        read = one(LISTING, session.connection(), event.record_id)
    crm.bus.publish(event)
    assert read is not None  # noqa: S101 - read in its own transaction
    return read


def _unlock(crm: Crm, session: Session, person: Collaborator, actor: Actor) -> RecordChanged:
    assert person.id is not None  # noqa: S101 - read from the database
    now = crm.database.clock.now(session.connection())
    changes = {"locked_until": [audit_trail.to_json(person.locked_until), None]}
    person.locked_until = None
    person.version += 1
    person.updated_at = now
    forget_failures(session, person, now)
    kind, action = RecordKind.COLLABORATOR, Action.COLLABORATOR_UNLOCK.value
    session.add(
        AuditEntry(
            batch=uuid4().hex, at=now, actor_id=None, actor_username=actor.username, action=action,
            kind=kind, record_id=person.id, operation=Operation.UPDATED, changes=changes,
        )
    )  # fmt: skip
    return RecordChanged(actor, action, kind, person.id, Operation.UPDATED, frozenset(changes))


def _select_by_username(username: str) -> Select[Collaborator]:
    named = col(Collaborator.username_key) == username_key(username)
    return select(Collaborator).where(named).with_for_update()
