"""The contracts, with their payments and events."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from models.enums import RecordKind
from models.read_models import ContractRead, PaymentRead
from services import clients, contracts, events, formats, payments
from services.actor import Actor
from services.i18n import N_, _
from services.labels import STATUSES, stuck_label
from services.lists.query import ListQuery
from services.rights import Action
from tui.key_labels import key_of
from tui.protocols import the_app
from tui.screens.base.form import RecordForm
from tui.screens.base.section import SectionScreen
from tui.screens.base.section_actions import PaperActions
from tui.screens.base.section_spec import Copied, KeyRule, SectionServices
from tui.screens.contract_form import CancelPaymentForm, ContractForm, PaymentForm, SignForm
from tui.screens.event_form import EventForm
from tui.screens.note_form import ContractNoteForm
from tui.screens.record_columns import updated_column
from tui.screens.record_references import client_link, event_link, notes_on, tasks_on
from tui.screens.task_form import ContractTaskForm
from tui.widgets.detail.fact_list import Fact
from tui.widgets.detail.link_list import LINKS_SHOWN, Link, LinkGroup
from tui.widgets.detail.pane import DetailPane
from tui.widgets.record_table.columns import Column

if TYPE_CHECKING:
    from services.crm import Crm


def _missing(row: ContractRead) -> str:
    return stuck_label(row.stuck_link, row.stuck_since)


def _missing_since(row: ContractRead) -> str:
    missing = _missing(row)
    if not missing or row.stuck_since is None:
        return ""
    since = formats.show_date(row.stuck_since.astimezone().date())
    return _("{link}, late since {day}").format(link=missing, day=since)


class ContractsScreen(SectionScreen[ContractRead]):
    """Every contract: drawn up by Gestion, signed and paid under the eyes of the sales contact."""

    NAME = "contracts"
    TITLE_TEXT = N_("Contracts")
    KIND = RecordKind.CONTRACT
    EMPTY = N_("There is no contract yet. Gestion creates one with {new}.")
    PARENTS = frozenset({RecordKind.CLIENT, RecordKind.COLLABORATOR})
    COLUMNS = (
        Column[Any]("number", N_("Number"), width=11, cut="never"),
        Column[Any](
            "client_name", N_("Client"), width=6, weight=3, sort="client_name"
        ),
        Column[Any]("client_company", N_("Company"), width=12, weight=2, rank=5),
        Column[Any](
            "status", N_("Status"), lambda row: _(STATUSES[row.status]), width=9, rank=2, sort="status"
        ),
        Column[Any](
            "total", N_("Total"), lambda row: formats.show_amount(row.total_amount),
            width=10, rank=3, align="right", sort="total_amount",
        ),
        Column[Any](
            "remaining", N_("Due"), lambda row: formats.show_amount(row.amount_remaining),
            width=10, rank=1, align="right", sort="amount_remaining",
        ),
        Column[Any](
            "created", N_("Created"), lambda row: formats.show_date(row.created.astimezone().date()),
            width=10, rank=4, sort="created",
        ),
        Column[Any]("stuck", N_("Missing"), _missing, width=9, rank=6, sort="stuck_since"),
        Column[Any](
            "sales_contact_name", N_("Sales contact"), width=14, weight=1, sort="sales_contact_name",
            is_optional=True,
        ),
        Column[Any](
            "signed", N_("Signed on"), lambda row: formats.show_value(row.signed_on),
            width=10, is_optional=True,
        ),
        Column[Any](
            "paid", N_("Paid"), lambda row: formats.show_amount(row.total_amount - row.amount_remaining),
            width=10, align="right", is_optional=True,
        ),
        updated_column(),
    )  # fmt: skip
    SERVICES: ClassVar[SectionServices[ContractRead]] = SectionServices(
        get=contracts.get_contract,
        trash=contracts.trash_contract,
        restore=contracts.restore_contract,
    )
    COPIES = (
        Copied[Any](N_("Number"), lambda row: row.number),
        Copied[Any](N_("Client"), lambda row: row.client_name),
        Copied[Any](N_("Company"), lambda row: row.client_company),
    )
    NOTE_FORM = ContractNoteForm
    TASK_FORM = ContractTaskForm
    ACTIONS = PaperActions
    RULES: ClassVar = {
        "chain": KeyRule((Action.RECORD_READ,)),
        "new": KeyRule((Action.CONTRACT_CREATE,), needs_record=False),
        "edit": KeyRule((Action.CONTRACT_UPDATE,)),
        "payment": KeyRule((Action.PAYMENT_RECORD,)),
        "cancel_payment": KeyRule((Action.PAYMENT_CANCEL,)),
        "sign": KeyRule((Action.CONTRACT_SIGN,)),
        "trash": KeyRule((Action.CONTRACT_TRASH,)),
        "restore": KeyRule((Action.CONTRACT_TRASH,)),
        "note": KeyRule((Action.NOTE_CREATE,)),
        "task": KeyRule((Action.TASK_CREATE,)),
        "paper": KeyRule((Action.RECORD_READ,)),
    }
    LINKED_RULES: ClassVar = {
        "event": KeyRule((Action.EVENT_CREATE,)),
        "payment": KeyRule((Action.PAYMENT_RECORD,)),
    }

    def __init__(self) -> None:
        super().__init__()
        self._payments: tuple[int, Sequence[PaymentRead]] = (0, ())

    def title_of(self, record: ContractRead) -> str:
        """Its number."""
        return record.number

    def owner_id(self, record: ContractRead) -> int:
        """The client's sales contact."""
        return record.sales_contact_id

    def obstacle(self, action: str, record: ContractRead) -> str | None:
        """A contract is signed once, paid until nothing remains, and needs its signature for an event."""
        if action == "sign" and record.signed_on:
            return _("This contract is signed already.")
        if action in ("payment", "new payment") and not record.amount_remaining:
            return _("Nothing remains to be paid.")
        if action == "cancel_payment" and not self._cancellable(record):
            return _("This contract has no payment to cancel.")
        if action == "new event" and not record.signed_on:
            return _("An event needs a signed contract.")
        return None

    def facts(self, record: ContractRead) -> list[Fact]:
        """All that is known of the contract."""
        currency = the_app(self).crm.shared.currency
        return [
            Fact(_("Client"), record.client_name),
            Fact(_("Company"), record.client_company),
            Fact(_("Sales contact"), record.sales_contact_name),
            Fact(_("Total"), formats.show_money(record.total_amount, currency)),
            Fact(_("Due"), _due(record, currency), mark=bool(record.amount_remaining)),
            Fact(_("Status"), _status(record)),
            Fact(_("Missing"), _missing_since(record), mark=True),
            Fact(_("Created"), formats.show_datetime(record.created)),
            Fact(_("Updated"), formats.show_datetime(record.updated)),
            Fact(_("In the trash since"), formats.show_value(record.deleted), mark=True),
        ]

    def links(self, crm: "Crm", actor: Actor, record: ContractRead) -> list[LinkGroup]:
        """The client, the payments and the events of the contract."""
        query = ListQuery(parent=(RecordKind.CONTRACT, record.id), descending=True)
        client = clients.get_client(crm, actor, record.client)
        received = payments.list_payments(crm, actor, record.id)
        self._payments = (record.id, received)
        parties = events.list_events(crm, actor, query, limit=LINKS_SHOWN)
        currency = crm.shared.currency
        key = key_of(self, "record.new")
        create, pay = _("None yet. {key}: create one."), _("None yet. {key}: record one.")
        return [
            LinkGroup("client", _("Client"), [client_link(client)]),
            LinkGroup(
                "payments", _("Payments"), [_payment_link(payment, currency) for payment in received],
                creates="payment", empty=pay.format(key=key),
            ),
            LinkGroup(
                "events", _("Events"), [event_link(event) for event in parties],
                creates="event", empty=create.format(key=key),
            ),
            tasks_on(self, crm, actor, RecordKind.CONTRACT, record.id),
            notes_on(self, crm, actor, RecordKind.CONTRACT, record.id),
        ]  # fmt: skip

    def form_for(self, action: str, record: ContractRead | None) -> RecordForm[Any] | None:
        """The contract, its signature, one of its payments, or one of its events."""
        if action == "new":
            return ContractForm()
        if record is None:
            return None
        forms: Mapping[str, Callable[[], RecordForm[Any]]] = {
            "edit": lambda: ContractForm(record),
            "sign": lambda: SignForm(record),
            "payment": lambda: PaymentForm(record),
            "new payment": lambda: PaymentForm(record),
            "cancel_payment": lambda: CancelPaymentForm(record, self._payment_to_cancel(record)),
            "new event": lambda: EventForm(contract=record),
        }
        return forms[action]()

    def _payment_to_cancel(self, record: ContractRead) -> PaymentRead | None:
        """The payment under the cursor, or the only one there is."""
        live = self._cancellable(record)
        here = [payment for payment in live if payment.id == self._payment_at_cursor()]
        proposed = here or (live if len(live) == 1 else [])
        return proposed[0] if proposed else None

    def _payment_at_cursor(self) -> int | None:
        link = self.pane.current_link if isinstance(self.focused, DetailPane) else None
        return link.id if link is not None and link.kind is RecordKind.PAYMENT else None

    def _cancellable(self, record: ContractRead) -> list[PaymentRead]:
        contract_id, received = self._payments
        live = [payment for payment in received if payment.cancelled is None]
        return live if contract_id == record.id else []


def _due(record: ContractRead, currency: str) -> str:
    due = formats.show_money(record.amount_remaining, currency)
    return due if record.amount_remaining else _("nothing, paid in full")


def _status(record: ContractRead) -> str:
    status = _(STATUSES[record.status])
    return f"{status} {formats.show_date(record.signed_on)}" if record.signed_on else status


def _payment_link(payment: PaymentRead, currency: str) -> Link:
    day, amount = formats.show_date(payment.received_on), formats.show_money(payment.amount, currency)
    if payment.cancelled is None:
        return Link(RecordKind.PAYMENT, payment.id, f"{day} {payment.recorded_by}", amount, is_figure=True)
    reason = _("cancelled: {reason}").format(reason=payment.cancel_reason)
    return Link(RecordKind.PAYMENT, payment.id, f"{day} {reason}", amount, struck=True, is_figure=True)
