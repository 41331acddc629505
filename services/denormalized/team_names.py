"""A mark that changes with each change of the names of the team, so that they can be kept in memory.

A search looks up the people whom its words may mean. The mark, which it reads in its own transaction, tells
whether the names that the program has are those of this transaction.
"""

from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select

from models.tables import DatabaseFact, table_of
from services.persistence import prepared

FACT: Final = "team_names"

_FACTS: Final = table_of(DatabaseFact)
_MARK: Final = select(_FACTS.c.value).where(_FACTS.c.key == FACT)


def note_change(connection: Connection) -> None:
    """Note, in the transaction that changes them, that names of the team are others now."""
    connection.execute(delete(_FACTS).where(_FACTS.c.key == FACT))
    connection.execute(insert(_FACTS).values(key=FACT, value=uuid4().hex))


def mark(connection: Connection) -> str:
    """The mark of the names in this transaction; empty if the database has none yet."""
    rows = prepared.run(connection, _MARK, {}).rows
    return rows[0][0] if rows else ""
