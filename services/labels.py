"""Names of records, fields and actions for people; translatable English.

Screens and commands use the same names.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from models.enums import ChainLink, ContractStatus, Department, NoteKind, Operation, RecordKind
from models.read_models import PastChange
from services import clock, record_types
from services.i18n import N_, _
from services.record_fields import CLIENT, EMPLOYEE_NUMBER, EVENT, NOTE, PERSON, TASK
from services.record_types import RecordType
from services.rights import Action

_Name = TypeVar("_Name")

DEPARTMENTS: Mapping[Department, str] = {
    Department.COMMERCIAL: N_("Commercial"),
    Department.SUPPORT: N_("Support"),
    Department.GESTION: N_("Gestion"),
}
STATUSES: Mapping[ContractStatus, str] = {
    ContractStatus.UNSIGNED: N_("unsigned"),
    ContractStatus.SIGNED: N_("signed"),
}
CHAIN_LINKS: Mapping[ChainLink, str] = {
    ChainLink.CLIENT: N_("Client"),
    ChainLink.CONTRACT: N_("Contract"),
    ChainLink.SIGNATURE: N_("Signature"),
    ChainLink.PAYMENTS: N_("Payments"),
    ChainLink.EVENT: N_("Event"),
    ChainLink.SUPPORT: N_("Support"),
    ChainLink.NOTES: N_("Notes"),
}
NOTE_KINDS: Mapping[NoteKind, str] = {
    NoteKind.NOTE: N_("note"),
    NoteKind.CALL: N_("call"),
    NoteKind.MAIL: N_("mail"),
}
LANGUAGE_NAMES: Mapping[str, str] = {"en": N_("English"), "fr": N_("French")}
"""By code; a test compares them with the languages of the program."""
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
    Action.NOTE_CREATE: N_("Note written"),
    Action.NOTE_UPDATE: N_("Note changed"),
    Action.NOTE_TRASH: N_("Note trashed"),
    Action.TASK_CREATE: N_("Task created"),
    Action.TASK_UPDATE: N_("Task changed"),
    Action.TASK_DONE: N_("Task done or opened again"),
    Action.TASK_TRASH: N_("Task trashed"),
    Action.VIEW_CREATE: N_("View saved"),
    Action.VIEW_UPDATE: N_("View changed"),
    Action.VIEW_TRASH: N_("View trashed"),
    Action.PASSWORD_CHANGE: N_("Password changed"),
}
_DESCRIBED = (*CLIENT, *EVENT, *NOTE, *TASK, *PERSON, EMPLOYEE_NUMBER)
FIELDS: Mapping[str, str] = {field.name: field.label for field in _DESCRIBED} | {
    "sales_contact_id": N_("Sales contact"),
    "client_id": N_("Client"),
    "total_amount": N_("Total"),
    "amount_paid": N_("Paid"),
    "signed_on": N_("Signed on"),
    "contract_id": N_("Contract"),
    "amount": N_("Amount"),
    "received_on": N_("Received on"),
    "recorded_by_id": N_("Recorded by"),
    "support_contact_id": N_("Support contact"),
    "support_note": N_("Assigned in spite of a conflict"),
    "travel_same_place": N_("Travel within a postcode"),
    "travel_same_area": N_("Travel within an area"),
    "travel_elsewhere": N_("Travel elsewhere"),
    "paper_language": N_("Language of papers"),
    "agency_name": N_("Agency's name"),
    "agency_address": N_("Agency's address"),
    "agency_siret": N_("SIRET"),
    "agency_vat": N_("VAT number"),
    "agency_legal": N_("Legal details"),
    "department": N_("Department"),
    "active": N_("Active"),
    "locked_until": N_("Locked until"),
    "password": N_("Password"),
    "currency": N_("Currency"),
    "phone_region": N_("Phone region"),
    "time_zone": N_("Time zone"),
    "author_id": N_("Author"),
    "assignee_id": N_("Assigned to"),
    "creator_id": N_("Created by"),
    "due_on": N_("Due date"),
    "due_time": N_("Due time"),
    "done_at": N_("Done"),
    "event_id": N_("Event"),
    "collaborator_id": N_("Collaborator"),
    "owner_id": N_("Owner"),
    "listed": N_("List"),
    "conditions": N_("Conditions"),
    "filters": N_("Filter"),
    "sort": N_("Sort"),
    "descending": N_("Reversed"),
    "deleted_at": N_("In the trash since"),
}
_UNDONE: Mapping[Operation, str] = {
    Operation.CREATED: N_("Undone: {record} was removed."),
    Operation.UPDATED: N_("Undone: {action}, {record}."),
    Operation.TRASHED: N_("Undone: {record} is back from the trash."),
    Operation.RESTORED: N_("Undone: {record} moved to the trash."),
}
_REDONE: Mapping[Operation, str] = {
    Operation.CREATED: N_("Redone: {record} is back."),
    Operation.UPDATED: N_("Redone: {action}, {record}."),
    Operation.TRASHED: N_("Redone: {record} moved to the trash."),
    Operation.RESTORED: N_("Redone: {record} is back from the trash."),
}


def stuck_label(link: str, since: datetime | None) -> str:
    """The link at which a chain stands still now; empty if it does not, or not yet."""
    is_late = since is not None and since <= _now()
    return _(CHAIN_LINKS[ChainLink(link)]) if is_late else ""


def _now() -> datetime:
    return clock.machine_now()


def kind_label(kind: RecordKind) -> str:
    """A kind of record in the person's language; its value in the database if no module describes it."""
    record_type = record_types.find(kind)
    return kind.value if record_type is None else _(record_type.label)


