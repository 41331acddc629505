"""The clients, with their contracts and events."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from models.enums import Department, RecordKind
from models.read_models import ClientRead
from services import clients, contracts, events, formats, record_fields
from services.actor import Actor
from services.i18n import N_, _
from services.labels import language_name
from services.lists.query import ListQuery
from services.rights import Action
from tui.key_labels import key_of
from tui.protocols import the_app
from tui.runtime.outside import mail_link, phone_link
from tui.screens.base.form import RecordForm
from tui.screens.base.section import SectionScreen
from tui.screens.base.section_spec import Copied, KeyRule, SectionServices
from tui.screens.client_form import ClientForm, ReassignClientForm
from tui.screens.contract_form import ContractForm
from tui.screens.note_form import ClientNoteForm
from tui.screens.record_columns import created_column, updated_column
from tui.screens.record_references import contract_link, event_link, notes_on, tasks_on
from tui.screens.task_form import ClientTaskForm
from tui.widgets.detail.fact_list import Fact
from tui.widgets.detail.link_list import LINKS_SHOWN, LinkGroup
from tui.widgets.record_table.columns import Column

if TYPE_CHECKING:
    from services.crm import Crm


class ClientsScreen(SectionScreen[ClientRead]):
    """Every client; Commercial works on its own, Gestion assigns them."""

    NAME = "clients"
    TITLE_TEXT = N_("Clients")
    KIND = RecordKind.CLIENT
    EMPTY = N_("There is no client yet. {new}: create the first one.")
    DEFAULT_SORT = ("full_name", False)
    PARENTS = frozenset({RecordKind.COLLABORATOR, RecordKind.CONTRACT})
    COLUMNS = (
        Column[Any]("full_name", N_("Name"), width=16, weight=3, sort="full_name"),
        Column[Any]("company", N_("Company"), width=12, weight=3, rank=1, sort="company"),
        Column[Any](
            "sales_contact_name", N_("Sales contact"), width=14, weight=1, rank=3, sort="sales_contact_name"
        ),
        Column[Any]("email", N_("Email"), width=18, weight=2, rank=4, sort="email"),
        Column[Any](
            "last", N_("Contacted"), lambda row: formats.show_value(row.last_contact_date),
            width=10, rank=2, sort="last_contact_date",
        ),
        Column[Any]("phone", N_("Phone"), width=17, is_optional=True),
        Column[Any]("contact_person", N_("Contact person"), width=14, weight=1, is_optional=True),
        Column[Any](
            "first", N_("First contact"), lambda row: formats.show_value(row.first_contact_date),
            width=10, is_optional=True,
        ),
        Column[Any](
            "contracts", N_("Contracts"), lambda row: formats.show_integer(row.contract_count),
            width=5, align="right", is_optional=True,
        ),
        Column[Any](
            "events", N_("Events"), lambda row: formats.show_integer(row.event_count),
            width=5, align="right", is_optional=True,
        ),
        Column[Any](
            "contracted", N_("Contracted"), lambda row: formats.show_amount(row.amount_contracted),
            width=10, align="right", is_optional=True,
        ),
        Column[Any](
            "due", N_("Due"), lambda row: formats.show_amount(row.amount_due),
            width=10, align="right", is_optional=True,
        ),
        created_column(),
        updated_column(),
    )  # fmt: skip
    SERVICES: ClassVar[SectionServices[ClientRead]] = SectionServices(
        get=clients.get_client,
        trash=clients.trash_client,
        restore=clients.restore_client,
    )
    COPIES = (
        Copied[Any](N_("Email"), lambda row: row.email, mail_link),
        Copied[Any](N_("Phone"), lambda row: row.phone, phone_link),
        Copied[Any](N_("Name"), lambda row: row.full_name),
        Copied[Any](N_("Company"), lambda row: row.company),
    )
    NOTE_FORM = ClientNoteForm
    TASK_FORM = ClientTaskForm
    RULES: ClassVar = {
        "chain": KeyRule((Action.RECORD_READ,)),
        "new": KeyRule((Action.CLIENT_CREATE,), needs_record=False),
        "edit": KeyRule((Action.CLIENT_UPDATE, Action.CLIENT_REASSIGN)),
        "assign": KeyRule((Action.CLIENT_REASSIGN,)),
        "trash": KeyRule((Action.CLIENT_TRASH,)),
        "restore": KeyRule((Action.CLIENT_TRASH,)),
        "note": KeyRule((Action.NOTE_CREATE,)),
        "task": KeyRule((Action.TASK_CREATE,)),
    }
    LINKED_RULES: ClassVar = {"contract": KeyRule((Action.CONTRACT_CREATE,))}

    def title_of(self, record: ClientRead) -> str:
        """The client's name."""
        return record.full_name

    def owner_id(self, record: ClientRead) -> int:
        """The sales contact."""
        return record.sales_contact_id

    def facts(self, record: ClientRead) -> list[Fact]:
        """All that is known of the client."""
        return [
            *_filled_in(record),
            Fact(_("Sales contact"), record.sales_contact_name),
            *self._figures(record),
            Fact(_("Updated"), formats.show_datetime(record.updated)),
            Fact(_("In the trash since"), formats.show_value(record.deleted), mark=True),
        ]

    def _figures(self, record: ClientRead) -> list[Fact]:
        # A client without contracts needs no line that says so.
        currency = the_app(self).crm.shared.currency
        return [
            Fact(_("Contracted"), _amount(record.amount_contracted, currency)),
            Fact(_("Due"), _amount(record.amount_due, currency), mark=True),
        ]

    def links(self, crm: "Crm", actor: Actor, record: ClientRead) -> list[LinkGroup]:
        """The client's contracts and events."""
        query = ListQuery(parent=(RecordKind.CLIENT, record.id), descending=True)
        theirs = contracts.list_contracts(crm, actor, query, limit=LINKS_SHOWN)
        parties = events.list_events(crm, actor, query, limit=LINKS_SHOWN)
        currency = crm.shared.currency
        create = _("None yet. {key}: create one.").format(key=key_of(self, "record.new"))
        return [
            LinkGroup(
                "contracts", _("Contracts"), [contract_link(contract, currency) for contract in theirs],
                creates="contract", empty=create, total=record.contract_count,
            ),
            LinkGroup(
                "events", _("Events"), [event_link(event) for event in parties],
                empty=_("None yet."), total=record.event_count,
            ),
            tasks_on(self, crm, actor, RecordKind.CLIENT, record.id),
            notes_on(self, crm, actor, RecordKind.CLIENT, record.id),
        ]  # fmt: skip

    def form_for(self, action: str, record: ClientRead | None) -> RecordForm[Any] | None:
        """The client, or one of its contracts; Gestion changes only its sales contact."""
        by_gestion = the_app(self).viewer.department is Department.GESTION
        if action == "new":
            return ClientForm()
        if record is None:
            return None
        if action == "assign" or (action == "edit" and by_gestion):
            return ReassignClientForm(record)
        return ContractForm(client=record) if action == "new contract" else ClientForm(record)


def _filled_in(record: ClientRead) -> list[Fact]:
    """The fields of the form; the first is the name, which is the title."""
    return [
        Fact(_(field.label), _text_of(field.name, getattr(record, field.name)))
        for field in record_fields.CLIENT[1:]
    ]


def _text_of(name: str, value: object) -> str:
    return language_name(str(value)) if name == "language" else formats.show_value(value)


def _amount(amount: Decimal, currency: str) -> str:
    return formats.show_money(amount, currency) if amount else ""
