"""Stores currency, phone region and time zone in the database, and allows them in the journal.

The first values come from the settings of the migrating program. Amounts of a currency with three decimals
are now stored in thousandths; all others do not change.
"""

import sqlalchemy as sa
from alembic import context, op

from services.iso_codes import DIGITS

revision = "0004"
down_revision = "0003"

_BEFORE = ("COLLABORATOR", "CLIENT", "CONTRACT", "PAYMENT", "EVENT")
_KINDS = (*_BEFORE, "SETTINGS")
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
    first: dict[str, str] = context.config.attributes.get("shared_settings", _DEFAULTS)
    now = sa.func.current_timestamp()
    op.execute(sa.insert(settings).values(id=1, version=1, created_at=now, updated_at=now, **first))
    if DIGITS.get(first["currency"]) == 3:
        _multiply_amounts()
    _allow_kinds(_KINDS)


def _multiply_amounts() -> None:
    for table, columns in _AMOUNTS.items():
        changes = ", ".join(f"{column} = {column} * 10" for column in columns)
        op.execute(f"UPDATE {table} SET {changes}")  # noqa: S608 - names of our own


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    condition = "kind IN ({})".format(", ".join(f"'{kind}'" for kind in kinds))
    for table in ("audit_entry", "total"):
        name = f"ck_{table}_kind"
        if op.get_bind().dialect.name == "sqlite":
            _rebuild(table, name, condition)
        else:
            op.drop_constraint(op.f(name), table, type_="check")
            op.create_check_constraint(op.f(name), table, sa.text(condition))


def _rebuild(name: str, replaced: str, condition: str) -> None:
    # SQLite cannot change a constraint, so the table is copied with all its other constraints.
    bind = op.get_bind()
    table = sa.Table(name, sa.MetaData(), autoload_with=bind)
    table.constraints -= {each for each in table.constraints if isinstance(each, sa.CheckConstraint)}
    for check in sa.inspect(bind).get_check_constraints(name):
        text = condition if check["name"] == replaced else check["sqltext"]
        table.append_constraint(sa.CheckConstraint(sa.text(text), name=op.f(str(check["name"]))))
    with op.batch_alter_table(name, copy_from=table, recreate="always"):
        pass


def downgrade() -> None:
    op.execute("DELETE FROM audit_entry WHERE kind = 'SETTINGS'")
    _allow_kinds(_BEFORE)
    op.drop_table("shared_settings")
