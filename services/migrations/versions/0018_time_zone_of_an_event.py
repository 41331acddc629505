"""The time zone of each event; existing events get that of the CRM, and keep it when the CRM's changes."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    zone = op.get_bind().execute(sa.text("SELECT time_zone FROM shared_settings")).scalar() or ""
    if op.get_bind().dialect.name == "postgresql":
        # With the zone as its default, the column is added without writing any row, however many there are.
        column = sa.Column("time_zone", sa.String(64), nullable=False, server_default=zone)
        op.add_column("event", column)
        op.alter_column("event", "time_zone", server_default="")
        return
    op.add_column("event", sa.Column("time_zone", sa.String(64), nullable=False, server_default=""))
    op.get_bind().execute(sa.text("UPDATE event SET time_zone = :zone"), {"zone": zone})


def downgrade() -> None:
    op.drop_column("event", "time_zone")
