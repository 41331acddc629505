"""Adds what the program remembers for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "person_preference",
        sa.Column("collaborator_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaborator_id"],
            ["collaborator.id"],
            name=op.f("fk_person_preference_collaborator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("collaborator_id", "name", name=op.f("pk_person_preference")),
    )


def downgrade() -> None:
    op.drop_table("person_preference")
