"""Changing the check constraint of a table, for migrations."""

from alembic import op
from sqlalchemy import Connection, text

_REWRITE = text(
    "UPDATE sqlite_master SET sql = replace(sql, :old, :new)"
    " WHERE type = 'table' AND name = :table AND instr(sql, :old) > 0"
)


def rewrite_table(connection: Connection, table: str, old: str, new: str) -> None:
    """Replace a part of the statement that created a table, as the documents of SQLite describe for checks.

    Recreating the table would first delete its rows, and with them all rows that refer to them. Raises
    ``RuntimeError`` if the statement does not contain ``old``.
    """
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.execute(_REWRITE, {"table": table, "old": old, "new": new}).rowcount
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
    if changed != 1:
        message = f"the table {table} is not as this migration knows it"
        raise RuntimeError(message)


def replace_kinds(old: str, new: str) -> None:
    """Replace the condition of the kinds of record in the two tables that have one."""
    for table in ("audit_entry", "total"):
        if op.get_bind().dialect.name == "sqlite":
            rewrite_table(op.get_bind(), table, old, new)
        else:
            op.drop_constraint(op.f(f"ck_{table}_kind"), table, type_="check")
            op.create_check_constraint(op.f(f"ck_{table}_kind"), table, text(new))
