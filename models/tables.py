"""The tables. Every rule of the brief that a database can hold is a named constraint here.

Constraint names follow one convention, so that an integrity error can be turned into an error that
names its field on both engines. The indexes of the lists and of the words are added by ``models.metadata``.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pydantic import ConfigDict
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Enum,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy import Table as SqlTable
from sqlmodel import Field, SQLModel

from models.column_types import KindOfRecord, Money, UtcDateTime, ordered_text, this_transaction
from models.enums import Department, LoginOutcome, Operation, RecordKind
from models.list_indexes import LIVE, LONG

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _now() -> datetime:
    return datetime.now(UTC)


def _department() -> Enum:
    return Enum(Department, native_enum=False, length=12, create_constraint=True, name="department")


def sorted_by() -> Any:
    """A folded copy of a text for sorting."""
    return Field(default="", sa_type=ordered_text())


def _figure() -> Any:
    """A count kept by ``services.denormalized.counters``."""
    return Field(default=0, sa_type=BigInteger)


def _money_figure() -> Any:
    """A sum kept by ``services.denormalized.counters``."""
    return Field(default=Decimal("0.00"), sa_type=Money)


def _sort_day() -> Any:
    """A day for sorting; ``date.min`` means no day."""
    return Field(default=date.min)


class Table(SQLModel):
    """The base of all tables. They are never validated, so building the Pydantic schema is deferred."""

    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]


class Record(Table):
    """The base of shared records: an id, a version for the conflict check, and two times in UTC."""

    id: int | None = Field(default=None, primary_key=True)
    version: int = Field(default=1)
    created_at: datetime = Field(default_factory=_now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=_now, sa_type=UtcDateTime)


class Trashable(Record):
    """A record that can be trashed and restored."""

    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Collaborator(Record, table=True):
    """A collaborator of the agency with an account. ``username_key`` is the username in lower case.

    ``client_count`` counts their live clients, ``event_count`` the live events that they support.
    """

    __tablename__ = "collaborator"
    __table_args__ = (
        UniqueConstraint("employee_number"),
        UniqueConstraint("username_key"),
        UniqueConstraint("email"),
        CheckConstraint("length(replace(replace(username, '-', ''), '_', '')) > 0", name="username_word"),
        CheckConstraint("length(username) BETWEEN 4 AND 50", name="username_length"),
        CheckConstraint("username_key = lower(username)", name="username_key"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index("ix_collaborator_sort_name", "sort_name", "id"),
        # Never reuse the id of a deleted collaborator, since the journal refers to it.
        {"sqlite_autoincrement": True},
    )
    employee_number: str = Field(max_length=40)
    username: str = Field(max_length=50)
    username_key: str = Field(max_length=50)
    first_name: str = Field(max_length=200)
    last_name: str = Field(max_length=200)
    email: str = Field(max_length=254)
    phone: str = Field(default="", max_length=40)
    phone_e164: str | None = Field(default=None, max_length=20)
    department: Department = Field(sa_type=_department())
    active: bool = Field(default=True)
    password_hash: str = Field(max_length=200, repr=False)
    last_login_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failures_counted_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sort_name: str = sorted_by()
    search: str = Field(default="")
    client_count: int = _figure()
    event_count: int = _figure()


class Client(Trashable, table=True):
    """A client of the agency.

    ``services.denormalized.computed_columns`` computes the ``sort_`` columns and ``search`` from the others.

    ``language`` is that of the papers for the client; empty means that of the shared settings.

    The figures cover its live contracts and events.
    """

    __tablename__ = "client"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("length(full_name) > 0", name="full_name"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index("ix_client_sales_contact", "sales_contact_id", "id"),
    )
    full_name: str = Field(max_length=200)
    contact_person: str = Field(default="", max_length=200)
    email: str = Field(max_length=254, sa_type=ordered_text(254))
    phone: str = Field(default="", max_length=40)
    phone_e164: str | None = Field(default=None, max_length=20)
    company: str = Field(default="", max_length=200)
    first_contact_date: date | None = None
    last_contact_date: date | None = None
    language: str = Field(default="", max_length=5, sa_column_kwargs={"server_default": ""})
    sales_contact_id: int = Field(foreign_key="collaborator.id")
    sort_name: str = sorted_by()
    sort_company: str = sorted_by()
    sort_sales_contact: str = sorted_by()
    sort_last_contact: date = _sort_day()
    search: str = Field(default="")
    contract_count: int = _figure()
    event_count: int = _figure()
    amount_contracted: Decimal = _money_figure()
    amount_due: Decimal = _money_figure()


class Contract(Trashable, table=True):
    """A contract of a client. ``amount_paid`` is the sum of its payments that are not cancelled.

    ``sales_contact_id``, ``sort_client``, ``sort_sales_contact`` and ``search`` copy values of the client.
    ``amount_due`` is the remaining amount, ``event_over_at`` the end of the live event that ends first.
    ``support_contact_id`` is the support contact of the live event that needs notes first, else of the first
    one. ``stuck_link`` and ``stuck_since``: see ``services.denormalized.stuck_links``.
    """

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("total_amount > 0", name="total_positive"),
        CheckConstraint("amount_paid >= 0 AND amount_paid <= total_amount", name="paid_within_total"),
        Index("ix_contract_client", "client_id", "id"),
    )
    client_id: int = Field(foreign_key="client.id")
    total_amount: Decimal = Field(sa_type=Money)
    amount_paid: Decimal = Field(default=Decimal("0.00"), sa_type=Money)
    signed_on: date | None = None
    sales_contact_id: int = Field(default=0)
    amount_due: Decimal = _money_figure()
    event_over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    support_contact_id: int | None = None
    stuck_link: str = Field(default="", max_length=12, sa_column_kwargs={"server_default": ""})
    stuck_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sort_client: str = sorted_by()
    sort_sales_contact: str = sorted_by()
    sort_signed: date = _sort_day()
    search: str = Field(default="")


class Payment(Trashable, table=True):
    """Money received for a contract. A cancelled payment stays with its reason but is not counted."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(
            "(cancelled_at IS NULL AND cancelled_by_id IS NULL AND cancel_reason = '')"
            " OR (cancelled_at IS NOT NULL AND cancelled_by_id IS NOT NULL AND length(cancel_reason) > 0)",
            name="cancelled_whole",
        ),
        Index("ix_payment_contract", "contract_id", "id"),
    )
    contract_id: int = Field(foreign_key="contract.id")
    amount: Decimal = Field(sa_type=Money)
    received_on: date
    recorded_by_id: int = Field(foreign_key="collaborator.id", index=True)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancelled_by_id: int | None = Field(default=None, foreign_key="collaborator.id")
    cancel_reason: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})


