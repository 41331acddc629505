"""Records that name others: links in the detail pane, their titles, and the searches of pickers."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual.dom import DOMNode

from models.enums import Department, NoteKind, RecordKind
from models.read_models import ClientRead, CollaboratorRead, ContractRead, EventRead, NoteRead, TaskRead
from services import collaborators, formats, notes, tasks
from services.actor import Actor
from services.i18n import _
from services.labels import DEPARTMENTS, NOTE_KINDS
from services.list_reader import read_record
from services.lists.query import Filter, ListQuery
from tui.key_labels import key_of
from tui.widgets.detail.link_list import LINKS_SHOWN, Link, LinkGroup
from tui.widgets.form.field_spec import Picked, PickerSearch


def client_link(client: ClientRead) -> Link:
    """A client: name and company."""
    return Link(RecordKind.CLIENT, client.id, client.full_name, client.company)


def contract_link(contract: ContractRead, currency: str) -> Link:
    """A contract: its number and state, the amount due."""
    state = _("signed") if contract.signed_on else _("unsigned")
    remaining = formats.show_money(contract.amount_remaining, currency)
    note = _("{amount} due").format(amount=remaining) if contract.amount_remaining else _("paid")
    text, short = f"{contract.number} {state}", remaining if contract.amount_remaining else note
    return Link(RecordKind.CONTRACT, contract.id, text, note, is_figure=True, short_note=short)


def event_link(event: EventRead) -> Link:
    """An event: its name and day."""
    return Link(RecordKind.EVENT, event.id, event.name, formats.show_date(event.start.astimezone().date()))


def collaborator_link(person: CollaboratorRead) -> Link:
    """A collaborator: name and department."""
    return Link(RecordKind.COLLABORATOR, person.id, person.full_name, _(DEPARTMENTS[person.department]))


def link_to(crm: "Crm", actor: Actor, kind: RecordKind, record_id: int) -> Link:
    """A client, contract, event or collaborator by its id, in a thread."""
    record = read_record(crm, actor, kind, record_id)
    match record:
        case ClientRead():
            return client_link(record)
        case ContractRead():
            return contract_link(record, crm.shared.currency)
        case EventRead():
            return event_link(record)
    return collaborator_link(record)


def title_of(record: Any) -> str:
    """A client, contract, event or collaborator in the title of a form."""
    match record:
        case ClientRead() | CollaboratorRead():
            return record.full_name
        case ContractRead():
            return f"{record.number} {record.client_name}"
        case EventRead():
            return record.name
    return ""


def tasks_on(node: DOMNode, crm: "Crm", actor: Actor, kind: RecordKind, record_id: int) -> LinkGroup:
    """The open tasks on a record, in a thread; those of a client with those of its contracts and events."""
    query = ListQuery(frozenset({Filter.OPEN}), parent=(kind, record_id), sort="due")
    found = tasks.list_tasks(crm, actor, query, limit=LINKS_SHOWN)
    return LinkGroup(
        "tasks",
        _("Open tasks"),
        [task_link(task) for task in found],
        empty=_("None. {key}: create one.").format(key=key_of(node, "record.task")),
    )


def task_link(task: TaskRead) -> Link:
    """A task: its title, and when it is due."""
    day = formats.show_date(task.due_on) if task.due_on is not None else task.assignee_name
    return Link(RecordKind.TASK, task.id, task.title, day)


def notes_on(node: DOMNode, crm: "Crm", actor: Actor, kind: RecordKind, record_id: int) -> LinkGroup:
    """The latest notes on a record, in a thread; those of a client with those of its contracts and events."""
    query = ListQuery(parent=(kind, record_id), sort="at", descending=True)
    latest = notes.list_notes(crm, actor, query, limit=LINKS_SHOWN)
    now = crm.database.clock.estimate()
    links = [note_link(note, now) for note in latest]
    return LinkGroup(
        "notes",
        _("Notes"),
        links,
        empty=_("None yet. {key}: write one.").format(key=key_of(node, "record.note")),
    )


def note_link(note: NoteRead, now: datetime) -> Link:
    """A note: its start, and how long ago who wrote it."""
    is_contact = note.kind is not NoteKind.NOTE
    text = f"{_(NOTE_KINDS[note.kind])}: {note.summary}" if is_contact else note.summary
    return Link(RecordKind.NOTE, note.id, text, f"{formats.show_age(note.at, now)} · {note.author_name}")


if TYPE_CHECKING:
    from services.crm import Crm


def search_collaborators(department: Department | None, *, but: int | None = None) -> PickerSearch:
    """Active collaborators of a department by name or username, ``but`` one of them."""

    def search(crm: "Crm", actor: Actor, typed: str) -> list[Picked]:
        found = collaborators.choose_collaborators(crm, actor, department, typed)
        return [Picked(person.id, person.full_name, person.username) for person in found if person.id != but]

    return search
