"""A check of form in place of the list of kinds, so that a new kind of record changes no table."""

import sqlalchemy as sa
from alembic import op

from services.migrations.sqlite_checks import rewrite_table

revision = "0009"
down_revision = "0008"

_FORM = "length(kind) BETWEEN 1 AND 16 AND kind = upper(kind)"
_LIST = "kind IN ('COLLABORATOR', 'CLIENT', 'CONTRACT', 'PAYMENT', 'EVENT', 'SETTINGS')"
_TABLES = ("audit_entry", "total")


def upgrade() -> None:
    for table in _TABLES:
        _replace_check(table, _LIST, _FORM)


def downgrade() -> None:
    kinds = _LIST.partition(" IN ")[2]
    for table in _TABLES:
        op.execute(f"DELETE FROM {table} WHERE kind NOT IN {kinds}")  # noqa: S608 - names of our own
        _replace_check(table, _FORM, _LIST)


def _replace_check(table: str, old: str, new: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        rewrite_table(op.get_bind(), table, old, new)
    else:
        op.drop_constraint(op.f(f"ck_{table}_kind"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_kind"), table, sa.text(new))
