"""The use cases of each action, on records of the actor or of a colleague."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any, Final, TypeVar

from sqlmodel import Session

from models.activity_tables import Note, Task
from models.enums import Department, NoteKind, RecordKind
from models.tables import Client, Contract, Event, Record
from models.view_tables import SavedView
from models.write_models import (
    ClientCreate,
    ClientUpdate,
    CollaboratorCreate,
    CollaboratorUpdate,
    ContractCreate,
    ContractUpdate,
    EventCreate,
    EventUpdate,
    NoteCreate,
    NoteUpdate,
    PaymentCancel,
    PaymentCreate,
    SharedSettingsUpdate,
    TaskCreate,
    TaskUpdate,
    ViewCreate,
    ViewUpdate,
)
from services import (
    audit_log,
    chain,
    clients,
    collaborators,
    contracts,
    events,
    notes,
    payments,
    rights,
    saved_views,
    shared_settings,
    tasks,
    telemetry,
)
from services.actor import Actor
from services.auth import brute_force, sessions
from services.crm import Crm
from services.denormalized import computed_columns, consistency
from services.list_reader import ListReader
from services.lists.own_filters import Comparison, Condition, OwnFilter
from services.lists.query import ListQuery
from services.rights import Action
from services.validation import build
from tests.support.accounts import PASSWORD, hire_one
from tests.support.list_reads import (
    count_clients,
    count_collaborators,
    count_contracts,
    count_events,
    count_journal,
    list_journal,
)
from tests.support.records import NOON, Records

OTHER_PASSWORD: Final = "Peonies & hammers 8"
_ALL: Final = ListQuery()
_numbers = count(1)
Row = TypeVar("Row", bound=Record)


@dataclass(frozen=True)
class Case:
    """An actor, and records of the actor or of a colleague in the same department."""

    crm: Crm
    actor: Actor
    own: bool
    sales_contact: Actor
    another_sales_contact: Actor
    another_support: Actor
    gestion: Actor
    person: Actor
    lone_client: Client
    contract: Contract
    signed_contract: Contract
    event: Event
    note: Note
    task: Task
    assigned_task: Task
    view: SavedView
    colleague: Actor
    stranger: Actor


def make_case(records: Records, department: Department, *, own: bool) -> Case:
    """A new case, inserted directly; its actor is a new collaborator with a session."""
    return make_cases(records, [(department, own)])[0]


def make_cases(records: Records, actors: Sequence[tuple[Department, bool]]) -> list[Case]:
    """A new case for each department and ``own``; the copies in all of them are computed at once."""
    with records.crm.database.write_session() as session:
        cases = [_insert_case(session, records, department, own) for department, own in actors]
        consistency.rebuild(session.connection())
    return cases


def _insert_case(session: Session, records: Records, department: Department, own: bool) -> Case:
    people = records.people
    actor = _hire(session, department)
    sales = actor if own and department is Department.COMMERCIAL else people.commercial
    support = actor if own and department is Department.SUPPORT else people.support
    colleague = _hire(session, department)
    client, lone_client = _add_client(session, sales), _add_client(session, sales)
    signed = _add(session, Contract(client_id=_id(client), total_amount=Decimal(1000), signed_on=NOON.date()))
    event = Event(
        contract_id=_id(signed), name="Ball", start=NOON, end=NOON.replace(hour=16),
        support_contact_id=support.id,
    )  # fmt: skip
    return Case(
        crm=records.crm,
        actor=actor,
        own=own,
        sales_contact=sales,
        another_sales_contact=people.other_commercial,
        another_support=people.other_support,
        gestion=people.gestion,
        person=actor if own else _hire(session, department),
        lone_client=lone_client,
        contract=_add(session, Contract(client_id=_id(client), total_amount=Decimal(1000))),
        signed_contract=signed,
        event=_add(session, event),
        note=_add(session, _note_on(client, actor if own else people.other_support)),
        task=_add(session, _task_of(people.other_support, actor if own else people.other_support)),
        assigned_task=_add(session, _task_of(actor if own else people.other_support, people.other_support)),
        view=_add(session, _view_of(actor if own else colleague)),
        colleague=colleague,
        stranger=_hire(session, next(each for each in Department if each is not department)),
    )


def _note_on(client: Client, author: Actor) -> Note:
    return Note(
        kind=NoteKind.NOTE,
        text="Lilies, not tulips.",
        at=NOON.replace(year=2026, month=1),
        author_id=author.id,
        client_id=_id(client),
    )


def _task_of(assignee: Actor, creator: Actor) -> Task:
    return Task(title="Book the Orangerie", assignee_id=assignee.id, creator_id=creator.id)


def _view_of(owner: Actor) -> SavedView:
    """A view that is shared with the owner's department."""
    return SavedView(
        name="Balls", listed=RecordKind.EVENT.value, owner_id=owner.id, department=owner.department,
        conditions=OwnFilter((Condition("name", Comparison.CONTAINS, "Ball"),)).to_json(),
    )  # fmt: skip


