"""The brute-force alert, which counts the refused sign-ins of all terminals in the database.

Source: the telemetry contract, "more than 10 refused logins in 5 minutes, once per window".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, select, update
from sqlmodel import Session, col

from models.enums import LoginOutcome
from models.tables import LoginAttempt, SecurityAlert
from services.actor import Actor
from services.crm import Crm
from services.persistence.database import Database
from services.rights import Action
from services.unit_of_work import reading

TOLERATED: Final = 10
"""The maximum number of refused sign-ins within the window without an alert."""

WINDOW: Final = timedelta(minutes=5)
SHOWN_FOR: Final = timedelta(hours=1)
"""The time for which an alert is current, unless the user dismisses it.

It is long enough for a user who returns from a meeting; a banner of the previous day would be ignored.
"""

_KEPT: Final = timedelta(days=30)
# A lock key other than that of migrations: a migration waits for open sign-ins, which must not wait for it.
_ALERT_LOCK: Final = 7_216_041_904


@dataclass(frozen=True)
class CurrentAlert:
    """An alert for Gestion; ``at`` is in UTC.

    ``count`` is the number of sign-ins refused within five minutes, at the time of the alert or now,
    whichever is more.
    """

    id: int
    at: datetime
    count: int


def raise_alert(database: Database, session: Session, now: datetime) -> int | None:
    """Store an alert if too many sign-ins were refused, and return their number; else return ``None``.

    The caller has added the refused attempt in the same transaction. Concurrent calls wait for each other and
    see the attempts of earlier ones, so that exactly one of them raises the alert of a window. An alert with
    a time in the future, from a fast clock, is moved to ``now``, so that it does not suppress a later alert.
    """
    session.flush()
    database.wait_until_alone(session, _ALERT_LOCK)
    session.execute(update(SecurityAlert).where(col(SecurityAlert.at) > now).values(at=now))
    count = refused_since(session.connection(), now - WINDOW)
    if count <= TOLERATED or _alerts_since(session, now - WINDOW):
        return None
    session.execute(delete(SecurityAlert).where(col(SecurityAlert.at) < now - _KEPT))
    session.add(SecurityAlert(at=now, count=count))
    return count


def current_alert(crm: Crm, actor: Actor) -> CurrentAlert | None:
    """The newest alert of the last hour. Cheap enough for a call every other second.

    Raises :class:`NotSignedIn` and :class:`Forbidden`.
    """
    with reading(crm, actor, Action.SECURITY_READ) as work:
        row = work.connection.execute(
            select(col(SecurityAlert.id), col(SecurityAlert.at), col(SecurityAlert.count))
            .where(col(SecurityAlert.at) > work.now - SHOWN_FOR)
            .order_by(col(SecurityAlert.id).desc())
            .limit(1)
        ).first()
        if row is None:
            return None
        alert_id, at, count = row
        assert alert_id is not None  # noqa: S101 - the primary key
        return CurrentAlert(
            alert_id, min(at, work.now), max(count, refused_since(work.connection, work.now - WINDOW))
        )


def refused_since(connection: Connection, since: datetime) -> int:
    """The number of sign-ins refused since then, for any reason, on all terminals."""
    refused = col(LoginAttempt.outcome) != LoginOutcome.ACCEPTED
    query = select(func.count()).select_from(LoginAttempt).where(refused, col(LoginAttempt.at) > since)
    return connection.scalar(query) or 0


def _alerts_since(session: Session, since: datetime) -> int:
    query = select(func.count()).select_from(SecurityAlert).where(col(SecurityAlert.at) > since)
    return session.scalar(query) or 0
