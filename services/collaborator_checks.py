"""Checks of a collaborator that several use cases share."""

from typing import Any

from sqlalchemy import SQLColumnExpression, literal_column

from models.enums import Department
from models.tables import Collaborator
from models.text import plain_number
from services.errors import Invalid
from services.i18n import N_
from services.persistence.database import is_record_id
from services.record_types import Find

_WRONG_DEPARTMENT = {
    Department.COMMERCIAL: N_("Choose an active collaborator of Commercial."),
    Department.SUPPORT: N_("Choose an active collaborator of Support."),
    Department.GESTION: N_("Choose an active collaborator of Gestion."),
}


def username_key(typed: str) -> str:
    """The key of a username; an impossible one becomes empty, which matches no account.

    PostgreSQL refuses NUL, and drivers refuse surrogates.
    """
    name = plain_number(typed).strip()
    return name.lower() if name.isascii() and name.isprintable() else ""


def display_name(person: Any) -> SQLColumnExpression[str]:
    """First and last name in SQL, of the columns of the table or an alias of it."""
    name: SQLColumnExpression[str] = person.first_name + literal_column("' '") + person.last_name
    return name


def require_active(find: Find, person_id: int | None, department: Department, field: str) -> int:
    """The id, if an active collaborator of the department has it; else :class:`Invalid` names ``field``."""
    # No other transaction can deactivate this person before the commit: see services.persistence.locking.
    possible = person_id is not None and is_record_id(person_id)
    person = find(Collaborator, person_id) if possible and person_id else None
    if person is None or not person.active or person.department is not department:
        raise Invalid.of(field, _WRONG_DEPARTMENT[department])
    assert person.id is not None  # noqa: S101 - read from the database
    return person.id
