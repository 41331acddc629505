"""Alerts of many refused sign-ins, stored in the database so that one terminal of all raises each.

The types are written out, not imported from the models, so that the migration never changes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "security_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_security_alert_count_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_alert")),
    )
    op.create_index("ix_security_alert_at", "security_alert", ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("security_alert")
