"""Undo and redo from a section: at once where the record is in sight, named in a question where it is not."""

from decimal import Decimal

import pytest

from models.read_models import ContractRead
from models.write_models import ClientUpdate, SharedSettingsUpdate
from services import clients, contracts, shared_settings
from services.auth import sessions
from services.crm import Crm
from services.lists.query import ListQuery
from services.undo import undo_last
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.widgets.form.text_input import TextInput


def _rename(crm: Crm, people: People, client_id: int, *companies: str) -> None:
    for company in companies:
        clients.update_client(crm, people.commercial, client_id, build(ClientUpdate, {"company": company}))


def _company(crm: Crm, people: People, client_id: int) -> str:
    return clients.get_client(crm, people.gestion, client_id).company


def _paid(crm: Crm, people: People, contract: ContractRead) -> Decimal:
    return contract.total_amount - contracts.get_contract(crm, people.gestion, contract.id).amount_remaining


async def test_a_change_in_sight_is_undone_and_redone_at_once(
    driven: AppDriver, crm: Crm, people: People, records: Records
) -> None:
    client = records.client(company="Ropes", full_name="Zoé Bar")
    records.client()
    _rename(crm, people, client.id, "Tents")
    async with driven.signed_in(people.commercial):
        await driven.press("u")
        assert (driven.screen_name, _company(crm, people, client.id)) == ("ClientsScreen", "Ropes")
        assert f"Undone: Client changed, client {client.id} (Zoé Bar)." in driven.notices
        await driven.press("ctrl+y")
        assert (driven.screen_name, _company(crm, people, client.id)) == ("ClientsScreen", "Tents")
        assert f"Redone: Client changed, client {client.id} (Zoé Bar)." in driven.notices
        await driven.press("ctrl+y")
        assert "There is nothing to redo" in driven.text
        await driven.press("enter", "u", "u")
        assert clients.list_clients(crm, people.gestion, ListQuery())[0].company == "Ropes"


@sqlite_only
async def test_a_change_out_of_sight_is_named_in_a_question(
    driven: AppDriver, crm: Crm, people: People, records: Records
) -> None:
    contract = records.contract()
    payment = records.payment(contract, "10.00")
    async with driven.signed_in(people.gestion):
        await driven.press("u")
        assert driven.screen_name == "ConfirmScreen"
        assert f"Payment recorded: {contract.number}, " in driven.text
        assert " ago." in driven.text
        await driven.press("enter")
        assert driven.screen_name == "ClientsScreen"
        assert _paid(crm, people, contract) == payment.amount
        await driven.press("u", "tab", "enter")
        assert _paid(crm, people, contract) == 0
        assert f"Undone: payment {payment.id} ({contract.number}) was removed." in driven.notices
        await driven.press("2", "ctrl+y")
        assert driven.screen_name == "ContractsScreen", "the contract of the payment is in sight"
        assert _paid(crm, people, contract) == payment.amount
        driven.app.clear_notifications()
        await driven.press("1", "u")
        assert driven.screen_name == "ConfirmScreen"


@sqlite_only
async def test_a_change_of_settings_is_named_without_a_record(
    driven: AppDriver, crm: Crm, people: People
) -> None:
    shared_settings.update_settings(crm, people.gestion, build(SharedSettingsUpdate, {"time_zone": "UTC"}))
    async with driven.signed_in(people.gestion):
        await driven.press("u")
        assert driven.screen_name == "ConfirmScreen"
        assert "Settings changed, " in driven.text


@sqlite_only
async def test_what_a_notice_names_is_undone_at_once_while_it_is_shown(
    driven: AppDriver, crm: Crm, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = records.client()
    async with driven.signed_in(people.commercial):
        await driven.press("d", "tab", "enter", "u")
        assert driven.screen_name == "ClientsScreen"
        assert clients.get_client(crm, people.gestion, client.id).deleted is None
        await driven.press("d", "tab", "enter")
        driven.app.clear_notifications()
        await driven.press("u")
        assert driven.screen_name == "ConfirmScreen"


@sqlite_only
async def test_nothing_else_is_undone_than_the_question_named(
    driven: AppDriver, crm: Crm, people: People, records: Records
) -> None:
    client = records.client(company="Ropes")
    _rename(crm, people, client.id, "Tents", "Lanterns")
    elsewhere = sessions.sign_in(crm, people.commercial.username, PASSWORD).actor
    async with driven.signed_in(people.commercial):
        await driven.press("2", "u")
        assert driven.screen_name == "ConfirmScreen"
        undo_last(crm, elsewhere)
        await driven.press("tab", "enter")
        assert driven.screen_name == "MessageScreen"
        assert "in another terminal" in " ".join(driven.text.split())
        assert _company(crm, people, client.id) == "Tents"
        await driven.press("enter", "ctrl+y")
        undo_last(crm, elsewhere)
        await driven.press("tab", "enter")
        assert driven.screen_name == "MessageScreen"
        assert _company(crm, people, client.id) == "Ropes"


@sqlite_only
async def test_in_the_search_line_the_key_of_redo_redoes_no_record(
    driven: AppDriver, crm: Crm, people: People, records: Records
) -> None:
    client = records.client(company="Ropes")
    _rename(crm, people, client.id, "Tents")
    undo_last(crm, people.commercial)
    async with driven.signed_in(people.commercial):
        await driven.press("slash", "ctrl+y")
        assert isinstance(driven.app.focused, TextInput)
        assert _company(crm, people, client.id) == "Ropes"
        await driven.press("escape", "ctrl+y")
        assert _company(crm, people, client.id) == "Tents"
