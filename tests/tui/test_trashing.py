"""What cannot go to the trash is said at once, and nobody is asked about it."""

from decimal import Decimal
from itertools import product

import pytest

from models.enums import RecordKind
from models.write_models import PaymentCreate
from services import clients, collaborators, contracts, events, payments
from services.crm import Crm
from services.errors import InUse
from services.trash import require_free
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records


async def test_a_client_with_contracts_is_refused_before_the_question(
    driven: AppDriver, people: People, records: Records
) -> None:
    client = records.client()
    contract = records.contract(client)
    async with driven.signed_in(people.commercial):
        await driven.press("d")
        assert driven.screen_name == "ClientsScreen"
        assert "1 contract depends on this client." in driven.notices
    async with driven.signed_in(people.gestion):
        await driven.press("2", "d", "tab", "enter")
        assert driven.screen_name == "ContractsScreen"
        assert contract.number not in driven.text.split("In the trash")[0] or "moved" in driven.notices
    async with driven.signed_in(people.commercial):
        await driven.press("d")
        assert driven.screen_name == "ConfirmScreen", "nothing stands in the way any more"


@pytest.mark.parametrize("what", ["an event", "a payment"])
async def test_a_contract_with_events_or_payments_is_refused_before_the_question(
    driven: AppDriver, people: People, records: Records, what: str
) -> None:
    contract = records.contract(signed=True)
    if what == "an event":
        records.event(contract)
    else:
        records.payment(contract)
    async with driven.signed_in(people.gestion):
        await driven.press("2", "d")
        assert driven.screen_name == "ContractsScreen"
        assert ("1 event depends" if what == "an event" else "1 payment is recorded") in driven.notices


async def test_an_event_is_asked_about(driven: AppDriver, people: People, records: Records) -> None:
    records.event(records.contract(signed=True))
    async with driven.signed_in(people.commercial):
        await driven.press("3", "d")
        assert driven.screen_name == "ConfirmScreen"


@sqlite_only
@pytest.mark.parametrize("section", ["1", "2", "3"])
@pytest.mark.parametrize("key", ["e", "d", "a", "p", "S"])
async def test_a_record_in_the_trash_can_only_be_restored(
    driven: AppDriver, people: People, records: Records, crm: Crm, section: str, key: str
) -> None:
    match section:
        case "1":
            clients.trash_client(crm, people.gestion, records.client().id)
        case "2":
            contracts.trash_contract(crm, people.gestion, records.contract().id)
        case _:
            events.trash_event(crm, people.commercial, records.event(records.contract(signed=True)).id)
    async with driven.signed_in(people.commercial if section == "3" else people.gestion):
        await driven.press(section, "f", "end", "up", "enter")
        shown = driven.screen_name
        assert driven.current.deleted is not None
        await driven.press(key)
        assert driven.screen_name == shown, "no form and no question"
        assert driven.notices
        if (section, key) in {*product("12", "ed"), ("2", "S"), ("3", "d")}:
            assert "is in the trash." in driven.notices
        await driven.press("r")
        assert driven.table.row_count == 0


def test_the_service_tells_what_stands_in_the_way(crm: Crm, people: People, records: Records) -> None:
    contract = records.contract(signed=True)
    require_free(crm, people.gestion, RecordKind.CONTRACT, contract.id)
    with pytest.raises(InUse):
        require_free(crm, people.gestion, RecordKind.CLIENT, contract.client)
    records.payment(contract)
    with pytest.raises(InUse):
        require_free(crm, people.gestion, RecordKind.CONTRACT, contract.id)


@sqlite_only
async def test_somebody_who_recorded_payments_is_not_asked_to_be_deleted(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    payments.record_payment(
        crm, people.other_gestion, records.contract(signed=True).id, PaymentCreate(amount=Decimal("10.00"))
    )
    async with driven.signed_in(people.gestion):
        await driven.press("4", "down")
        assert driven.current.username == people.other_gestion.username
        await driven.press("d", "2")
        assert driven.screen_name == "TeamScreen"
        assert "so that the payments keep their author" in driven.notices


async def test_the_last_of_gestion_is_not_asked_to_be_deleted(
    driven: AppDriver, people: People, crm: Crm
) -> None:
    collaborators.deactivate_collaborator(crm, people.gestion, people.other_gestion.id)
    async with driven.signed_in(people.gestion):
        await driven.press("4", "end")
        while driven.current.username != people.gestion.username:
            await driven.press("up")
        await driven.press("d", "2")
        assert driven.screen_name == "TeamScreen"
        assert "last active account of Gestion" in driven.notices


@sqlite_only
async def test_somebody_who_owns_nothing_is_asked_about(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("4", "d", "2")
        assert driven.screen_name == "ConfirmScreen"
