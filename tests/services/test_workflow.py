"""The rules along the way from a client to a paid event."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest

from models.enums import ContractStatus
from models.write_models import ClientUpdate, ContractCreate, ContractUpdate, EventUpdate, PaymentCreate
from services import clients, contracts, events, payments
from services.crm import Crm
from services.errors import CrmError, Duplicate, Forbidden, Invalid, NotFound
from services.rights import Action
from services.validation import build
from tests.support.accounts import People
from tests.support.records import NOON, Records, everything

TOMORROW: Final = timedelta(days=1)


def _fields(refusal: CrmError) -> list[str]:
    return [problem.field for problem in refusal.field_problems()]


def test_from_first_contact_to_a_paid_event(crm: Crm, records: Records, people: People) -> None:
    client = records.client(full_name="John Ouick", contact_person="Jacky Blangier", phone="+ 666 12345")
    contract = records.contract(client, total="1200.50")
    assert (contract.status, contract.amount_remaining) == (ContractStatus.UNSIGNED, Decimal("1200.50"))
    assert contract.number == f"C{contract.created.year}-{contract.id:05d}"
    signed = contracts.sign_contract(crm, people.commercial, contract.id, date(2023, 6, 1))
    assert (signed.status, signed.signed_on) == (ContractStatus.SIGNED, date(2023, 6, 1))
    event = records.event(signed, name="John Ouick Wedding", attendees=75)
    assert (event.client_name, event.client_contact, event.client_phone) == (
        "John Ouick", "Jacky Blangier", "+ 666 12345",
    )  # fmt: skip
    assert (event.support_contact_id, event.support_contact, event.support_contact_name) == (None, "", "")
    assigned = events.assign_support(crm, people.gestion, event.id, people.support.id)
    assert assigned.support_contact_name == "Sofia Martínez"
    notes = events.update_event(crm, people.support, event.id, build(EventUpdate, {"notes": "By the river."}))
    assert notes.notes == "By the river."
    records.payment(signed, "1000.00")
    records.payment(signed, "200.50")
    paid = contracts.get_contract(crm, people.support, contract.id)
    assert paid.amount_remaining == Decimal("0.00")
    assert [payment.recorded_by for payment in payments.list_payments(crm, people.support, contract.id)] == [
        "gwenaelle", "gwenaelle",
    ]  # fmt: skip


def test_an_event_needs_a_signed_contract(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract()
    before = everything(crm)
    with pytest.raises(Forbidden) as refusal:
        records.event(contract)
    assert refusal.value.rule == Action.EVENT_CREATE
    assert "signed contract" in refusal.value.message()
    assert "sales contact and Gestion may" in refusal.value.message()
    assert everything(crm) == before


def test_a_contract_is_signed_once_and_not_in_the_future(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract()
    today = datetime.now(UTC).astimezone().date()
    with pytest.raises(Invalid) as refusal:
        contracts.sign_contract(crm, people.gestion, contract.id, today + TOMORROW)
    assert _fields(refusal.value) == ["signed_on"]
    assert contracts.sign_contract(crm, people.gestion, contract.id).signed_on == today
    with pytest.raises(Invalid) as refusal:
        contracts.sign_contract(crm, people.gestion, contract.id)
    assert _fields(refusal.value) == ["status"]


@pytest.mark.parametrize(
    ("amounts", "remaining"),
    [
        (["0.01"], "99.99"),
        (["100.00"], "0.00"),
        (["33.33", "33.33", "33.34"], "0.00"),
        (["60.00", "40.01"], "40.00"),
        (["100.01"], "100.00"),
        (["100.00", "0.01"], "0.00"),
    ],
)
def test_payments_go_up_to_what_remains_and_no_further(
    crm: Crm, records: Records, people: People, amounts: list[str], remaining: str
) -> None:
    contract = records.contract(total="100.00")
    refused: list[str] = []
    for amount in amounts:
        try:
            records.payment(contract, amount)
        except Invalid as refusal:
            refused += _fields(refusal)
    found = contracts.get_contract(crm, people.gestion, contract.id)
    assert str(found.amount_remaining) == remaining
    paid = sum(
        (payment.amount for payment in payments.list_payments(crm, people.gestion, contract.id)), Decimal()
    )
    assert paid == found.total_amount - found.amount_remaining
    assert refused == (["amount"] if sum(map(Decimal, amounts)) > 100 else [])


def test_a_refused_payment_says_what_remains(records: Records) -> None:
    contract = records.contract(total="100.00")
    with pytest.raises(Invalid) as refusal:
        records.payment(contract, "100.01")
    assert "100.00" in refusal.value.field_problems()[0].message()


def test_a_payment_may_be_of_the_past_but_not_of_the_future(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract()
    today = datetime.now(UTC).astimezone().date()
    past = build(PaymentCreate, {"amount": "1", "received_on": date(1999, 12, 31)})
    recorded = payments.record_payment(crm, people.commercial, contract.id, past)
    assert (recorded.received_on, recorded.recorded_by) == (date(1999, 12, 31), "claire_d")
    future = build(PaymentCreate, {"amount": "1", "received_on": today + TOMORROW})
    with pytest.raises(Invalid) as refusal:
        payments.record_payment(crm, people.commercial, contract.id, future)
    assert _fields(refusal.value) == ["received_on"]


def test_a_total_is_not_lowered_below_what_is_paid(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract(total="100.00")
    records.payment(contract, "60.00")
    with pytest.raises(Invalid) as refusal:
        contracts.update_contract(
            crm, people.gestion, contract.id, build(ContractUpdate, {"total_amount": "59.99"})
        )
    assert _fields(refusal.value) == ["total_amount"]
    assert "60.00" in refusal.value.field_problems()[0].message()
    lowered = contracts.update_contract(
        crm, people.gestion, contract.id, build(ContractUpdate, {"total_amount": "60.00"})
    )
    assert lowered.amount_remaining == Decimal("0.00")


def test_an_event_ends_after_it_starts_also_when_only_one_end_is_moved(
    crm: Crm, records: Records, people: People
) -> None:
    event = records.event(support=people.support)
    for values in ({"end": NOON}, {"start": event.end}, {"start": event.end + TOMORROW}):
        with pytest.raises(Invalid) as refusal:
            events.update_event(crm, people.support, event.id, build(EventUpdate, values))
        assert _fields(refusal.value) == ["end"]
    moved = {"start": event.start + TOMORROW, "end": event.end + TOMORROW}
    assert (
        events.update_event(crm, people.support, event.id, build(EventUpdate, moved)).start == moved["start"]
    )


def test_times_are_kept_in_utc_to_the_minute(records: Records) -> None:
    event = records.event(start="2023-06-04T15:00:59+02:00", end="2023-06-05T02:00:00+00:00")
    assert event.start == datetime(2023, 6, 4, 13, 0, tzinfo=UTC)
    assert (event.start.tzinfo, event.end.tzinfo) == (UTC, UTC)


@pytest.mark.parametrize("choice", ["commercial", "gestion"])
def test_a_support_contact_is_one_of_support(crm: Crm, records: Records, people: People, choice: str) -> None:
    event = records.event()
    with pytest.raises(Invalid) as refusal:
        events.assign_support(crm, people.gestion, event.id, getattr(people, choice).id)
    assert _fields(refusal.value) == ["support_contact_id"]


def test_an_email_is_one_client_s_whatever_its_case(crm: Crm, records: Records, people: People) -> None:
    records.client(email="Kevin@Startup.io")
    other = records.client(people.other_commercial)
    with pytest.raises(Duplicate) as refusal:
        records.client(email="kevin@startup.IO")
    assert (refusal.value.field, refusal.value.exit_code) == ("email", 6)
    with pytest.raises(Duplicate):
        clients.update_client(
            crm, people.other_commercial, other.id, build(ClientUpdate, {"email": "KEVIN@startup.io"})
        )
    assert clients.get_client(crm, people.gestion, other.id) == other


def test_the_email_of_a_client_in_the_trash_stays_taken(crm: Crm, records: Records, people: People) -> None:
    client = records.client(email="kevin@startup.io")
    clients.trash_client(crm, people.commercial, client.id)
    with pytest.raises(Duplicate) as refusal:
        records.client(email="kevin@startup.io")
    assert "trash" in refusal.value.message()


@pytest.mark.parametrize("key", [0, -1, 999_999, 2**31, 2**63, 10**30])
def test_a_record_that_is_not_there_is_not_found(crm: Crm, people: People, key: int) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: clients.get_client(crm, people.gestion, key),
        lambda: clients.update_client(crm, people.commercial, key, build(ClientUpdate, {"company": "X"})),
        lambda: clients.trash_client(crm, people.gestion, key),
        lambda: clients.restore_client(crm, people.gestion, key),
        lambda: contracts.get_contract(crm, people.gestion, key),
        lambda: contracts.sign_contract(crm, people.gestion, key),
        lambda: contracts.create_contract(
            crm, people.gestion, build(ContractCreate, {"client_id": key, "total_amount": 1})
        ),
        lambda: payments.record_payment(crm, people.gestion, key, build(PaymentCreate, {"amount": 1})),
        lambda: events.get_event(crm, people.gestion, key),
        lambda: events.assign_support(crm, people.gestion, key, None),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound) as refusal:
            attempt()
        assert refusal.value.exit_code == 5
        assert str(key) in refusal.value.message()
