"""What is wrong with a field stands there until it is right, and no longer."""

from typing import Any

from services.crm import Crm
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.screens.base.form import RecordForm

pytestmark = sqlite_only  # nothing here depends on the kind of database

REQUIRED = "This field is required."
LATER = "The event must end after it starts."
PASSWORD = "Pelicans & anvils 9"


def form_of(driven: AppDriver) -> RecordForm[Any]:
    screen = driven.app.screen
    assert isinstance(screen, RecordForm), driven.text
    return screen


def problem(driven: AppDriver, name: str) -> str:
    return form_of(driven).values.field(name).problem


async def test_a_choice_a_picker_and_a_text_that_are_filled_are_no_longer_required(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("4", "n", "ctrl+s")
        assert problem(driven, "department") == problem(driven, "last_name") == REQUIRED
        form_of(driven).values.field("department").control.focus()
        await driven.press("s")
        assert problem(driven, "department") == ""
        assert problem(driven, "last_name") == REQUIRED
        driven.type_into("last_name", "Bar")
        await driven.settle()
        assert problem(driven, "last_name") == ""
        await driven.press("escape", "tab", "enter", "1", "n", "ctrl+s")
        assert problem(driven, "sales_contact_id") == REQUIRED
        form_of(driven).values.field("sales_contact_id").control.focus()
        await driven.press(*"ben", "enter")
        assert problem(driven, "sales_contact_id") == ""


async def test_a_wrong_text_is_wrong_until_the_right_one_stands_there(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("n")
        driven.type_into("email", "kevin")
        driven.type_into("full_name", "Kevin")
        await driven.press("ctrl+s")
        await driven.press(*"@startu")
        assert "not an email address" in problem(driven, "email")
        await driven.press(*"p.io")
        assert problem(driven, "email") == "", "without leaving the field"


async def test_the_repetition_of_a_password_is_right_once_either_field_is(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("4", "n")
        driven.type_into("password", PASSWORD)
        driven.type_into("again", PASSWORD[:-1])
        await driven.press("ctrl+s")
        assert problem(driven, "again") == "The passwords do not match."
        driven.type_into("again", PASSWORD)
        await driven.settle()
        assert problem(driven, "again") == ""
        driven.type_into("again", "Cornflowers & rye 58")
        await driven.press("ctrl+s")
        assert problem(driven, "again")
        driven.type_into("password", "Cornflowers & rye 58")
        await driven.settle()
        assert problem(driven, "again") == ""


async def test_an_end_before_the_start_is_right_once_either_is_and_stays_wrong_as_one_leaves_it(
    driven: AppDriver, people: People, records: Records
) -> None:
    event = records.event(records.contract(signed=True), support=people.support)
    async with driven.signed_in(people.support):
        await driven.press("3", "e")
        form = form_of(driven)
        start, end = (str(form.values.now()[name]) for name in ("start", "end"))
        driven.type_into("end", start)
        await driven.press("ctrl+s")
        assert problem(driven, "end") == LATER, event
        await driven.press("tab", "tab")
        assert problem(driven, "end") == LATER, "leaving the field mends nothing"
        driven.type_into("location", "elsewhere")
        await driven.settle()
        assert problem(driven, "end") == LATER
        driven.type_into("end", end)
        await driven.settle()
        assert problem(driven, "end") == ""
        driven.type_into("start", end)
        await driven.press("ctrl+s")
        assert problem(driven, "end") == LATER
        driven.type_into("start", start)
        await driven.settle()
        assert problem(driven, "end") == ""


async def test_a_value_that_is_taken_stays_so_whatever_happens_to_other_fields(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    records.client(email="kevin@startup.io")
    async with driven.signed_in(people.commercial):
        await driven.press("n")
        driven.type_into("full_name", "Kevin")
        driven.type_into("email", "kevin@startup.io")
        await driven.press("ctrl+s")
        taken = problem(driven, "email")
        assert taken
        driven.type_into("company", "Startup")
        await driven.press("tab")
        assert problem(driven, "email") == taken
        driven.type_into("email", "other@startup.io")
        await driven.settle()
        assert problem(driven, "email") == ""


async def test_passwords_of_a_new_collaborator_are_typed_twice_and_can_be_shown(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("4", "n")
        driven.type_into("password", PASSWORD)
        await driven.settle()
        driven.type_into("username", "new_one")
        driven.type_into("first_name", "Zoé")
        driven.type_into("last_name", "Bar")
        driven.type_into("email", "zoe@epicevents.example")
        form_of(driven).values.field("department").value = "SUPPORT"
        await driven.press("ctrl+s")
        assert problem(driven, "again") == REQUIRED
        assert PASSWORD not in driven.text
        await driven.press("f2")
        assert PASSWORD in driven.text
        await driven.press("f2")
        assert PASSWORD not in driven.text
        driven.type_into("again", PASSWORD)
        await driven.press("ctrl+s")
        assert driven.screen_name == "TeamScreen"
        assert "Bar, Zoé" in driven.text


async def test_another_password_for_somebody_is_typed_twice_too(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("4", "W")
        driven.type_into("new", PASSWORD)
        driven.type_into("again", "another")
        await driven.press("ctrl+s")
        assert problem(driven, "again") == "The passwords do not match."
        driven.type_into("again", PASSWORD)
        await driven.press("ctrl+s")
        assert driven.screen_name == "TeamScreen"


async def test_the_team_shows_first_what_it_is_in_the_order_of(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("4")
        names = [f"{last}, {first}" for last, first in (("Dubois", "Claire"), ("Kowalski", "Georges"))]
        places = [driven.text.index(name) for name in names]
        assert places == sorted(places)
