"""A check of form in place of the list of kinds, so that a new kind of record changes no table."""

from alembic import op

from services.migrations.sqlite_checks import replace_kinds

revision = "0009"
down_revision = "0008"

_FORM = "length(kind) BETWEEN 1 AND 16 AND kind = upper(kind)"
_LIST = "kind IN ('COLLABORATOR', 'CLIENT', 'CONTRACT', 'PAYMENT', 'EVENT', 'SETTINGS')"


def upgrade() -> None:
    replace_kinds(_LIST, _FORM)


def downgrade() -> None:
    kinds = _LIST.partition(" IN ")[2]
    for table in ("audit_entry", "total"):
        op.execute(f"DELETE FROM {table} WHERE kind NOT IN {kinds}")  # noqa: S608 - names of our own
    replace_kinds(_FORM, _LIST)
