"""The commands of use cases: records to create, and changes of records.

An update holds only the fields to change; an unset field keeps its value. ``services.validation.build``
constructs the commands and turns every broken rule into an error that names its field.
"""

from typing import Any, Self

from pydantic import ConfigDict, model_validator
from sqlmodel import Field, SQLModel

from models.agency_types import Address, Language, RequiredLanguage, Siret, VatNumber
from models.enums import Department, NoteKind
from models.field_types import (
    Amount,
    Attendees,
    Day,
    Due,
    Email,
    EmployeeNumber,
    Location,
    Minutes,
    Moment,
    Notes,
    OptionalLine,
    Phone,
    RequiredLine,
    RequiredText,
    Username,
    ViewName,
    problem,
)


class Command(SQLModel):
    """Base of the write models. Unknown fields are refused, so that a misspelt one is never ignored."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]

    def changes(self) -> dict[str, Any]:
        """The fields that were set, and their values."""
        return self.model_dump(exclude_unset=True)


# The defaults of the updates are never used, since only set fields change. A type without a neutral value has
# the default ``None``, which validation refuses as input.
class _ClientFields(Command):
    full_name: RequiredLine = ""
    email: Email = ""
    phone: Phone = ""
    company: OptionalLine = ""
    contact_person: OptionalLine = ""
    first_contact_date: Day | None = None
    last_contact_date: Day | None = None
    language: Language = ""


class ClientCreate(_ClientFields):
    """A new client. Gestion must set the sales contact; a user of Commercial becomes the sales contact."""

    full_name: RequiredLine
    email: Email
    sales_contact_id: int | None = None


class ClientUpdate(_ClientFields):
    """A change of a client; only Gestion may set ``sales_contact_id``."""

    sales_contact_id: int = 0


class ContractCreate(Command):
    """A new, unsigned contract of a client."""

    client_id: int
    total_amount: Amount


class ContractUpdate(Command):
    """A change of a contract; the total cannot be lowered below the paid amount."""

    total_amount: Amount = None  # type: ignore[assignment]


class ContractSign(Command):
    """The day on which the client signed; today by default."""

    signed_on: Day | None = None


class PaymentCreate(Command):
    """A payment received; today by default."""

    amount: Amount
    received_on: Day | None = None


class PaymentCancel(Command):
    """The payment to cancel, and the reason."""

    payment_id: int
    reason: RequiredLine


class _EventFields(Command):
    name: RequiredLine = ""
    start: Moment = None  # type: ignore[assignment]
    end: Moment = None  # type: ignore[assignment]
    time_zone: RequiredLine = ""
    location: Location = ""
    attendees: Attendees = 0
    notes: Notes = ""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise problem("end", "The event must end after it starts.")
        return self


class EventCreate(_EventFields):
    """A new event of a signed contract, in the time zone of the CRM by default."""

    contract_id: int
    name: RequiredLine
    start: Moment
    end: Moment


class EventUpdate(_EventFields):
    """A change of an event by its support contact."""


class EventAssign(Command):
    """The support contact of an event; ``None`` removes it.

    ``support_note`` is the reason to assign a person in spite of a conflict with another of their events.
    """

    support_contact_id: int | None = None
    support_note: OptionalLine = ""


class NoteCreate(Command):
    """A new note, now unless it is of an earlier time, on exactly one record."""

    kind: NoteKind = NoteKind.NOTE
    text: RequiredText
    at: Moment | None = None
    client_id: int | None = None
    contract_id: int | None = None
    event_id: int | None = None
    collaborator_id: int | None = None


class NoteUpdate(Command):
    """A change of a note by its author."""

    kind: NoteKind = NoteKind.NOTE
    text: RequiredText = ""
    at: Moment = None  # type: ignore[assignment]


class TaskCreate(Command):
    """A new task, for oneself unless it is assigned, on at most one record."""

    title: RequiredLine
    due: Due = None
    remind_at: Moment | None = None
    assignee_id: int | None = None
    client_id: int | None = None
    contract_id: int | None = None
    event_id: int | None = None


class TaskUpdate(Command):
    """A change of a task by its creator or the person it is assigned to."""

    title: RequiredLine = ""
    due: Due = None
    remind_at: Moment | None = None
    assignee_id: int = 0


class ViewCreate(Command):
    """A new saved view of a list, one's own unless it is ``shared`` with one's department."""

    name: ViewName
    listed: RequiredLine
    shared: bool = False
    conditions: str
    filters: str = ""
    sort: OptionalLine = ""
    descending: bool = False


class ViewUpdate(Command):
    """A change of a saved view by its owner or Gestion."""

    name: ViewName = ""
    shared: bool = False
    conditions: str = ""
    filters: str = ""
    sort: OptionalLine = ""
    descending: bool = False


class CollaboratorCreate(Command):
    """A new collaborator; an employee number is generated if none is set."""

    username: Username
    first_name: RequiredLine
    last_name: RequiredLine
    email: Email
    phone: Phone = ""
    department: Department
    employee_number: EmployeeNumber | None = None
    password: str = Field(repr=False)


class CollaboratorUpdate(Command):
    """A change of a collaborator; a change of department ends their sessions."""

    username: Username = ""
    first_name: RequiredLine = ""
    last_name: RequiredLine = ""
    email: Email = ""
    phone: Phone = ""
    department: Department = None  # type: ignore[assignment]
    employee_number: EmployeeNumber = ""


class CollaboratorPassword(Command):
    """A new password for a collaborator; the service checks the password policy."""

    new: str


class CollaboratorLeave(Command):
    """The collaborator who takes over the clients and events of one who leaves."""

    reassign_to: int | None = None


class SharedSettingsUpdate(Command):
    """A change of the shared settings; the service checks the codes."""

    currency: RequiredLine = ""
    phone_region: RequiredLine = ""
    time_zone: RequiredLine = ""
    travel_same_place: Minutes = 0
    travel_same_area: Minutes = 0
    travel_elsewhere: Minutes = 0
    paper_language: RequiredLanguage = ""
    agency_name: OptionalLine = ""
    agency_address: Address = ""
    agency_siret: Siret = ""
    agency_vat: VatNumber = ""
    agency_legal: OptionalLine = ""
