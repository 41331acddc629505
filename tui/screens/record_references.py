"""Records that name others: links in the detail pane, their titles, and the searches of pickers."""

from typing import TYPE_CHECKING

from models.enums import Department, RecordKind
from models.read_models import ClientRead, ContractRead, EventRead
from services import collaborators, formats
from services.actor import Actor
from services.i18n import _
from tui.widgets.detail.link_list import Link
from tui.widgets.form.field_spec import Picked, PickerSearch


def client_link(client: ClientRead) -> Link:
    """A client: name and company."""
    return Link(RecordKind.CLIENT, client.id, client.full_name, client.company)


def contract_link(contract: ContractRead, currency: str) -> Link:
    """A contract: its number and state, the amount due."""
    state = _("signed") if contract.signed_on else _("unsigned")
    remaining = formats.show_money(contract.amount_remaining, currency)
    note = _("{amount} due").format(amount=remaining) if contract.amount_remaining else _("paid")
    return Link(RecordKind.CONTRACT, contract.id, f"{contract.number} {state}", note, is_figure=True)


def event_link(event: EventRead) -> Link:
    """An event: its name and day."""
    return Link(RecordKind.EVENT, event.id, event.name, formats.show_date(event.start.astimezone().date()))


if TYPE_CHECKING:
    from services.crm import Crm


def search_collaborators(department: Department | None, *, but: int | None = None) -> PickerSearch:
    """Active collaborators of a department by name or username, ``but`` one of them."""

    def search(crm: "Crm", actor: Actor, typed: str) -> list[Picked]:
        found = collaborators.choose_collaborators(crm, actor, department, typed)
        return [Picked(person.id, person.full_name, person.username) for person in found if person.id != but]

    return search
