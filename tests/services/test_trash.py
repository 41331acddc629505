"""The trash: what others depend on stays out of it, and what it belongs to comes out first."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from models.write_models import (
    ClientUpdate,
    ContractCreate,
    ContractUpdate,
    EventCreate,
    EventUpdate,
    PaymentCreate,
)
from services import clients, contracts, events, payments
from services.actor import Actor
from services.crm import Crm
from services.errors import CrmError, InUse, NotFound
from services.lists.query import Filter, ListQuery
from services.validation import build
from tests.support.accounts import People
from tests.support.records import NOON, Records, everything

TRASHED: Final = ListQuery(frozenset({Filter.TRASHED}))


def _refused(crm: Crm, refusal: type[CrmError], attempt: Callable[[], object]) -> CrmError:
    before = everything(crm)
    with pytest.raises(refusal) as caught:
        attempt()
    assert everything(crm) == before
    return caught.value


def test_a_client_with_contracts_cannot_be_trashed(crm: Crm, records: Records, people: People) -> None:
    client = records.client()
    records.contract(client)
    contract = records.contract(client)
    refusal = _refused(crm, InUse, lambda: clients.trash_client(crm, people.commercial, client.id))
    assert refusal.exit_code == 6
    assert "2 contracts depend on this client. Trash them first." in refusal.message()
    contracts.trash_contract(crm, people.gestion, contract.id)
    _refused(crm, InUse, lambda: clients.trash_client(crm, people.commercial, client.id))


def test_a_contract_with_events_cannot_be_trashed(crm: Crm, records: Records, people: People) -> None:
    event = records.event()
    refusal = _refused(crm, InUse, lambda: contracts.trash_contract(crm, people.gestion, event.contract))
    assert "1 event depends" in refusal.message()
    events.trash_event(crm, people.commercial, event.id)
    contracts.trash_contract(crm, people.gestion, event.contract)


def test_a_contract_with_payments_cannot_be_trashed(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract()
    records.payment(contract)
    refusal = _refused(crm, InUse, lambda: contracts.trash_contract(crm, people.gestion, contract.id))
    assert "1 payment is recorded" in refusal.message()


def test_what_goes_in_comes_out_in_the_other_order(crm: Crm, records: Records, people: People) -> None:
    event = records.event(support=people.support, notes="Lanterns")
    before = everything(crm)["event"]
    events.trash_event(crm, people.commercial, event.id)
    contracts.trash_contract(crm, people.gestion, event.contract)
    clients.trash_client(crm, people.commercial, event.client)
    _refused(crm, InUse, lambda: contracts.restore_contract(crm, people.gestion, event.contract))
    _refused(crm, InUse, lambda: events.restore_event(crm, people.commercial, event.id))
    clients.restore_client(crm, people.commercial, event.client)
    contracts.restore_contract(crm, people.gestion, event.contract)
    events.restore_event(crm, people.commercial, event.id)
    restored = events.get_event(crm, people.support, event.id)
    assert (restored.notes, restored.support_contact, restored.deleted) == ("Lanterns", "sofia-m", None)
    assert len(everything(crm)["event"]) == len(before)


LISTS: Final[dict[str, tuple[Callable[..., list[Any]], Callable[..., Any]]]] = {
    "client": (clients.list_clients, clients.get_client),
    "contract": (contracts.list_contracts, contracts.get_contract),
    "event": (events.list_events, events.get_event),
}


def test_what_is_in_the_trash_is_listed_there_only_and_can_still_be_read(
    crm: Crm, records: Records, people: People
) -> None:
    event = records.event()
    events.trash_event(crm, people.commercial, event.id)
    contracts.trash_contract(crm, people.gestion, event.contract)
    clients.trash_client(crm, people.commercial, event.client)
    for kind, key in (("client", event.client), ("contract", event.contract), ("event", event.id)):
        rows, one = LISTS[kind]
        listed = rows(crm, people.support, TRASHED)
        assert [row.id for row in listed] == [key]
        assert rows(crm, people.support, ListQuery()) == []
        assert one(crm, people.support, key) == listed[0]
        assert listed[0].deleted is not None


def test_nothing_is_done_to_what_is_in_the_trash(crm: Crm, records: Records, people: People) -> None:
    event = records.event(support=people.support)
    events.trash_event(crm, people.commercial, event.id)
    contracts.trash_contract(crm, people.gestion, event.contract)
    clients.trash_client(crm, people.commercial, event.client)
    new_event = {"contract_id": event.contract, "name": "Ball", "start": NOON, "end": NOON.replace(hour=20)}
    new_contract = {"client_id": event.client, "total_amount": 1}
    attempts: list[tuple[Callable[..., object], Actor, tuple[object, ...]]] = [
        (clients.update_client, people.commercial, (event.client, build(ClientUpdate, {"company": "X"}))),
        (clients.trash_client, people.commercial, (event.client,)),
        (contracts.create_contract, people.gestion, (build(ContractCreate, new_contract),)),
        (
            contracts.update_contract,
            people.gestion,
            (event.contract, build(ContractUpdate, {"total_amount": 2})),
        ),
        (contracts.sign_contract, people.gestion, (event.contract,)),
        (contracts.trash_contract, people.gestion, (event.contract,)),
        (payments.record_payment, people.gestion, (event.contract, build(PaymentCreate, {"amount": 1}))),
        (events.create_event, people.commercial, (build(EventCreate, new_event),)),
        (events.update_event, people.support, (event.id, build(EventUpdate, {"notes": "X"}))),
        (events.assign_support, people.gestion, (event.id, None)),
        (events.trash_event, people.commercial, (event.id,)),
    ]
    for use_case, actor, arguments in attempts:
        with pytest.raises(NotFound):
            use_case(crm, actor, *arguments)


def test_what_is_not_in_the_trash_cannot_be_restored(crm: Crm, records: Records, people: People) -> None:
    event = records.event()
    _refused(crm, NotFound, lambda: clients.restore_client(crm, people.commercial, event.client))
    _refused(crm, NotFound, lambda: contracts.restore_contract(crm, people.gestion, event.contract))
    _refused(crm, NotFound, lambda: events.restore_event(crm, people.commercial, event.id))
