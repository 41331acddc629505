"""Parsing stored phones again after a change of the region, for numbers typed without a country code.

The work runs in short transactions, so that other writers wait for one step at the most. Until the last
one, a fact in the database marks it as unfinished; the next program that opens the database continues.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, and_, delete, insert, select

from models.tables import Client, Collaborator, DatabaseFact, Record, table_of
from services import shared_values
from services.denormalized import computed_columns
from services.denormalized.copies import CopyUpdates
from services.denormalized.counters import CounterDeltas
from services.persistence import mapper
from services.persistence.database import ROW_LOCK, Database

STEP: Final = 500
"""The number of phones that one transaction parses."""

_FACTS: Final = table_of(DatabaseFact)
_FACT: Final = "phones_stale"


def mark_stale(connection: Connection) -> None:
    """Note, in the transaction that changes the region, that the stored phones are to be parsed again."""
    connection.execute(delete(_FACTS).where(_FACTS.c.key == _FACT))
    connection.execute(insert(_FACTS).values(key=_FACT, value="1"))


def is_stale(connection: Connection) -> bool:
    """Whether some phones are still as they were parsed for the former region."""
    return connection.execute(select(_FACTS.c.value).where(_FACTS.c.key == _FACT)).first() is not None


def read_phones_anew(database: Database, on_wait: Callable[[], None] = lambda: None) -> None:
    """Parse the stored phones again if the region has changed: their E.164 form and their search words.

    Versions and the journal stay as they are: no person has changed a record. Done twice it does no harm.
    """
    with database.read() as connection:
        if not is_stale(connection):
            return
    on_wait()
    for model in (Collaborator, Client):
        last: int | None = 0
        while last is not None:
            with database.write() as connection:
                last = _step(connection, model, last)
    with database.write() as connection:
        connection.execute(delete(_FACTS).where(_FACTS.c.key == _FACT))


def _step(connection: Connection, model: type[Record], after: int) -> int | None:
    """Parse the next phones again; the last id, or ``None`` at the end."""
    table = table_of(model)
    # A number that begins with a plus is the same in every region.
    typed_without_country = and_(table.c.phone != "", table.c.phone.not_like("+%"))
    query = select(*table.c).where(table.c.id > after, typed_without_country)
    rows = connection.execute(query.order_by(table.c.id).limit(STEP).with_for_update(**ROW_LOCK)).all()
    region = shared_values.read(connection).phone_region
    followers = CopyUpdates()
    found = [mapper.record_from(model, iter(row)) for row in rows]
    for record in found:
        computed_columns.refresh(record, region)
        followers.note(record)
    mapper.save(connection, found)
    followers.apply(connection, CounterDeltas())  # no counter follows from a phone
    return found[-1].id if len(found) == STEP else None
