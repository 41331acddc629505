"""The section of the events: it opens at what comes next."""

from datetime import UTC, datetime, timedelta

from services import events
from services.crm import Crm
from services.lists.query import ListQuery
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records

NOW = datetime.now(UTC).replace(second=0, microsecond=0)


def _fill(records: Records, people: People) -> list[int]:
    days = (-60, -30, -2, 2, 30, 60)
    return [
        records.event(
            name=f"Day {day}", start=NOW + timedelta(days=day), end=NOW + timedelta(days=day, hours=2),
            support=people.support if day in (-30, 30) else people.other_support if day == 2 else None,
        ).id
        for day in days
    ]  # fmt: skip


@sqlite_only
async def test_events_open_at_the_next_one_with_the_past_above_it(
    driven: AppDriver, people: People, records: Records
) -> None:
    made = _fill(records, people)
    async with driven.signed_in(people.gestion):
        await driven.press("3")
        assert driven.current.id == made[3]
        await driven.press("up")
        assert driven.current.id == made[2]
        await driven.press("f", "2")  # without support: one of the past two, one to come
        assert driven.current.id == made[5]
        await driven.press("up")
        assert driven.current.id == made[2]


async def test_support_starts_with_its_own_events(
    driven: AppDriver, people: People, records: Records
) -> None:
    made = _fill(records, people)
    async with driven.signed_in(people.support):
        await driven.press("3")
        assert driven.current.id == made[4]
        assert "My events" in driven.text
        assert "Day 2 " not in driven.text
        await driven.press("slash", *"day 60")
        assert "Nothing matches under this" in driven.text
        await driven.press("escape", "f", "1")
        assert driven.current.id == made[3]


@sqlite_only
async def test_an_event_that_a_link_opens_stays_under_the_cursor(
    driven: AppDriver, people: People, records: Records
) -> None:
    made = _fill(records, people)
    async with driven.signed_in(people.support):
        await driven.press("2", "end", "enter", "down", "down", "enter")
        assert driven.screen_name == "EventsScreen"
        assert driven.current.id == made[0]


@sqlite_only
async def test_a_change_keeps_the_cursor_on_the_event(
    driven: AppDriver, people: People, records: Records
) -> None:
    made = _fill(records, people)
    async with driven.signed_in(people.gestion):
        await driven.press("3", "home")
        assert driven.current.id == made[0]
        await driven.press("ctrl+r")
        assert driven.current.id == made[0]
        await driven.press("1", "3")
        assert driven.current.id == made[0]


async def test_support_is_chosen_with_the_eyes_open_and_a_conflict_needs_a_reason(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    start = NOW + timedelta(days=3)
    for name, support in (("Taken", people.support), ("Free", None)):
        records.event(name=name, start=start, end=start + timedelta(hours=2), support=support)
    async with driven.signed_in(people.gestion):
        await driven.press("3", "f", "2", "a", "enter")
        lines = driven.text.split("\n")
        (first,) = [number for number, line in enumerate(lines) if "free" in line]
        (second,) = [number for number, line in enumerate(lines) if "busy: Taken" in line]
        assert first < second
        await driven.press(*"sofia", "enter", "ctrl+s")
        assert "Sofia Martínez runs “Taken” then" in driven.text.replace("\n", " ")
        await driven.press(*"Both in one hall [/bold]", "ctrl+s")
        assert driven.screen_name == "EventsScreen"
        await driven.press("f", "1")
    (event,) = [each for each in events.list_events(crm, people.gestion, ListQuery()) if each.name == "Free"]
    assert event.support_contact_id == people.support.id
    assert event.support_note == "Both in one hall [/bold]"
