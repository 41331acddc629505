"""Other words to search by: whole phones, runs of scripts without spaces, names without their marks.

The words are computed by ``services.upkeep`` when this has run; no column changes.

Revision ID: 0006
Revises: 0005
"""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: see above."""


def downgrade() -> None:
    """Nothing: an older program computes its own words with ``epicevents check --repair``."""
