"""Filling an empty database with a crowd, in one transaction."""

from collections.abc import Callable
from datetime import date
from typing import Final

from sqlalchemy.exc import IntegrityError

from models.tables import DatabaseFact
from services.crm import Crm
from services.demo import NotEmpty
from services.demo.crowd import loading
from services.demo.crowd.calendar import Calendar
from services.demo.crowd.plan import Plan
from services.demo.crowd.rows import COLUMNS, Writer
from services.demo.writing import MARK, hash_sample_passwords, require_empty

Progress = Callable[[float], None]
"""Is told which share of the work is done, from 0 to 1."""

_NUMBERED: Final = ("collaborator", "client", "contract", "payment", "event")
FACT: Final = "demo_clients"
"""The fact of the database that says how many clients were made up."""


def fill(crm: Crm, clients: int, seed: int, today: date, progress: Progress) -> None:
    """See :func:`services.demo.fill_crowd`."""
    with crm.database.writing() as session:
        require_empty(session)
    plan = Plan(clients, seed, Calendar(today))
    progress(0.1)
    hashes = hash_sample_passwords(crm.settings.bcrypt_cost)
    writer = Writer(plan, hashes, crm.settings.phone_region)
    try:
        with loading.bulk(crm.database) as session:
            require_empty(session)
            connection = session.connection()
            indexes = loading.secondary_indexes(connection)
            loading.drop(connection, indexes)
            rows = clients + len(plan.agenda) + plan.figures.payments + plan.figures.events
            done = 0
            for table, batch in writer.batches():
                loading.write_rows(connection, table, COLUMNS[table], batch)
                done += len(batch)
                progress(0.1 + 0.4 * min(1, done / rows))
            for turn, index in enumerate(indexes, start=1):
                loading.make(connection, index)
                progress(0.5 + 0.4 * turn / len(indexes))
            loading.number_on(connection, _NUMBERED)
            loading.analyse(connection)
            session.add(DatabaseFact(key=MARK[0], value=MARK[1]))
            session.add(DatabaseFact(key=FACT, value=str(clients)))
    except IntegrityError:  # somebody else began at the same moment, on PostgreSQL
        raise NotEmpty from None
    progress(1.0)
