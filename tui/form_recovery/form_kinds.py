"""The forms that can be opened again. Those for passwords are not among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.rights import Action


@dataclass(frozen=True)
class FormKind:
    """How to open a form again: its class, its section, and the right to it.

    ``change`` is for the form of a record, ``new`` for one without. ``about`` is the attribute that holds the
    record. ``step`` is the key that opens it, for the state of the record that may refuse it.
    """

    module: str
    section: str
    change: Action | None
    new: Action | None = None
    about: str = "record"
    step: str = "edit"


_CLIENTS, _CONTRACTS = "tui.screens.client_form", "tui.screens.contract_form"
_EVENTS, _TEAM = "tui.screens.event_form", "tui.screens.collaborator_form"
FORMS: Final[Mapping[str, FormKind]] = {
    "ClientForm": FormKind(_CLIENTS, "clients", Action.CLIENT_UPDATE, Action.CLIENT_CREATE),
    "ReassignClientForm": FormKind(_CLIENTS, "clients", Action.CLIENT_REASSIGN),
    "ContractForm": FormKind(_CONTRACTS, "contracts", Action.CONTRACT_UPDATE, Action.CONTRACT_CREATE),
    "SignForm": FormKind(_CONTRACTS, "contracts", Action.CONTRACT_SIGN, about="contract", step="sign"),
    "PaymentForm": FormKind(_CONTRACTS, "contracts", Action.PAYMENT_RECORD, about="contract", step="payment"),
    "CancelPaymentForm": FormKind(
        _CONTRACTS, "contracts", Action.PAYMENT_CANCEL, about="contract", step="cancel_payment"
    ),
    "EventForm": FormKind(_EVENTS, "events", Action.EVENT_UPDATE, Action.EVENT_CREATE),
    "AssignForm": FormKind(_EVENTS, "events", Action.EVENT_ASSIGN),
    "CollaboratorForm": FormKind(_TEAM, "team", Action.COLLABORATOR_UPDATE, Action.COLLABORATOR_CREATE),
    "LeaveForm": FormKind(_TEAM, "team", Action.COLLABORATOR_DEACTIVATE, about="person", step="trash"),
}
"""By the name of their class."""
