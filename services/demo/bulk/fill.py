"""Fills an empty database with bulk data in one transaction."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import Connection, select
from sqlmodel import col

from models.tables import DatabaseFact
from services.crm import Crm
from services.demo.bulk import bulk_insert
from services.demo.bulk.columns import COLUMNS, Batch
from services.demo.bulk.dates import Calendar
from services.demo.bulk.plan import Plan
from services.demo.bulk.tables import batches
from services.demo.dates import local_today
from services.demo.definitions import DEFAULT_SEED, Progress, Step
from services.demo.writer import MARK, describe_agency, hash_sample_passwords, require_empty
from services.denormalized import expected_periods, team_names
from services.iso_codes import currency_digits
from services.persistence import sqlite_fts
from services.time_zones import zone_named

_FACT: Final = "demo_clients"

# The share of the time at the end of each step, measured on SQLite with a million clients.
_ENDS: Final = {Step.PLAN: 0.04, Step.ROWS: 0.36, Step.WORDS: 0.62, Step.INDEXES: 1.0}
_TICKS_A_ROW: Final = 26 / bulk_insert.TICK
"""The number of progress calls of SQLite for indexing the words of one record."""


class Course:
    """Converts the progress of a step to the share of the whole work."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._step = Step.PLAN
        self._begun = 0.0
        self.at(0)

    def enter(self, step: Step) -> None:
        """Begin a step."""
        self._begun, self._step = _ENDS[self._step], step
        self.at(0)

    def at(self, share: float) -> None:
        """Report the completed share of this step; values above 1 count as 1."""
        self._progress(self._step, self._begun + (_ENDS[self._step] - self._begun) * min(share, 1.0))


def fill_bulk(
    crm: Crm,
    clients: int,
    seed: int = DEFAULT_SEED,
    today: date | None = None,
    progress: Progress = lambda step, share: None,
) -> None:
    """Fill an empty database with so many clients (1 to a million), their contracts, payments and events.

    An exception of ``progress`` aborts the fill. The database is then empty as before, as after any other end
    of the program. The journal stays empty. Raises :class:`NotEmpty` if the database is not empty.
    """
    with crm.database.write_session() as session:
        require_empty(session)
    course = Course(progress)
    step = 1 if currency_digits(crm.shared.currency) else 100
    plan = Plan(clients, seed, Calendar(today or local_today(), zone_named(crm.shared.time_zone)), step)
    hashes = hash_sample_passwords(crm.settings.bcrypt_cost)
    rows = batches(plan, hashes, crm.shared.phone_region, crm.shared.time_zone)
    with bulk_insert.bulk(crm.database) as session:
        require_empty(session)
        # In one transaction, so that no database has the weak passwords without the mark.
        session.add(DatabaseFact(key=MARK[0], value=MARK[1]))
        session.add(DatabaseFact(key=_FACT, value=str(clients)))
        session.flush()
        team_names.note_change(session.connection())
        describe_agency(session.connection())
        _load(session.connection(), plan, rows, course)
    course.at(1)


def bulk_clients_of(crm: Crm) -> int:
    """The number of clients with which :func:`fill_bulk` filled the database; otherwise 0."""
    with crm.database.read() as connection:
        value = connection.scalar(select(col(DatabaseFact.value)).where(col(DatabaseFact.key) == _FACT))
    return int(value or 0)


def _load(connection: Connection, plan: Plan, rows: Iterator[Batch], course: Course) -> None:
    bulk_insert.begin(connection)
    with bulk_insert.without_indexes(connection, course.at):
        with sqlite_fts.paused(connection):
            course.enter(Step.ROWS)
            _write(connection, plan, rows, course)
            if connection.dialect.name == "sqlite":  # the word index of PostgreSQL is among the others
                course.enter(Step.WORDS)
                all_ticks = plan.searched_rows * _TICKS_A_ROW
                bulk_insert.count_ticks(connection, lambda ticks: course.at(ticks / all_ticks))
        bulk_insert.count_ticks(connection, lambda ticks: None)
        course.enter(Step.INDEXES)
    expected_periods.rebuild(connection)
    bulk_insert.settle(connection)


def _write(connection: Connection, plan: Plan, rows: Iterator[Batch], course: Course) -> None:
    done = 0
    for table, batch in rows:
        bulk_insert.write_rows(connection, table, COLUMNS[table], batch)
        done += len(batch)
        course.at(done / plan.rows)
