"""Reminders in the application: shown at their time until they are read, once, wherever one is."""

from datetime import UTC, datetime, timedelta

from services import tasks
from services.crm import Crm
from tests.support.accounts import People
from tests.support.app_driver import AppDriver, until
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.screens.base.section import SectionScreen
from tui.widgets.reminder_banner import ReminderBanner


def shown(driven: AppDriver) -> str:
    """The line of the reminder on the screen on top; empty if there is none."""
    screen = driven.app.screen
    banner = screen.query_one(ReminderBanner) if isinstance(screen, SectionScreen) else None
    return str(banner.render()) if banner is not None and banner.display else ""


def past(minutes: int) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


async def test_reminders_from_before_the_start_are_shown_one_after_the_other_until_read(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.task(people.support, title="[/bold] One", remind_at=past(60))
    records.task(people.support, title="Two", remind_at=past(5))
    async with driven.signed_in(people.support):
        await until(lambda: "[/bold] One" in shown(driven), driven.pilot)
        assert "1 more" in shown(driven)
        await driven.press("3")
        assert "[/bold] One" in shown(driven)
        await driven.press("X")
        assert "Two" in shown(driven)
        await driven.press("X")
        assert shown(driven) == ""
        await driven.press("1", "ctrl+r", "X")
        assert shown(driven) == ""
        assert "There is no reminder now." in driven.notices


@sqlite_only
async def test_a_reminder_that_comes_later_is_shown_at_its_time_without_a_poll(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    records.task(people.support, title="Soon", remind_at=datetime.now(UTC) + timedelta(minutes=30))
    async with driven.signed_in(people.support):
        reminders = driven.app.session.reminders
        await until(lambda: reminders._timer is not None, driven.pilot)
        assert shown(driven) == ""
        with crm.database.write_session() as session:
            from sqlalchemy import text

            session.connection().execute(text("UPDATE task SET remind_at = '2026-01-05 10:00:00'"))
        reminders.look()  # as the timer does
        await until(lambda: "Soon" in shown(driven), driven.pilot)
        assert reminders._timer is None


@sqlite_only
async def test_a_reminder_of_a_task_that_is_done_goes_by_itself(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    task = records.task(people.gestion, title="One", assignee_id=people.support.id, remind_at=past(5))
    async with driven.signed_in(people.support):
        await until(lambda: "One" in shown(driven), driven.pilot)
        tasks.finish_task(crm, people.gestion, task.id)
        await until(lambda: shown(driven) == "", driven.pilot)


@sqlite_only
async def test_a_reminder_that_comes_over_a_form_waits_for_its_end(
    driven: AppDriver, people: People, records: Records
) -> None:
    async with driven.signed_in(people.support):
        await driven.press("7", "n")
        records.task(people.support, title="One", remind_at=past(5))
        driven.app.session.reminders.look()
        await until(lambda: driven.app.session.reminders.unread, driven.pilot)
        await driven.press("escape")
        await until(lambda: "One" in shown(driven), driven.pilot)


@sqlite_only
async def test_the_reminders_of_one_person_are_not_shown_to_the_next(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.task(people.support, title="Private", remind_at=past(5))
    async with driven.signed_in(people.support):
        await until(lambda: "Private" in shown(driven), driven.pilot)
        await driven.press("L", "tab", "enter")
        driven.fill("#username", people.commercial.username)
        from tests.support.accounts import PASSWORD

        driven.fill("#password", PASSWORD)
        await driven.press("enter")
        assert driven.screen_name == "ClientsScreen"
        assert "Private" not in driven.text
