"""The first schema: collaborators, clients, contracts, payments, events, sessions and the journal.

The types are written out, not imported from the models, so that the migration never changes.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TABLES = "collaborator database_fact audit_entry client login_attempt login_session contract event payment"


def upgrade() -> None:
    _create_collaborator()
    _create_database_fact()
    _create_audit_entry()
    _create_client()
    _create_login_attempt()
    _create_login_session()
    _create_contract()
    _create_event()
    _create_payment()


def _create_collaborator() -> None:
    op.create_table(
        "collaborator",
        *_record_columns(),
        sa.Column("employee_number", sa.String(length=40), nullable=False),
        sa.Column("username", sa.String(length=50), nullable=False),
        sa.Column("username_key", sa.String(length=50), nullable=False),
        sa.Column("first_name", sa.String(length=200), nullable=False),
        sa.Column("last_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_e164", sa.String(length=20)),
        _word("department", 12, "COMMERCIAL", "SUPPORT", "GESTION"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True)),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.Column("failures_counted_from", sa.DateTime(timezone=True)),
        sa.Column("sort_name", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_collaborator_email_lower")),
        sa.CheckConstraint("length(username) BETWEEN 4 AND 50", name=op.f("ck_collaborator_username_length")),
        sa.CheckConstraint("username_key = lower(username)", name=op.f("ck_collaborator_username_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collaborator")),
        sa.UniqueConstraint("email", name=op.f("uq_collaborator_email")),
        sa.UniqueConstraint("employee_number", name=op.f("uq_collaborator_employee_number")),
        sa.UniqueConstraint("username_key", name=op.f("uq_collaborator_username_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_collaborator_sort_name", "collaborator", ["sort_name", "id"])


def _create_database_fact() -> None:
    op.create_table(
        "database_fact",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_database_fact")),
    )


def _create_audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("actor_username", sa.String(length=50), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        _word("kind", 16, "COLLABORATOR", "CLIENT", "CONTRACT", "PAYMENT", "EVENT"),
        sa.Column("record_id", sa.Integer(), nullable=False),
        _word("operation", 12, "CREATED", "UPDATED", "TRASHED", "RESTORED", "DELETED"),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.String(length=40)),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["collaborator.id"], name=op.f("fk_audit_entry_actor_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor_id", "id"])
    op.create_index("ix_audit_entry_batch", "audit_entry", ["batch"])
    op.create_index("ix_audit_entry_record", "audit_entry", ["kind", "record_id", "id"])
    op.create_index("ix_audit_entry_undoes", "audit_entry", ["undoes"])


def _create_client() -> None:
    op.create_table(
        "client",
        *_record_columns(),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("contact_person", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_e164", sa.String(length=20)),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("first_contact_date", sa.Date()),
        sa.Column("last_contact_date", sa.Date()),
        sa.Column("sales_contact_id", sa.Integer(), nullable=False),
        sa.Column("sort_name", sa.String(), nullable=False),
        sa.Column("sort_company", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_client_email_lower")),
        sa.CheckConstraint("length(full_name) > 0", name=op.f("ck_client_full_name")),
        sa.ForeignKeyConstraint(
            ["sales_contact_id"], ["collaborator.id"], name=op.f("fk_client_sales_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("email", name=op.f("uq_client_email")),
    )
    op.create_index("ix_client_last_contact", "client", ["last_contact_date", "id"])
    op.create_index("ix_client_sales_contact", "client", ["sales_contact_id", "id"])
    op.create_index("ix_client_sort_company", "client", ["sort_company", "id"])
    op.create_index("ix_client_sort_name", "client", ["sort_name", "id"])


def _create_login_attempt() -> None:
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("collaborator_id", sa.Integer()),
        _word("outcome", 20, "ACCEPTED", "UNKNOWN_USER", "WRONG_PASSWORD", "LOCKED", "INACTIVE"),
        sa.ForeignKeyConstraint(
            ["collaborator_id"],
            ["collaborator.id"],
            name=op.f("fk_login_attempt_collaborator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_at", "login_attempt", ["at"])
    op.create_index("ix_login_attempt_collaborator", "login_attempt", ["collaborator_id", "at"])


def _create_login_session() -> None:
    op.create_table(
        "login_session",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("collaborator_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["collaborator_id"],
            ["collaborator.id"],
            name=op.f("fk_login_session_collaborator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
    )
    op.create_index("ix_login_session_collaborator", "login_session", ["collaborator_id"])


def _create_contract() -> None:
    op.create_table(
        "contract",
        *_record_columns(),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("total_amount", sa.BigInteger(), nullable=False),
        sa.Column("amount_paid", sa.BigInteger(), nullable=False),
        sa.Column("signed_on", sa.Date()),
        sa.CheckConstraint(
            "amount_paid >= 0 AND amount_paid <= total_amount", name=op.f("ck_contract_paid_within_total")
        ),
        sa.CheckConstraint("total_amount > 0", name=op.f("ck_contract_total_positive")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_contract_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    op.create_index("ix_contract_client", "contract", ["client_id", "id"])
    op.create_index("ix_contract_created", "contract", ["created_at", "id"])
    op.create_index("ix_contract_signed", "contract", ["signed_on", "id"])


def _create_event() -> None:
    op.create_table(
        "event",
        *_record_columns(),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("support_contact_id", sa.Integer()),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("attendees", sa.Integer(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("sort_name", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.CheckConstraint("attendees >= 0", name=op.f("ck_event_attendees")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_event_ends_after_start")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_event_name")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_event_contract_id")),
        sa.ForeignKeyConstraint(
            ["support_contact_id"], ["collaborator.id"], name=op.f("fk_event_support_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_contract", "event", ["contract_id", "id"])
    op.create_index("ix_event_ends", "event", ["ends_at", "id"])
    op.create_index("ix_event_sort_name", "event", ["sort_name", "id"])
    op.create_index("ix_event_starts", "event", ["starts_at", "id"])
    op.create_index("ix_event_support", "event", ["support_contact_id", "id"])


def _create_payment() -> None:
    op.create_table(
        "payment",
        *_record_columns(),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount_positive")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_payment_contract_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["collaborator.id"], name=op.f("fk_payment_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index("ix_payment_contract", "payment", ["contract_id", "id"])
    op.create_index("ix_payment_recorded_by_id", "payment", ["recorded_by_id"])


def _record_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def _word(name: str, length: int, *words: str) -> sa.Column[Any]:
    kind = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=length)
    return sa.Column(name, kind, nullable=False)


def downgrade() -> None:
    for table in reversed(_TABLES.split()):
        op.drop_table(table)
