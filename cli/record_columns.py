"""The columns of each read model: label, order, layout, and whether a list shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final

from cli.text_table import Layout
from models.read_models import (
    ClientRead,
    CollaboratorRead,
    ContractRead,
    EventRead,
    NoteRead,
    PaymentRead,
    ReadableEntry,
    ReadableView,
    SharedSettingsRead,
    TaskRead,
)
from services import record_fields
from services.i18n import N_, _
from services.labels import DEPARTMENTS, NOTE_KINDS, STATUSES, stuck_label
from services.record_fields import FieldKind, RecordField

Reader = Callable[[Any], object]


_PLAIN: Final = Layout()


@dataclass(frozen=True)
class Column:
    """One field of a record; ``in_list`` says whether lists show it too."""

    label: str
    value: Reader
    in_list: bool = True
    layout: Layout = _PLAIN

    def text(self, record: object, currency: str) -> str:
        """The field's value in the active language."""
        from services import formats

        return formats.show_value(self.value(record), currency)

    def long_text(self, record: object, currency: str) -> str:
        """The same with dates spelled out, so that a misread date is noticed."""
        from services import formats

        match self.value(record):
            case datetime() as moment:
                return formats.say_datetime(moment)
            case date() as day:
                return formats.say_date(day)
            case value:
                return formats.show_value(value, currency)


@dataclass(frozen=True)
class EventTime(Column):
    """The start or the end of an event: the local time; outside lists, the event's own time too."""

    def text(self, record: Any, currency: str) -> str:
        """The local time, with the zone where the event's clocks differ."""
        from services import formats, time_zones

        moment: Any = self.value(record)
        return formats.show_datetime(moment, time_zones.event_zone(record.time_zone))

    def long_text(self, record: Any, currency: str) -> str:
        """Both times, in words."""
        from services import formats

        moment: Any = self.value(record)
        return formats.say_event_time(moment, record.time_zone)


def _field(name: str, label: str, rank: int = 0, *, numeric: bool = False, whole: bool = False) -> Column:
    return Column(label, attrgetter(name), layout=Layout(numeric, whole, rank))


def _detail(name: str, label: str) -> Column:
    return Column(label, attrgetter(name), in_list=False)


def _column_of(field: RecordField) -> Column:
    if field.rank is None:
        return _detail(field.name, field.label)
    is_whole = field.kind in (FieldKind.PHONE, FieldKind.DATE, FieldKind.DATETIME)
    is_number = field.kind is FieldKind.INTEGER
    return _field(field.name, field.label, field.rank, numeric=is_number, whole=is_whole)


def _changed_fields(entry: ReadableEntry) -> str:
    return "; ".join(f"{label}: {text}" for label, text in entry.changes)


def _shared_with(view: ReadableView) -> str:
    return "" if view.department is None else _(DEPARTMENTS[view.department])


def _missing_link(contract: ContractRead) -> str:
    return stuck_label(contract.stuck_link, contract.stuck_since)


_ID = _field("id", N_("Id"), numeric=True)
_CREATED = _detail("created", N_("Created"))
_UPDATED = _detail("updated", N_("Last updated"))
_EVENT = {field.name: _column_of(field) for field in record_fields.EVENT}
_EVENT |= {
    name: EventTime(_EVENT[name].label, attrgetter(name), layout=_EVENT[name].layout)
    for name in ("start", "end")
}
_SALES = _field("sales_contact", N_("Sales contact"), 2, whole=True)

