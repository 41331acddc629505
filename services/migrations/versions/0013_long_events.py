"""An index of the events that last over 14 days, for the agenda."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_LIVE = "deleted_at IS NULL AND "


def upgrade() -> None:
    op.create_index(
        "ix_event_long", "event", ["ends_at", "starts_at"],
        sqlite_where=sa.text(_LIVE + "julianday(ends_at) - julianday(starts_at) > 14"),
        postgresql_where=sa.text(_LIVE + "ends_at - starts_at > INTERVAL '14 days'"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_event_long", table_name="event")
