"""The chain on screen: what is missing, the key that does it, and the way to each record."""

from datetime import UTC, datetime, timedelta

import pytest
from textual.widgets import OptionList, Static, TextArea

from services import contracts, events
from services.crm import Crm
from services.lists.query import ListQuery
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.screens.base.form import RecordForm
from tui.screens.chain import ChainScreen

AGO = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=3)


def _cursor(driven: AppDriver) -> str:
    steps = driven.app.screen.query_one("#chain-steps", OptionList)
    assert steps.highlighted is not None
    return str(steps.get_option_at_index(steps.highlighted).prompt)


async def test_each_missing_step_is_done_by_its_key_one_after_the_other(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    contract = records.contract(total="100.00")
    async with driven.signed_in(people.gestion):
        await driven.press("2", "c")
        assert "✗ Signature" in _cursor(driven)
        await driven.press("S", "ctrl+s")
        assert "✓ Signature" in driven.text
        assert "✗ Event" in driven.text
        await driven.press("p", "ctrl+s")
        assert "✓ Payments" in driven.text
        await driven.press("escape")
        assert driven.screen_name == "ContractsScreen"
        assert driven.current.signed_on is not None  # the list shows what changed
    assert contracts.get_contract(crm, people.gestion, contract.id).amount_remaining == 0


async def test_support_is_assigned_from_the_chain_of_an_event(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    event = records.event(name="Gala [/bold]")
    async with driven.signed_in(people.gestion):
        await driven.press("3", "c")
        assert "Gala [/bold]" in driven.text
        assert "✗ Support" in _cursor(driven)
        await driven.press("a", "enter", *"sofia", "enter", "ctrl+s")
        assert "✓ Support" in driven.text
    assert events.get_event(crm, people.gestion, event.id).support_contact_id == people.support.id


@sqlite_only
async def test_a_key_finds_its_step_wherever_the_cursor_is(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.event()
    async with driven.signed_in(people.gestion):
        await driven.press("3", "c", "k", "k", "k")
        await driven.press("a")
        assert isinstance(driven.app.screen, RecordForm)
        await driven.press("escape", "S")
        assert "No step of this chain needs this key." in driven.notices


@sqlite_only
async def test_who_may_not_mend_a_step_is_told_who_may(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.event()
    async with driven.signed_in(people.support):
        await driven.press("3", "f", "1", "c")
        note = str(driven.app.screen.query_one("#chain-note", Static).render())
        assert note == "Only Gestion assigns the support contact."
        await driven.press("a")
        assert "Only Gestion assigns the support contact." in driven.notices


@sqlite_only
async def test_the_chain_of_a_client_without_a_contract_creates_one(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    client = records.client()
    async with driven.signed_in(people.gestion):
        await driven.press("1", "c")
        assert "✗ Contract" in _cursor(driven)
        await driven.press("n")
        driven.type_into("total_amount", "50")
        await driven.press("ctrl+s")
        assert "✗ Signature" in driven.text
    (contract,) = contracts.list_contracts(crm, people.gestion, ListQuery())
    assert contract.client == client.id


@sqlite_only
async def test_enter_goes_to_the_record_of_a_step_and_escape_comes_back(
    driven: AppDriver, people: People, records: Records
) -> None:
    event = records.event()
    async with driven.signed_in(people.gestion):
        await driven.press("2", "c", "enter")
        assert driven.screen_name == "EventsScreen"
        assert driven.current.id == event.id
        await driven.press("escape")
        assert driven.screen_name == "ContractsScreen"


@sqlite_only
async def test_a_late_note_is_written_from_the_chain_by_its_support_contact(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    event = records.event(start=AGO - timedelta(hours=3), end=AGO, support=people.support)
    async with driven.signed_in(people.support):
        await driven.press("3", "c")
        assert "✗ Notes" in _cursor(driven)
        await driven.press("e")
        driven.app.screen.query_one("#field-notes TextArea", TextArea).text = "All went well"
        await driven.press("ctrl+s")
        assert "✓ Notes" in driven.text
    assert events.get_event(crm, people.support, event.id).notes == "All went well"


@sqlite_only
@pytest.mark.parametrize("size", [(80, 24), (40, 10), (30, 6)])
async def test_a_chain_fits_any_terminal(
    driven: AppDriver, people: People, records: Records, size: tuple[int, int]
) -> None:
    client = records.client(full_name="N" * 200)
    for _ in range(4):
        records.contract(client)
    async with driven.signed_in(people.gestion):
        await driven.press("1", "c")
        await driven.pilot.resize_terminal(*size)
        await driven.settle()
        assert isinstance(driven.app.screen, ChainScreen)
        assert max(map(len, driven.text.split("\n"))) <= size[0]
        await driven.press("end", "home", "escape")
        assert driven.screen_name == "ClientsScreen"


@sqlite_only
async def test_the_team_has_no_chain(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("4", "c")
        assert "Clients, contracts and events have a chain." in driven.notices
