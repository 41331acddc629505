"""What cannot go to the trash is said at once, and nobody is asked about it."""

import pytest

from models.enums import RecordKind
from services.crm import Crm
from services.errors import InUse
from services.trash import require_free
from tests.support.people import People
from tests.support.records import Records
from tests.support.screens import Driven


async def test_a_client_with_contracts_is_refused_before_the_question(
    driven: Driven, people: People, records: Records
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
    driven: Driven, people: People, records: Records, what: str
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


async def test_an_event_is_asked_about(driven: Driven, people: People, records: Records) -> None:
    records.event(records.contract(signed=True))
    async with driven.signed_in(people.commercial):
        await driven.press("3", "d")
        assert driven.screen_name == "ConfirmScreen"


def test_the_service_tells_what_stands_in_the_way(crm: Crm, people: People, records: Records) -> None:
    contract = records.contract(signed=True)
    require_free(crm, people.gestion, RecordKind.CONTRACT, contract.id)
    with pytest.raises(InUse):
        require_free(crm, people.gestion, RecordKind.CLIENT, contract.client)
    records.payment(contract)
    with pytest.raises(InUse):
        require_free(crm, people.gestion, RecordKind.CONTRACT, contract.id)
