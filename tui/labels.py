"""What fields, actions and records are called on screen; translatable English."""

from collections.abc import Mapping

from models.enums import ContractStatus, Department, Operation, RecordKind
from services.i18n import N_, _
from services.rights import Action

DEPARTMENTS: Mapping[Department, str] = {
    Department.COMMERCIAL: N_("Commercial"),
    Department.SUPPORT: N_("Support"),
    Department.GESTION: N_("Gestion"),
}
STATUSES: Mapping[ContractStatus, str] = {
    ContractStatus.UNSIGNED: N_("unsigned"),
    ContractStatus.SIGNED: N_("signed"),
}
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
FIELDS: Mapping[str, str] = {
    "full_name": N_("Full name"),
    "contact_person": N_("Contact person"),
    "email": N_("Email"),
    "phone": N_("Phone"),
    "company": N_("Company"),
    "first_contact_date": N_("First contact"),
    "last_contact_date": N_("Last contact"),
    "sales_contact_id": N_("Sales contact"),
    "client_id": N_("Client"),
    "total_amount": N_("Total"),
    "amount_paid": N_("Paid"),
    "signed_on": N_("Signed on"),
    "contract_id": N_("Contract"),
    "amount": N_("Amount"),
    "received_on": N_("Received on"),
    "recorded_by_id": N_("Recorded by"),
    "name": N_("Name"),
    "start": N_("Start"),
    "end": N_("End"),
    "support_contact_id": N_("Support contact"),
    "location": N_("Location"),
    "attendees": N_("Attendees"),
    "notes": N_("Notes"),
    "employee_number": N_("Employee number"),
    "username": N_("Username"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "department": N_("Department"),
    "active": N_("Active"),
    "locked_until": N_("Locked until"),
    "password": N_("Password"),
    "deleted_at": N_("In the trash since"),
}


def action_label(action: str) -> str:
    """An action in the person's language."""
    try:
        return _(ACTIONS[Action(action)])
    except (KeyError, ValueError):
        return action


def field_label(name: str) -> str:
    """A field in the person's language."""
    return _(FIELDS[name]) if name in FIELDS else name
