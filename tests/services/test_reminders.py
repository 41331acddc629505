"""Reminders: those that have come, the next one, and what is due for cron."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from models.write_models import TaskUpdate
from services import reminders, tasks
from services.crm import Crm
from services.lists.spec import QueryContext
from services.persistence import prepared
from services.reminders import look_for_reminders, what_is_due
from services.validation import build
from tests.support import bulk_rows
from tests.support.accounts import People
from tests.support.records import Records

NOW = datetime.now(UTC).replace(second=0, microsecond=0)


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def test_the_reminders_that_have_come_are_those_of_ones_own_open_tasks(
    crm: Crm, records: Records, people: People
) -> None:
    records.task(people.support, title="second", remind_at=ago(5))
    records.task(people.support, title="first", remind_at=ago(10_000))
    records.task(people.support, title="later", remind_at=ago(-600))
    records.task(people.support, title="latest", remind_at=ago(-1200))
    records.task(people.support, title="without")
    records.task(people.commercial, title="of another", remind_at=ago(5))
    done = records.task(people.support, title="done", remind_at=ago(5))
    tasks.finish_task(crm, people.support, done.id)
    trashed = records.task(people.support, title="trashed", remind_at=ago(5))
    tasks.trash_task(crm, people.support, trashed.id)
    found = look_for_reminders(crm, people.support)
    assert [task.title for task in found.tasks] == ["first", "second"]
    assert found.next_at == ago(-600)
    assert abs(found.now - datetime.now(UTC)) < timedelta(minutes=1)
    nothing = look_for_reminders(crm, people.gestion)
    assert (nothing.tasks, nothing.next_at) == ([], None)


def test_what_is_due_is_overdue_due_today_or_reminded_of_and_each_once(
    crm: Crm, records: Records, people: People
) -> None:
    today = crm.day_of(datetime.now(UTC))
    records.task(people.support, title="never", remind_at=ago(5))
    records.task(people.support, title="today", due=today, remind_at=ago(5))
    records.task(people.support, title="late", due=today - timedelta(days=3))
    records.task(people.support, title="tomorrow", due=today + timedelta(days=1))
    assert [task.title for task in what_is_due(crm, people.support)] == ["late", "today", "never"]
    assert what_is_due(crm, people.gestion) == []


def test_a_window_holds_only_the_reminders_in_it(crm: Crm, records: Records, people: People) -> None:
    today = crm.day_of(datetime.now(UTC))
    records.task(people.support, title="today", due=today)
    records.task(people.support, title="in it", remind_at=ago(5))
    records.task(people.support, title="before", remind_at=ago(30))
    assert [task.title for task in what_is_due(crm, people.support, ago(20))] == ["in it"]


def test_a_reminder_that_moves_comes_again(crm: Crm, records: Records, people: People) -> None:
    task = records.task(people.support, remind_at=ago(5))
    tasks.update_task(crm, people.support, task.id, build(TaskUpdate, {"remind_at": ago(-600)}))
    found = look_for_reminders(crm, people.support)
    assert (found.tasks, found.next_at) == ([], ago(-600))


def test_reminders_are_read_through_their_index(crm: Crm, people: People) -> None:
    bulk_rows.fill(crm, people)  # in an empty table all ways cost alike
    asking = QueryContext.by(people.support, datetime.now(UTC))
    values = {"actor_id": asking.actor_id, "now": asking.now, "since": ago(9)}
    with crm.database.write() as connection:
        if crm.database.kind == "postgresql":
            for way in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
                connection.execute(text(f"SET LOCAL enable_{way} = off"))
            connection.execute(text("ANALYZE task"))
        explain = "EXPLAIN QUERY PLAN" if crm.database.kind == "sqlite" else "EXPLAIN"
        for statement in (reminders._PAST, reminders._NEXT):
            compiled = prepared.prepared(statement, connection.dialect)
            known = compiled.bound(values)
            bound = tuple(known) if crm.database.kind == "sqlite" else known
            plan = connection.exec_driver_sql(f"{explain} {compiled.sql}", bound)
            lines = "\n".join(str(row[-1]) for row in plan)
            assert "ix_task_reminder" in lines, lines
            assert "TEMP B-TREE" not in lines, lines
