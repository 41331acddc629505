"""Dates in forms: read back in words beneath the field, and asked about once where they are unusual."""

from datetime import UTC, date, datetime, timedelta

import pytest
from textual.widgets import Static

from models.write_models import EventUpdate
from services import clock, events, formats, i18n
from services.crm import Crm
from services.lists.query import ListQuery
from services.settings import Settings
from services.validation import build
from tests.support.accounts import People
from tests.support.app_driver import AppDriver, until
from tests.support.crash_recovery import Person
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.screens.base.form import RecordForm
from tui.widgets.form.field import Field
from tui.widgets.form.field_spec import Picked

pytestmark = sqlite_only  # nothing here depends on the kind of database

MONDAY = datetime(2020, 11, 30, 9, 0, tzinfo=UTC)
"""10:00 in Paris."""


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Stop the clock of the database, as the application estimates it, at this moment."""
    monkeypatch.setattr(clock.Clock, "estimate", lambda _clock: moment)


def field(driven: AppDriver, name: str) -> Field:
    return driven.app.screen.query_one(f"#field-{name}", Field)


def beneath(driven: AppDriver, name: str) -> str:
    return str(field(driven, name).query_one(".field-note", Static).content)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Monday 5 June 2023"),
        ("en_US", "Saturday, May 6, 2023"),
        ("fr", "lundi 5 juin 2023"),
    ],
)
async def test_a_form_says_in_words_how_it_reads_a_date(
    driven: AppDriver, people: People, locale: str, words: str
) -> None:
    async with driven.signed_in(people.commercial):
        i18n.activate(locale)
        await driven.press("n")
        driven.type_into("last_contact_date", "05/06/2023")
        await driven.settle()
        assert words in driven.text
        driven.type_into("last_contact_date", "05/06/")
        await driven.settle()
        assert words not in driven.text


async def test_a_moment_is_said_with_the_rule_by_which_it_is_read(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.contract(signed=True)
    async with driven.signed_in(people.commercial):
        await driven.press("3", "n")
        driven.type_into("start", "15/6/27 18:30")
        driven.type_into("end", "31/10/2027 02:30")
        await driven.settle()
        assert "Tuesday 15 June 2027, 18:30" in driven.text
        assert "02:30 CEST (the clocks show" in beneath(driven, "end")


async def test_unusual_times_of_an_event_are_asked_about_once(
    driven: AppDriver, people: People, records: Records
) -> None:
    event = records.event(support=people.support)
    long_ago = datetime.now(UTC) - timedelta(days=400)
    async with driven.signed_in(people.support):
        await driven.press("3", "e")
        driven.type_into("start", formats.edit_datetime(long_ago))
        driven.type_into("end", formats.edit_datetime(long_ago + timedelta(hours=3)))
        await driven.press("ctrl+s")
        assert driven.screen_name == "ConfirmScreen"
        assert "over already" in driven.text
        await driven.press("enter")  # the safe answer: nothing typed is lost
        assert driven.screen_name == "EventForm"
        await driven.press("ctrl+s", "tab", "enter")
        assert driven.screen_name == "EventsScreen"
    (kept,) = events.list_events(records.crm, people.support, ListQuery())
    assert kept.id == event.id
    assert kept.start < event.start


async def test_the_last_contact_cannot_be_in_the_future(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("n")
        driven.type_into("full_name", "Zoé")
        driven.type_into("email", "zoe@example.com")
        driven.type_into("last_contact_date", "01/01/2099")
        await driven.press("ctrl+s")
        assert driven.screen_name == "ClientForm"
        assert "future" in driven.app.screen.query_one("#field-last_contact_date", Field).problem


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
@pytest.mark.parametrize(
    ("locale", "words"), [("en", "Tuesday 1 December 2020, 18:00"), ("fr", "mardi 1er décembre 2020, 18:00")]
)
async def test_each_key_shows_at_once_how_the_moment_is_read(
    driven: AppDriver,
    people: People,
    records: Records,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    locale: str,
    words: str,
) -> None:
    records.contract(signed=True)
    async with driven.signed_in(people.commercial, size):
        i18n.activate(locale)
        set_clock(monkeypatch, MONDAY)
        await driven.press("3", "n", "tab", "tab", *"demain 18")
        assert words not in driven.text, "a number alone is no time"
        await driven.press("h")
        assert words in driven.text
        assert field(driven, "start").value == "demain 18h"


async def test_a_field_that_is_left_holds_the_date_that_was_meant(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.contract(signed=True)
    async with driven.signed_in(people.commercial):
        set_clock(monkeypatch, MONDAY)
        await driven.press("3", "n", "tab", "tab", *"lundi 18h", "tab")
        assert field(driven, "start").value == "07/12/2020 18:00"
        await driven.press(*"15/6/21 2h", "tab")
        assert field(driven, "end").value == "15/6/21 2h", "a date in full stays as it was typed"
        await driven.press("shift+tab", "shift+tab", "end", "x", "tab")
        assert field(driven, "start").value == "07/12/2020 18:00x"
        assert "like 15/06/2027 18:30" in field(driven, "start").problem


async def test_an_end_follows_its_start_when_that_changes(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = records.contract(signed=True)
    async with driven.signed_in(people.commercial):
        set_clock(monkeypatch, MONDAY)
        await driven.press("3", "n", "tab", "tab", "tab", *"23h")
        assert "A time alone follows the start" in beneath(driven, "end")
        await driven.press("tab")
        assert "Add the day" in field(driven, "end").problem
        driven.type_into("start", "demain 18h")
        await driven.settle()
        assert beneath(driven, "end") == "Tuesday 1 December 2020, 23:00"
        driven.type_into("start", "+4 23h")
        await driven.settle()
        assert beneath(driven, "end") == "Saturday 5 December 2020, 23:00", "not before the start"
        field(driven, "contract_id").value = Picked(contract.id, "")
        driven.type_into("name", "Ball")
        await driven.press("ctrl+s")
        assert driven.screen_name == "EventsScreen", driven.text
    (event,) = events.list_events(records.crm, people.commercial, ListQuery())
    assert event.start == datetime(2020, 12, 4, 22, 0, tzinfo=UTC)
    assert event.end == datetime(2020, 12, 5, 22, 0, tzinfo=UTC)


async def test_midnight_changes_no_date_that_was_read_before_it(
    driven: AppDriver, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven.signed_in(people.commercial):
        set_clock(monkeypatch, datetime(2020, 11, 30, 22, 59, tzinfo=UTC))
        await driven.press("n")
        driven.type_into("last_contact_date", "hier")
        await driven.settle()
        assert beneath(driven, "last_contact_date") == "Sunday 29 November 2020"
        set_clock(monkeypatch, datetime(2020, 11, 30, 23, 1, tzinfo=UTC))
        form = driven.app.screen
        assert isinstance(form, RecordForm)
        assert form.values.read(field(driven, "last_contact_date")) == date(2020, 11, 29)


async def test_days_of_contact_lie_behind_and_those_of_events_ahead(
    driven: AppDriver, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven.signed_in(people.commercial):
        set_clock(monkeypatch, MONDAY)
        await driven.press("n")
        driven.type_into("last_contact_date", "15/6")
        driven.type_into("first_contact_date", "fri")
        await driven.settle()
        assert beneath(driven, "last_contact_date") == "Monday 15 June 2020"
        assert beneath(driven, "first_contact_date") == "Friday 27 November 2020"


async def test_a_draft_holds_the_date_that_was_meant_by_a_word(
    settings: Settings, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.contract(signed=True)
    person = Person(settings, people.commercial)
    async with person.at_work() as driven:
        set_clock(monkeypatch, MONDAY)
        await driven.press("3", "n", "tab", "tab", *"demain 18h", "tab", *"+2 1")
        await until(lambda: person.kept().get("values", {}).get("end") == "+2 1")
        assert person.kept()["values"]["start"] == "01/12/2020 18:00"
        await driven.press("h")
        await until(lambda: person.kept()["values"]["end"] != "+2 1")
        assert person.kept()["values"]["end"] == "02/12/2020 01:00"
        assert field(driven, "end").value == "+2 1h", "what one types is left alone meanwhile"
    async with person.back("enter") as driven:
        set_clock(monkeypatch, MONDAY + timedelta(days=5))
        assert field(driven, "end").value == "02/12/2020 01:00"
        assert beneath(driven, "start") == "Tuesday 1 December 2020, 18:00"


async def test_a_start_that_a_colleague_moves_does_not_move_the_end_that_was_read(
    driven: AppDriver, people: People, records: Records
) -> None:
    start = (datetime.now(UTC) + timedelta(days=30)).replace(hour=16, minute=0, second=0, microsecond=0)
    event = records.event(support=people.support, start=start, end=start + timedelta(hours=1))
    async with driven.signed_in(people.support):
        await driven.press("3", "e")
        driven.type_into("end", "+5h")
        await driven.settle()
        read = beneath(driven, "end")
        moved = build(EventUpdate, {"start": start - timedelta(days=1)})
        events.update_event(records.crm, people.support, event.id, moved)
        await driven.press("ctrl+s")
        assert driven.screen_name == "ConflictScreen"
        await driven.press("ctrl+s")
        assert driven.screen_name == "EventsScreen", driven.text
    kept = events.get_event(records.crm, people.support, event.id)
    assert (kept.start, kept.end) == (start - timedelta(days=1), start + timedelta(hours=5))
    assert formats.say_datetime(kept.end) == read


async def test_another_time_zone_reads_the_typed_times_again(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    start = datetime(2027, 3, 13, 17, 0, tzinfo=UTC)
    event = records.event(support=people.support, start=start, end=start + timedelta(hours=2))
    async with driven.signed_in(people.support):
        await driven.press("3", "e")
        assert beneath(driven, "start") == "Saturday 13 March 2027, 18:00"
        field(driven, "time_zone").control.focus()
        await driven.press("n", *"ew york")
        assert "New York  America/New_York · UTC-0" in driven.text
        await driven.press("enter")
        assert field(driven, "time_zone").value == Picked("America/New_York", "New York")
        assert beneath(driven, "start") == (
            "Saturday 13 March 2027, 18:00 New York · Sunday 14 March 2027, 00:00 here, Paris"
        )
        # The clocks of New York go forward in that night.
        driven.type_into("start", "14/03/2027 02:30")
        driven.type_into("end", "23:00")
        await driven.press("ctrl+s")
        assert "since the clocks go forward then" in field(driven, "start").problem
        driven.type_into("start", "13/03/2027 18:00")
        await driven.press("ctrl+s")
    kept = events.get_event(crm, people.gestion, event.id)
    assert kept.time_zone == "America/New_York"
    assert (kept.start, kept.end) == (start + timedelta(hours=6), start + timedelta(hours=11))
