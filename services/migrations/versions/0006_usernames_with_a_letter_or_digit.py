"""Requires a letter or digit in usernames; renames older ones without, and notes that in the journal."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from services.migrations.sqlite_checks import rewrite_table

revision = "0006"
down_revision = "0005"

_NAME = "ck_collaborator_username_word"
_CONDITION = "length(replace(replace(username, '-', ''), '_', '')) > 0"
_IN_SQLITE = f"CONSTRAINT {_NAME} CHECK ({_CONDITION}), \n\t"
_BEFORE = "CONSTRAINT ck_collaborator_username_length"

_person = sa.table(
    "collaborator", sa.column("id", sa.Integer), sa.column("version", sa.Integer),
    sa.column("username", sa.String), sa.column("username_key", sa.String),
)  # fmt: skip
_entry = sa.table(
    "audit_entry", sa.column("batch", sa.String), sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor_username", sa.String), sa.column("action", sa.String), sa.column("kind", sa.String),
    sa.column("record_id", sa.Integer), sa.column("operation", sa.String), sa.column("changes", sa.JSON),
)  # fmt: skip


def upgrade() -> None:
    connection = op.get_bind()
    _rename(connection)
    if connection.dialect.name == "sqlite":
        rewrite_table(connection, "collaborator", _BEFORE, f"{_IN_SQLITE}{_BEFORE}")
    else:
        op.create_check_constraint(op.f(_NAME), "collaborator", _CONDITION)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        rewrite_table(connection, "collaborator", _IN_SQLITE, "")
    else:
        op.drop_constraint(op.f(_NAME), "collaborator", type_="check")


def _rename(connection: sa.Connection) -> None:
    # PostgreSQL uses its own clock; SQLite stores no time zone.
    of_machine = datetime.now(UTC).replace(tzinfo=None)
    at = of_machine if connection.dialect.name == "sqlite" else sa.func.now()
    without = sa.text(f"NOT ({_CONDITION})")
    found = connection.execute(sa.select(_person.c.id, _person.c.username).where(without)).all()
    for person_id, old in found:
        new = _free_name(connection, person_id)
        connection.execute(
            sa.update(_person)
            .where(_person.c.id == person_id)
            .values(username=new, username_key=new, version=_person.c.version + 1)
        )
        connection.execute(
            sa.insert(_entry).values(
                batch=uuid4().hex, at=at, actor_username="epicevents", action="collaborator.update",
                kind="COLLABORATOR", record_id=person_id, operation="UPDATED",
                changes={"username": [old, new]},
            )
        )  # fmt: skip


def _free_name(connection: sa.Connection, person_id: int) -> str:
    taken: Any = set(connection.execute(sa.select(_person.c.username_key)).scalars())
    name = f"user-{person_id}"
    while name in taken:
        name += "x"
    return name
