"""Payments: the only way in which the amount remaining of a contract changes."""

from typing import Final

from sqlalchemy import func, select

from models.enums import RecordKind
from models.read_models import PaymentRead
from models.tables import Collaborator, Contract, Payment, table_of
from models.write_models import PaymentCancel, PaymentCreate
from services import record_types
from services.actor import Actor
from services.crm import Crm
from services.denormalized import counters
from services.errors import Invalid
from services.formats import show_amount
from services.i18n import N_, N_plural
from services.lists.engine import as_written, read_window
from services.lists.query import ListQuery
from services.lists.spec import PARENT, FilterSpec, ListSpec
from services.persistence import mapper
from services.record_types import Parent, RecordType
from services.rights import Action
from services.unit_of_work import writing

_MOST_PAYMENTS: Final = 10_000


def record_payment(crm: Crm, actor: Actor, contract_id: int, command: PaymentCreate) -> PaymentRead:
    """Record money received, today (in the CRM's time zone) unless a past day is given.

    The contract is locked meanwhile: concurrent payments add up, and never exceed the amount remaining.
    Raises :class:`NotFound`, :class:`Forbidden`, and :class:`Invalid` naming ``amount`` or ``received_on``.
    """
    with writing(crm, actor, Action.PAYMENT_RECORD) as work:
        contract = work.get(Contract, contract_id)
        work.require(owner_id=work.owner_of(contract))
        today = work.crm.day_of(work.now)
        amount = work.exact(command.amount, "amount")
        remaining = contract.total_amount - contract.amount_paid
        if amount > remaining:
            raise Invalid.of(
                "amount", N_("Only {remaining} remains to be paid."), remaining=show_amount(remaining)
            )
        if command.received_on is not None and command.received_on > today:
            raise Invalid.of("received_on", N_("The day of a payment cannot be in the future."))
        payment = mapper.new(Payment, {
            "contract_id": contract_id, "amount": amount,
            "received_on": command.received_on or today, "recorded_by_id": work.actor.id,
        })  # fmt: skip
        work.create(payment)
        work.change(contract, {"amount_paid": contract.amount_paid + amount})
        return as_written(work, LISTING, payment)


def cancel_payment(crm: Crm, actor: Actor, command: PaymentCancel) -> PaymentRead:
    """Cancel a payment, for a reason; it stays in the list of its contract, and the amounts follow.

    Raises :class:`NotFound`, :class:`Forbidden`, and :class:`Invalid` if it is cancelled already.
    """
    with writing(crm, actor, Action.PAYMENT_CANCEL) as work:
        work.require()
        payment = work.get(Payment, command.payment_id)
        contract = work.get(Contract, payment.contract_id)
        if payment.cancelled_at is not None:
            raise Invalid.of("payment_id", N_("This payment is cancelled already."))
        work.change(
            payment,
            {"cancelled_at": work.now, "cancelled_by_id": work.actor.id, "cancel_reason": command.reason},
        )
        work.change(contract, {"amount_paid": contract.amount_paid - payment.amount})
        return as_written(work, LISTING, payment)


def list_payments(crm: Crm, actor: Actor, contract_id: int) -> list[PaymentRead]:
    """The payments of a contract, oldest first; cancelled ones too."""
    query = ListQuery(parent=(RecordKind.CONTRACT, contract_id))
    return read_window(crm, actor, LISTING, query, limit=_MOST_PAYMENTS)


_payment = table_of(Payment).c
_person = table_of(Collaborator).c
_canceller = table_of(Collaborator).alias("canceller")

LISTING: Final[ListSpec[PaymentRead]] = ListSpec(
    record=PaymentRead,
    table=table_of(Payment),
    select=select(
        _payment.id, _payment.contract_id.label("contract"), _payment.amount,
        _payment.received_on, _person.username.label("recorded_by"),
        _payment.created_at.label("created"), _payment.cancelled_at.label("cancelled"),
        func.coalesce(_canceller.c.username, "").label("cancelled_by"), _payment.cancel_reason,
    )
    .outerjoin_from(table_of(Payment), table_of(Collaborator), _person.id == _payment.recorded_by_id)
    .outerjoin(_canceller, _canceller.c.id == _payment.cancelled_by_id),
    key=_payment.id,
    trashable=True,
    parents={
        RecordKind.CONTRACT: FilterSpec(equal=("contract_id", PARENT), index="ix_payment_contract"),
    },
)  # fmt: skip

record_types.register(
    RecordType(
        kind=RecordKind.PAYMENT,
        model=Payment,
        label=N_("Payment"),
        title=N_("Payment on {name}"),
        telemetry_name="d'un paiement",
        not_found=N_("There is no payment {key}."),
        listing=LISTING,
        counters=counters.of_payment,
        parent=Parent(
            kind=RecordKind.CONTRACT,
            link="contract_id",
            in_use=N_plural(
                "{count} payment is recorded on this contract, so it cannot be trashed.",
                "{count} payments are recorded on this contract, so it cannot be trashed.",
            ),
            unless="cancelled_at",  # no money was received
        ),
        references={
            "contract_id": RecordKind.CONTRACT,
            "recorded_by_id": RecordKind.COLLABORATOR,
            "cancelled_by_id": RecordKind.COLLABORATOR,
        },
        is_restorable=False,
        right_to_uncreate=Action.PAYMENT_RECORD,
        in_trash=N_("Payment {key} was removed, so this change cannot be undone."),
    )
)
