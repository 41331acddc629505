"""Signing in and out, and changing one's own password.

An unknown user, a wrong password, a locked and an inactive account get the same answer in the same time.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, update
from sqlmodel import Session, col

from models.enums import Department, LoginOutcome, Operation
from models.tables import Collaborator, LoginSession
from services import clock, monitoring, session_rows
from services.actor import Actor
from services.auth import password_checks, passwords, signing_key, tokens
from services.auth.password_checks import LOCK_TIME, MAX_FAILURES, Verdict
from services.collaborator_checks import username_key
from services.crm import Crm
from services.domain_events import BruteForceSuspected, SignedOut, SignInAttempted
from services.errors import Invalid, NotSignedIn, SignInRefused
from services.i18n import N_
from services.rights import Action
from services.unit_of_work import reading, writing

_NOT_CURRENT = N_("This is not your current password. After {failures} wrong ones your account is locked.")
_LOCKED = N_("Too many wrong passwords: your account is locked for {minutes} minutes. Gestion can unlock it.")


@dataclass(frozen=True)
class SignedIn:
    """A new session. ``token`` is a secret; ``expires`` is in UTC."""

    actor: Actor
    token: str
    expires: datetime

    def __repr__(self) -> str:
        """Leave out the token, which must not reach a log or a traceback."""
        return f"SignedIn(actor={self.actor!r}, expires={self.expires!r})"


@monitoring.span("auth", "login")
def sign_in(crm: Crm, username: str, password: str) -> SignedIn:
    """Open a session of 24 hours. Every outcome takes the time of one bcrypt check.

    Raises :class:`SignInRefused`, which is the same for every reason, and :class:`SettingsError` without a
    key.
    """
    key = crm.settings.require_secret_key()
    whose = col(Collaborator.username_key) == username_key(username)
    verdict = password_checks.check(crm, whose, password, partial(_open_session, key=key))
    signed_in = verdict.accepted
    # Rehash only after a successful sign-in: on a locked account the time would reveal a correct password.
    if signed_in is not None and verdict.stored is not None:
        _rehash(crm, signed_in.actor.id, password, verdict.stored)
    _publish(crm, username, verdict, signed_in.actor if signed_in else None)
    if signed_in is None:
        raise SignInRefused
    return signed_in


def resume(crm: Crm, token: str) -> Actor:
    """The actor of a token, if its session is still open by the clock of the database.

    Raises :class:`NotSignedIn`.
    """
    claims = tokens.read(crm.settings.require_secret_key(), token)
    with crm.database.read() as connection:
        row = connection.execute(session_rows.OWNER, {"session_id": claims.session_id}).first()
    if row is None or row.id != claims.collaborator_id or claims.expires <= row.now.timestamp():
        raise NotSignedIn
    crm.database.clock.learn(row.now)
    if row.is_too_long:
        with crm.database.write() as connection:
            session_rows.shorten(connection, claims.session_id)
    monitoring.restore_breadcrumbs(claims.session_id)
    return Actor(row.id, row.username, f"{row.first_name} {row.last_name}", row.department, claims.session_id)


def sign_out(crm: Crm, actor: Actor) -> None:
    """Revoke the session for every holder of its token. Revoking it twice is no error."""
    with crm.database.write_session() as session:
        session.execute(_revoke().where(col(LoginSession.id) == actor.session_id))
    crm.bus.publish(SignedOut(actor))


def change_password(crm: Crm, actor: Actor, current: str, new: str) -> None:
    """Change the actor's own password and revoke all their sessions, including this one.

    A wrong current password counts like a failed sign-in: it may lock the account and raise the alert. Raises
    :class:`NotSignedIn`, and :class:`Invalid` naming ``current`` or ``new``.
    """
    with reading(crm, actor, Action.PASSWORD_CHANGE) as look:
        actor = look.actor
    verdict = password_checks.check(crm, col(Collaborator.id) == actor.id, current, _nothing_more)
    if verdict.outcome is not LoginOutcome.ACCEPTED:
        _publish(crm, actor.username, verdict, None)
        raise _not_the_current_one(verdict.outcome)
    passwords.check_policy(new, actor.username, "new")
    new_hash = passwords.hash_password(new, crm.settings.bcrypt_cost)
    with writing(crm, actor, Action.PASSWORD_CHANGE) as work:
        work.require(owner_id=actor.id)
        person = work.get(Collaborator, actor.id)
        # Gestion or another terminal changed the password after the check.
        if person.password_hash != verdict.stored:
            raise _not_the_current_one(LoginOutcome.WRONG_PASSWORD)
        person.password_hash = new_hash
        person.version += 1
        person.updated_at = work.now
        work.log(person, Operation.UPDATED, {"password": [None, None]})
        revoke_sessions(work.session, actor.id)


def revoke_sessions(session: Session, collaborator_id: int) -> None:
    """Revoke every open session of a collaborator within the caller's transaction."""
    session.execute(_revoke().where(col(LoginSession.collaborator_id) == collaborator_id))


def _revoke() -> Any:
    return update(LoginSession).where(col(LoginSession.revoked_at).is_(None)).values(revoked_at=clock.now())


def _not_the_current_one(outcome: LoginOutcome) -> Invalid:
    if outcome is LoginOutcome.LOCKED:
        return Invalid.of("current", _LOCKED, minutes=int(LOCK_TIME.total_seconds()) // 60)
    return Invalid.of("current", _NOT_CURRENT, failures=MAX_FAILURES)


def _publish(crm: Crm, username: str, verdict: Verdict[Any], actor: Actor | None) -> None:
    crm.bus.publish(SignInAttempted(username, verdict.outcome, actor))
    if verdict.suspected is not None:
        crm.bus.publish(BruteForceSuspected(verdict.suspected))


def _rehash(crm: Crm, collaborator_id: int, password: str, stored: str) -> None:
    if not passwords.needs_rehash(stored, crm.settings.bcrypt_cost):
        return
    fresh = passwords.hash_password(password, crm.settings.bcrypt_cost)
    unchanged = (col(Collaborator.id) == collaborator_id) & (col(Collaborator.password_hash) == stored)
    with crm.database.write_session() as session:
        session.execute(update(Collaborator).where(unchanged).values(password_hash=fresh))


def _nothing_more(session: Session, person: Collaborator, now: datetime) -> None:
    """Open no session: the current password was only confirmed."""


def _open_session(session: Session, person: Collaborator, now: datetime, *, key: str) -> SignedIn:
    assert person.id is not None  # noqa: S101 - read from the database
    expires = now + session_rows.LIFETIME
    row = LoginSession(id=uuid4().hex, collaborator_id=person.id, created_at=now, expires_at=expires)
    session.add(row)
    session.execute(delete(LoginSession).where(col(LoginSession.expires_at) < now - session_rows.LIFETIME))
    person.last_login_at = now
    if person.department is Department.GESTION:
        signing_key.note(session, key)
    actor = Actor(
        person.id, person.username, f"{person.first_name} {person.last_name}", person.department, row.id
    )
    return SignedIn(actor, tokens.issue(key, person.id, row.id, expires), expires)
