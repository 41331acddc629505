"""Figures by month, week and day, and the indexes of the amounts that are due.

``services.denormalized.consistency`` fills the table after this migration.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_DUE = "deleted_at IS NULL AND amount_due > 0 AND event_over_at IS NOT NULL"
_OF_SUPPORT = "kind = 'run'"
_LEADS = {"due": (), "mine_due": ("sales_contact_id",)}


def upgrade() -> None:
    op.create_table(
        "period_figure",
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "owner_id", "period", "slot", name=op.f("pk_period_figure")),
    )
    op.create_index(
        "ix_period_figure_run", "period_figure", ["period", "owner_id", "number"],
        sqlite_where=sa.text(_OF_SUPPORT), postgresql_where=sa.text(_OF_SUPPORT),
    )  # fmt: skip
    for scope, lead in _LEADS.items():
        op.create_index(
            f"ix_contract_{scope}_event_over_at", "contract", [*lead, "event_over_at", "id", "amount_due"],
            sqlite_where=sa.text(_DUE), postgresql_where=sa.text(_DUE),
        )  # fmt: skip


def downgrade() -> None:
    for scope in _LEADS:
        op.drop_index(f"ix_contract_{scope}_event_over_at", table_name="contract")
    op.drop_table("period_figure")
