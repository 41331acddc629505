"""Support for lists of a million rows: sort keys, figures, and an index for each order of each list.

``services.denormalized.consistency`` fills the new columns after this migration.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_LIVE, _TRASHED = "deleted_at IS NULL", "deleted_at IS NOT NULL"
_UNSIGNED, _UNPAID = f"{_LIVE} AND signed_on IS NULL", f"{_LIVE} AND amount_due > 0"
_UNASSIGNED, _UNNOTED = f"{_LIVE} AND support_contact_id IS NULL", f"{_LIVE} AND notes = ''"
_SELLER, _SUPPORT = "sales_contact_id", "support_contact_id"

_ORDERS = {
    "client": {
        "id": "", "full_name": "sort_name", "company": "sort_company",
        "sales_contact_name": "sort_sales_contact", "email": "email",
        "last_contact_date": "sort_last_contact",
    },
    "contract": {
        "id": "", "client_name": "sort_client", "total_amount": "total_amount",
        "amount_remaining": "amount_due", "created": "created_at", "status": "sort_signed",
        "sales_contact_name": "sort_sales_contact",
    },
    "event": {
        "id": "", "name": "sort_name", "start": "starts_at", "end": "ends_at",
        "client_name": "sort_client", "support_contact_name": "sort_support", "attendees": "attendees",
    },
}  # fmt: skip

# Table, scope, condition, leading column, covered columns, and the orders without an index.
_SCOPES = (
    ("client", "live", _LIVE, "", (), ()),
    ("client", "mine", _LIVE, _SELLER, ("sort_last_contact",), ("sales_contact_name",)),
    ("client", "trash", _TRASHED, "", (), ()),
    ("contract", "live", _LIVE, "", (), ()),
    ("contract", "mine", _LIVE, _SELLER, (), ("sales_contact_name",)),
    ("contract", "unsigned", _UNSIGNED, "", ("created_at",), ("status",)),
    ("contract", "mine_unsigned", _UNSIGNED, _SELLER, ("created_at",), ("status", "sales_contact_name")),
    ("contract", "unpaid", _UNPAID, "", ("event_over_at",), ()),
    ("contract", "mine_unpaid", _UNPAID, _SELLER, ("event_over_at",), ("sales_contact_name",)),
    ("contract", "trash", _TRASHED, "", (), ()),
    ("event", "live", _LIVE, "", (), ()),
    ("event", "sold", _LIVE, _SELLER, (), ()),
    ("event", "run", _LIVE, _SUPPORT, ("starts_at", "ends_at"), ("support_contact_name",)),
    ("event", "without_support", _UNASSIGNED, "", (), ("support_contact_name",)),
    ("event", "sold_without_support", _UNASSIGNED, _SELLER, (), ("support_contact_name",)),
    ("event", "run_without_notes", _UNNOTED, _SUPPORT, ("ends_at",), ("support_contact_name",)),
    ("event", "trash", _TRASHED, "", (), ()),
)
_REPLACED = {
    "client": ("sort_name", "sort_company", "last_contact"),
    "contract": ("signed", "created"),
    "event": ("starts", "ends", "sort_name"),
}
_ORDERED_TEXT = {
    "collaborator": ("sort_name",),
    "client": ("sort_name", "sort_company", "email"),
    "event": ("sort_name",),
}

_WORD_STARTS = """
CREATE OR REPLACE FUNCTION word_starts(words text, id integer) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
SELECT array_to_tsvector(
    array_append(coalesce(array_agg(left(word, length)), '{}'), '#' || (id >> 14))
)
FROM unnest(string_to_array(ltrim(words), ' ')) AS word, unnest('{1,2,3,4,5,6,7,8,500}'::int[]) AS length
$$
"""


def _text(name: str) -> sa.Column[Any]:
    on_postgresql = sa.String(collation="C")
    kind = sa.String().with_variant(on_postgresql, "postgresql")
    return sa.Column(name, kind, nullable=False, server_default="")


def _number(name: str, kind: type[sa.Integer] = sa.BigInteger) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=False, server_default="0")


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=False, server_default="0001-01-01")


def _new_columns() -> dict[str, list[sa.Column[Any]]]:
    return {
        "collaborator": [_number("client_count"), _number("event_count")],
        "client": [
            _text("sort_sales_contact"), _day("sort_last_contact"), _number("contract_count"),
            _number("event_count"), _number("amount_contracted"), _number("amount_due"),
        ],
        "contract": [
            _number(_SELLER, sa.Integer), _number("amount_due"),
            sa.Column("event_over_at", sa.DateTime(timezone=True)),
            _text("sort_client"), _text("sort_sales_contact"), _day("sort_signed"),
            sa.Column("search", sa.String(), nullable=False, server_default=""),
        ],
        "event": [
            _number("client_id", sa.Integer), _number(_SELLER, sa.Integer), _text("sort_client"),
            _text("sort_support"),
        ],
    }  # fmt: skip


def upgrade() -> None:
    for table, columns in _new_columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "total",
        sa.Column(
            "kind",
            sa.Enum(
                "COLLABORATOR", "CLIENT", "CONTRACT", "PAYMENT", "EVENT",
                name="kind", native_enum=False, create_constraint=True, length=16,
            ),
            nullable=False,
        ),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "slot", name=op.f("pk_total")),
    )  # fmt: skip
    _index()


def _index() -> None:
    for table, names in _REPLACED.items():
        for name in names:
            op.drop_index(f"ix_{table}_{name}", table_name=table)
    op.create_index("ix_event_client", "event", ["client_id", "id"])
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        _order_by_code_point()
    for table, scope, where, lead, covers, without in _SCOPES:
        for order, column in _ORDERS[table].items():
            if order not in without:
                columns = list(dict.fromkeys(filter(None, (lead, column, "id", *covers))))
                op.create_index(
                    f"ix_{table}_{scope}_{order}", table, columns,
                    sqlite_where=sa.text(where), postgresql_where=sa.text(where),
                )  # fmt: skip
    if on_postgresql:
        op.execute(_WORD_STARTS)
        for table in _ORDERS:
            op.create_index(
                f"ix_{table}_search", table, [sa.text("word_starts(search, id)")],
                postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 256},
            )  # fmt: skip


def _order_by_code_point() -> None:
    for table, names in _ORDERED_TEXT.items():
        for name in names:
            length = 254 if name == "email" else None
            op.alter_column(table, name, type_=sa.String(length, collation="C"))


def downgrade() -> None:
    for table, scope, _where, _lead, _covers, without in _SCOPES:
        for order in _ORDERS[table]:
            if order not in without:
                op.drop_index(f"ix_{table}_{scope}_{order}", table_name=table)
    if op.get_bind().dialect.name == "postgresql":
        for table in _ORDERS:
            op.drop_index(f"ix_{table}_search", table_name=table)
        op.execute("DROP FUNCTION word_starts(text, integer)")
    op.drop_index("ix_event_client", table_name="event")
    for table, names in _REPLACED.items():
        for name in names:
            column = {"last_contact": "last_contact_date", "signed": "signed_on", "created": "created_at",
                      "starts": "starts_at", "ends": "ends_at"}.get(name, name)  # fmt: skip
            op.create_index(f"ix_{table}_{name}", table, [column, "id"])
    op.drop_table("total")
    for table, columns in _new_columns().items():
        for new in columns:
            op.drop_column(table, new.name)