def record_label(kind: RecordKind, record_id: int, name: str = "") -> str:
    """A record within a sentence, as "client 45 (Zoé Bar)"."""
    label = kind_label(kind).lower()
    if _is_single(kind):
        return label
    label = f"{label} {record_id}"
    return f"{label} ({name})" if name else label


def undone_label(change: PastChange) -> str:
    """The sentence for a change that was undone."""
    operation = change.operation
    if operation is Operation.CREATED and record_types.of_kind(change.kind).is_restorable:
        operation = Operation.RESTORED
    return _sentence(_UNDONE[operation], change)


def redone_label(change: PastChange) -> str:
    """The sentence for a change that was undone and made again."""
    return _sentence(_REDONE[change.operation], change)


def _sentence(template: str, change: PastChange) -> str:
    action = action_label(change.kind, change.action, change.operation)
    return _(template).format(action=action, record=record_label(change.kind, change.record_id, change.name))


def action_label(kind: RecordKind, action: str, operation: Operation) -> str:
    """An action on a record in the person's language; ``operation`` tells a restoring from a trashing."""
    record_type = record_types.find(kind)
    if operation is Operation.RESTORED and record_type is not None and record_type.restored_label:
        return _(record_type.restored_label)
    try:
        known = Action(action)
    except ValueError:
        return action
    label = _added(lambda each: each.action_labels).get(known) or ACTIONS.get(known)
    return _(label) if label else action


def record_title(kind: RecordKind, record_id: int, name: str = "") -> str:
    """A record by itself: "Client Zoé Bar", and "Client 45" if it has no name."""
    record_type = record_types.find(kind)
    if record_type is not None and record_type.title and name:
        return _(record_type.title).format(name=name)
    return kind_label(kind) if _is_single(kind) else f"{kind_label(kind)} {name or record_id}"


def _is_single(kind: RecordKind) -> bool:
    record_type = record_types.find(kind)
    return record_type is not None and record_type.is_single


def language_name(code: str) -> str:
    """A language in the person's language; empty for an empty code."""
    return _(LANGUAGE_NAMES[code]) if code in LANGUAGE_NAMES else code


def field_label(name: str) -> str:
    """A field in the person's language."""
    label = _added(lambda each: each.field_labels).get(name) or FIELDS.get(name)
    return _(label) if label else name


def _added(labels: Callable[[RecordType[Any]], Mapping[_Name, str]]) -> Mapping[_Name, str]:
    return {name: text for each in record_types.registered() for name, text in labels(each).items()}
