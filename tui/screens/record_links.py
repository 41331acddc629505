"""Linked records on one line each, the same in every section."""

from models.enums import RecordKind
from models.read_models import ClientRead, ContractRead, EventRead
from services import formats
from services.i18n import _
from tui.widgets.detail import Link


def client_link(client: ClientRead) -> Link:
    """A client: name and company."""
    return Link(RecordKind.CLIENT, client.id, client.full_name, client.company)


def contract_link(contract: ContractRead, currency: str) -> Link:
    """A contract: its number and state, what remains due."""
    state = _("signed") if contract.signed_on else _("unsigned")
    remaining = formats.show_money(contract.amount_remaining, currency)
    note = _("{amount} due").format(amount=remaining) if contract.amount_remaining else _("paid")
    return Link(RecordKind.CONTRACT, contract.id, f"{contract.number} {state}", note, is_figure=True)


def event_link(event: EventRead) -> Link:
    """An event: its name and day."""
    return Link(RecordKind.EVENT, event.id, event.name, formats.show_date(event.start.astimezone().date()))
