"""Tasks: who assigns, does and changes them, when they are due, and what becomes of them at a departure."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.enums import Department, Operation, RecordKind
from models.read_models import TaskRead
from models.write_models import TaskCreate, TaskUpdate
from services import audit_log, clients, collaborators, contracts, tasks, time_zones
from services.actor import Actor
from services.crm import Crm
from services.denormalized import consistency
from services.errors import Conflict, Forbidden, InUse, Invalid, NotFound, NotTrashed
from services.global_search import search_everywhere
from services.list_reader import ListReader
from services.lists.query import Filter, ListQuery, presets_of
from services.undo import undo_last
from services.validation import build
from tests.support.accounts import People
from tests.support.list_reads import list_journal
from tests.support.records import Records

PRESETS: Final = {preset.key: preset for preset in presets_of(RecordKind.TASK)}


def create(crm: Crm, actor: Actor, **fields: object) -> TaskRead:
    """A new task."""
    return tasks.create_task(crm, actor, build(TaskCreate, {"title": "Book the Orangerie"} | fields))


def change(crm: Crm, actor: Actor, task: TaskRead, **fields: object) -> TaskRead:
    """A changed task."""
    return tasks.update_task(crm, actor, task.id, build(TaskUpdate, fields))


def titles(crm: Crm, actor: Actor, preset: str) -> list[str]:
    """The titles of a preset in its own order."""
    chosen = PRESETS[preset]
    query = ListQuery(chosen.filters, sort=chosen.sort, descending=chosen.descending)
    reader: ListReader[TaskRead] = ListReader(crm, lambda: actor, RecordKind.TASK, query)
    rows = reader.window(0, 50)
    assert reader.count() == len(rows)
    return [row.title for row in rows]


def problem_of(attempt: Callable[[], object]) -> str:
    """The only problem that an attempt is refused for."""
    with pytest.raises(Invalid) as refused:
        attempt()
    (problem,) = refused.value.problems
    return problem.message()


def test_a_task_is_for_oneself_unless_it_is_assigned(crm: Crm, people: People) -> None:
    task = create(crm, people.support)
    assert (task.assignee, task.creator, task.on, task.due) == (
        people.support.username, people.support.username, None, None,
    )  # fmt: skip
    assert tasks.get_task(crm, people.commercial, task.id) == task


def test_a_task_is_on_one_record_at_the_most_and_tells_its_name(
    crm: Crm, records: Records, people: People
) -> None:
    event = records.event(name="Ball")
    contract = contracts.get_contract(crm, people.support, event.contract)
    on_contract = create(crm, people.support, contract_id=contract.id)
    on_event = create(crm, people.support, event_id=event.id)
    assert (on_contract.about, on_event.about) == (f"{contract.number} {contract.client_name}", "Ball")
    assert on_event.on == (RecordKind.EVENT, event.id)
    refused = problem_of(partial(create, crm, people.support, client_id=event.client, event_id=event.id))
    assert refused == "A task is on one client, contract or event at the most."
    with pytest.raises(IntegrityError), crm.database.write_session() as session:
        session.connection().execute(text(f"UPDATE task SET client_id = {event.client}"))  # noqa: S608
    of_client = ListQuery(frozenset({Filter.OPEN}), parent=(RecordKind.CLIENT, event.client), sort="due")
    assert [task.id for task in tasks.list_tasks(crm, people.support, of_client)] == [
        on_contract.id, on_event.id,
    ]  # fmt: skip


def test_a_task_on_a_trashed_record_is_refused(crm: Crm, records: Records, people: People) -> None:
    client = records.client()
    clients.trash_client(crm, people.commercial, client.id)
    with pytest.raises(NotFound):
        create(crm, people.support, client_id=client.id)


def test_tasks_are_assigned_within_the_department_and_by_gestion_to_anybody(crm: Crm, people: People) -> None:
    assert create(crm, people.support, assignee_id=people.other_support.id).assignee_id
    for stranger in (people.commercial, people.gestion):
        with pytest.raises(Forbidden, match="within one's own department; only Gestion"):
            create(crm, people.support, assignee_id=stranger.id)
    for anybody in people:
        assert create(crm, people.gestion, assignee_id=anybody.id).assignee == anybody.username


def test_a_task_is_assigned_to_an_active_person(crm: Crm, records: Records, people: People) -> None:
    left = records.collaborator(Department.SUPPORT)
    task = create(crm, people.support)
    collaborators.deactivate_collaborator(crm, people.gestion, left.id)
    for nobody in (left.id, 999, 2**40):
        refused = problem_of(partial(create, crm, people.gestion, assignee_id=nobody))
        assert refused == "Choose an active collaborator."
    assert problem_of(partial(change, crm, people.support, task, assignee_id=left.id)) == (
        "Choose an active collaborator."
    )


def test_creator_and_assignee_change_and_do_a_task_and_nobody_else(crm: Crm, people: People) -> None:
    task = create(crm, people.gestion, assignee_id=people.support.id)
    assert change(crm, people.support, task, title="Call").title == "Call"
    assert change(crm, people.gestion, task, title="Call again").title == "Call again"
    for actor in (people.other_support, people.commercial):
        for attempt in (
            partial(change, crm, actor, task, title="Mine"),
            partial(tasks.finish_task, crm, actor, task.id),
            partial(tasks.trash_task, crm, actor, task.id),
        ):
            with pytest.raises(Forbidden, match="Only its creator and the person to whom it is assigned"):
                attempt()
    done = tasks.finish_task(crm, people.support, task.id)
    assert done.done_at is not None
    assert tasks.finish_task(crm, people.gestion, task.id) == done, "done already"
    assert tasks.finish_task(crm, people.gestion, task.id, done=False).done_at is None


def test_a_task_that_is_handed_on_is_the_other_ones(crm: Crm, people: People) -> None:
    task = create(crm, people.gestion, assignee_id=people.support.id)
    change(crm, people.support, task, assignee_id=people.other_support.id)
    with pytest.raises(Forbidden):
        change(crm, people.support, task, title="Mine")
    with pytest.raises(Forbidden, match="within one's own department"):
        change(crm, people.other_support, task, assignee_id=people.commercial.id)


def test_each_change_of_a_task_is_undone(crm: Crm, people: People) -> None:
    task = create(crm, people.support, due=date(2027, 6, 15))
    change(crm, people.support, task, due=datetime(2027, 6, 16, 16, 30, tzinfo=UTC), title="Call")
    tasks.finish_task(crm, people.support, task.id)
    tasks.trash_task(crm, people.support, task.id)
    undone = [undo_last(crm, people.support).operation for _ in range(4)]
    assert undone == [Operation.TRASHED, Operation.UPDATED, Operation.UPDATED, Operation.CREATED]
    trashed = tasks.get_task(crm, people.support, task.id)
    assert (trashed.title, trashed.due, trashed.done_at) == ("Book the Orangerie", date(2027, 6, 15), None)
    tasks.restore_task(crm, people.support, task.id)
    with pytest.raises(NotTrashed):
        tasks.restore_task(crm, people.support, task.id)
    assert consistency.check(crm) == []


def test_a_task_that_moved_on_is_a_conflict(crm: Crm, people: People) -> None:
    task = create(crm, people.support)
    change(crm, people.support, task, title="Two")
    command = build(TaskUpdate, {"title": "Three"})
    with pytest.raises(Conflict):
        tasks.update_task(crm, people.support, task.id, command, task.version)
    with pytest.raises(Conflict):
        tasks.finish_task(crm, people.support, task.id, version=task.version)


def test_the_journal_tells_of_a_task_by_its_title(crm: Crm, people: People) -> None:
    task = create(crm, people.gestion, assignee_id=people.support.id, due=date(2027, 6, 15))
    tasks.finish_task(crm, people.support, task.id)
    entries = list_journal(crm, people.gestion, ListQuery(parent=(RecordKind.TASK, task.id), descending=True))
    done, created = audit_log.readable(crm, people.gestion, entries)
    assert (done.action, done.record) == ("Task done or opened again", "Task Book the Orangerie")
    fields = dict(created.changes)
    assert (fields["Due date"], fields["Assigned to"]) == ("15/06/2027", people.support.full_name)


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def zone(crm: Crm, request: pytest.FixtureRequest) -> str:
    """The CRM is in this zone, while the machine is in UTC."""
    with crm.database.write_session() as session:
        session.connection().execute(text("UPDATE shared_settings SET time_zone = :z"), {"z": request.param})
    return str(request.param)


def test_a_day_without_a_time_is_due_until_its_end_on_the_clocks_of_the_crm(
    crm: Crm, people: People, zone: str
) -> None:
    create(crm, people.support, title="warm-up")  # learns the zone
    now = datetime.now(UTC)
    today = crm.day_of(now)
    for title, due in (
        ("tomorrow", today + timedelta(days=1)), ("today", today), ("yesterday", today - timedelta(days=1)),
        ("a minute ago", now - timedelta(minutes=1)), ("never", None),
    ):  # fmt: skip
        create(crm, people.support, title=title, **({} if due is None else {"due": due}))
    late = titles(crm, people.support, "overdue")
    everything = tasks.list_tasks(crm, people.support, ListQuery(sort="due"))
    assert [task.title for task in everything if tasks.is_overdue(task, now)] == late
    assert late == ["yesterday", "a minute ago"]
    of_today = titles(crm, people.support, "today")
    assert "today" in of_today
    assert not {"tomorrow", "yesterday", "never"} & set(of_today)
    assert titles(crm, people.support, "mine") == [
        "yesterday", "a minute ago", "today", "tomorrow", "warm-up", "never",
    ]  # fmt: skip


def test_a_time_stays_the_moment_that_was_typed(crm: Crm, people: People, zone: str) -> None:
    create(crm, people.support)
    at = datetime(2027, 6, 15, 23, 30, tzinfo=UTC)
    task = create(crm, people.support, due=at)
    assert (task.due, task.due_on) == (at, at.astimezone(time_zones.zone_named(zone)).date())
    assert consistency.check(crm) == []


@given(
    dues=st.lists(
        st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1))
        | st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        max_size=6,
    )
)  # fmt: skip
def test_what_is_due_first_comes_first_and_what_never_is_comes_last(
    crm: Crm, people: People, dues: list[date | datetime | None]
) -> None:
    mine = frozenset({Filter.MINE})
    created = {create(crm, people.support, due=due).id: due for due in dues}

    def place(key: int) -> tuple[str, int]:
        due = created[key]
        if due is None:
            return "9999", key
        moment = due.replace(second=0, microsecond=0) if isinstance(due, datetime) else None
        return (f"{due} 24:00" if moment is None else f"{moment:%Y-%m-%d %H:%M}"), key

    listed = tasks.list_tasks(crm, people.support, ListQuery(mine, sort="due"), limit=1000)
    found = [row.id for row in listed if row.id in created]
    assert found == sorted(created, key=place)


def test_presets_hold_what_they_say(crm: Crm, people: People) -> None:
    mine = create(crm, people.support, title="mine")
    create(crm, people.support, title="for another", assignee_id=people.other_support.id)
    create(crm, people.gestion, title="from gestion", assignee_id=people.support.id)
    done = create(crm, people.support, title="done")
    tasks.finish_task(crm, people.support, done.id)
    trashed = create(crm, people.support, title="trashed")
    tasks.trash_task(crm, people.support, trashed.id)
    assert titles(crm, people.support, "mine") == ["mine", "from gestion"]
    assert titles(crm, people.support, "created") == ["mine", "for another", "done"]
    assert titles(crm, people.support, "done") == ["done"]
    assert titles(crm, people.commercial, "all") == ["mine", "for another", "from gestion", "done"]
    assert titles(crm, people.commercial, "trash") == ["trashed"]
    (hit,) = search_everywhere(crm, people.commercial, "from gest")
    assert (hit.kind, hit.title, hit.detail) == (RecordKind.TASK, "from gestion", people.support.full_name)
    assert mine.id


def test_the_open_tasks_of_one_who_leaves_go_to_who_takes_over_and_come_back_with_undo(
    crm: Crm, records: Records, people: People
) -> None:
    leaving = records.collaborator(Department.SUPPORT)
    open_one = create(crm, people.gestion, assignee_id=leaving.id)
    done = create(crm, people.gestion, assignee_id=leaving.id)
    tasks.finish_task(crm, people.gestion, done.id)
    trashed = create(crm, people.gestion, assignee_id=leaving.id)
    tasks.trash_task(crm, people.gestion, trashed.id)
    collaborators.deactivate_collaborator(crm, people.gestion, leaving.id, people.other_support.id)

    def assignees() -> list[int]:
        return [
            tasks.get_task(crm, people.gestion, each.id).assignee_id for each in (open_one, done, trashed)
        ]

    assert assignees() == [people.other_support.id, leaving.id, people.other_support.id]
    undo_last(crm, people.gestion)
    assert assignees() == [leaving.id] * 3


def test_without_a_successor_the_open_tasks_go_to_who_deactivates_the_account(
    crm: Crm, records: Records, people: People
) -> None:
    leaving = records.collaborator(Department.SUPPORT)
    task = create(crm, people.gestion, assignee_id=leaving.id)
    collaborators.deactivate_collaborator(crm, people.gestion, leaving.id)
    assert tasks.get_task(crm, people.gestion, task.id).assignee_id == people.gestion.id


def test_who_deactivates_the_own_account_names_a_successor_for_the_open_tasks(
    crm: Crm, people: People
) -> None:
    create(crm, people.gestion)
    leave = partial(collaborators.deactivate_collaborator, crm, people.gestion, people.gestion.id)
    assert problem_of(leave) == "Name an active collaborator for the open tasks."


def test_a_person_with_tasks_is_not_deleted(crm: Crm, records: Records, people: People) -> None:
    person = records.collaborator(Department.SUPPORT)
    actor = records.signed_in(person.username)
    task = create(crm, actor, assignee_id=people.support.id)
    tasks.trash_task(crm, actor, task.id)
    with pytest.raises(InUse, match="has notes, tasks or saved views"):
        collaborators.delete_collaborator(crm, people.gestion, person.id)


def test_the_people_to_choose_from_are_those_to_whom_one_may_assign(
    crm: Crm, records: Records, people: People
) -> None:
    left = records.collaborator(Department.SUPPORT)
    collaborators.deactivate_collaborator(crm, people.gestion, left.id)
    mine = {key for key, _name, _username in tasks.choose_assignees(crm, people.support)}
    assert mine == {people.support.id, people.other_support.id}
    assert {key for key, *_ in tasks.choose_assignees(crm, people.gestion)} == {each.id for each in people}
    assert [username for _, _, username in tasks.choose_assignees(crm, people.gestion, "MARTÍ")] == [
        people.support.username
    ]
