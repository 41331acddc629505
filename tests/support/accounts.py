"""The collaborators of most tests: two of each department, signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from sqlmodel import Session

from models.enums import Department
from models.tables import Collaborator, LoginSession
from services.actor import Actor
from services.auth import passwords
from services.denormalized import computed_columns, consistency

PASSWORD: Final = "Orchids & anvils 7"
"""The password of all collaborators."""

BCRYPT_COST: Final = 4
"""The lowest cost of bcrypt, which takes a millisecond."""

# Names with accents, a hyphen and an apostrophe, so that tests cover more than ASCII letters.
_NAMES: Final = (
    ("claire_d", "Claire", "Dubois", Department.COMMERCIAL),
    ("benoit_l", "Benoît", "Lefèvre", Department.COMMERCIAL),
    ("sofia-m", "Sofia", "Martínez", Department.SUPPORT),
    ("sean_ob", "Seán", "O'Brien", Department.SUPPORT),
    ("gwenaelle", "Gwenaëlle", "Le Goff", Department.GESTION),
    ("georges_k", "Georges", "Kowalski", Department.GESTION),
)


@dataclass(frozen=True)
class People:
    """Two actors of each department; the ids are the same in the databases of all tests."""

    commercial: Actor
    other_commercial: Actor
    support: Actor
    other_support: Actor
    gestion: Actor
    other_gestion: Actor

    def __iter__(self) -> Iterator[Actor]:
        return iter(vars(self).values())

    def of(self, department: Department) -> Actor:
        """The first actor of a department."""
        return next(actor for actor in self if actor.department is department)

    def other_of(self, department: Department) -> Actor:
        """The second actor of a department."""
        return [actor for actor in self if actor.department is department][1]


def hire(session: Session) -> People:
    """Insert the collaborators and a session of each, without journal entries."""
    staff = People(*(hire_one(session, *details) for details in _NAMES))
    consistency.rebuild(session.connection())
    return staff


def hire_one(session: Session, username: str, first: str, last: str, department: Department) -> Actor:
    """Insert one collaborator and a session."""
    person = Collaborator(
        employee_number=f"T-{username}",
        username=username,
        username_key=username,
        first_name=first,
        last_name=last,
        email=f"{username}@epicevents.example",
        department=department,
        password_hash=_password_hash(),
    )
    computed_columns.refresh(person, "FR")
    session.add(person)
    session.flush()
    assert person.id is not None
    session_id = f"test-session-{username}"
    expires = datetime.now(UTC) + timedelta(hours=24)
    session.add(LoginSession(id=session_id, collaborator_id=person.id, expires_at=expires))
    session.flush()
    return Actor(person.id, username, f"{first} {last}", department, session_id)


@cache
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD, BCRYPT_COST)
