"""Tasks: created by all, done by whom they are assigned to or who created them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import String, bindparam, func, select

from models.activity_tables import Task
from models.enums import Department, RecordKind
from models.list_indexes import DONE, OPEN, TASK_LISTS
from models.read_models import TaskRead, contract_number
from models.tables import Client, Collaborator, Contract, Event, Record, table_of
from models.write_models import TaskCreate, TaskUpdate
from services import record_types, trash
from services.actor import Actor
from services.collaborator_checks import display_name
from services.crm import Crm
from services.denormalized import computed_columns, copies
from services.errors import Invalid
from services.i18n import N_
from services.lists import filter_fields
from services.lists.engine import as_written, read_one, read_window
from services.lists.query import EVERYONE, Filter, ListQuery, Preset, preset
from services.lists.spec import PARENT, FilterSpec, ListSpec, QueryContext, everyone, same_named
from services.persistence import mapper
from services.persistence.database import is_record_id
from services.record_types import Naming, RecordType
from services.rights import Action
from services.session_rows import ACTOR
from services.time_zones import crm_moment, on_crm_clocks
from services.unit_of_work import UnitOfWork, reading, writing

LINKS: Final[Mapping[str, type[Record]]] = {"client_id": Client, "contract_id": Contract, "event_id": Event}
"""The fields of a task that name the record that it is on; at most one of them is set."""

_ON_ONE: Final = N_("A task is on one client, contract or event at the most.")
_INACTIVE: Final = N_("Choose an active collaborator.")


def create_task(crm: Crm, actor: Actor, command: TaskCreate) -> TaskRead:
    """Create a task, for the actor unless it is assigned to another person.

    Raises :class:`NotFound`, also for a record in the trash, :class:`Forbidden` for an assignee to whom the
    actor may not assign tasks, and :class:`Invalid`.
    """
    with writing(crm, actor, Action.TASK_CREATE) as work:
        work.require()
        values = _stored(command.changes())
        named = [name for name in LINKS if values.get(name) is not None]
        if len(named) > 1:
            raise Invalid.of(named[1], _ON_ONE)
        for name in named:
            work.get(LINKS[name], values[name])
        assignee = values.get("assignee_id") or work.actor.id
        _require_assignable(work, assignee)
        values |= {"assignee_id": assignee, "creator_id": work.actor.id}
        return as_written(work, LISTING, work.create(mapper.new(Task, values)))


def update_task(
    crm: Crm, actor: Actor, task_id: int, command: TaskUpdate, version: int | None = None
) -> TaskRead:
    """Change a task that the actor created or has to do; another assignee needs the right to assign.

    Raises :class:`NotFound`, :class:`Forbidden`, :class:`Invalid` and :class:`Conflict`.
    """
    with writing(crm, actor, Action.TASK_UPDATE) as work:
        task = work.get(Task, task_id)
        work.require(owner_id=work.owner_of(task))
        work.get(Task, task_id, version)
        values = _stored(command.changes())
        if values.get("assignee_id", task.assignee_id) != task.assignee_id:
            _require_assignable(work, values["assignee_id"])
        work.change(task, values)
        return as_written(work, LISTING, task)


def finish_task(
    crm: Crm, actor: Actor, task_id: int, *, done: bool = True, version: int | None = None
) -> TaskRead:
    """Mark a task done now, or open again. A task that is in that state already stays as it is.

    Raises :class:`NotFound`, :class:`Forbidden` and :class:`Conflict`.
    """
    with writing(crm, actor, Action.TASK_DONE) as work:
        task = work.get(Task, task_id, version)
        work.require(owner_id=work.owner_of(task))
        if (task.done_at is not None) != done:
            work.change(task, {"done_at": work.now if done else None})
        return as_written(work, LISTING, task)


def trash_task(crm: Crm, actor: Actor, task_id: int) -> None:
    """Put a task in the trash. Raises :class:`NotFound` and :class:`Forbidden`."""
    with writing(crm, actor, Action.TASK_TRASH) as work:
        task = work.get(Task, task_id)
        work.require(owner_id=work.owner_of(task))
        trash.discard(work, task)


def restore_task(crm: Crm, actor: Actor, task_id: int) -> None:
    """Take a task out of the trash. Raises :class:`NotFound`, :class:`NotTrashed` and :class:`Forbidden`."""
    with writing(crm, actor, Action.TASK_TRASH) as work:
        task = work.get_even_trashed(Task, task_id)
        work.require(owner_id=work.owner_of(task))
        trash.restore(work, task)


def get_task(crm: Crm, actor: Actor, task_id: int) -> TaskRead:
    """One task, also from the trash. Raises :class:`NotFound`."""
    return read_one(crm, actor, LISTING, RecordKind.TASK, task_id)


def list_tasks(
    crm: Crm, actor: Actor, query: ListQuery, *, limit: int = 50, offset: int = 0, after: int | None = None
) -> list[TaskRead]:
    """A window of the tasks of a query; those of a client include those of its contracts and events."""
    return read_window(crm, actor, LISTING, query, limit, offset, after)


def choose_assignees(crm: Crm, actor: Actor, search: str = "", limit: int = 20) -> list[tuple[int, str, str]]:
    """The people to whom the actor may assign tasks and whose name begins so: id, name and username."""
    with reading(crm, actor) as work:
        query = select(_assignee.c.id, display_name(_assignee.c), _assignee.c.username)
        query = query.where(_assignee.c.active.is_(True)).order_by(_assignee.c.sort_name, _assignee.c.id)
        if work.actor.department is not Department.GESTION:
            query = query.where(_assignee.c.department == work.actor.department)
        typed = search.strip().casefold()
        people = [(row[0], row[1], row[2]) for row in work.connection.execute(query)]
        return [each for each in people if typed in f"{each[1]} {each[2]}".casefold()][:limit]


def is_overdue(task: TaskRead, now: datetime) -> bool:
    """Whether an open task should be done by now, as the filter for overdue tasks has it."""
    if task.done_at is not None or task.due_on is None:
        return False
    return task.due_at <= now if task.due_at is not None else task.due_on < on_crm_clocks(now).date()


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a command as columns; the time of a task is that on the clocks of the CRM's zone."""
    stored = dict(values)
    if "due" in stored:
        due: date | datetime | None = stored.pop("due")
        local = on_crm_clocks(due) if isinstance(due, datetime) else None
        stored["due_on"] = due if local is None else local.date()
        stored["due_time"] = "" if local is None else f"{local:%H:%M}"
    return stored


