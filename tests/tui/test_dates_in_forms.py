"""Dates in forms: read back in words beneath the field, and asked about once where they are unusual."""

from datetime import UTC, datetime, timedelta

import pytest
from textual.widgets import Static

from services import events, formats, i18n
from services.lists.query import ListQuery
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.records import Records
from tui.widgets.form.field import Field


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
        beneath = driven.app.screen.query_one("#field-end .field-note", Static)
        assert "02:30 CEST (the clocks show" in str(beneath.content)


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
