"""What records, and what is done to them, are called for people; translatable English.

The screens and the commands name them alike.
"""

from collections.abc import Mapping

from models.enums import Operation, RecordKind
from services.i18n import N_, _
from services.rights import Action

KINDS: Mapping[RecordKind, str] = {
    RecordKind.COLLABORATOR: N_("Collaborator"),
    RecordKind.CLIENT: N_("Client"),
    RecordKind.CONTRACT: N_("Contract"),
    RecordKind.PAYMENT: N_("Payment"),
    RecordKind.EVENT: N_("Event"),
}
OPERATIONS: Mapping[Operation, str] = {
    Operation.CREATED: N_("created"),
    Operation.UPDATED: N_("changed"),
    Operation.TRASHED: N_("put in the trash"),
    Operation.RESTORED: N_("restored"),
    Operation.DELETED: N_("deleted"),
}
ACTIONS: Mapping[Action, str] = {
    Action.CLIENT_CREATE: N_("new client"),
    Action.CLIENT_UPDATE: N_("change of a client"),
    Action.CLIENT_REASSIGN: N_("client given to another sales contact"),
    Action.CLIENT_TRASH: N_("client and trash"),
    Action.CONTRACT_CREATE: N_("new contract"),
    Action.CONTRACT_UPDATE: N_("change of a contract"),
    Action.CONTRACT_SIGN: N_("signature of a contract"),
    Action.CONTRACT_TRASH: N_("contract and trash"),
    Action.PAYMENT_RECORD: N_("payment"),
    Action.EVENT_CREATE: N_("new event"),
    Action.EVENT_UPDATE: N_("change of an event"),
    Action.EVENT_ASSIGN: N_("support contact of an event"),
    Action.EVENT_TRASH: N_("event and trash"),
    Action.COLLABORATOR_CREATE: N_("new collaborator"),
    Action.COLLABORATOR_UPDATE: N_("change of a collaborator"),
    Action.COLLABORATOR_DEACTIVATE: N_("access of a collaborator ended"),
    Action.COLLABORATOR_REACTIVATE: N_("access of a collaborator given back"),
    Action.COLLABORATOR_DELETE: N_("deletion of a collaborator"),
    Action.COLLABORATOR_UNLOCK: N_("unlocking of a collaborator"),
    Action.PASSWORD_CHANGE: N_("change of password"),
}


def action_label(action: str) -> str:
    """An action in the person's language."""
    try:
        return _(ACTIONS[Action(action)])
    except (KeyError, ValueError):
        return action
