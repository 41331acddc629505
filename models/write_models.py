"""The commands of use cases: records to create, and changes of records.

An update names only the fields to change; a field left out keeps its value. ``services.validation.build``
constructs them and turns every broken rule into an error that names its field.
"""

from typing import Any, Self

from pydantic import ConfigDict, model_validator
from sqlmodel import Field, SQLModel

from models.enums import Department
from models.field_types import (
    Amount,
    Attendees,
    Day,
    Email,
    EmployeeNumber,
    Location,
    Moment,
    Notes,
    OptionalLine,
    Phone,
    RequiredLine,
    Username,
    problem,
)


class Command(SQLModel):
    """Base of the write shapes: unknown fields are refused, so that a slip is never lost silently."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]

    def changes(self) -> dict[str, Any]:
        """The fields that were given, and their values."""
        return self.model_dump(exclude_unset=True)


class ClientCreate(Command):
    """A new client; Gestion must name the sales contact, Commercial becomes it."""

    full_name: RequiredLine
    email: Email
    phone: Phone = ""
    company: OptionalLine = ""
    contact_person: OptionalLine = ""
    first_contact_date: Day | None = None
    last_contact_date: Day | None = None
    sales_contact_id: int | None = None


class ClientUpdate(Command):
    """A change of a client; only Gestion gives ``sales_contact_id``."""

    full_name: RequiredLine = ""
    email: Email = ""
    phone: Phone = ""
    company: OptionalLine = ""
    contact_person: OptionalLine = ""
    first_contact_date: Day | None = None
    last_contact_date: Day | None = None
    sales_contact_id: int = 0


class ContractCreate(Command):
    """A new, unsigned contract of a client."""

    client_id: int
    total_amount: Amount


# Defaults of the updates are never used: only given fields change. Where no value of the type would do,
# it is ``None``, which nobody may give.
class ContractUpdate(Command):
    """A change of a contract; the total cannot be lowered below what is paid."""

    total_amount: Amount = None  # type: ignore[assignment]


class ContractSign(Command):
    """The day on which the client signed; today where none is given."""

    signed_on: Day | None = None


class PaymentCreate(Command):
    """A payment received; today where no day is given."""

    amount: Amount
    received_on: Day | None = None


class PaymentCancel(Command):
    """The payment to cancel, and why."""

    payment_id: int
    reason: RequiredLine


class _EventTimes(Command):
    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        start, end = getattr(self, "start", None), getattr(self, "end", None)
        if start is not None and end is not None and end <= start:
            raise problem("end", "The event must end after it starts.")
        return self


class EventCreate(_EventTimes):
    """A new event of a signed contract."""

    contract_id: int
    name: RequiredLine
    start: Moment
    end: Moment
    location: Location = ""
    attendees: Attendees = 0
    notes: Notes = ""


class EventUpdate(_EventTimes):
    """A change of an event by its support contact."""

    name: RequiredLine = ""
    start: Moment = None  # type: ignore[assignment]
    end: Moment = None  # type: ignore[assignment]
    location: Location = ""
    attendees: Attendees = 0
    notes: Notes = ""


class EventAssign(Command):
    """Who runs the event; nobody where it is ``None``."""

    support_contact_id: int | None = None


class CollaboratorCreate(Command):
    """A new collaborator; the employee number is given out where it is left open."""

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
    """Another password for somebody; the rules of passwords are the service's."""

    new: str


class CollaboratorLeave(Command):
    """Who takes over the clients and events of somebody who leaves."""

    reassign_to: int | None = None


class SharedSettingsUpdate(Command):
    """A change of the settings that everybody shares; which codes there are is the service's to know."""

    currency: RequiredLine = ""
    phone_region: RequiredLine = ""
    time_zone: RequiredLine = ""
