"""The events, with their contract and client."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from models.enums import Department, RecordKind
from models.read_models import EventRead
from services import clients, contracts, events, formats
from services.actor import Actor
from services.i18n import N_, _
from services.rights import Action
from services.time_zones import event_zone, zone_width
from tui.places import AgendaPlace
from tui.protocols import the_app
from tui.runtime.outside import mail_link, map_link, phone_link
from tui.screens.base.form import RecordForm
from tui.screens.base.section import SectionScreen, on_records
from tui.screens.base.section_actions import PaperActions
from tui.screens.base.section_spec import Copied, KeyRule, SectionServices
from tui.screens.event_form import AssignForm, EventForm
from tui.screens.note_form import EventNoteForm
from tui.screens.record_columns import created_column, updated_column
from tui.screens.record_references import client_link, contract_link, notes_on, tasks_on
from tui.screens.task_form import EventTaskForm
from tui.widgets.detail.fact_list import Fact
from tui.widgets.detail.link_list import LinkGroup
from tui.widgets.record_table.columns import Column

if TYPE_CHECKING:
    from services.crm import Crm


class EventActions(PaperActions):
    """The actions on events: those of every section, papers, and the agenda."""

    def agenda(self) -> None:
        """Show the agenda on the day of the event under the cursor, else on today."""
        record = self.section.record
        place = AgendaPlace()
        if record is not None:
            place = AgendaPlace(record.start.astimezone().date(), record.id)
        the_app(self.screen).navigator.show_agenda(place, self._seen)


class EventsScreen(SectionScreen[EventRead]):
    """Every event: created by Commercial, assigned by Gestion, run by its support contact."""

    NAME = "events"
    TITLE_TEXT = N_("Events")
    KIND = RecordKind.EVENT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "agenda", N_("Agenda"), id="list.agenda", tooltip=N_("Events by day, week or month")),
    ]
    EMPTY = N_("There is no event yet. Commercial creates one with {new}, for a signed contract.")
    DEFAULT_SORT = ("start", False)
    HOME: ClassVar = {Department.SUPPORT: "mine"}
    PARENTS = frozenset({RecordKind.CLIENT, RecordKind.CONTRACT, RecordKind.COLLABORATOR})
    COLUMNS = (
        Column[Any](
            "start", N_("Start"), lambda row: formats.list_datetime(row.start, event_zone(row.time_zone)),
            width=16, sort="start", extra=zone_width,
        ),
        Column[Any]("name", N_("Name"), width=10, wanted=20, weight=3, sort="name", cut="middle"),
        Column[Any](
            "client_name", N_("Client"), width=14, weight=2, rank=2, sort="client_name"
        ),
        Column[Any](
            "support", N_("Support"), lambda row: row.support_contact_name or _("none"),
            width=9, weight=1, rank=1, sort="support_contact_name",
        ),
        Column[Any]("location", N_("Location"), width=16, weight=2, rank=4),
        Column[Any](
            "attendees", N_("Attendees"), lambda row: formats.show_integer(row.attendees),
            width=9, rank=3, align="right", sort="attendees",
        ),
        Column[Any](
            "end", N_("End"), lambda row: formats.list_datetime(row.end), width=16,
            sort="end", extra=zone_width, is_optional=True,
        ),
        Column[Any]("contract_number", N_("Contract"), width=11, cut="never", is_optional=True),
        Column[Any]("client_contact", N_("Contact"), width=14, weight=1, is_optional=True),
        Column[Any]("client_email", N_("Email"), width=18, weight=1, is_optional=True),
        Column[Any]("client_phone", N_("Phone"), width=17, is_optional=True),
        Column[Any]("notes", N_("Notes"), width=12, weight=2, is_optional=True),
        created_column(),
        updated_column(),
    )  # fmt: skip
    SERVICES: ClassVar[SectionServices[EventRead]] = SectionServices(
        get=events.get_event,
        trash=events.trash_event,
        restore=events.restore_event,
        first=events.next_event,
    )
    COPIES = (
        Copied[Any](N_("Location"), lambda row: row.location, map_link),
        Copied[Any](N_("Phone"), lambda row: row.client_phone, phone_link),
        Copied[Any](N_("Email"), lambda row: row.client_email, mail_link),
        Copied[Any](N_("Name"), lambda row: row.name),
        Copied[Any](N_("Contract"), lambda row: row.contract_number),
        Copied[Any](N_("Client"), lambda row: row.client_name),
    )
    NOTE_FORM = EventNoteForm
    TASK_FORM = EventTaskForm
    ACTIONS = EventActions
    action_agenda = on_records(EventActions.agenda)
    RULES: ClassVar = {
        "chain": KeyRule((Action.RECORD_READ,)),
        "new": KeyRule((Action.EVENT_CREATE,), needs_record=False),
        "edit": KeyRule((Action.EVENT_UPDATE, Action.EVENT_ASSIGN)),
        "assign": KeyRule((Action.EVENT_ASSIGN,)),
        "trash": KeyRule((Action.EVENT_TRASH,)),
        "restore": KeyRule((Action.EVENT_TRASH,)),
        "note": KeyRule((Action.NOTE_CREATE,)),
        "task": KeyRule((Action.TASK_CREATE,)),
        "paper": KeyRule((Action.RECORD_READ,)),
    }

    def title_of(self, record: EventRead) -> str:
        """Its name."""
        return record.name

    def owner_id(self, record: EventRead) -> int | None:
        """The support contact; for Commercial, who creates and trashes events, the client's sales contact."""
        by_commercial = the_app(self).viewer.department is Department.COMMERCIAL
        return record.sales_contact_id if by_commercial else record.support_contact_id

    def facts(self, record: EventRead) -> list[Fact]:
        """All that is known of the event."""
        nobody = not record.support_contact_name
        return [
            Fact(_("Start"), formats.show_event_time(record.start, record.time_zone)),
            Fact(_("End"), formats.show_event_time(record.end, record.time_zone)),
            Fact(_("Support"), record.support_contact_name or _("not assigned"), mark=nobody),
            Fact(_("In spite of a conflict"), record.support_note),
            Fact(_("Location"), record.location),
            Fact(_("Attendees"), formats.show_integer(record.attendees)),
            Fact(_("Client"), record.client_name),
            Fact(_("Contact"), record.client_contact if record.client_contact != record.client_name else ""),
            Fact(_("Email"), record.client_email),
            Fact(_("Phone"), record.client_phone),
            Fact(_("Notes"), record.notes),
            Fact(_("Updated"), formats.show_datetime(record.updated)),
            Fact(_("In the trash since"), formats.show_value(record.deleted), mark=True),
        ]

    def links(self, crm: "Crm", actor: Actor, record: EventRead) -> list[LinkGroup]:
        """The contract and the client."""
        contract = contracts.get_contract(crm, actor, record.contract)
        client = clients.get_client(crm, actor, record.client)
        return [
            LinkGroup("contract", _("Contract"), [contract_link(contract, crm.shared.currency)]),
            LinkGroup("client", _("Client"), [client_link(client)]),
            tasks_on(self, crm, actor, RecordKind.EVENT, record.id),
            notes_on(self, crm, actor, RecordKind.EVENT, record.id),
        ]

    def form_for(self, action: str, record: EventRead | None) -> RecordForm[Any] | None:
        """The event; Gestion changes only who runs it."""
        by_gestion = the_app(self).viewer.department is Department.GESTION
        if action == "new":
            return EventForm()
        if record is None:
            return None
        return AssignForm(record) if action == "assign" or by_gestion else EventForm(record)
