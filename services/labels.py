"""Names of records, fields and actions for people; translatable English.

Screens and commands use the same names.
"""

from collections.abc import Mapping

from models.enums import ContractStatus, Department, Operation, RecordKind
from services.i18n import N_, _
from services.rights import Action

KINDS: Mapping[RecordKind, str] = {
    RecordKind.COLLABORATOR: N_("Collaborator"),
    RecordKind.CLIENT: N_("Client"),
    RecordKind.CONTRACT: N_("Contract"),
    RecordKind.PAYMENT: N_("Payment"),
    RecordKind.EVENT: N_("Event"),
    RecordKind.SETTINGS: N_("Settings"),
}
DEPARTMENTS: Mapping[Department, str] = {
    Department.COMMERCIAL: N_("Commercial"),
    Department.SUPPORT: N_("Support"),
    Department.GESTION: N_("Gestion"),
}
OPERATIONS: Mapping[Operation, str] = {
    Operation.CREATED: N_("created"),
    Operation.UPDATED: N_("changed"),
    Operation.TRASHED: N_("put in the trash"),
    Operation.RESTORED: N_("restored"),
    Operation.DELETED: N_("deleted"),
}
ACTIONS: Mapping[Action, str] = {
    Action.CLIENT_CREATE: N_("Client created"),
    Action.CLIENT_UPDATE: N_("Client changed"),
    Action.CLIENT_REASSIGN: N_("Client reassigned"),
    Action.CLIENT_TRASH: N_("Client trashed"),
    Action.CONTRACT_CREATE: N_("Contract created"),
    Action.CONTRACT_UPDATE: N_("Contract changed"),
    Action.CONTRACT_SIGN: N_("Contract signed"),
    Action.CONTRACT_TRASH: N_("Contract trashed"),
    Action.PAYMENT_RECORD: N_("Payment recorded"),
    Action.PAYMENT_CANCEL: N_("Payment cancelled"),
    Action.EVENT_CREATE: N_("Event created"),
    Action.EVENT_UPDATE: N_("Event changed"),
    Action.EVENT_ASSIGN: N_("Support assigned"),
    Action.EVENT_TRASH: N_("Event trashed"),
    Action.COLLABORATOR_CREATE: N_("Collaborator created"),
    Action.COLLABORATOR_UPDATE: N_("Collaborator changed"),
    Action.COLLABORATOR_DEACTIVATE: N_("Collaborator deactivated"),
    Action.COLLABORATOR_REACTIVATE: N_("Collaborator reactivated"),
    Action.COLLABORATOR_DELETE: N_("Collaborator deleted"),
    Action.COLLABORATOR_UNLOCK: N_("Collaborator unlocked"),
    Action.SETTINGS_UPDATE: N_("Settings changed"),
    Action.PASSWORD_CHANGE: N_("Password changed"),
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
    "currency": N_("Currency"),
    "phone_region": N_("Phone region"),
    "time_zone": N_("Time zone"),
    "deleted_at": N_("In the trash since"),
}
RESTORING: Mapping[Action, str] = {
    Action.CLIENT_TRASH: N_("Client restored"),
    Action.CONTRACT_TRASH: N_("Contract restored"),
    Action.EVENT_TRASH: N_("Event restored"),
}
"""One right covers the way into the trash and out of it, and so one action does."""

_UNDONE: Mapping[Operation, str] = {
    Operation.CREATED: N_("Undone: {record} was removed."),
    Operation.UPDATED: N_("Change undone: {record}."),
    Operation.TRASHED: N_("Undone: {record} is back from the trash."),
    Operation.RESTORED: N_("Undone: {record} moved to the trash."),
}
_NEVER_TRASHED = (RecordKind.PAYMENT, RecordKind.COLLABORATOR)


def record_label(kind: RecordKind, record_id: int, name: str = "") -> str:
    """A record within a sentence, as "client 45 (Zoé Bar)"."""
    label = _(KINDS[kind]).lower()
    if kind is RecordKind.SETTINGS:  # there is but one
        return label
    label = f"{label} {record_id}"
    return f"{label} ({name})" if name else label


def undone_label(operation: Operation, kind: RecordKind, record: str) -> str:
    """The sentence for an undone operation on a record, which :func:`record_label` names."""
    if operation is Operation.CREATED and kind not in _NEVER_TRASHED:
        operation = Operation.RESTORED
    return _(_UNDONE[operation]).format(record=record)


def action_label(action: str, operation: Operation) -> str:
    """An action in the person's language; ``operation`` tells a restoring from a trashing."""
    try:
        known = Action(action)
    except ValueError:
        return action
    labels = RESTORING if operation is Operation.RESTORED and known in RESTORING else ACTIONS
    return _(labels[known]) if known in labels else action


def record_title(kind: RecordKind, record_id: int, name: str = "") -> str:
    """A record by itself: "Client Zoé Bar", and "Client 45" where it has no name."""
    if kind is RecordKind.PAYMENT and name:
        return _("Payment on {contract}").format(contract=name)
    if kind is RecordKind.SETTINGS:  # there is but one
        return _(KINDS[kind])
    return f"{_(KINDS[kind])} {name or record_id}"


def field_label(name: str) -> str:
    """A field in the person's language."""
    return _(FIELDS[name]) if name in FIELDS else name


__all__ = ["DEPARTMENTS", "STATUSES", "field_label"]

STATUSES: Mapping[ContractStatus, str] = {
    ContractStatus.UNSIGNED: N_("unsigned"),
    ContractStatus.SIGNED: N_("signed"),
}