def _add(session: Session, record: Row) -> Row:
    computed_columns.refresh(record, "FR")
    session.add(record)
    session.flush()
    return record


def _add_client(session: Session, sales: Actor) -> Client:
    email = f"client{next(_numbers)}@example.com"
    return _add(session, Client(full_name="Anna Nowak", email=email, sales_contact_id=sales.id))


def _hire(session: Session, department: Department) -> Actor:
    return hire_one(session, f"hired_{next(_numbers)}", "New", "Comer", department)


def _id(record: Record) -> int:
    assert record.id is not None
    return record.id


Perform = Callable[[Case], object]


def _create_client(case: Case) -> None:
    # An actor of Commercial becomes the sales contact; Gestion must name one.
    named = None if case.actor.department is Department.COMMERCIAL else case.sales_contact.id
    email = f"by{case.actor.id}@example.com"
    values = {"full_name": "Zoé", "email": email, "sales_contact_id": named}
    clients.create_client(case.crm, case.actor, build(ClientCreate, values))


def _update_client(case: Case) -> None:
    command = build(ClientUpdate, {"full_name": "Somebody else"})
    clients.update_client(case.crm, case.actor, _id(case.lone_client), command)


def _reassign_client(case: Case) -> None:
    command = build(ClientUpdate, {"sales_contact_id": case.another_sales_contact.id})
    clients.update_client(case.crm, case.actor, _id(case.lone_client), command)


def _reassign_client_to_the_same(case: Case) -> None:
    command = build(ClientUpdate, {"sales_contact_id": case.sales_contact.id})
    clients.update_client(case.crm, case.actor, _id(case.lone_client), command)


def _trash_client(case: Case) -> None:
    clients.trash_client(case.crm, case.actor, _id(case.lone_client))


def _restore_client(case: Case) -> None:
    clients.restore_client(case.crm, case.actor, _id(case.lone_client))


def _create_contract(case: Case) -> None:
    command = build(ContractCreate, {"client_id": _id(case.lone_client), "total_amount": "10"})
    contracts.create_contract(case.crm, case.actor, command)


def _update_contract(case: Case) -> None:
    command = build(ContractUpdate, {"total_amount": "1234.50"})
    contracts.update_contract(case.crm, case.actor, _id(case.contract), command)


def _sign_contract(case: Case) -> None:
    contracts.sign_contract(case.crm, case.actor, _id(case.contract))


def _trash_contract(case: Case) -> None:
    contracts.trash_contract(case.crm, case.actor, _id(case.contract))


def _restore_contract(case: Case) -> None:
    contracts.restore_contract(case.crm, case.actor, _id(case.contract))


def _record_payment(case: Case) -> None:
    command = build(PaymentCreate, {"amount": "12.34"})
    payments.record_payment(case.crm, case.actor, _id(case.contract), command)


def _cancel_payment(case: Case) -> None:
    payment = payments.list_payments(case.crm, case.gestion, _id(case.contract))[-1]
    command = build(PaymentCancel, {"payment_id": payment.id, "reason": "Booked twice"})
    payments.cancel_payment(case.crm, case.actor, command)


def _create_event(case: Case) -> None:
    values = {
        "contract_id": _id(case.signed_contract),
        "name": "Ball",
        "start": NOON,
        "end": NOON.replace(hour=13),
    }
    events.create_event(case.crm, case.actor, build(EventCreate, values))


def _update_event(case: Case) -> None:
    command = build(EventUpdate, {"notes": "Bring lanterns."})
    events.update_event(case.crm, case.actor, _id(case.event), command)


def _assign_event(case: Case) -> None:
    events.assign_support(case.crm, case.actor, _id(case.event), case.another_support.id, note="Both at once")


def _assign_event_to_nobody(case: Case) -> None:
    events.assign_support(case.crm, case.actor, _id(case.event), None)


def _trash_event(case: Case) -> None:
    events.trash_event(case.crm, case.actor, _id(case.event))


def _restore_event(case: Case) -> None:
    events.restore_event(case.crm, case.actor, _id(case.event))


def _create_note(case: Case) -> None:
    command = build(NoteCreate, {"text": "Asked for lilies.", "event_id": _id(case.event)})
    notes.create_note(case.crm, case.actor, command)


