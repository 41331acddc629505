"""Every use case behind each action, performed on records that are the actor's own or a colleague's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.enums import Department
from models.shapes_read import ClientRead, CollaboratorRead, ContractRead, EventRead
from models.shapes_write import (
    ClientCreate,
    ClientUpdate,
    CollaboratorCreate,
    CollaboratorUpdate,
    ContractCreate,
    ContractUpdate,
    EventCreate,
    EventUpdate,
    PaymentCreate,
)
from services import clients, collaborators, contracts, events, journal, payments, rights, sessions
from services.announcements import Actor
from services.crm import Crm
from services.listing import ListQuery
from services.rights import Action
from services.validation import build
from tests.support.people import PASSWORD
from tests.support.records import NOON, Records

OTHER_PASSWORD: Final = "Peonies & hammers 8"
_ALL: Final = ListQuery()


@dataclass(frozen=True)
class Case:
    """An actor, and records around them: their own, or a colleague's of the same department."""

    crm: Crm
    actor: Actor
    own: bool
    sales_contact: Actor
    another_sales_contact: Actor
    another_support: Actor
    gestion: Actor
    lone_client: ClientRead
    contract: ContractRead
    signed_contract: ContractRead
    event: EventRead
    person: CollaboratorRead


def make_case(records: Records, department: Department, *, own: bool) -> Case:
    """A new case. The actor is hired and signed in for it."""
    people = records.people
    hired = records.collaborator(department)
    actor = records.signed_in(hired.username)
    sales = actor if own and department is Department.COMMERCIAL else people.commercial
    support = actor if own and department is Department.SUPPORT else people.support
    client = records.client(sales)
    signed = records.contract(client, signed=True)
    return Case(
        crm=records.crm,
        actor=actor,
        own=own,
        sales_contact=sales,
        another_sales_contact=people.other_commercial,
        another_support=people.other_support,
        gestion=people.gestion,
        lone_client=records.client(sales),
        contract=records.contract(client),
        signed_contract=signed,
        event=records.event(signed, support=support, by=sales),
        person=hired if own else records.collaborator(department),
    )


Perform = Callable[[Case], object]


def _create_client(case: Case) -> None:
    # Commercial becomes the sales contact; Gestion must name one.
    named = None if case.actor.department is Department.COMMERCIAL else case.sales_contact.id
    email = f"by{case.actor.id}@example.com"
    values = {"full_name": "Zoé", "email": email, "sales_contact_id": named}
    clients.create_client(case.crm, case.actor, build(ClientCreate, values))


def _update_client(case: Case) -> None:
    command = build(ClientUpdate, {"full_name": "Somebody else"})
    clients.update_client(case.crm, case.actor, case.lone_client.id, command)


def _reassign_client(case: Case) -> None:
    command = build(ClientUpdate, {"sales_contact_id": case.another_sales_contact.id})
    clients.update_client(case.crm, case.actor, case.lone_client.id, command)


def _reassign_client_to_the_same(case: Case) -> None:
    command = build(ClientUpdate, {"sales_contact_id": case.sales_contact.id})
    clients.update_client(case.crm, case.actor, case.lone_client.id, command)


def _trash_client(case: Case) -> None:
    clients.trash_client(case.crm, case.actor, case.lone_client.id)


def _restore_client(case: Case) -> None:
    clients.restore_client(case.crm, case.actor, case.lone_client.id)


def _create_contract(case: Case) -> None:
    command = build(ContractCreate, {"client_id": case.lone_client.id, "total_amount": "10"})
    contracts.create_contract(case.crm, case.actor, command)


def _update_contract(case: Case) -> None:
    command = build(ContractUpdate, {"total_amount": "1234.50"})
    contracts.update_contract(case.crm, case.actor, case.contract.id, command)


def _sign_contract(case: Case) -> None:
    contracts.sign_contract(case.crm, case.actor, case.contract.id)


def _trash_contract(case: Case) -> None:
    contracts.trash_contract(case.crm, case.actor, case.contract.id)


def _restore_contract(case: Case) -> None:
    contracts.restore_contract(case.crm, case.actor, case.contract.id)


def _record_payment(case: Case) -> None:
    command = build(PaymentCreate, {"amount": "12.34"})
    payments.record_payment(case.crm, case.actor, case.contract.id, command)


def _create_event(case: Case) -> None:
    values = {
        "contract_id": case.signed_contract.id,
        "name": "Ball",
        "start": NOON,
        "end": NOON.replace(hour=13),
    }
    events.create_event(case.crm, case.actor, build(EventCreate, values))


def _update_event(case: Case) -> None:
    command = build(EventUpdate, {"notes": "Bring lanterns."})
    events.update_event(case.crm, case.actor, case.event.id, command)


def _assign_event(case: Case) -> None:
    events.assign_support(case.crm, case.actor, case.event.id, case.another_support.id)


def _assign_event_to_nobody(case: Case) -> None:
    events.assign_support(case.crm, case.actor, case.event.id, None)


def _trash_event(case: Case) -> None:
    events.trash_event(case.crm, case.actor, case.event.id)


def _restore_event(case: Case) -> None:
    events.restore_event(case.crm, case.actor, case.event.id)


def _create_collaborator(case: Case) -> None:
    username = f"hired-by-{case.actor.id}"
    values = {
        "username": username,
        "first_name": "New",
        "last_name": "Comer",
        "email": f"{username}@epicevents.example",
        "department": Department.SUPPORT,
        "password": PASSWORD,
    }
    collaborators.create_collaborator(case.crm, case.actor, build(CollaboratorCreate, values))


