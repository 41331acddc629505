"""The fields that people read, of each record: their labels, their order, which ones a list shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from models.shapes_read import (
    ClientRead,
    CollaboratorRead,
    ContractRead,
    EventRead,
    JournalEntry,
    PaymentRead,
)
from services.i18n import N_, _

Reader = Callable[[Any], object]


@dataclass(frozen=True)
class Column:
    """One field as people read it; ``in_list`` says whether tables show it too."""

    label: str
    value: Reader
    in_list: bool = True
    numeric: bool = False

    def text(self, record: object, currency: str) -> str:
        """The field's value in the active language."""
        return as_text(self.value(record), currency)


def of(kind: type) -> Sequence[Column]:
    """The columns of a read shape."""
    return COLUMNS[kind]


def as_text(value: object, currency: str) -> str:
    """A value as people read it: local times, amounts in the currency, nothing for nothing."""
    from services import formats

    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case Decimal():
            return formats.show_money(value, currency)
        case datetime():
            return formats.show_datetime(value)
        case date():
            return formats.show_date(value)
        case _other:
            return str(value)


def _field(name: str, label: str, *, in_list: bool = True, numeric: bool = False) -> Column:
    return Column(label, lambda record: getattr(record, name), in_list, numeric)


def _detail(name: str, label: str) -> Column:
    return _field(name, label, in_list=False)


def _status(record: ContractRead) -> str:
    # The values of ContractStatus, translated where they are shown.
    return _("signed") if record.signed_on else _("unsigned")


def _changed_fields(entry: JournalEntry) -> str:
    return "; ".join(
        f"{field}: {_journal_value(old)} -> {_journal_value(new)}"
        for field, (old, new) in entry.changes.items()
    )


def _journal_value(value: object) -> str:
    return "-" if value in (None, "") else str(value)


_ID = _field("id", N_("Id"), numeric=True)
_CREATED = _detail("created", N_("Created"))
_UPDATED = _detail("updated", N_("Last updated"))
_SALES = _field("sales_contact", N_("Sales contact"))

COLUMNS: Final[Mapping[type, Sequence[Column]]] = {
    ClientRead: (
        _ID,
        _field("full_name", N_("Full name")),
        _detail("contact_person", N_("Contact person")),
        _field("company", N_("Company")),
        _field("email", N_("Email")),
        _field("phone", N_("Phone")),
        _detail("first_contact_date", N_("First contact")),
        _field("last_contact_date", N_("Last contact")),
        _SALES,
        _CREATED,
        _UPDATED,
    ),
    ContractRead: (
        _ID,
        _field("number", N_("Number")),
        _detail("client", N_("Client's id")),
        _field("client_name", N_("Client")),
        _field("total_amount", N_("Total"), numeric=True),
        _field("amount_remaining", N_("Remaining"), numeric=True),
        Column(N_("Status"), _status),
        _field("signed_on", N_("Signed on")),
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
    ),
    EventRead: (
        _ID,
        _field("name", N_("Name")),
        _field("contract", N_("Contract"), numeric=True),
        _field("client_name", N_("Client")),
        _detail("client_contact", N_("Contact person")),
        _detail("client_email", N_("Client's email")),
        _detail("client_phone", N_("Client's phone")),
        _field("start", N_("Start")),
        _field("end", N_("End")),
        _field("support_contact", N_("Support contact")),
        _field("location", N_("Location")),
        _field("attendees", N_("Attendees"), numeric=True),
        _detail("notes", N_("Notes")),
        _CREATED,
        _UPDATED,
    ),
    CollaboratorRead: (
        _ID,
        _field("employee_number", N_("Employee number")),
        _field("username", N_("Username")),
        _field("first_name", N_("First name")),
        _field("last_name", N_("Last name")),
        _field("email", N_("Email")),
        _detail("phone", N_("Phone")),
        _field("department", N_("Department")),
        _field("active", N_("Active")),
        _field("clients", N_("Clients"), numeric=True),
        _field("events", N_("Events"), numeric=True),
        _detail("last_login", N_("Last login")),
        _detail("locked_until", N_("Locked until")),
        _CREATED,
        _UPDATED,
    ),
    JournalEntry: (
        _ID,
        _field("at", N_("When")),
        _field("actor", N_("Who")),
        _field("action", N_("Action")),
        _field("kind", N_("Record")),
        _field("record_id", N_("Record's id"), numeric=True),
        _field("operation", N_("Operation")),
        Column(N_("Changes"), _changed_fields),
    ),
}
