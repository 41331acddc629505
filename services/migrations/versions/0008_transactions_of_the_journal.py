"""Adds the transaction id of each journal entry, by which PostgreSQL finds entries committed late.

Existing entries get 0, which is no transaction id.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_CURRENT = "CAST(CAST(pg_current_xact_id() AS text) AS bigint)"


def upgrade() -> None:
    # Add the column with a constant default first, so that PostgreSQL does not rewrite the rows.
    op.add_column(
        "audit_entry", sa.Column("txid", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("audit_entry", "txid", server_default=sa.text(_CURRENT))
        op.create_index("ix_audit_entry_txid", "audit_entry", ["txid"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_audit_entry_txid", table_name="audit_entry")
    op.execute("ALTER TABLE audit_entry DROP COLUMN txid")