def _update_collaborator(case: Case) -> None:
    command = build(CollaboratorUpdate, {"phone": "+33 1 23 45 67 89"})
    collaborators.update_collaborator(case.crm, case.actor, case.person.id, command)


def _set_password(case: Case) -> None:
    collaborators.set_password(case.crm, case.actor, case.person.id, OTHER_PASSWORD)


def _deactivate(case: Case) -> None:
    # Records that the person has in this case go to one who may have them.
    heir = case.another_sales_contact if case.sales_contact.id == case.person.id else case.another_support
    collaborators.deactivate_collaborator(case.crm, case.actor, case.person.id, heir.id)


def _reactivate(case: Case) -> None:
    collaborators.reactivate_collaborator(case.crm, case.actor, case.person.id)


def _delete(case: Case) -> None:
    collaborators.delete_collaborator(case.crm, case.actor, case.person.id)


def _unlock(case: Case) -> None:
    collaborators.unlock_collaborator(case.crm, case.actor, case.person.id)


def _read_collaborator(case: Case) -> None:
    collaborators.get_collaborator(case.crm, case.actor, case.person.id)


def _find_collaborator(case: Case) -> None:
    collaborators.find_collaborator(case.crm, case.actor, case.person.username)


def _choose_collaborators(case: Case) -> None:
    collaborators.choose_collaborators(case.crm, case.actor, Department.SUPPORT)


def _change_password(case: Case) -> None:
    # No use case changes a colleague's password by this action; only the rule can be asked.
    rights.require(case.actor.department, Action.PASSWORD_CHANGE, owns=case.own)
    if case.own:
        sessions.change_password(case.crm, case.actor, PASSWORD, OTHER_PASSWORD)


def _ask_the_rule(action: Action) -> Perform:
    return lambda case: rights.require(case.actor.department, action, owns=case.own)


def _reads() -> Sequence[Perform]:
    return (
        lambda case: clients.get_client(case.crm, case.actor, case.lone_client.id),
        lambda case: clients.list_clients(case.crm, case.actor, _ALL),
        lambda case: clients.count_clients(case.crm, case.actor, _ALL),
        lambda case: contracts.get_contract(case.crm, case.actor, case.contract.id),
        lambda case: contracts.list_contracts(case.crm, case.actor, _ALL),
        lambda case: contracts.count_contracts(case.crm, case.actor, _ALL),
        lambda case: payments.list_payments(case.crm, case.actor, case.contract.id),
        lambda case: events.get_event(case.crm, case.actor, case.event.id),
        lambda case: events.list_events(case.crm, case.actor, _ALL),
        lambda case: events.count_events(case.crm, case.actor, _ALL),
    )


def _team_reads() -> Sequence[Perform]:
    return (
        _read_collaborator,
        _find_collaborator,
        _choose_collaborators,
        lambda case: collaborators.list_collaborators(case.crm, case.actor, _ALL),
        lambda case: collaborators.count_collaborators(case.crm, case.actor, _ALL),
    )


def _journal_reads() -> Sequence[Perform]:
    return (
        lambda case: journal.list_journal(case.crm, case.actor, _ALL),
        lambda case: journal.count_journal(case.crm, case.actor, _ALL),
    )


# What stands in front of a use case is done by Gestion first, whatever the actor may.
PREPARE: Final[Mapping[Perform, Perform]] = {
    _restore_contract: lambda case: contracts.trash_contract(case.crm, case.gestion, case.contract.id),
    _restore_client: lambda case: clients.trash_client(case.crm, case.gestion, case.lone_client.id),
    _restore_event: lambda case: events.trash_event(case.crm, case.sales_contact, case.event.id),
}

USE_CASES: Final[Mapping[Action, Sequence[Perform]]] = {
    Action.RECORD_READ: _reads(),
    Action.CLIENT_CREATE: (_create_client,),
    Action.CLIENT_UPDATE: (_update_client,),
    Action.CLIENT_REASSIGN: (_reassign_client, _reassign_client_to_the_same),
    Action.CLIENT_TRASH: (_trash_client, _restore_client),
    Action.CONTRACT_CREATE: (_create_contract,),
    Action.CONTRACT_UPDATE: (_update_contract,),
    Action.CONTRACT_SIGN: (_sign_contract,),
    Action.CONTRACT_TRASH: (_trash_contract, _restore_contract),
    Action.PAYMENT_RECORD: (_record_payment,),
    Action.EVENT_CREATE: (_create_event,),
    Action.EVENT_UPDATE: (_update_event,),
    Action.EVENT_ASSIGN: (_assign_event, _assign_event_to_nobody),
    Action.EVENT_TRASH: (_trash_event, _restore_event),
    Action.COLLABORATOR_READ: _team_reads(),
    Action.COLLABORATOR_CREATE: (_create_collaborator,),
    Action.COLLABORATOR_UPDATE: (_update_collaborator, _set_password),
    Action.COLLABORATOR_DEACTIVATE: (_deactivate,),
    Action.COLLABORATOR_REACTIVATE: (_reactivate,),
    Action.COLLABORATOR_DELETE: (_delete,),
    Action.COLLABORATOR_UNLOCK: (_unlock,),
    Action.JOURNAL_READ: _journal_reads(),
    Action.PASSWORD_CHANGE: (_change_password,),
    # Read by screens over no service of the records; only the rule can be asked.
    Action.TELEMETRY_READ: (_ask_the_rule(Action.TELEMETRY_READ),),
    Action.SECURITY_READ: (_ask_the_rule(Action.SECURITY_READ),),
}