COLUMNS: Final[Mapping[type, Sequence[Column]]] = {
    ReadableView: (
        _ID,
        _field("name", N_("Name")),
        _field("listed", N_("List"), 1, whole=True),
        _field("conditions", N_("Conditions")),
        _field("owner", N_("Owner"), 2),
        Column(N_("Shared with"), _shared_with, layout=Layout(whole=True, rank=3)),
        _UPDATED,
    ),
    ClientRead: (
        _ID,
        *map(_column_of, record_fields.CLIENT),
        _SALES,
        _detail("contract_count", N_("Contracts")),
        _detail("event_count", N_("Events")),
        _detail("amount_contracted", N_("Contracted")),
        _detail("amount_due", N_("Due")),
        _CREATED,
        _UPDATED,
    ),
    ContractRead: (
        _ID,
        _field("number", N_("Number"), 3, whole=True),
        _detail("client", N_("Client's id")),
        _field("client_name", N_("Client")),
        _field("total_amount", N_("Total"), numeric=True),
        _field("amount_remaining", N_("Remaining"), numeric=True),
        Column(N_("Status"), lambda row: _(STATUSES[row.status]), layout=Layout(whole=True, rank=1)),
        _field("signed_on", N_("Signed on"), 2, whole=True),
        Column(N_("Missing"), _missing_link, in_list=False),
        _SALES,
        _CREATED,
        _UPDATED,
    ),
    PaymentRead: (
        _ID,
        _field("contract", N_("Contract"), numeric=True),
        _field("amount", N_("Amount"), numeric=True),
        _field("received_on", N_("Received on")),
        _field("recorded_by", N_("Recorded by")),
        _field("cancelled", N_("Cancelled on"), 3, whole=True),
        _field("cancelled_by", N_("Cancelled by"), 2),
        _field("cancel_reason", N_("Reason"), 1),
    ),
    EventRead: (
        _ID,
        _EVENT["name"],
        _field("contract", N_("Contract"), 3, numeric=True),
        _field("client_name", N_("Client"), 1),
        _detail("client_contact", N_("Contact person")),
        _detail("client_email", N_("Client's email")),
        _detail("client_phone", N_("Client's phone")),
        _EVENT["start"],
        _EVENT["end"],
        _EVENT["time_zone"],
        _field("support_contact", N_("Support contact"), whole=True),
        _detail("support_note", N_("In spite of a conflict")),
        _EVENT["location"],
        _EVENT["attendees"],
        _EVENT["notes"],
        _CREATED,
        _UPDATED,
    ),
    NoteRead: (
        _ID,
        _field("at", N_("When"), whole=True),
        Column(N_("Kind"), lambda row: _(NOTE_KINDS[row.kind]), layout=Layout(whole=True, rank=1)),
        _field("about", N_("About"), 1),
        _field("author", N_("Author"), 2, whole=True),
        Column(N_("Note"), attrgetter("summary")),
        _detail("text", N_("Text")),
        _CREATED,
        _UPDATED,
    ),
    TaskRead: (
        _ID,
        _field("title", N_("Title")),
        _field("due", N_("Due date"), whole=True),
        _field("assignee", N_("Assigned to"), 1, whole=True),
        _field("about", N_("About"), 2),
        _field("done_at", N_("Done"), 3, whole=True),
        _detail("creator", N_("Created by")),
        _detail("remind_at", N_("Reminder")),
        _CREATED,
        _UPDATED,
    ),
    CollaboratorRead: (
        _ID,
        _field("employee_number", N_("Employee number"), 3),
        _field("username", N_("Username"), whole=True),
        _field("first_name", N_("First name")),
        _field("last_name", N_("Last name")),
        _field("email", N_("Email"), 2),
        _detail("phone", N_("Phone")),
        _field("department", N_("Department"), whole=True),
        _field("active", N_("Active"), 1, whole=True),
        _field("clients", N_("Clients"), 1, numeric=True),
        _field("events", N_("Events"), 1, numeric=True),
        _detail("last_login", N_("Last sign-in")),
        _detail("locked_until", N_("Locked until")),
        _CREATED,
        _UPDATED,
    ),
    SharedSettingsRead: (
        _field("currency", N_("Currency"), whole=True),
        _field("phone_region", N_("Phone region"), whole=True),
        _field("time_zone", N_("Time zone"), whole=True),
        _detail("travel_same_place", N_("Travel within a postcode")),
        _detail("travel_same_area", N_("Travel within an area")),
        _detail("travel_elsewhere", N_("Travel elsewhere")),
        _detail("paper_language", N_("Language of papers")),
        _detail("agency_name", N_("Agency's name")),
        _detail("agency_address", N_("Agency's address")),
        _detail("agency_siret", N_("SIRET")),
        _detail("agency_vat", N_("VAT number")),
        _detail("agency_legal", N_("Legal details")),
    ),
    ReadableEntry: (
        _ID,
        _field("at", N_("Date"), whole=True),
        _field("who", N_("Author")),
        _field("action", N_("Action"), 4),
        _field("record", N_("Record")),
        _field("record_id", N_("Record's id"), 1, numeric=True),
        _field("operation", N_("Operation"), 3, whole=True),
        Column(N_("Changes"), _changed_fields),
    ),
}
