"""The link at which each contract's chain stands still, with indexes for the lists of stuck chains.

``services.denormalized.consistency`` fills the new columns after this migration.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_STUCK = "deleted_at IS NULL AND stuck_since IS NOT NULL"
_LEADS = {"stuck": (), "mine_stuck": ("sales_contact_id",), "run_stuck": ("support_contact_id",)}
_ORDERS = {"stuck_since": ("stuck_since", "id"), "amount_remaining": ("amount_due", "id", "stuck_since")}


def upgrade() -> None:
    op.add_column("contract", sa.Column("support_contact_id", sa.Integer()))
    op.add_column("contract", sa.Column("stuck_link", sa.String(12), nullable=False, server_default=""))
    op.add_column("contract", sa.Column("stuck_since", sa.DateTime(timezone=True)))
    for scope, lead in _LEADS.items():
        for order, columns in _ORDERS.items():
            op.create_index(
                f"ix_contract_{scope}_{order}", "contract", [*lead, *columns],
                sqlite_where=sa.text(_STUCK), postgresql_where=sa.text(_STUCK),
            )  # fmt: skip


def downgrade() -> None:
    for scope in _LEADS:
        for order in _ORDERS:
            op.drop_index(f"ix_contract_{scope}_{order}", table_name="contract")
    for column in ("stuck_since", "stuck_link", "support_contact_id"):
        op.drop_column("contract", column)
