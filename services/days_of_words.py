"""Writing the days among the search words again after a change of the CRM's time zone.

The days of contracts, events and notes are those of the CRM's clocks. The work runs in short transactions, so
that other writers wait for one step at the most. Until the last one, a fact in the database marks it as
unfinished; the next program that opens the database continues.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from models.tables import DatabaseFact, table_of
from services.persistence.database import Database
from services.persistence.locking import TEAM_LOCK

_FACTS: Final = table_of(DatabaseFact)
_FACT: Final = "days_stale"


def mark_stale(connection: Connection) -> None:
    """Note, in the transaction that changes the time zone, that the days are to be computed again."""
    connection.execute(delete(_FACTS).where(_FACTS.c.key == _FACT))
    connection.execute(insert(_FACTS).values(key=_FACT, value="1"))


def is_stale(connection: Connection) -> bool:
    """Whether some days are still those of the former time zone."""
    return connection.execute(select(_FACTS.c.value).where(_FACTS.c.key == _FACT)).first() is not None


def write_days_anew(database: Database, on_wait: Callable[[], None] = lambda: None) -> None:
    """Compute the days again if the time zone has changed. Done twice it does no harm."""
    with database.read() as connection:
        if not is_stale(connection):
            return
    # At a start of the program there is hardly ever anything to do.
    from services.denormalized.consistency import write_words
    from services.denormalized.expected_values import CONTRACT, EVENT, NOTE, WORDS

    on_wait()
    for words in WORDS:
        last: int | None = 0 if words.table in (CONTRACT, EVENT, NOTE) else None
        while last is not None:
            with database.write() as connection:
                # Alone: else it would overwrite the words of a record that is being changed.
                database.wait_until_alone(connection, TEAM_LOCK)
                stale, last = words.stale_after(connection, last)
                write_words(connection, words, stale)
    with database.write() as connection:
        connection.execute(delete(_FACTS).where(_FACTS.c.key == _FACT))
