"""Collaborators named by username, as the options and arguments name them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cli.session import require
from models.enums import Department
from services.errors import Invalid
from services.i18n import N_
from services.rights import Action

if TYPE_CHECKING:
    from services.crm import Crm
    from services.domain_events import Actor


def collaborator_id(crm: Crm, actor: Actor, action: Action) -> Callable[[str, str], int]:
    """A reader of usernames that answers with the collaborator's id, for an action that names somebody.

    The reader raises ``NotFound`` where nobody bears the name, ``Invalid`` where it is empty, and
    ``Forbidden`` by the rule of the action where the actor may name nobody but themselves.
    """

    def read(username: str, field: str) -> int:
        name = username.strip()
        if not name:
            raise Invalid.of(field, N_("Give the username of a collaborator."))
        if name.lower() == actor.username.lower():
            return actor.id  # only Gestion looks others up
        require(crm, actor, action)
        from services.collaborators import find_collaborator

        return find_collaborator(crm, actor, name).id

    return read


def department(text: str, field: str) -> str:
    """A department, in any case.

    Raises:
        Invalid: there is no such department.
    """
    name = text.strip().upper()
    if name not in Department.__members__:
        names = ", ".join(member.lower() for member in Department.__members__)
        raise Invalid.of(field, N_("One of these: {names}."), names=names)
    return name
