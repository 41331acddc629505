"""The forms of a contract: new, its total, its signature, its payments."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from models.read_models import ClientRead, ContractRead, PaymentRead
from models.write_models import ContractCreate, ContractSign, ContractUpdate, PaymentCancel, PaymentCreate
from services import clients, contracts, formats, payments
from services.actor import Actor
from services.i18n import N_, _
from services.lists.query import ListQuery
from services.record_fields import FieldKind
from tui.protocols import the_app
from tui.screens.base.form import RecordForm, RecordUseCases
from tui.widgets.form.field_spec import FieldSpec, FieldValue, Picked

if TYPE_CHECKING:
    from services.crm import Crm


def search_clients(crm: "Crm", actor: Actor, typed: str) -> list[Picked]:
    """Clients by name, company, email or phone."""
    found = clients.list_clients(crm, actor, ListQuery(search=typed, sort="full_name"), limit=20)
    return [Picked(client.id, client.full_name, client.company) for client in found]


_CLIENT = FieldSpec("client_id", N_("Client"), FieldKind.PICKER, required=True, search=search_clients)
_TOTAL = FieldSpec("total_amount", N_("Total"), FieldKind.MONEY, required=True)


class ContractForm(RecordForm[ContractRead]):
    """Creates a contract, of a given client or of one to be chosen; or changes its total."""

    USE_CASES = RecordUseCases(
        contracts.create_contract,
        contracts.update_contract,
        contracts.get_contract,
        ContractCreate,
        ContractUpdate,
    )

    def __init__(self, record: ContractRead | None = None, *, client: ClientRead | None = None) -> None:
        super().__init__(record)
        self.client = client

    def title_text(self) -> str:
        """New, or the contract's number."""
        return _("New contract") if self.record is None else self.record.number

    def fields(self) -> Sequence[FieldSpec]:
        """The client of a new one, and the total."""
        total = replace(_TOTAL, placeholder=_example(self))
        return (_CLIENT, total) if self.record is None else (total,)

    def start_values(self) -> Mapping[str, FieldValue]:
        """The client from whom the form was opened."""
        client = self.client
        return {} if client is None else {"client_id": Picked(client.id, client.full_name, client.company)}


class _StepForm(RecordForm[ContractRead]):
    """Something done to a contract, rather than a change of its fields."""

    def __init__(self, contract: ContractRead) -> None:
        super().__init__()
        self.contract = contract


class SignForm(_StepForm):
    """Marks a contract signed; the day is today until another is typed."""

    def title_text(self) -> str:
        """Which contract of whom."""
        return _("Sign {number} of {client}").format(
            number=self.contract.number, client=self.contract.client_name
        )

    def fields(self) -> Sequence[FieldSpec]:
        """The day."""
        return (FieldSpec("signed_on", N_("Signed on"), FieldKind.DATE, required=True, looks_back=True),)

    def start_values(self) -> Mapping[str, FieldValue]:
        """Today."""
        return {"signed_on": _today(self)}

    def shape(self) -> type[ContractSign]:
        """The day of signature."""
        return ContractSign

    def save(self, crm: "Crm", actor: Actor, command: ContractSign, version: int | None) -> ContractRead:
        """Sign."""
        return contracts.sign_contract(crm, actor, self.contract.id, command.signed_on)


class PaymentForm(_StepForm):
    """Records a payment of a contract; starts with the remaining amount, received today."""

    def title_text(self) -> str:
        """Which contract of whom."""
        return _("Payment for {number} of {client}").format(
            number=self.contract.number, client=self.contract.client_name
        )

    def fields(self) -> Sequence[FieldSpec]:
        """Amount and day."""
        return (
            FieldSpec("amount", N_("Amount"), FieldKind.MONEY, required=True, placeholder=_example(self)),
            FieldSpec("received_on", N_("Received on"), FieldKind.DATE, required=True, looks_back=True),
        )

    def start_values(self) -> Mapping[str, FieldValue]:
        """All that remains, today."""
        return {"amount": formats.edit_money(self.contract.amount_remaining), "received_on": _today(self)}

    def shape(self) -> type[PaymentCreate]:
        """A payment."""
        return PaymentCreate

    def save(self, crm: "Crm", actor: Actor, command: PaymentCreate, version: int | None) -> ContractRead:
        """Record the payment, and read the contract again."""
        payments.record_payment(crm, actor, self.contract.id, command)
        return contracts.get_contract(crm, actor, self.contract.id)


class CancelPaymentForm(_StepForm):
    """Cancels a payment of a contract, for a reason."""

    def __init__(self, contract: ContractRead, payment: PaymentRead | None = None) -> None:
        super().__init__(contract)
        self.payment = payment

    def title_text(self) -> str:
        """The contract."""
        return _("Cancel a payment of {number}").format(number=self.contract.number)

    def on_mount(self) -> None:
        """Start at the reason if the payment is chosen already."""
        super().on_mount()
        if self.payment is not None:
            self.values.field("reason").control.focus()

    def fields(self) -> Sequence[FieldSpec]:
        """The payment and the reason."""
        return (
            FieldSpec("payment_id", N_("Payment"), FieldKind.PICKER, required=True, search=self._search),
            FieldSpec("reason", N_("Reason"), required=True, help=N_("Shown beside the payment")),
        )

    def start_values(self) -> Mapping[str, FieldValue]:
        """The payment for which the form was opened."""
        return {} if self.payment is None else {"payment_id": _picked(self.payment)}

    def shape(self) -> type[PaymentCancel]:
        """The payment and the reason."""
        return PaymentCancel

    def save(self, crm: "Crm", actor: Actor, command: PaymentCancel, version: int | None) -> ContractRead:
        """Cancel the payment, and read the contract again."""
        payments.cancel_payment(crm, actor, command)
        return contracts.get_contract(crm, actor, self.contract.id)

    def _search(self, crm: "Crm", actor: Actor, typed: str) -> list[Picked]:
        received = payments.list_payments(crm, actor, self.contract.id)
        live = [_picked(payment) for payment in reversed(received) if payment.cancelled is None]
        return [choice for choice in live if typed.lower() in f"{choice.label} {choice.note}".lower()]


def _picked(payment: PaymentRead) -> Picked:
    text = f"{formats.show_date(payment.received_on)} · {formats.show_amount(payment.amount)}"
    return Picked(payment.id, text, payment.recorded_by)


def _example(form: RecordForm[ContractRead]) -> str:
    return formats.example_money(the_app(form).crm.shared.currency)


def _today(form: RecordForm[ContractRead]) -> str:
    crm = the_app(form).crm
    return formats.edit_date(crm.day_of(crm.database.clock.estimate()))
