"""The brute-force alert: refused sign-ins are counted in the database, over all terminals.

Source: the telemetry contract, "more than 10 refused logins in 5 minutes, once per window".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Select, delete, func, select, update
from sqlmodel import Session, col

from models.enums import LoginOutcome
from models.tables import LoginAttempt, SecurityAlert
from services.actor import Actor
from services.crm import Crm
from services.persistence.database import Database
from services.rights import Action
from services.unit_of_work import reading

TOLERATED: Final = 10
"""Refused sign-ins of all terminals within the window that are no reason for an alert."""

WINDOW: Final = timedelta(minutes=5)
SHOWN_FOR: Final = timedelta(hours=1)
"""How long an alert is current, unless the one who reads it has had enough of it.

Long enough to be seen by whoever comes back from a meeting; a banner of yesterday would be read no more.
"""

_KEPT: Final = timedelta(days=30)
# Of its own: a migration waits for sign-ins that are under way, and none of these may wait for it.
_MATTER: Final = 7_216_041_904


@dataclass(frozen=True)
class CurrentAlert:
    """An alert as Gestion reads it; ``at`` is UTC.

    ``count`` is how many sign-ins were refused in five minutes: at the time of the alert, or just now where
    that is more.
    """

    id: int
    at: datetime
    count: int


def raise_alert(database: Database, session: Session, now: datetime) -> int | None:
    """To be called in the transaction of a refused sign-in, the attempt written: the count, where it alarms.

    Who comes second waits for the first and then sees what it wrote: of all terminals that fail at once
    exactly one raises the alert of a window, and none overlooks that together they are too many. An alert of
    a clock ahead of this one counts as raised now, and silences no later window.
    """
    session.flush()
    database.wait_until_alone(session, _MATTER)
    session.execute(update(SecurityAlert).where(col(SecurityAlert.at) > now).values(at=now))
    count = refused_since(session.connection(), now - WINDOW)
    if count <= TOLERATED or _alerts_since(session, now - WINDOW):
        return None
    session.execute(delete(SecurityAlert).where(col(SecurityAlert.at) < now - _KEPT))
    session.add(SecurityAlert(at=now, count=count))
    return count


def current_alert(crm: Crm, actor: Actor) -> CurrentAlert | None:
    """The newest alert of the last hour. Cheap enough to be asked every other second.

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
        identity, at, count = row
        assert identity is not None  # noqa: S101 - the primary key
        return CurrentAlert(
            identity, min(at, work.now), max(count, refused_since(work.connection, work.now - WINDOW))
        )


def refused_since(connection: Connection, since: datetime) -> int:
    """How many sign-ins were refused since then, for whatever reason, on all terminals."""
    count: int | None = connection.execute(_refused_since(since)).scalar()
    return count or 0


def _refused_since(since: datetime) -> Select[int]:
    refused = col(LoginAttempt.outcome) != LoginOutcome.ACCEPTED
    return select(func.count()).select_from(LoginAttempt).where(refused, col(LoginAttempt.at) > since)


def _alerts_since(session: Session, since: datetime) -> int:
    query = select(func.count()).select_from(SecurityAlert).where(col(SecurityAlert.at) > since)
    return session.scalar(query) or 0
