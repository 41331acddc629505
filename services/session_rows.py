"""The session and its owner in SQL, and whether the session is open, by the clock of the database."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, String, bindparam, select, update

from models.tables import Collaborator, LoginSession, table_of
from services import clock, shared_values

LIFETIME: Final = timedelta(hours=24)
"""How long a session lasts."""

ACTOR: Final = bindparam("actor_id", type_=Integer)
"""The id of the actor."""
_SESSION: Final = bindparam("session_id", type_=String)
_person = table_of(Collaborator).c
_session = table_of(LoginSession).c

# Of plain columns and made once: it precedes every other query of an actor.
OWNER: Final[Select[*tuple[Any, ...]]] = (
    select(
        _person.id, _person.username, _person.first_name, _person.last_name, _person.department,
        (_session.expires_at > clock.now(LIFETIME)).label("is_too_long"), clock.now().label("now"),
        # With the actor, which costs no query of its own: another terminal may have changed them.
        *(column.label(f"settings_{column.name}") for column in shared_values.COLUMNS),
    )
    .select_from(
        table_of(LoginSession)
        .join(table_of(Collaborator), _person.id == _session.collaborator_id)
        .outerjoin(shared_values.TABLE, shared_values.TABLE.c.id == 1)
    )
    .where(
        _session.id == _SESSION,
        _session.revoked_at.is_(None),
        _session.expires_at > clock.now(),
        _person.active.is_(True),
    )
)  # fmt: skip
"""The active collaborator behind the open session ``session_id``, the moment and the settings.

A session that would last for longer than one can was opened by a clock ahead of this one.
"""


def shorten(connection: Connection, session_id: str) -> None:
    """Let a session count as opened now if it was opened by a clock ahead of this one."""
    connection.execute(
        update(LoginSession)
        .where(_session.id == session_id, _session.expires_at > clock.now(LIFETIME))
        .values(created_at=clock.now(), expires_at=clock.now(LIFETIME))
    )
