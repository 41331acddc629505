"""Signing in and out, and one's own password.

An unknown user, a wrong password, a locked and an inactive account get one answer in the same time.
Failures are counted in the database, so that a lock holds over all terminals.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlmodel import Session, col

from models.enums import LoginOutcome, Operation
from models.tables import Collaborator, LoginAttempt, LoginSession
from services import monitoring, passwords, security, tokens
from services.announcements import Actor, BruteForceSuspected, SignedOut, SignInAttempted
from services.crm import Crm
from services.errors import Invalid, NotSignedIn, SignInRefused
from services.i18n import N_
from services.rights import Action
from services.transaction import session_owner, writing

MAX_FAILURES: Final = 5
FAILURE_WINDOW: Final = timedelta(minutes=5)
LOCK_TIME: Final = timedelta(minutes=15)
_ATTEMPTS_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class SignedIn:
    """A new session; ``token`` is a secret, ``expires`` is in UTC."""

    actor: Actor
    token: str
    expires: datetime

    def __repr__(self) -> str:
        """Without the token, which must not reach a log or a trace."""
        return f"SignedIn(actor={self.actor!r}, expires={self.expires!r})"


@monitoring.span("auth", "login")
def sign_in(crm: Crm, username: str, password: str) -> SignedIn:
    """Open a session of 24 hours. Takes as long as bcrypt does, whatever the outcome.

    Raises :class:`SignInRefused`, the same for every reason, and :class:`SettingsError` without a key.
    """
    key = crm.settings.require_secret_key()
    stored = _stored_hash(crm, col(Collaborator.username_key) == _key(username))
    verified = passwords.verify_password(password, stored, crm.settings.bcrypt_cost)
    with crm.database.writing() as session:
        outcome, person = _judge(session, username, stored, verified)
        _note_attempt(session, person, outcome)
        signed_in, suspected = None, None
        if outcome is LoginOutcome.ACCEPTED and person is not None:
            signed_in = _open_session(session, person, key)
        else:
            suspected = security.raise_alert(crm.database, session)
    # Only now: who is locked out must not learn from the time taken that the password was right.
    if signed_in is not None and stored is not None:
        _rehash(crm, signed_in.actor.id, password, stored)
    crm.announcer.announce(SignInAttempted(username, outcome, signed_in.actor if signed_in else None))
    if suspected is not None:
        crm.announcer.announce(BruteForceSuspected(suspected))
    if signed_in is None:
        raise SignInRefused
    return signed_in


def resume(crm: Crm, token: str) -> Actor:
    """The actor of a token whose session is still open. Raises :class:`NotSignedIn`."""
    collaborator_id, session_id = tokens.read(crm.settings.require_secret_key(), token)
    with crm.database.reading() as connection:
        row = connection.execute(session_owner(session_id)).first()
    if row is None or row.id != collaborator_id:
        raise NotSignedIn
    return Actor(row.id, row.username, f"{row.first_name} {row.last_name}", row.department, session_id)


def sign_out(crm: Crm, actor: Actor) -> None:
    """End the session everywhere, whoever holds its token. Ending it twice is no error."""
    with crm.database.writing() as session:
        session.execute(
            update(LoginSession)
            .where(col(LoginSession.id) == actor.session_id, col(LoginSession.revoked_at).is_(None))
            .values(revoked_at=datetime.now(UTC))
        )
    crm.announcer.announce(SignedOut(actor))


def change_password(crm: Crm, actor: Actor, current: str, new: str) -> None:
    """Change one's own password; every session of the person ends, this one too.

    Raises :class:`Invalid` naming ``current`` or ``new``.
    """
    passwords.check_policy(new, actor.username, "new")
    stored = _stored_hash(crm, col(Collaborator.id) == actor.id)
    cost = crm.settings.bcrypt_cost
    if not passwords.verify_password(current, stored, cost):
        raise Invalid.of("current", N_("This is not your current password."))
    new_hash = passwords.hash_password(new, cost)
    with writing(crm, actor, Action.PASSWORD_CHANGE) as work:
        work.require(owner_id=actor.id)
        person = work.get(Collaborator, actor.id)
        if person.password_hash != stored:
            raise Invalid.of("current", N_("This is not your current password."))
        person.password_hash = new_hash
        person.version += 1
        work.log(person, Operation.UPDATED, {"password": [None, None]})
        revoke_sessions(work.session, actor.id)


def revoke_sessions(session: Session, collaborator_id: int) -> None:
    """End every open session of a collaborator, within the caller's transaction."""
    session.execute(
        update(LoginSession)
        .where(col(LoginSession.collaborator_id) == collaborator_id, col(LoginSession.revoked_at).is_(None))
        .values(revoked_at=datetime.now(UTC))
    )


