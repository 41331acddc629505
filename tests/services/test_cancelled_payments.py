"""A payment that was recorded by mistake is cancelled with a reason; it stays, and counts for nothing."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.write_models import ContractUpdate, PaymentCancel, PaymentCreate
from services import clients, collaborators, contracts, payments
from services.actor import Actor
from services.crm import Crm
from services.denormalized import consistency
from services.errors import Conflict, Forbidden, InUse, Invalid, NotFound
from services.lists.query import ListQuery
from services.rights import Action
from services.undo import undo_last
from services.validation import build
from tests.support.accounts import People
from tests.support.list_reads import list_journal
from tests.support.records import Records, everything


def cancel(crm: Crm, actor: Actor, payment_id: int, reason: str = "Booked twice") -> object:
    return payments.cancel_payment(
        crm, actor, build(PaymentCancel, {"payment_id": payment_id, "reason": reason})
    )


def test_a_cancelled_payment_stays_with_its_reason_and_the_amounts_follow(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(total="100.00")
    payment = records.payment(contract, "40.00")
    records.payment(contract, "10.00")
    cancel(crm, people.gestion, payment.id)
    kept, other = payments.list_payments(crm, people.support, contract.id)
    assert (kept.cancel_reason, kept.cancelled_by) == ("Booked twice", people.gestion.username)
    assert kept.cancelled is not None
    assert (other.cancelled, other.cancelled_by, other.cancel_reason) == (None, "", "")
    after = contracts.get_contract(crm, people.support, contract.id)
    assert after.amount_remaining == Decimal("90.00")
    assert clients.get_client(crm, people.support, contract.client).amount_due == Decimal("90.00")
    assert consistency.check(crm) == []
    newest = list_journal(crm, people.gestion, ListQuery(descending=True), limit=2)
    assert {entry.action for entry in newest} == {Action.PAYMENT_CANCEL}


def test_the_amount_of_a_cancelled_payment_may_be_paid_again(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(total="100.00")
    cancel(crm, people.gestion, records.payment(contract, "100.00").id)
    records.payment(contract, "100.00")
    with pytest.raises(Invalid):
        records.payment(contract, "0.01")


def test_a_contract_whose_payments_are_cancelled_can_be_lowered_and_trashed(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(total="100.00")
    payment = records.payment(contract, "100.00")
    lower = build(ContractUpdate, {"total_amount": "50.00"})
    with pytest.raises(Invalid):
        contracts.update_contract(crm, people.gestion, contract.id, lower)
    with pytest.raises(InUse):
        contracts.trash_contract(crm, people.gestion, contract.id)
    cancel(crm, people.gestion, payment.id)
    contracts.update_contract(crm, people.gestion, contract.id, lower)
    contracts.trash_contract(crm, people.gestion, contract.id)
    with pytest.raises(NotFound):
        cancel(crm, people.gestion, payment.id)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda crm, people, payment: cancel(crm, people.commercial, payment),
        lambda crm, people, payment: cancel(crm, people.support, payment),
    ],
    ids=["commercial", "support"],
)
def test_only_gestion_cancels_a_payment(
    crm: Crm, records: Records, people: People, attempt: Callable[[Crm, People, int], object]
) -> None:
    payment = records.payment(records.contract())
    before = everything(crm)
    with pytest.raises(Forbidden) as refusal:
        attempt(crm, people, payment.id)
    assert refusal.value.rule == Action.PAYMENT_CANCEL
    assert everything(crm) == before


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "two\nlines"])
def test_a_cancellation_needs_a_reason_of_one_line(
    crm: Crm, records: Records, people: People, reason: str
) -> None:
    payment = records.payment(records.contract())
    before = everything(crm)
    with pytest.raises(Invalid) as refusal:
        cancel(crm, people.gestion, payment.id, reason)
    assert [problem.field for problem in refusal.value.field_problems()] == ["reason"]
    assert everything(crm) == before


def test_a_payment_is_cancelled_once(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract(total="100.00")
    payment = records.payment(contract, "40.00")
    cancel(crm, people.gestion, payment.id)
    with pytest.raises(Invalid, match="Some fields"):
        cancel(crm, people.other_gestion, payment.id, "Again")
    assert contracts.get_contract(crm, people.support, contract.id).amount_remaining == Decimal("100.00")


def test_a_payment_that_is_not_there_cannot_be_cancelled(crm: Crm, people: People) -> None:
    for payment_id in (0, -1, 999, 2**40):
        with pytest.raises(NotFound):
            cancel(crm, people.gestion, payment_id)


def test_undo_brings_a_cancelled_payment_back_with_its_amount(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(total="100.00")
    payment = records.payment(contract, "40.00")
    before = payments.list_payments(crm, people.gestion, contract.id)
    cancel(crm, people.gestion, payment.id)
    undo_last(crm, people.gestion)
    assert payments.list_payments(crm, people.gestion, contract.id) == before
    assert contracts.get_contract(crm, people.support, contract.id).amount_remaining == Decimal("60.00")
    assert consistency.check(crm) == []


def test_undo_never_pays_more_than_the_total(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract(total="100.00")
    cancel(crm, people.gestion, records.payment(contract, "100.00").id)
    command = build(PaymentCreate, {"amount": "100.00"})
    payments.record_payment(crm, people.commercial, contract.id, command)
    before = everything(crm)
    with pytest.raises(Conflict):
        undo_last(crm, people.gestion)
    assert everything(crm) == before


def test_a_recorded_payment_is_not_undone_once_it_is_cancelled(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract()
    command = build(PaymentCreate, {"amount": "10.00"})
    payment = payments.record_payment(crm, people.commercial, contract.id, command)
    cancel(crm, people.gestion, payment.id)
    with pytest.raises(Conflict):
        undo_last(crm, people.commercial)


def test_who_cancelled_a_payment_is_deactivated_rather_than_deleted(
    crm: Crm, records: Records, people: People
) -> None:
    payment = records.payment(records.contract())
    cancel(crm, people.other_gestion, payment.id)
    with pytest.raises(InUse, match="recorded or cancelled payments"):
        collaborators.delete_collaborator(crm, people.gestion, people.other_gestion.id)


def test_the_database_knows_no_cancellation_without_a_reason(
    crm: Crm, records: Records, people: People
) -> None:
    payment = records.payment(records.contract())
    halves = text("UPDATE payment SET cancelled_by_id = :by WHERE id = :id")
    with pytest.raises(IntegrityError), crm.database.write_session() as session:
        session.connection().execute(halves, {"by": people.gestion.id, "id": payment.id})


def test_check_finds_a_contract_whose_paid_amount_is_not_that_of_its_payments(
    crm: Crm, records: Records
) -> None:
    contract = records.contract(total="100.00")
    records.payment(contract, "40.00")
    with crm.database.write_session() as session:
        session.connection().execute(text("UPDATE contract SET amount_paid = 5000"))
    assert ("contract", contract.id, "amount_paid") in {
        (each.table, each.key, each.column) for each in consistency.check(crm)
    }
    consistency.repair(crm)
    assert consistency.check(crm) == []


def test_a_second_cancellation_takes_nothing_from_another_payment_of_the_contract(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(total="100.00")
    payment = records.payment(contract, "40.00")
    records.payment(contract, "40.00")
    cancel(crm, people.gestion, payment.id)
    before = everything(crm)
    with pytest.raises(Invalid) as refusal:
        cancel(crm, people.other_gestion, payment.id, "Again")
    assert [problem.field for problem in refusal.value.field_problems()] == ["payment_id"]
    assert everything(crm) == before


def test_a_cancellation_names_who_cancelled_and_not_who_recorded(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(total="100.00")
    payment = records.payment(contract, "40.00")
    cancel(crm, people.other_gestion, payment.id)
    (cancelled,) = payments.list_payments(crm, people.support, contract.id)
    assert (cancelled.recorded_by, cancelled.cancelled_by) == ("gwenaelle", "georges_k")
