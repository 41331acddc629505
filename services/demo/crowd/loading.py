"""Rows into an empty database, as fast as it takes them: plain statements, the secondary indexes afterwards.

Everything is one transaction. On SQLite its journal is that of a database that holds nothing: the file is as
it was, whatever ends the program.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Index, text
from sqlalchemy.schema import CreateIndex, DropIndex
from sqlmodel import Session, SQLModel

from services.database import Database

Row = tuple[Any, ...]

# A write-ahead log would hold every page a second time. The rest is memory for the sorting of indexes.
_SQLITE: Final = (
    "journal_mode=DELETE", "cache_size=-262144", "temp_store=MEMORY", "threads=2", "foreign_keys=OFF",
)  # fmt: skip
_POSTGRESQL: Final = ("maintenance_work_mem = '256MB'", "max_parallel_maintenance_workers = 2")


@contextmanager
def bulk(database: Database) -> Iterator[Session]:
    """A transaction on a connection of its own that is made for many rows."""
    if database.kind != "sqlite":
        with database.writing() as session:
            for setting in _POSTGRESQL:
                session.execute(text(f"SET LOCAL {setting}"))
            yield session
        return
    database.dispose()
    try:
        with database.engine.connect() as connection:
            for setting in _SQLITE:
                _driver(connection).execute(f"PRAGMA {setting}").close()
        # The pool gives the only connection there is: the same.
        with database.writing() as session:
            yield session
    finally:
        database.dispose()


def write_rows(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Write rows of a table."""
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        with (
            _driver(connection).cursor() as cursor,
            cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    _driver(connection).executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608


def secondary_indexes(connection: Connection) -> list[Index]:
    """The indexes of the large tables that this kind of database has."""
    return [
        index
        for name in ("client", "contract", "payment", "event")
        for index in sorted(SQLModel.metadata.tables[name].indexes, key=lambda index: str(index.name))
        if CreateIndex(index)._should_execute(index, connection)  # type: ignore[no-untyped-call]
    ]


def drop(connection: Connection, indexes: Sequence[Index]) -> None:
    """Take the indexes away for a while."""
    for index in indexes:
        connection.execute(DropIndex(index))


def make(connection: Connection, index: Index) -> None:
    """Make an index anew."""
    connection.execute(CreateIndex(index))


def analyse(connection: Connection) -> None:
    """Let the database count what it plans by."""
    connection.execute(text("ANALYZE"))


def number_on(connection: Connection, tables: Sequence[str]) -> None:
    """Let the next record have the next id; those of the rows were given by hand."""
    if connection.dialect.name == "postgresql":
        for name in tables:
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608
            )


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
