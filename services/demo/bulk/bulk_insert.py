"""Bulk inserts into an empty database: plain statements first, secondary indexes afterwards.

Everything is one transaction. SQLite's rollback journal of an empty database is small and restores the file
however the program ends; PostgreSQL rolls back even the indexes.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Index, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from models.metadata import schema
from services.demo.bulk.columns import Row
from services.persistence.database import Database

TICK: Final = 100_000
"""SQLite ticks each time that it has done so many of its instructions."""

TABLES: Final = ("collaborator", "client", "contract", "payment", "event")
"""Those whose rows come in bulk, as foreign keys allow them."""

_TOGETHER: Final = ", ".join((*TABLES, "total", "login_session", "login_attempt", "audit_entry"))
"""These, and all that refer to them: PostgreSQL empties them together or not at all."""

# A write-ahead log would hold every page a second time. What is not there yet need not be wiped.
_SQLITE: Final = (
    "journal_mode=DELETE", "cache_size=-65536", "temp_store=MEMORY", "threads=2", "foreign_keys=OFF",
    "secure_delete=OFF",
)  # fmt: skip
_POSTGRESQL: Final = ("maintenance_work_mem = '256MB'", "max_parallel_maintenance_workers = 2")


@contextmanager
def bulk(database: Database) -> Iterator[Session]:
    """A transaction on a connection that is made for many rows and is closed behind them."""
    if database.kind == "sqlite":
        database.dispose()
        with database.engine.connect() as connection:
            for setting in _SQLITE:
                _driver(connection).execute(f"PRAGMA {setting}").close()
    try:
        # The pool gives the connection that it has just been given back.
        with database.writing() as session, _interruptible(session.connection()):
            if database.kind == "postgresql":
                for setting in _POSTGRESQL:
                    session.execute(text(f"SET LOCAL {setting}"))
                session.execute(text(f"LOCK TABLE {_TOGETHER} IN ACCESS EXCLUSIVE MODE"))
            yield session
    finally:
        database.dispose()


class _Ticks:
    """Called by SQLite in the midst of a long statement: no other moment of it can hear Ctrl+C."""

    def __init__(self) -> None:
        self.count = 0
        self.tell: Callable[[int], None] = lambda count: None
        self.failure: BaseException | None = None

    def __call__(self) -> int:
        try:
            self.count += 1
            self.tell(self.count)
        except BaseException as failure:
            self.failure = failure
            return 1  # interrupts the statement
        return 0


@contextmanager
def _interruptible(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        return
    ticks = connection.info["ticks"] = _Ticks()
    _driver(connection).set_progress_handler(ticks, TICK)
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
            raise
        # Without a failure, Ctrl+C was raised on the way into the call; SQLite passes on none of its kind.
        raise ticks.failure or KeyboardInterrupt() from None


def count_ticks(connection: Connection, tell: Callable[[int], None]) -> None:
    """From now on, tell how often SQLite has ticked since."""
    if connection.dialect.name == "sqlite":
        ticks: _Ticks = connection.info["ticks"]
        ticks.count, ticks.tell = 0, tell


def write_rows(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Write rows of a table."""
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        # Frozen: seen by all from the first day, so that an index answers without a look at the table.
        _copy(connection, f"COPY {table} ({names}) FROM STDIN WITH (FREEZE)", rows)
    elif rows:
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


def _copy(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    driver_error = connection.dialect.loaded_dbapi.Error
    try:
        with _driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except driver_error as error:
        # As the errors of all other statements; without the rows.
        raise DBAPIError.instance(
            statement, None, error, driver_error, hide_parameters=True, dialect=connection.dialect
        ) from error


def begin(connection: Connection) -> None:
    """Make tables that are empty, and were found so in this transaction, ready for rows."""
    if connection.dialect.name == "postgresql":
        # What is frozen must go into files that nobody else has seen.
        connection.execute(text(f"TRUNCATE {_TOGETHER}"))


def secondary_indexes() -> list[Index]:
    """The indexes of these tables, in a fixed order."""
    tables = [schema().tables[name] for name in TABLES]
    return [index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]


@contextmanager
def without_indexes(connection: Connection, made: Callable[[float], None]) -> Iterator[None]:
    """Take the secondary indexes away, and make them anew behind the block; ``made`` is told how far that is.

    What one kind of database does not have is passed over.
    """
    indexes = secondary_indexes()
    for index in indexes:
        index.drop(connection)
    yield
    for turn, index in enumerate(indexes, start=1):
        index.create(connection)
        made(turn / len(indexes))


def settle(connection: Connection) -> None:
    """Let the database count what it plans by, and give the next record the next id."""
    connection.execute(text("ANALYZE"))
    if connection.dialect.name == "postgresql":
        for name in TABLES:
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608
            )


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