def _stored_hash(crm: Crm, whose: ColumnElement[bool]) -> str | None:
    with crm.database.reading() as connection:
        stored: str | None = connection.execute(select(col(Collaborator.password_hash)).where(whose)).scalar()
    return stored


def _rehash(crm: Crm, collaborator_id: int, password: str, stored: str) -> None:
    if not passwords.needs_rehash(stored, crm.settings.bcrypt_cost):
        return
    fresh = passwords.hash_password(password, crm.settings.bcrypt_cost)
    unchanged = (col(Collaborator.id) == collaborator_id) & (col(Collaborator.password_hash) == stored)
    with crm.database.writing() as session:
        session.execute(update(Collaborator).where(unchanged).values(password_hash=fresh))


def _key(username: str) -> str:
    # What no username can be is looked up as nobody: PostgreSQL refuses a NUL, drivers a surrogate.
    return username.lower() if username.isascii() and username.isprintable() else ""


def _judge(
    session: Session, username: str, stored: str | None, verified: bool
) -> tuple[LoginOutcome, Collaborator | None]:
    query = select(Collaborator).where(col(Collaborator.username_key) == _key(username)).with_for_update()
    person = session.scalars(query).one_or_none()
    if person is None:
        return LoginOutcome.UNKNOWN_USER, None
    now = datetime.now(UTC)
    if not person.active:
        return LoginOutcome.INACTIVE, person
    if person.locked_until is not None and person.locked_until > now:
        return LoginOutcome.LOCKED, person
    # The hash was read before this transaction; one changed since has not been verified.
    if verified and person.password_hash == stored:
        return LoginOutcome.ACCEPTED, person
    if _recent_failures(session, person, now) + 1 >= MAX_FAILURES:
        person.locked_until = now + LOCK_TIME
    return LoginOutcome.WRONG_PASSWORD, person


def _recent_failures(session: Session, person: Collaborator, now: datetime) -> int:
    since = max(now - FAILURE_WINDOW, person.failures_counted_from or now - FAILURE_WINDOW)
    count = session.scalar(
        select(func.count())
        .select_from(LoginAttempt)
        .where(
            col(LoginAttempt.collaborator_id) == person.id,
            col(LoginAttempt.outcome) == LoginOutcome.WRONG_PASSWORD,
            col(LoginAttempt.at) > since,
        )
    )
    return count or 0


def _note_attempt(session: Session, person: Collaborator | None, outcome: LoginOutcome) -> None:
    session.add(LoginAttempt(collaborator_id=person.id if person else None, outcome=outcome))
    cutoff = datetime.now(UTC) - _ATTEMPTS_KEPT
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.at) < cutoff))


def _open_session(session: Session, person: Collaborator, key: str) -> SignedIn:
    assert person.id is not None  # noqa: S101 - read from the database
    now = datetime.now(UTC)
    expires = now + tokens.LIFETIME
    row = LoginSession(id=uuid4().hex, collaborator_id=person.id, created_at=now, expires_at=expires)
    session.add(row)
    session.execute(delete(LoginSession).where(col(LoginSession.expires_at) < now - tokens.LIFETIME))
    person.last_login_at = person.failures_counted_from = now
    person.locked_until = None
    actor = Actor(
        person.id, person.username, f"{person.first_name} {person.last_name}", person.department, row.id
    )
    return SignedIn(actor, tokens.issue(key, person.id, row.id, expires), expires)
