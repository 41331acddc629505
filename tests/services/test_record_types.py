"""A kind of record is described once: a kind of this test gets all that the kinds of the brief have."""

from collections.abc import Iterator

import pytest

from models.enums import Operation, RecordKind
from services import audit_log, clients, record_types
from services.crm import Crm
from services.denormalized import consistency
from services.domain_events import DomainEvent, RecordChanged
from services.errors import Conflict, Forbidden, InUse, NotFound, NotTrashed
from services.global_search import search_everywhere
from services.labels import record_label
from services.list_reader import ListReader, read_record
from services.lists.query import Filter, ListQuery
from services.monitoring import vocabulary
from services.undo import undo_last
from tests.support.accounts import People
from tests.support.list_reads import list_journal
from tests.support.records import Records
from tests.support.task_kind import (
    TASK,
    TaskRead,
    create_task,
    restore_task,
    trash_task,
    update_task,
    with_tasks,
)


@pytest.fixture(autouse=True)
def tasks(crm: Crm) -> Iterator[None]:
    """The program knows tasks, and so does its database."""
    with with_tasks(crm):
        yield


@pytest.fixture
def task(crm: Crm, records: Records) -> TaskRead:
    """A task of a client of the first of Commercial."""
    return create_task(crm, records.people.commercial, records.client().id, "Book the Orangerie")


def read(crm: Crm, people: People, query: ListQuery | None = None) -> list[TaskRead]:
    """The tasks of a query."""
    reader: ListReader[TaskRead] = ListReader(crm, lambda: people.commercial, TASK, query or ListQuery())
    rows = reader.window(0, 50)
    assert reader.count() == len(rows)
    return rows


def test_a_task_is_created_changed_trashed_and_restored(crm: Crm, people: People, task: TaskRead) -> None:
    changed = update_task(crm, people.commercial, task.id, "Book the Pavilion", task.version)
    assert (changed.title, changed.version) == ("Book the Pavilion", task.version + 1)
    trash_task(crm, people.commercial, task.id)
    with pytest.raises(NotFound):
        update_task(crm, people.commercial, task.id, "Nothing")
    restore_task(crm, people.commercial, task.id)
    with pytest.raises(NotTrashed):
        restore_task(crm, people.commercial, task.id)
    assert read(crm, people)[0].title == "Book the Pavilion"


def test_only_the_sales_contact_and_gestion_change_a_task(crm: Crm, people: People, task: TaskRead) -> None:
    for actor in (people.other_commercial, people.support):
        with pytest.raises(Forbidden, match="sales contact and Gestion change this task"):
            update_task(crm, actor, task.id, "Mine now")
    assert update_task(crm, people.gestion, task.id, "By Gestion").title == "By Gestion"


def test_a_task_that_moved_on_is_a_conflict_that_names_the_change(
    crm: Crm, people: People, task: TaskRead
) -> None:
    update_task(crm, people.gestion, task.id, "By Gestion")
    with pytest.raises(Conflict) as refused:
        update_task(crm, people.commercial, task.id, "By Commercial", task.version)
    (change,) = refused.value.changes
    assert (change.field, change.old, change.new) == ("title", "Book the Orangerie", "By Gestion")


def test_a_client_with_a_task_is_not_trashed_and_is_restored_before_it(
    crm: Crm, people: People, task: TaskRead
) -> None:
    with pytest.raises(InUse) as refused:
        clients.trash_client(crm, people.commercial, task.client)
    assert refused.value.message() == "1 task is left for this client."
    trash_task(crm, people.commercial, task.id)
    clients.trash_client(crm, people.commercial, task.client)
    with pytest.raises(InUse, match="Restore the client of this task first"):
        restore_task(crm, people.commercial, task.id)


def test_each_change_of_a_task_is_undone(crm: Crm, people: People, task: TaskRead) -> None:
    update_task(crm, people.commercial, task.id, "Book the Pavilion")
    trash_task(crm, people.commercial, task.id)
    undone = [undo_last(crm, people.commercial).operation for _ in range(3)]
    assert undone == [Operation.TRASHED, Operation.UPDATED, Operation.CREATED]
    (trashed,) = read(crm, people, ListQuery(frozenset({Filter.TRASHED})))
    assert trashed.title == "Book the Orangerie"
    assert read(crm, people) == []


def test_the_journal_tells_of_a_task_by_its_name(crm: Crm, people: People, task: TaskRead) -> None:
    update_task(crm, people.commercial, task.id, "Book the Pavilion")
    entries = list_journal(crm, people.gestion, ListQuery(parent=(TASK, task.id), descending=True))
    told = [
        (each.action, each.record, each.changes) for each in audit_log.readable(crm, people.gestion, entries)
    ]
    assert told == [
        ("Task changed", "Task Book the Pavilion", [("Title", "Book the Orangerie → Book the Pavilion")]),
        (
            "Task created",
            "Task Book the Pavilion",
            [
                ("Client", clients.get_client(crm, people.gestion, task.client).full_name),
                ("Title", "Book the Orangerie"),
            ],
        ),
    ]
    assert record_label(TASK, task.id, "Book the Pavilion") == f"task {task.id} (Book the Pavilion)"


def test_the_journal_calls_a_restoring_by_its_name(crm: Crm, people: People, task: TaskRead) -> None:
    trash_task(crm, people.commercial, task.id)
    restore_task(crm, people.commercial, task.id)
    entries = list_journal(crm, people.gestion, ListQuery(parent=(TASK, task.id), descending=True))
    told = [each.action for each in audit_log.readable(crm, people.gestion, entries)]
    assert told == ["Task restored", "Task trashed", "Task created"]


def test_tasks_are_listed_sorted_and_found(crm: Crm, people: People, task: TaskRead) -> None:
    second = create_task(crm, people.commercial, task.client, "Élysée: ask for the floor plan")
    assert read(crm, people, ListQuery(sort="title")) == [task, second]
    assert read(crm, people, ListQuery(search="ELYS plan")) == [second]
    assert read(crm, people, ListQuery(parent=(RecordKind.CLIENT, task.client + 1))) == []
    assert read_record(crm, people.support, TASK, task.id) == task
    (hit,) = search_everywhere(crm, people.support, "orangerie")
    assert (hit.kind, hit.id, hit.title, hit.parent) == (
        TASK, task.id, "Book the Orangerie", (RecordKind.CLIENT, task.client),
    )  # fmt: skip


def test_tasks_are_counted_and_the_count_is_checked(crm: Crm, people: People, task: TaskRead) -> None:
    assert consistency.check(crm) == []
    trash_task(crm, people.commercial, task.id)
    assert consistency.check(crm) == []


def test_telemetry_has_words_for_a_task(crm: Crm, people: People, task: TaskRead) -> None:
    heard: list[DomainEvent] = []
    crm.bus.subscribe(heard.append)
    trash_task(crm, people.commercial, task.id)
    (change,) = heard
    assert isinstance(change, RecordChanged)
    words = vocabulary.business_action(change.action, change.kind, change.operation)
    assert words == "Mise à la corbeille d'une tâche"
    assert vocabulary.is_ours(words)
    assert not vocabulary.is_ours("Mise à la corbeille d'un secret")


def test_the_register_names_a_kind_that_nothing_describes() -> None:
    with pytest.raises(LookupError, match="no module describes the kind unknown"):
        record_types.of_kind(RecordKind("unknown"))
