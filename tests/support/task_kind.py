"""A kind of record that the program does not know: a task of a client. It stands in this file alone.

The file has all that a new kind takes: a table, its migration, its rights, its list, its description and its
use cases.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from unittest.mock import patch

from sqlalchemy import MetaData, select
from sqlmodel import Field

from models.enums import RecordKind
from models.search_words import stored, words_of
from models.tables import Client, Trashable, table_of
from models.text import fold
from services import record_types, rights, trash
from services.actor import Actor
from services.crm import Crm
from services.i18n import N_plural
from services.lists.engine import as_written
from services.lists.spec import PARENT, FilterSpec, ListSpec
from services.persistence import mapper
from services.record_types import Naming, Parent, RecordType
from services.rights import ANY, NONE, OWN, Action, Rule
from services.unit_of_work import writing

TASK: Final = RecordKind("task")
CREATE, UPDATE, TRASH = Action("task.create"), Action("task.update"), Action("task.trash")


class Task(Trashable, table=True):
    """Something to do for a client."""

    metadata = MetaData()
    __tablename__ = "task"
    client_id: int
    title: str = Field(max_length=200)
    sort_title: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class TaskRead:
    """A task as it leaves a service."""

    id: int
    version: int
    client: int
    title: str
    deleted: datetime | None


def create_task(crm: Crm, actor: Actor, client_id: int, title: str) -> TaskRead:
    """Add a task to one's own client."""
    with writing(crm, actor, CREATE) as work:
        client = work.get(Client, client_id)
        work.require(owner_id=work.owner_of(client))
        return as_written(
            work, LISTING, work.create(mapper.new(Task, {"client_id": client_id, "title": title}))
        )


def update_task(crm: Crm, actor: Actor, task_id: int, title: str, version: int | None = None) -> TaskRead:
    """Give a task another title."""
    with writing(crm, actor, UPDATE) as work:
        task = work.get(Task, task_id, version)
        work.require(owner_id=work.owner_of(task))
        work.change(task, {"title": title})
        return as_written(work, LISTING, task)


def trash_task(crm: Crm, actor: Actor, task_id: int) -> None:
    """Put a task in the trash."""
    with writing(crm, actor, TRASH) as work:
        task = work.get(Task, task_id)
        work.require(owner_id=work.owner_of(task))
        trash.discard(work, task)


def restore_task(crm: Crm, actor: Actor, task_id: int) -> None:
    """Take a task out of the trash."""
    with writing(crm, actor, TRASH) as work:
        task = work.get_even_trashed(Task, task_id)
        work.require(owner_id=work.owner_of(task))
        trash.restore(work, task)


def _compute(task: Task, _region: str) -> None:
    task.sort_title, task.search = fold(task.title), stored(words_of(task.title))


_task = table_of(Task).c

LISTING: Final[ListSpec[TaskRead]] = ListSpec(
    record=TaskRead,
    table=table_of(Task),
    select=select(
        _task.id,
        _task.version,
        _task.client_id.label("client"),
        _task.title,
        _task.deleted_at.label("deleted"),
    ),
    key=_task.id,
    search=_task.search,
    sorts={"title": _task.sort_title},
    trashable=True,
    kind=TASK,
    parents={RecordKind.CLIENT: FilterSpec(equal=("client_id", PARENT))},
)  # fmt: skip

TASKS: Final = RecordType(
    kind=TASK,
    model=Task,
    label="Task",
    restored_label="Task restored",
    telemetry_name="d'une tâche",
    not_found="There is no task {key}, or it is in the trash.",
    not_trashed="Task {key} is not in the trash.",
    rights={
        CREATE: Rule(OWN, NONE, ANY, "Only the client's sales contact and Gestion create tasks."),
        UPDATE: Rule(OWN, NONE, ANY, "Only the client's sales contact and Gestion change this task."),
        TRASH: Rule(OWN, NONE, ANY, "Only the client's sales contact and Gestion trash this task."),
    },
    action_labels={CREATE: "Task created", UPDATE: "Task changed", TRASH: "Task trashed"},
    field_labels={"title": "Title"},
    listing=LISTING,
    hit=lambda task: (task.title, "task"),
    parent=Parent(
        kind=RecordKind.CLIENT,
        link="client_id",
        in_use=N_plural("{count} task is left for this client.", "{count} tasks are left for this client."),
        restore_first="Restore the client of this task first.",
    ),
    naming=Naming(key=_task.id, text=_task.title),
    derived=frozenset({"sort_title", "search"}),
    compute=_compute,
    right_to_uncreate=TRASH,
    in_trash="Task {key} is in the trash. Restore it before you undo this change.",
)


@contextmanager
def with_tasks(crm: Crm) -> Iterator[None]:
    """The program knows the kind, and its table is in the database."""
    with crm.database.write_session() as session:
        table_of(Task).create(session.connection())
    registers = (record_types._by_kind, record_types._by_model, rights._added)
    with ExitStack() as before:
        for register in registers:
            before.enter_context(patch.dict(register))
        record_types.register(TASKS)
        try:
            yield
        finally:
            with crm.database.write_session() as session:
                table_of(Task).drop(session.connection())
