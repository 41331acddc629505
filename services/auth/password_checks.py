"""The only function that checks a password, so that every check has the same count, lock, alert and duration.

Failures are counted in the database, so that a lock applies to all terminals, by the clock of the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlmodel import Session, col

from models.enums import LoginOutcome
from models.tables import Collaborator, LoginAttempt
from services.auth import brute_force, passwords
from services.crm import Crm

MAX_FAILURES: Final = 5
FAILURE_WINDOW: Final = timedelta(minutes=5)
LOCK_TIME: Final = timedelta(minutes=15)
_ATTEMPTS_KEPT: Final = timedelta(days=30)
_INSTANT: Final = timedelta(microseconds=1)

Accepted = TypeVar("Accepted")


@dataclass(frozen=True)
class Verdict(Generic[Accepted]):
    """The result of a check: its outcome, and the result of ``accept`` if it succeeded.

    ``stored`` is the compared hash. ``suspected`` is the number of refused sign-ins if the check raised an
    alert.
    """

    outcome: LoginOutcome
    accepted: Accepted | None = None
    stored: str | None = None
    suspected: int | None = None


def check(
    crm: Crm,
    whose: ColumnElement[bool],
    password: str,
    accept: Callable[[Session, Collaborator, datetime], Accepted],
) -> Verdict[Accepted]:
    """Check a password. Every outcome takes the time of one bcrypt check.

    ``whose`` selects the collaborator, if there is one. ``accept`` is called with the collaborator and the
    time of the database's clock, in the transaction that resets the failures.
    """
    stored = _stored_hash(crm, whose)
    verified = passwords.verify_password(password, stored, crm.settings.bcrypt_cost)
    with crm.database.write_session() as session:
        now = crm.database.clock.now(session.connection())
        query = select(Collaborator).where(whose).with_for_update()
        person = session.scalars(query).one_or_none()
        # The hash was read before this transaction; if it changed since, it is not verified.
        verified = verified and person is not None and person.password_hash == stored
        outcome = _judge(session, person, verified, now)
        _note_attempt(session, person, outcome, now)
        if outcome is LoginOutcome.ACCEPTED and person is not None:
            person.locked_until = None
            forget_failures(session, person, now)
            return Verdict(outcome, accept(session, person, now), stored)
        return Verdict(outcome, suspected=brute_force.raise_alert(crm.database, session, now))


def forget_failures(session: Session, person: Collaborator, now: datetime) -> None:
    """Reset the count of failures. Failures in the future, written by a fast clock, are moved to now."""
    person.failures_counted_from = now
    mine = col(LoginAttempt.collaborator_id) == person.id
    session.execute(update(LoginAttempt).where(mine, col(LoginAttempt.at) > now).values(at=now))


def _stored_hash(crm: Crm, whose: ColumnElement[bool]) -> str | None:
    with crm.database.read() as connection:
        stored: str | None = connection.execute(select(col(Collaborator.password_hash)).where(whose)).scalar()
    return stored


def _judge(session: Session, person: Collaborator | None, verified: bool, now: datetime) -> LoginOutcome:
    if person is None:
        return LoginOutcome.UNKNOWN_USER
    if not person.active:
        return LoginOutcome.INACTIVE
    if _is_locked(session, person, now):
        return LoginOutcome.LOCKED
    if verified:
        return LoginOutcome.ACCEPTED
    failures, newest = _recent_failures(session, person, now)
    if failures + 1 >= MAX_FAILURES:
        # On SQLite this clock may be behind that of an earlier failure; the lock must not end before it.
        person.locked_until = max(now, newest or now) + LOCK_TIME
    return LoginOutcome.WRONG_PASSWORD


def _is_locked(session: Session, person: Collaborator, now: datetime) -> bool:
    until = person.locked_until
    if until is None or until <= now:
        return False
    if until <= now + LOCK_TIME:
        return True
    # A fast clock set the lock. It lasts for ``LOCK_TIME`` from the first attempt that it refused.
    last_failure = (
        select(func.coalesce(func.max(col(LoginAttempt.id)), 0))
        .where(*_attempts(person, LoginOutcome.WRONG_PASSWORD))
        .scalar_subquery()
    )
    met = session.scalar(
        select(func.min(col(LoginAttempt.at))).where(
            *_attempts(person, LoginOutcome.LOCKED), col(LoginAttempt.id) > last_failure
        )
    )
    return met is None or now < met + LOCK_TIME


def _recent_failures(session: Session, person: Collaborator, now: datetime) -> tuple[int, datetime | None]:
    """The number of failures within the window, and the time of the newest."""
    if person.failures_counted_from is not None and person.failures_counted_from > now:
        # Written by a fast clock. Move it to just before now, so that the next failure is counted.
        person.failures_counted_from = now - _INSTANT
    since = max(now - FAILURE_WINDOW, person.failures_counted_from or now - FAILURE_WINDOW)
    at = col(LoginAttempt.at)
    asked = select(func.count(), func.max(at)).where(
        *_attempts(person, LoginOutcome.WRONG_PASSWORD), at > since
    )
    count, newest = session.execute(asked).one()
    return count, newest


def _attempts(person: Collaborator, outcome: LoginOutcome) -> tuple[ColumnElement[bool], ...]:
    return col(LoginAttempt.collaborator_id) == person.id, col(LoginAttempt.outcome) == outcome


def _note_attempt(
    session: Session, person: Collaborator | None, outcome: LoginOutcome, now: datetime
) -> None:
    session.add(LoginAttempt(at=now, collaborator_id=person.id if person else None, outcome=outcome))
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.at) < now - _ATTEMPTS_KEPT))
