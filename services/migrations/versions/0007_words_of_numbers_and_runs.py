"""New search words: whole phones, runs of scripts without spaces, names without punctuation.

``services.denormalized.consistency`` computes the words after this migration; no column changes.
"""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Do nothing: see the module's docstring."""


def downgrade() -> None:
    """Do nothing: an older program recomputes its words with ``epicevents check --repair``."""
