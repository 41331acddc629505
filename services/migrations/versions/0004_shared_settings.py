"""Stores currency, phone region and time zone in the database, and allows them in the journal.

The first values come from the settings of the migrating program. Amounts of a currency with three decimals
are now stored in thousandths; all others do not change.
"""

import sqlalchemy as sa
from alembic import context, op

from services.iso_codes import DIGITS
from services.migrations.sqlite_checks import replace_kinds

revision = "0004"
down_revision = "0003"

_BEFORE = "kind IN ('COLLABORATOR', 'CLIENT', 'CONTRACT', 'PAYMENT', 'EVENT')"
_KINDS = "kind IN ('COLLABORATOR', 'CLIENT', 'CONTRACT', 'PAYMENT', 'EVENT', 'SETTINGS')"
_DEFAULTS = {"currency": "EUR", "phone_region": "FR", "time_zone": "UTC"}
_AMOUNTS = {
    "contract": ("total_amount", "amount_paid", "amount_due"),
    "payment": ("amount",),
    "client": ("amount_contracted", "amount_due"),
}


def upgrade() -> None:
    settings = op.create_table(
        "shared_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("phone_region", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_shared_settings_only_row")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_shared_settings_currency")),
        sa.CheckConstraint("length(phone_region) = 2", name=op.f("ck_shared_settings_phone_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_settings")),
    )
    given: dict[str, str] = context.config.attributes.get("shared_settings", _DEFAULTS)
    first = {name: given[name] for name in _DEFAULTS}  # later revisions have further ones
    now = sa.func.current_timestamp()
    op.execute(sa.insert(settings).values(id=1, version=1, created_at=now, updated_at=now, **first))
    if DIGITS.get(first["currency"]) == 3:
        _multiply_amounts()
    replace_kinds(_BEFORE, _KINDS)


def _multiply_amounts() -> None:
    for table, columns in _AMOUNTS.items():
        changes = ", ".join(f"{column} = {column} * 10" for column in columns)
        op.execute(f"UPDATE {table} SET {changes}")  # noqa: S608 - names of our own


def downgrade() -> None:
    op.execute("DELETE FROM audit_entry WHERE kind = 'SETTINGS'")
    replace_kinds(_KINDS, _BEFORE)
    op.drop_table("shared_settings")
