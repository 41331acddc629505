"""The reason to book a support contact in spite of a conflict, and the travel times between two events."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_MINUTES = {"travel_same_place": "0", "travel_same_area": "60", "travel_elsewhere": "240"}
_RANGE = " AND ".join(f"{name} BETWEEN 0 AND 10080" for name in _MINUTES)


def upgrade() -> None:
    op.add_column("event", sa.Column("support_note", sa.String(200), nullable=False, server_default=""))
    with op.batch_alter_table("shared_settings") as settings:
        for name, minutes in _MINUTES.items():
            settings.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=minutes))
        settings.create_check_constraint(op.f("ck_shared_settings_travel"), _RANGE)


def downgrade() -> None:
    with op.batch_alter_table("shared_settings") as settings:
        settings.drop_constraint(op.f("ck_shared_settings_travel"), type_="check")
        for name in _MINUTES:
            settings.drop_column(name)
    op.drop_column("event", "support_note")
