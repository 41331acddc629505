"""New search words: the people and days of records, the notes of events; indexes for the journal's search.

``services.denormalized.consistency`` computes the words after this migration.
"""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_index("ix_audit_entry_at", "audit_entry", ["at", "id"])
    op.create_index("ix_audit_entry_username", "audit_entry", ["actor_username", "id"])


def downgrade() -> None:
    """Older programs recompute their words with ``epicevents check --repair``."""
    op.drop_index("ix_audit_entry_username", table_name="audit_entry")
    op.drop_index("ix_audit_entry_at", table_name="audit_entry")