def _require_assignable(work: UnitOfWork, person_id: int) -> None:
    """Raise :class:`Forbidden` or :class:`Invalid` unless the actor may assign a task to this person."""
    if person_id == work.actor.id:
        return
    person = work.find(Collaborator, person_id) if is_record_id(person_id) else None
    if person is None:
        raise Invalid.of("assignee_id", _INACTIVE)
    is_colleague = person.department is work.actor.department
    work.require(Action.TASK_ASSIGN, owner_id=work.actor.id if is_colleague else person_id)
    if not person.active:
        raise Invalid.of("assignee_id", _INACTIVE)


def _clocks(asking: QueryContext) -> str:
    return f"{on_crm_clocks(asking.now):%Y-%m-%d %H:%M}"


def _morning(asking: QueryContext) -> str:
    return f"{on_crm_clocks(asking.now):%Y-%m-%d}"


def _evening(asking: QueryContext) -> str:
    return f"{_morning(asking)} 24:00"


def _moments(columns: Mapping[str, Sequence[Any]]) -> Sequence[datetime | None]:
    days_and_times = zip(columns["due_on"], columns["due_time"], strict=True)
    return [crm_moment(day, time) if day is not None and time else None for day, time in days_and_times]


def _abouts(columns: Mapping[str, Sequence[Any]]) -> Sequence[str]:
    names = ("event_name", "contract", "contract_created", "client_name")
    return [
        event or (f"{contract_number(contract, created)} {client}" if contract else client)
        for event, contract, created, client in zip(*(columns[name] for name in names), strict=True)
    ]


_task = table_of(Task).c
_client = table_of(Client).c
_contract = table_of(Contract).c
_event = table_of(Event).c
_assignee = table_of(Collaborator).alias("assignee")
_creator = table_of(Collaborator).alias("creator")

_MINE: Final = frozenset({Filter.MINE})

