"""Tasks at the keyboard: created on a record or for a person, done by Space, one's own open ones first."""

from datetime import UTC, datetime, timedelta

import pytest

from models.enums import RecordKind
from services import tasks
from services.crm import Crm
from services.lists.query import ListQuery
from services.settings import Settings
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.crash_recovery import Person
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.widgets.detail.link_list import Links


def shown_tasks(driven: AppDriver) -> list[str]:
    """The tasks in the details of the record."""
    links = driven.app.screen.query_one(Links).shown
    return [link.text for link in links if link.kind is RecordKind.TASK]


@sqlite_only
@pytest.mark.parametrize("section", ["1", "2", "3"])
async def test_a_task_is_created_on_each_kind_of_record_by_one_key(
    driven: AppDriver, people: People, records: Records, crm: Crm, section: str
) -> None:
    records.event(support=people.support)
    async with driven.signed_in(people.support):
        await driven.press(section, "t", *"Call", "ctrl+s")
        assert shown_tasks(driven) == ["Call"]
    (task,) = tasks.list_tasks(crm, people.gestion, ListQuery())
    kinds = {"1": RecordKind.CLIENT, "2": RecordKind.CONTRACT, "3": RecordKind.EVENT}
    assert (task.on or ("", 0))[0] is kinds[section]
    assert task.assignee_id == people.support.id


async def test_gestion_creates_a_task_for_a_person(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("4", "t", *"Call", "ctrl+s")
    (task,) = tasks.list_tasks(crm, people.gestion, ListQuery())
    assert (task.assignee_name, task.on) == ("Claire Dubois", None)


@sqlite_only
async def test_the_section_starts_with_ones_own_open_tasks_due_first(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.task(people.support, title="Never")
    records.task(people.support, title="Soon", due=datetime.now(UTC).date() + timedelta(days=1))
    records.task(people.commercial, title="Of another")
    records.task(people.support, title="Late", due=datetime.now(UTC) - timedelta(hours=1))
    done = records.task(people.support, title="Done")
    tasks.finish_task(records.crm, people.support, done.id)
    async with driven.signed_in(people.support):
        await driven.press("7")
        lines = driven.table
        assert lines.state.total == 3
        assert "! Late" in lines.render_line(1).text
        assert "overdue" in driven.text
        assert "Soon" in lines.render_line(2).text
        assert "Never" in lines.render_line(3).text
        await driven.press("f", "6")
        assert lines.state.total == 5
        assert "✓ Done" in driven.text


async def test_space_marks_a_task_done_and_undo_opens_it_again(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    task = records.task(people.support)
    async with driven.signed_in(people.support):
        await driven.press("7", "space")
        assert tasks.get_task(crm, people.support, task.id).done_at is not None
        assert driven.table.state.total == 0
        await driven.press("u", "tab", "enter")  # the done task is not in sight, so the key asks
        assert tasks.get_task(crm, people.support, task.id).done_at is None
        await driven.press("f", "6", "space", "space")
        assert tasks.get_task(crm, people.support, task.id).done_at is None


@sqlite_only
async def test_the_task_of_another_cannot_be_done_and_the_key_says_why(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.task(people.support)
    async with driven.signed_in(people.commercial):
        await driven.press("7", "f", "6", "space")
        assert "Only its creator and the person to whom it is assigned" in driven.notices
        await driven.press("t")
        assert "in the tasks, press n" in driven.notices


async def test_a_task_is_created_changed_and_trashed_in_its_section(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    async with driven.signed_in(people.support, (140, 40)):
        await driven.press("7", "n")
        driven.type_into("title", "Book")
        driven.type_into("due", "15/06/2099 18:30")
        await driven.settle()
        assert "Monday 15 June 2099, 18:30" in driven.text
        await driven.press("ctrl+s", "e")
        driven.type_into("due", "16/06/2099")
        await driven.press("ctrl+s")
        (task,) = tasks.list_tasks(crm, people.support, ListQuery())
        assert (str(task.due_on), task.due_at) == ("2099-06-16", None)
        await driven.press("e")
        driven.type_into("due", "31/02/2099")
        await driven.press("ctrl+s")
        assert "There is no such day in the calendar" in driven.text
        await driven.press("escape", "tab", "enter", "d", "tab", "enter")
        assert tasks.get_task(crm, people.support, task.id).deleted is not None


@sqlite_only
async def test_a_task_leads_to_its_record_and_back(
    driven: AppDriver, people: People, records: Records
) -> None:
    client = records.client(full_name="Zoé Bar")
    records.task(people.support, client_id=client.id)
    async with driven.signed_in(people.support):
        await driven.press("7", "enter", "enter")
        assert driven.screen_name == "ClientsScreen"
        await driven.press("enter", "down", "down", "enter")
        assert driven.screen_name == "TasksScreen"


@sqlite_only
@pytest.mark.parametrize("keys", ["1t", "7n", "3f1t"])
async def test_a_task_that_was_being_created_is_offered_again(
    settings: Settings, people: People, records: Records, keys: str
) -> None:
    records.event()
    person = Person(settings, people.support)
    async with person.at_work() as driven:
        await driven.press(*keys)
        driven.type_into("title", "Call back")
    async with person.back() as driven:
        await driven.press("enter", "ctrl+s")
    (task,) = tasks.list_tasks(records.crm, people.support, ListQuery())
    assert task.title == "Call back"
    assert (task.on is None) == (keys[0] == "7")
