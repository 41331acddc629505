"""A check of form in place of the list of kinds, so that a new kind of record changes no table.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

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
        _rewrite_table(table, old, new)
    else:
        op.drop_constraint(op.f(f"ck_{table}_kind"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_kind"), table, sa.text(new))


def _rewrite_table(table: str, old: str, new: str) -> None:
    # The documents of SQLite describe this for a check constraint. A copy of the journal would take minutes.
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :old, :new)"
            " WHERE type = 'table' AND name = :table AND instr(sql, :old) > 0"
        ),
        {"old": old, "new": new, "table": table},
    ).rowcount
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
    if changed != 1:
        raise RuntimeError("the table " + table + " is not as this migration knows it")
