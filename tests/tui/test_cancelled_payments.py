"""A payment recorded by mistake, cancelled on the screen of the contracts."""

from decimal import Decimal

from services import contracts, payments
from services.crm import Crm
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.screens.contract_form import CancelPaymentForm
from tui.widgets.detail.link_list import Links


async def test_gestion_cancels_a_payment_with_a_reason_and_sees_it_struck_through(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    contract = records.contract(total="100.00")
    records.payment(contract, "40.00")
    async with driven.signed_in(people.gestion, size=(170, 40)):
        await driven.press("2", "D")
        assert isinstance(driven.app.screen, CancelPaymentForm)
        assert "· 40.00" in driven.text
        await driven.press(*"Booked [/bold] twice")  # the payment is chosen, so the reason comes first
        await driven.press("ctrl+s")
        assert "cancelled: Booked [/bold] twice" in driven.text
        (struck,) = [link for link in driven.app.screen.query_one(Links).shown if link.struck]
        assert struck.note == "€40.00"
        await driven.press("D")
        assert "This contract has no payment to cancel." in driven.notices
    assert contracts.get_contract(crm, people.gestion, contract.id).amount_remaining == Decimal("100.00")


@sqlite_only
async def test_the_payment_under_the_cursor_is_the_one_to_cancel(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    contract = records.contract(total="100.00")
    first = records.payment(contract, "10.00")
    records.payment(contract, "20.00")
    async with driven.signed_in(people.gestion):
        await driven.press("2", "D")
        await driven.press("ctrl+s")
        assert "This field is required." in driven.text  # of two payments none is proposed
        await driven.press("escape", "enter", "down", "enter")
        assert "Everything is already shown." in driven.notices
        await driven.press("D")
        driven.type_into("reason", "Another client's")
        await driven.press("ctrl+s")
    kept = payments.list_payments(crm, people.gestion, contract.id)
    assert [payment.id for payment in kept if payment.cancelled is not None] == [first.id]


@sqlite_only
async def test_commercial_is_told_who_cancels_payments(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.payment(records.contract())
    async with driven.signed_in(people.commercial):
        await driven.press("2", "D")
        assert "Only Gestion cancels payments." in driven.notices