def _update_note(case: Case) -> None:
    command = build(NoteUpdate, {"text": "Asked for tulips."})
    notes.update_note(case.crm, case.actor, _id(case.note), command)


def _trash_note(case: Case) -> None:
    notes.trash_note(case.crm, case.actor, _id(case.note))


def _restore_note(case: Case) -> None:
    notes.restore_note(case.crm, case.actor, _id(case.note))


def _trash_as_author(case: Case) -> None:
    author = case.actor if case.own else case.another_support
    notes.trash_note(case.crm, author, _id(case.note))


def _forget_notes(case: Case) -> None:
    # A person who has a note, a task or a view is not deleted.
    with case.crm.database.write_session() as session:
        session.delete(session.get_one(Note, case.note.id))
        session.delete(session.get_one(SavedView, case.view.id))
        for task in (case.task, case.assigned_task):
            session.delete(session.get_one(Task, task.id))


def _create_task(case: Case) -> None:
    command = build(TaskCreate, {"title": "Call back", "event_id": _id(case.event)})
    tasks.create_task(case.crm, case.actor, command)


def _assign_new_task(case: Case) -> None:
    person = case.colleague if case.own else case.stranger
    tasks.create_task(case.crm, case.actor, build(TaskCreate, {"title": "Call", "assignee_id": person.id}))


def _create_view(case: Case) -> None:
    values = {"name": "My balls", "listed": case.view.listed, "conditions": case.view.conditions}
    saved_views.create_view(case.crm, case.actor, build(ViewCreate, values))


def _update_view(case: Case) -> None:
    saved_views.update_view(case.crm, case.actor, _id(case.view), build(ViewUpdate, {"name": "Large balls"}))


def _trash_view(case: Case) -> None:
    saved_views.trash_view(case.crm, case.actor, _id(case.view))


def _restore_view(case: Case) -> None:
    saved_views.restore_view(case.crm, case.actor, _id(case.view))


def _update_task(case: Case) -> None:
    tasks.update_task(case.crm, case.actor, _id(case.task), build(TaskUpdate, {"title": "Call again"}))


def _update_assigned_task(case: Case) -> None:
    command = build(TaskUpdate, {"title": "Call again"})
    tasks.update_task(case.crm, case.actor, _id(case.assigned_task), command)


def _finish_task(case: Case) -> None:
    tasks.finish_task(case.crm, case.actor, _id(case.task))


def _finish_assigned_task(case: Case) -> None:
    tasks.finish_task(case.crm, case.actor, _id(case.assigned_task))


def _trash_task(case: Case) -> None:
    tasks.trash_task(case.crm, case.actor, _id(case.task))


def _restore_task(case: Case) -> None:
    tasks.restore_task(case.crm, case.actor, _id(case.task))


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
    # Reassign the records of the person to a suitable collaborator.
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
    # No use case of this action changes a colleague's password, so check only the right.
    rights.require(case.actor.department, Action.PASSWORD_CHANGE, owns=case.own)
    if case.own:
        sessions.change_password(case.crm, case.actor, PASSWORD, OTHER_PASSWORD)


def _change_settings(case: Case) -> None:
    # Toggle the region, since an unchanged value writes nothing.
    other = "BE" if case.crm.shared.phone_region == "FR" else "FR"
    command = build(SharedSettingsUpdate, {"phone_region": other})
    shared_settings.update_settings(case.crm, case.actor, command)


def _list_reads(kind: RecordKind | None) -> Sequence[Perform]:
    def reader(case: Case) -> ListReader[Any]:
        return ListReader(case.crm, lambda: case.actor, kind, _ALL)

    return (
        lambda case: reader(case).window(0, 10),
        lambda case: reader(case).count(),
        lambda case: reader(case).build_position_index(),
        lambda case: reader(case).position(1),
    )


