"""Records as services return them: frozen, complete, and safe to pass from a worker to a screen.

Field names are those of the brief in snake case. A linked record has its key (a client's id, a collaborator's
username), as in the options of commands, and its readable name. Money is ``Decimal`` in the currency of the
CRM, moments are aware datetimes in UTC, days are plain dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from models.enums import ContractStatus, Department, NoteKind, Operation, RecordKind


@dataclass(frozen=True, slots=True)
class CollaboratorRead:
    """A collaborator without secrets. ``clients`` and ``events`` count their live clients and events."""

    id: int
    version: int
    employee_number: str
    username: str
    first_name: str
    last_name: str
    email: str
    phone: str
    department: Department
    active: bool
    last_login: datetime | None
    locked_until: datetime | None
    clients: int
    events: int
    created: datetime
    updated: datetime

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class SharedSettingsRead:
    """The settings in the database, which apply to all its users. Travel times are in minutes."""

    id: int
    version: int
    currency: str
    phone_region: str
    time_zone: str
    travel_same_place: int = 0
    travel_same_area: int = 60
    travel_elsewhere: int = 240
    paper_language: str = "en"
    agency_name: str = ""
    agency_address: str = ""
    agency_siret: str = ""
    agency_vat: str = ""
    agency_legal: str = ""


@dataclass(frozen=True, slots=True)
class ClientRead:
    """A client; ``sales_contact`` is a username, ``language`` that of its papers or empty.

    The figures cover its live contracts and events.
    """

    id: int
    version: int
    full_name: str
    contact_person: str
    email: str
    phone: str
    company: str
    first_contact_date: date | None
    last_contact_date: date | None
    language: str
    sales_contact_id: int
    sales_contact: str
    sales_contact_name: str
    contract_count: int
    event_count: int
    amount_contracted: Decimal
    amount_due: Decimal
    created: datetime
    updated: datetime
    deleted: datetime | None


@dataclass(frozen=True, slots=True)
class ContractRead:
    """A contract; ``client`` is the client's id, and the sales contact is that of the client.

    ``stuck_link`` is the link that its chain lacks, a :class:`ChainLink` or empty, and ``stuck_since`` the
    moment in UTC from which it is late, which may be to come.
    """

    id: int
    version: int
    number: str
    client: int
    client_name: str
    client_company: str
    sales_contact_id: int
    sales_contact: str
    sales_contact_name: str
    total_amount: Decimal
    amount_remaining: Decimal
    status: ContractStatus
    signed_on: date | None
    stuck_link: str
    stuck_since: datetime | None
    created: datetime
    updated: datetime
    deleted: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentRead:
    """A payment; ``contract`` is the contract's id, ``recorded_by`` and ``cancelled_by`` are usernames.

    A cancelled payment does not count as paid; ``cancelled`` is the time of the cancellation, in UTC.
    """

    id: int
    contract: int
    amount: Decimal
    received_on: date
    recorded_by: str
    created: datetime
    cancelled: datetime | None
    cancelled_by: str
    cancel_reason: str


@dataclass(frozen=True, slots=True)
class EventRead:
    """An event; ``contract`` and ``client`` are ids, ``support_contact`` a username or empty.

    ``time_zone`` is the IANA time zone of its place.
    """

    id: int
    version: int
    name: str
    contract: int
    contract_number: str
    client: int
    client_name: str
    client_contact: str
    client_email: str
    client_phone: str
    sales_contact_id: int
    start: datetime
    end: datetime
    time_zone: str
    support_contact_id: int | None
    support_contact: str
    support_contact_name: str
    support_note: str
    location: str
    attendees: int
    notes: str
    created: datetime
    updated: datetime
    deleted: datetime | None


@dataclass(frozen=True, slots=True)
class NoteRead:
    """A note; ``author`` is a username. ``client``, ``contract``, ``event`` and ``collaborator`` are ids.

    Of these, the one of the record that the note is on is set, and ``client`` for a contract or event too.
    ``about`` is the name of that record; :attr:`on` gives its kind and id.
    """

    id: int
    version: int
    kind: NoteKind
    at: datetime
    author_id: int
    author: str
    author_name: str
    about: str
    client: int | None
    contract: int | None
    event: int | None
    collaborator: int | None
    summary: str
    text: str
    created: datetime
    updated: datetime
    deleted: datetime | None

    @property
    def on(self) -> tuple[RecordKind, int]:
        """The kind and the id of the record that the note is on."""
        if self.event is not None:
            return RecordKind.EVENT, self.event
        if self.contract is not None:
            return RecordKind.CONTRACT, self.contract
        if self.client is not None:
            return RecordKind.CLIENT, self.client
        return RecordKind.COLLABORATOR, self.collaborator or 0


@dataclass(frozen=True, slots=True)
class TaskRead:
    """A task; ``assignee`` and ``creator`` are usernames. ``due_at`` is set if it is due at a time of a day.

    ``client``, ``contract`` and ``event`` are ids: that of the record that it is on, if any, and the client
    of a contract or event. ``about`` is the name of that record.
    """

    id: int
    version: int
    title: str
    due_on: date | None
    due_at: datetime | None
    remind_at: datetime | None
    assignee_id: int
    assignee: str
    assignee_name: str
    creator_id: int
    creator: str
    creator_name: str
    about: str
    client: int | None
    contract: int | None
    event: int | None
    done_at: datetime | None
    created: datetime
    updated: datetime
    deleted: datetime | None

    @property
    def due(self) -> date | datetime | None:
        """The moment or the day."""
        return self.due_at or self.due_on

    @property
    def on(self) -> tuple[RecordKind, int] | None:
        """The kind and the id of the record that the task is on."""
        for kind, key in ((RecordKind.EVENT, self.event), (RecordKind.CONTRACT, self.contract)):
            if key is not None:
                return kind, key
        return None if self.client is None else (RecordKind.CLIENT, self.client)


@dataclass(frozen=True, slots=True)
class SavedViewRead:
    """A saved view; ``listed`` is the kind of its list or ``journal``, ``owner`` a username.

    ``department`` is the one with which it is shared, if any. ``conditions`` is JSON, ``filters`` are the
    names of preset filters, joined by commas; see ``models.view_tables``.
    """

    id: int
    version: int
    name: str
    listed: str
    owner_id: int
    owner: str
    owner_name: str
    department: Department | None
    conditions: str
    filters: str
    sort: str
    descending: bool
    created: datetime
    updated: datetime
    deleted: datetime | None


@dataclass(frozen=True, slots=True)
class ReadableView:
    """A saved view in the active language; ``listed`` and ``conditions`` are texts."""

    id: int
    name: str
    listed: str
    owner: str
    department: Department | None
    conditions: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One audited write to one record; ``changes`` maps a field to its old and new value as text.

    ``actor`` is a username. ``actor_name`` and ``record_name`` are the current names of the person and of the
    record, empty if deleted. The name of a payment is the number of its contract.
    """

    id: int
    at: datetime
    actor: str
    actor_name: str
    action: str
    kind: RecordKind
    record_id: int
    record_name: str
    operation: Operation
    changes: dict[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class ReadableEntry:
    """A journal entry in the active language; ``changes`` has a label and a text for each field."""

    id: int
    at: datetime
    who: str
    action: str
    record: str
    record_id: int
    operation: str
    changes: Sequence[tuple[str, str]]


def contract_number(contract_id: int, created: datetime) -> str:
    """The contract number: the year of creation (UTC) and the id, as in ``C2026-00412``."""
    return f"C{created.year}-{contract_id:05d}"


def contract_numbers(ids: Sequence[int], created: Sequence[datetime]) -> list[str]:
    """The numbers of many contracts, in half the time of single calls."""
    return [f"C{at.year}-{str(each).zfill(5)}" for each, at in zip(ids, created, strict=True)]


@dataclass(frozen=True, slots=True)
class PastChange:
    """A change that its author can undo or redo: its action and operation, its record, and how long ago.

    ``batch`` names what is taken back: the change itself, or for a redo its undo. ``shown`` is the record
    where people see the change, such as the contract of a payment; ``name`` is the name of that one.
    """

    batch: str
    action: str
    operation: Operation
    kind: RecordKind
    record_id: int
    age: timedelta
    shown: tuple[RecordKind, int]
    name: str
