"""Searches for the pickers of forms."""

from typing import TYPE_CHECKING

from models.enums import Department
from services import collaborators
from services.domain_events import Actor
from tui.widgets.field_values import Picked, PickerSearch

if TYPE_CHECKING:
    from services.crm import Crm


def search_collaborators(department: Department | None, *, but: int | None = None) -> PickerSearch:
    """Active collaborators of a department by name or username, ``but`` one of them."""

    def search(crm: "Crm", actor: Actor, typed: str) -> list[Picked]:
        found = collaborators.choose_collaborators(crm, actor, department, typed)
        return [Picked(person.id, person.full_name, person.username) for person in found if person.id != but]

    return search