LISTING: Final[ListSpec[TaskRead]] = ListSpec(
    record=TaskRead,
    table=table_of(Task),
    select=select(
        *same_named(TaskRead, table_of(Task)), _task.due_time,
        _assignee.c.username.label("assignee"), display_name(_assignee.c).label("assignee_name"),
        _creator.c.username.label("creator"), display_name(_creator.c).label("creator_name"),
        _task.of_client_id.label("client"), _task.contract_id.label("contract"),
        _task.event_id.label("event"),
        func.coalesce(_event.name, "").label("event_name"),
        _contract.created_at.label("contract_created"),
        func.coalesce(_client.full_name, "").label("client_name"),
        _task.created_at.label("created"), _task.updated_at.label("updated"),
        _task.deleted_at.label("deleted"),
    )
    .outerjoin_from(table_of(Task), _assignee, _assignee.c.id == _task.assignee_id)
    .outerjoin(_creator, _creator.c.id == _task.creator_id)
    .outerjoin(table_of(Client), _client.id == _task.of_client_id)
    .outerjoin(table_of(Contract), _contract.id == _task.contract_id)
    .outerjoin(table_of(Event), _event.id == _task.event_id),
    key=_task.id,
    computed={"due_at": _moments, "about": _abouts},
    search=_task.search,
    trashable=True,
    lists=TASK_LISTS,
    kind=RecordKind.TASK,
    mine=everyone(FilterSpec(equal=("assignee_id", ACTOR))),
    filters={
        Filter.OPEN: FilterSpec((OPEN,)),
        Filter.DONE: FilterSpec((DONE,)),
        Filter.CREATED: FilterSpec(equal=("creator_id", ACTOR)),
        Filter.OVERDUE: FilterSpec(rest=(_task.sort_due <= bindparam("clocks", type_=String),)),
        Filter.TODAY: FilterSpec(
            rest=(
                _task.sort_due >= bindparam("morning", type_=String),
                _task.sort_due <= bindparam("evening", type_=String),
            )
        ),
    },
    values={"clocks": _clocks, "morning": _morning, "evening": _evening},
    sorts={"due": _task.sort_due, "title": _task.sort_title},
    parents={
        RecordKind.CLIENT: FilterSpec(equal=("of_client_id", PARENT), index="ix_task_client"),
        RecordKind.CONTRACT: FilterSpec(equal=("contract_id", PARENT), index="ix_task_contract"),
        RecordKind.EVENT: FilterSpec(equal=("event_id", PARENT), index="ix_task_event"),
        RecordKind.COLLABORATOR: FilterSpec(equal=("assignee_id", PARENT)),
    },
    fields={
        "title": filter_fields.text_field(N_("Title"), _task.sort_title, "title"),
        "due": filter_fields.due_day(N_("Due date"), _task.sort_due, "due"),
        "assignee": filter_fields.person(N_("Assigned to"), _task.assignee_id),
        "creator": filter_fields.person(N_("Created by"), _task.creator_id),
        "done": filter_fields.yes_no(N_("Done"), _task.done_at, FilterSpec((DONE,)), FilterSpec((OPEN,))),
        "remind_at": filter_fields.moment(N_("Reminder"), _task.remind_at, is_nullable=True),
        "created": filter_fields.moment(N_("Created"), _task.created_at),
    },
    presets=(
        Preset("mine", N_("My open tasks"), _MINE | {Filter.OPEN}, sort="due"),
        Preset("overdue", N_("My overdue tasks"), _MINE | {Filter.OPEN, Filter.OVERDUE}, sort="due"),
        Preset("today", N_("My tasks due today"), _MINE | {Filter.OPEN, Filter.TODAY}, sort="due"),
        Preset("done", N_("My done tasks"), _MINE | {Filter.DONE}, sort="due", descending=True),
        Preset("created", N_("Tasks that I created"), frozenset({Filter.CREATED}), sort="due"),
        preset("all", N_("All tasks"), EVERYONE),
        preset("trash", N_("In the trash"), EVERYONE, Filter.TRASHED),
    ),
)  # fmt: skip

record_types.register(
    RecordType(
        kind=RecordKind.TASK,
        model=Task,
        label=N_("Task"),
        restored_label=N_("Task restored"),
        telemetry_name="d'une tâche",
        not_found=N_("There is no task {key}, or it is in the trash."),
        not_trashed=N_("Task {key} is not in the trash."),
        listing=LISTING,
        hit=lambda task: (task.title, task.about or task.assignee_name),
        references={"assignee_id": RecordKind.COLLABORATOR, "creator_id": RecordKind.COLLABORATOR,
                    "event_id": RecordKind.EVENT},
        owner=lambda task, _action: frozenset({task.assignee_id, task.creator_id}),
        naming=Naming(key=_task.id, text=_task.title),
        derived=frozenset({"of_client_id", "sort_title", "sort_due", "search"}),
        compute=computed_columns.refresh_task,
        set_copies=copies.set_client_of,
        right_to_uncreate=Action.TASK_TRASH,
        in_trash=N_("Task {key} is in the trash. Restore it before you undo this change."),
    )
)  # fmt: skip