def _reads() -> Sequence[Perform]:
    return (
        lambda case: clients.get_client(case.crm, case.actor, _id(case.lone_client)),
        lambda case: clients.list_clients(case.crm, case.actor, _ALL),
        lambda case: count_clients(case.crm, case.actor, _ALL),
        lambda case: contracts.get_contract(case.crm, case.actor, _id(case.contract)),
        lambda case: contracts.list_contracts(case.crm, case.actor, _ALL),
        lambda case: count_contracts(case.crm, case.actor, _ALL),
        lambda case: payments.list_payments(case.crm, case.actor, _id(case.contract)),
        lambda case: events.get_event(case.crm, case.actor, _id(case.event)),
        lambda case: events.list_events(case.crm, case.actor, _ALL),
        lambda case: events.next_event(case.crm, case.actor, ListQuery(sort="start")),
        lambda case: chain.read_chain(case.crm, case.actor, RecordKind.EVENT, _id(case.event)),
        lambda case: count_events(case.crm, case.actor, _ALL),
        lambda case: tasks.get_task(case.crm, case.actor, _id(case.task)),
        lambda case: tasks.list_tasks(case.crm, case.actor, _ALL),
        lambda case: tasks.choose_assignees(case.crm, case.actor),
        lambda case: notes.get_note(case.crm, case.actor, _id(case.note)),
        lambda case: notes.list_notes(case.crm, case.actor, _ALL),
        lambda case: shared_settings.read_settings(case.crm, case.actor),
        *_list_reads(RecordKind.EVENT),
    )


def _team_reads() -> Sequence[Perform]:
    return (
        _read_collaborator,
        _find_collaborator,
        _choose_collaborators,
        lambda case: collaborators.list_collaborators(case.crm, case.actor, _ALL),
        lambda case: count_collaborators(case.crm, case.actor, _ALL),
        *_list_reads(RecordKind.COLLABORATOR),
    )


def _journal_reads() -> Sequence[Perform]:
    return (
        lambda case: list_journal(case.crm, case.actor, _ALL),
        lambda case: count_journal(case.crm, case.actor, _ALL),
        lambda case: audit_log.readable(case.crm, case.actor, ()),
        lambda case: audit_log.names_in(case.crm, case.actor, ()),
        *_list_reads(None),
    )


# Preconditions of a use case, which Gestion prepares without regard to the actor's rights.
PREPARE: Final[Mapping[Perform, Perform]] = {
    _cancel_payment: lambda case: payments.record_payment(
        case.crm, case.gestion, _id(case.contract), build(PaymentCreate, {"amount": "12.34"})
    ),
    _restore_contract: lambda case: contracts.trash_contract(case.crm, case.gestion, _id(case.contract)),
    _restore_client: lambda case: clients.trash_client(case.crm, case.gestion, _id(case.lone_client)),
    _restore_note: _trash_as_author,
    _restore_task: lambda case: tasks.trash_task(case.crm, case.another_support, _id(case.task)),
    _restore_view: lambda case: saved_views.trash_view(
        case.crm, case.actor if case.own else case.colleague, _id(case.view)
    ),
    _delete: _forget_notes,
    _restore_event: lambda case: events.trash_event(case.crm, case.sales_contact, _id(case.event)),
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
    Action.PAYMENT_CANCEL: (_cancel_payment,),
    Action.EVENT_CREATE: (_create_event,),
    Action.EVENT_UPDATE: (_update_event,),
    Action.EVENT_ASSIGN: (_assign_event, _assign_event_to_nobody),
    Action.EVENT_TRASH: (_trash_event, _restore_event),
    Action.NOTE_CREATE: (_create_note,),
    Action.NOTE_UPDATE: (_update_note,),
    Action.NOTE_TRASH: (_trash_note, _restore_note),
    Action.TASK_CREATE: (_create_task,),
    Action.TASK_ASSIGN: (_assign_new_task,),
    Action.TASK_UPDATE: (_update_task, _update_assigned_task),
    Action.TASK_DONE: (_finish_task, _finish_assigned_task),
    Action.TASK_TRASH: (_trash_task, _restore_task),
    Action.VIEW_CREATE: (_create_view,),
    Action.VIEW_UPDATE: (_update_view,),
    Action.VIEW_TRASH: (_trash_view, _restore_view),
    Action.COLLABORATOR_READ: _team_reads(),
    Action.COLLABORATOR_CREATE: (_create_collaborator,),
    Action.COLLABORATOR_UPDATE: (_update_collaborator, _set_password),
    Action.COLLABORATOR_DEACTIVATE: (_deactivate,),
    Action.COLLABORATOR_REACTIVATE: (_reactivate,),
    Action.COLLABORATOR_DELETE: (_delete,),
    Action.COLLABORATOR_UNLOCK: (_unlock,),
    Action.JOURNAL_READ: _journal_reads(),
    Action.PASSWORD_CHANGE: (_change_password,),
    Action.SETTINGS_UPDATE: (_change_settings,),
    Action.TELEMETRY_READ: (
        lambda case: telemetry.read_telemetry(case.crm, case.actor),
        lambda case: telemetry.send_test_event(case.crm, case.actor),
    ),
    Action.SECURITY_READ: (lambda case: brute_force.current_alert(case.crm, case.actor),),
}