class Event(Trashable, table=True):
    """An event of a signed contract. Times are UTC.

    ``client_id``, ``sales_contact_id`` and ``sort_client`` copy values of the contract, ``sort_support`` the
    name of the support contact. ``search`` also holds the client's words. ``support_note`` is the reason to
    assign the support contact in spite of a conflict with another event. ``time_zone`` is the IANA time zone
    of its place, in which its times are typed; empty means that of the CRM.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("attendees >= 0", name="attendees"),
        CheckConstraint("length(name) > 0", name="name"),
        Index("ix_event_contract", "contract_id", "id"),
        Index("ix_event_support", "support_contact_id", "id"),
        Index("ix_event_client", "client_id", "id"),
        Index(
            "ix_event_long", "ends_at", "starts_at", sqlite_where=text(f"{LIVE} AND {LONG['sqlite']}"),
            postgresql_where=text(f"{LIVE} AND {LONG['postgresql']}"),
        ),
    )  # fmt: skip
    contract_id: int = Field(foreign_key="contract.id")
    name: str = Field(max_length=200)
    # "end" is a reserved word of SQL, so these columns have other names than their fields.
    start: datetime = Field(sa_column=Column("starts_at", UtcDateTime, nullable=False))
    end: datetime = Field(sa_column=Column("ends_at", UtcDateTime, nullable=False))
    time_zone: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    support_contact_id: int | None = Field(default=None, foreign_key="collaborator.id")
    location: str = Field(default="", max_length=300)
    attendees: int = Field(default=0)
    notes: str = Field(default="")
    support_note: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    sort_name: str = sorted_by()
    search: str = Field(default="")
    client_id: int = Field(default=0)
    sales_contact_id: int = Field(default=0)
    sort_client: str = sorted_by()
    sort_support: str = sorted_by()


class SharedSettings(Record, table=True):
    """The settings that all users of this CRM share, in a single row. Codes follow ISO 4217 and 3166.

    ``time_zone`` is an IANA time zone, which defines "today" in the rules about dates. The travel times, in
    minutes, are those between two events within a postcode, within an area, and elsewhere. ``paper_language``
    and the fields of the agency are for papers; ``agency_legal`` is what the law wants beside the numbers.
    """

    __tablename__ = "shared_settings"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_row"),
        CheckConstraint("length(currency) = 3", name="currency"),
        CheckConstraint("length(phone_region) = 2", name="phone_region"),
        CheckConstraint(
            "travel_same_place BETWEEN 0 AND 10080 AND travel_same_area BETWEEN 0 AND 10080"
            " AND travel_elsewhere BETWEEN 0 AND 10080",
            name="travel",
        ),
    )
    currency: str = Field(max_length=3)
    phone_region: str = Field(max_length=2)
    time_zone: str = Field(max_length=64)
    travel_same_place: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    travel_same_area: int = Field(default=60, sa_column_kwargs={"server_default": "60"})
    travel_elsewhere: int = Field(default=240, sa_column_kwargs={"server_default": "240"})
    paper_language: str = Field(default="en", max_length=5, sa_column_kwargs={"server_default": "en"})
    agency_name: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    agency_address: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": ""})
    agency_siret: str = Field(default="", max_length=14, sa_column_kwargs={"server_default": ""})
    agency_vat: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})
    agency_legal: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})


class Total(Table, table=True):
    """The number of live records of a kind, as the sum over its slots.

    On PostgreSQL, writers use different slots, so that they do not wait for each other's row lock.
    """

    __tablename__ = "total"
    __table_args__ = (CheckConstraint(KindOfRecord.CHECK, name="kind"),)
    kind: RecordKind = Field(primary_key=True, sa_type=KindOfRecord)
    slot: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    count: int = _figure()


class LoginSession(Table, table=True):
    """A session, which a token identifies. A revoked session is refused even if its token is valid."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_collaborator", "collaborator_id"),)
    id: str = Field(primary_key=True, max_length=40)
    collaborator_id: int = Field(foreign_key="collaborator.id", ondelete="CASCADE")
    created_at: datetime = Field(default_factory=_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LoginAttempt(Table, table=True):
    """A sign-in attempt. The name typed for an unknown user is not stored, since it may be a password."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_at", "at"),
        Index("ix_login_attempt_collaborator", "collaborator_id", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=_now, sa_type=UtcDateTime)
    collaborator_id: int | None = Field(default=None, foreign_key="collaborator.id", ondelete="CASCADE")
    outcome: LoginOutcome = Field(
        sa_type=Enum(LoginOutcome, native_enum=False, length=20, create_constraint=True, name="outcome")
    )


class SecurityAlert(Table, table=True):
    """An alert about many refused sign-ins, one per time window. ``count`` is their number at that time."""

    __tablename__ = "security_alert"
    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        Index("ix_security_alert_at", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=_now, sa_type=UtcDateTime)
    count: int


class AuditEntry(Table, table=True):
    """One write to one record. The entries of one transaction share ``batch``, a random id.

    ``changes`` maps a field to ``[old, new]`` and never holds secrets. ``actor_username`` stays when the
    collaborator is deleted. ``undoes`` is the batch that this one undid. ``txid`` is the id of the writing
    transaction, which the database sets; see ``services.change_feed``.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint(KindOfRecord.CHECK, name="kind"),
        Index("ix_audit_entry_actor", "actor_id", "id"),
        Index("ix_audit_entry_record", "kind", "record_id", "id"),
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_username", "actor_username", "id"),
        Index("ix_audit_entry_batch", "batch"),
        Index("ix_audit_entry_undoes", "undoes"),
        Index("ix_audit_entry_txid", "txid").ddl_if(dialect="postgresql"),
    )
    id: int | None = Field(default=None, primary_key=True)
    batch: str = Field(max_length=40)
    at: datetime = Field(default_factory=_now, sa_type=UtcDateTime)
    actor_id: int | None = Field(default=None, foreign_key="collaborator.id", ondelete="SET NULL")
    actor_username: str = Field(max_length=50)
    action: str = Field(max_length=40)
    kind: RecordKind = Field(sa_type=KindOfRecord)
    record_id: int
    operation: Operation = Field(
        sa_type=Enum(Operation, native_enum=False, length=12, create_constraint=True, name="operation")
    )
    changes: dict[str, list[object]] = Field(default_factory=dict, sa_type=JSON)
    undoes: str | None = Field(default=None, max_length=40)
    txid: int | None = Field(
        default=None,
        sa_column=Column("txid", BigInteger, nullable=False, server_default=this_transaction()),
    )


class DatabaseFact(Table, table=True):
    """A fact about this database, such as that it holds sample data."""

    __tablename__ = "database_fact"
    key: str = Field(primary_key=True, max_length=40)
    value: str = Field(default="")


def table_of(model: type[SQLModel]) -> SqlTable:
    """The SQLAlchemy table of a model."""
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, SqlTable)  # noqa: S101 - true of all our models
    return table
