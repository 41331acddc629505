"""Bulk inserts into an empty database: plain statements first, secondary indexes afterwards.

Everything is one transaction. SQLite's rollback journal of an empty database is small and restores the file
after any end of the program. PostgreSQL rolls back even the indexes.
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
from services.demo.writer import continue_sequences
from services.persistence.database import Database

TICK: Final = 100_000
"""The number of SQLite instructions between two calls of its progress handler."""

TABLES: Final = ("collaborator", "client", "contract", "payment", "event")
"""The tables with bulk rows, in the order that foreign keys require."""

_TOGETHER: Final = ", ".join((
    *TABLES, "note", "task", "total", "login_session", "login_attempt", "audit_entry", "person_preference",
    "saved_view",
))  # fmt: skip
"""These tables and all that refer to them, which PostgreSQL can only truncate together."""

# A write-ahead log would hold every page a second time, and new pages need no secure deletion.
_SQLITE: Final = (
    "journal_mode=DELETE", "cache_size=-65536", "temp_store=MEMORY", "threads=2", "foreign_keys=OFF",
    "secure_delete=OFF",
)  # fmt: skip
_POSTGRESQL: Final = ("maintenance_work_mem = '256MB'", "max_parallel_maintenance_workers = 2")


@contextmanager
def bulk(database: Database) -> Iterator[Session]:
    """A transaction on a connection with settings for bulk inserts, which is closed afterwards."""
    if database.kind == "sqlite":
        database.dispose()
        with database.engine.connect() as connection:
            for setting in _SQLITE:
                _driver(connection).execute(f"PRAGMA {setting}").close()
    try:
        # The pool returns the same connection that it has just received.
        with database.write_session() as session, _interruptible(session.connection()):
            if database.kind == "postgresql":
                for setting in _POSTGRESQL:
                    session.execute(text(f"SET LOCAL {setting}"))
                session.execute(text(f"LOCK TABLE {_TOGETHER} IN ACCESS EXCLUSIVE MODE"))
            yield session
    finally:
        database.dispose()


class _Ticks:
    """SQLite's progress handler, the only point within a long statement that can handle Ctrl+C."""

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
        # Without a failure, Ctrl+C was raised at the start of the handler, and SQLite drops that exception.
        raise ticks.failure or KeyboardInterrupt() from None


def count_ticks(connection: Connection, tell: Callable[[int], None]) -> None:
    """Call ``tell`` with the number of progress calls of SQLite from now on."""
    if connection.dialect.name == "sqlite":
        ticks: _Ticks = connection.info["ticks"]
        ticks.count, ticks.tell = 0, tell


def write_rows(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows into a table."""
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        # Frozen rows are visible to all transactions, so that index-only scans work at once.
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
        # Wrap the driver's error as SQLAlchemy does for other statements, without the rows.
        raise DBAPIError.instance(
            statement, None, error, driver_error, hide_parameters=True, dialect=connection.dialect
        ) from error


def begin(connection: Connection) -> None:
    """Prepare the tables, which this transaction found empty, for bulk rows."""
    if connection.dialect.name == "postgresql":
        # COPY FREEZE requires a table that was truncated in the same transaction.
        connection.execute(text(f"TRUNCATE {_TOGETHER}"))


def secondary_indexes() -> list[Index]:
    """The indexes of these tables, in a fixed order."""
    tables = [schema().tables[name] for name in TABLES]
    return [index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]


@contextmanager
def without_indexes(connection: Connection, made: Callable[[float], None]) -> Iterator[None]:
    """Drop the secondary indexes, and recreate them after the block; ``made`` gets the completed share.

    Indexes that exist on the other engine only are skipped.
    """
    indexes = secondary_indexes()
    for index in indexes:
        index.drop(connection)
    yield
    for turn, index in enumerate(indexes, start=1):
        index.create(connection)
        made(turn / len(indexes))


def settle(connection: Connection) -> None:
    """Update the planner's statistics, and the sequences."""
    connection.execute(text("ANALYZE"))
    continue_sequences(connection, TABLES)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
