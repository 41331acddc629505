"""The commands for contracts and their payments."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.app import command
from cli.context import require, signed_in
from cli.list_options import MINE, TRASH, Flag, list_command
from cli.options import Json
from cli.output import show_pages, show_record
from cli.parsing import FieldParser, money, past_day, record_id, whole_number
from models.enums import RecordKind
from services.i18n import N_, _
from services.lists.query import Filter
from services.rights import Action

ContractId = Annotated[str, typer.Argument(metavar="ID", help=N_("The contract's id."))]
Total = Annotated[str | None, typer.Option(metavar="AMOUNT", help=N_("Total amount, as in 1200.50."))]


@command(
    "create-contract",
    N_("Create a contract for a client (Gestion)."),
    example="epicevents create-contract --client 12 --total 1200.50",
)
def create_contract(
    client: Annotated[str | None, typer.Option(metavar="ID", help=N_("The client's id."))] = None,
    total: Total = None,
    as_json: Json = False,
) -> None:
    """Create a contract and print it."""
    with signed_in() as (crm, actor):
        from models.write_models import ContractCreate
        from services import contracts

        require(crm, actor, Action.CONTRACT_CREATE)
        parser = FieldParser().require("client_id", N_("Client's id"), client, whole_number)
        parser.require("total_amount", N_("Total"), total, money(crm.shared.currency))
        contract = contracts.create_contract(crm, actor, parser.build(ContractCreate))
        show_record(crm, contract, _("Contract {id} created."), as_json=as_json)


@command(
    "update-contract",
    N_("Change the total of a contract; never below what is paid."),
    example="epicevents update-contract 7 --total 1500",
)
def update_contract(contract: ContractId, total: Total = None, as_json: Json = False) -> None:
    """Change the fields that are given and print the contract."""
    with signed_in() as (crm, actor):
        from models.write_models import ContractUpdate
        from services import contracts

        parser = FieldParser().take("total_amount", total, money(crm.shared.currency))
        changes = parser.changes(ContractUpdate)
        updated = contracts.update_contract(crm, actor, record_id(contract), changes)
        show_record(crm, updated, _("Contract {id} updated."), as_json=as_json)


@command(
    "sign-contract",
    N_("Mark a contract signed, today unless a day is given."),
    example="epicevents sign-contract 7 --signed-on 2027-06-15",
)
def sign_contract(
    contract: ContractId,
    signed_on: Annotated[
        str | None, typer.Option(metavar="DATE", help=N_("Day of the signature, as in 'yesterday'."))
    ] = None,
    as_json: Json = False,
) -> None:
    """Mark a contract signed and print it."""
    with signed_in() as (crm, actor):
        from services import contracts

        values = FieldParser().take("signed_on", signed_on, past_day(crm)).values()
        signed = contracts.sign_contract(crm, actor, record_id(contract), **values)
        show_record(crm, signed, _("Contract {id} signed."), as_json=as_json)


@command(
    "record-payment",
    N_("Record a payment of a contract, today unless a day is given."),
    example="epicevents record-payment 7 --amount 400",
)
def record_payment(
    contract: ContractId,
    amount: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help=N_("Amount received, as in 400.00."))
    ] = None,
    received_on: Annotated[
        str | None, typer.Option(metavar="DATE", help=N_("Day on which it was received, as in 'friday'."))
    ] = None,
    as_json: Json = False,
) -> None:
    """Record a payment and print it."""
    with signed_in() as (crm, actor):
        from models.write_models import PaymentCreate
        from services import contracts, payments

        key = record_id(contract)
        require(crm, actor, Action.PAYMENT_RECORD)
        if amount is None:
            contracts.get_contract(crm, actor, key)  # fails for a missing contract before any question
        parser = FieldParser().require("amount", N_("Amount"), amount, money(crm.shared.currency))
        parser.take("received_on", received_on, past_day(crm))
        payment = payments.record_payment(crm, actor, key, parser.build(PaymentCreate))
        show_record(crm, payment, _("Payment {id} recorded."), as_json=as_json)


@command(
    "cancel-payment",
    N_("Cancel a payment, with a reason (Gestion)."),
    example="epicevents cancel-payment 31 --reason 'Booked twice'",
)
def cancel_payment(
    payment: Annotated[str, typer.Argument(metavar="ID", help=N_("The payment's id."))],
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help=N_("Shown beside the payment."))] = None,
    as_json: Json = False,
) -> None:
    """Cancel a payment and print it."""
    with signed_in() as (crm, actor):
        from models.write_models import PaymentCancel
        from services import payments

        require(crm, actor, Action.PAYMENT_CANCEL)
        parser = FieldParser(PaymentCancel).require("reason", N_("Reason"), reason)
        parser.take("payment_id", payment, whole_number)
        cancelled = payments.cancel_payment(crm, actor, parser.build(PaymentCancel))
        show_record(crm, cancelled, _("Payment {id} cancelled."), as_json=as_json)


@command(
    "list-payments",
    N_("List the payments of a contract, cancelled ones too."),
    example="epicevents list-payments 7",
)
def list_payments(contract: ContractId, as_json: Json = False) -> None:
    """Print the payments of a contract, oldest first."""
    with signed_in() as (crm, actor):
        from models.read_models import PaymentRead
        from services import contracts, payments

        key = contracts.get_contract(crm, actor, record_id(contract)).id
        pages = iter([payments.list_payments(crm, actor, key)])
        show_pages(crm, pages, PaymentRead, as_json=as_json)


list_command(
    "list-contracts",
    N_("List the contracts."),
    RecordKind.CONTRACT,
    (
        MINE,
        Flag(Filter.UNSIGNED, "--unsigned", N_("Only unsigned contracts.")),
        Flag(Filter.UNPAID, "--unpaid", N_("Only contracts not fully paid.")),
        TRASH,
    ),
    example="epicevents list-contracts --mine --unpaid --json",
)
