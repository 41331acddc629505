"""The word index of SQLite: FTS5 tables that triggers keep up to date. PostgreSQL has its own.

The index holds only the words of live records, so that a search need not check the records; the trash is
small and searched row by row. It has ``detail=none`` and no rank: a search asks only for the matching rows.

An SQLite without FTS5 cannot write to a table with a trigger that feeds the index. Such a program drops the
triggers when it opens the database, and deletes the fact that says that the index is complete; the next
program with FTS5 rebuilds the index.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError

from models.search_words import INDEXED_PREFIX
from services.errors import DatabaseUnavailable
from services.persistence.database import Database

TABLES: Final = ("client", "contract", "event", "note", "task")
"""The tables with a word index."""

# The version is that of the statements below: an index of another version is rebuilt.
_FACT: Final = ("search_index", "1")

_PREFIXES: Final = " ".join(map(str, range(1, INDEXED_PREFIX + 1)))
# The words are folded already; "ascii" leaves the letters of all other scripts as they are.
_MAKE: Final = (
    "CREATE VIEW {table}_live AS SELECT id, search FROM {table} WHERE deleted_at IS NULL",
    "CREATE VIRTUAL TABLE {table}_search USING fts5(search, content='{table}_live', content_rowid='id',"
    f" tokenize='ascii', prefix='{_PREFIXES}', detail=none)",
    "INSERT INTO {table}_search({table}_search) VALUES ('rebuild')",
    # One segment instead of some: a search opens each.
    "INSERT INTO {table}_search({table}_search) VALUES ('optimize')",
)
_ADD: Final = (
    "INSERT INTO {table}_search(rowid, search) SELECT new.id, new.search WHERE new.deleted_at IS NULL;"
)
# FTS5 removes a row by its indexed text, which the table does not hold any more.
_REMOVE: Final = (
    "INSERT INTO {table}_search({table}_search, rowid, search)"
    " SELECT 'delete', old.id, old.search WHERE old.deleted_at IS NULL;"
)
_CHANGED: Final = (
    "old.search <> new.search OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL) OR old.id <> new.id"
)
_TRIGGERS: Final = {
    "{table}_search_added": f"AFTER INSERT ON {{table}} BEGIN {_ADD} END",
    "{table}_search_removed": f"AFTER DELETE ON {{table}} BEGIN {_REMOVE} END",
    "{table}_search_changed": (
        f"AFTER UPDATE OF id, search, deleted_at ON {{table}} WHEN {_CHANGED} BEGIN {_REMOVE} {_ADD} END"
    ),
}
HAS_FTS5: Final = "EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'fts5')"
"""The condition that the SQLite that this Python is linked with has FTS5."""
IS_WHOLE: Final = "EXISTS (SELECT 1 FROM database_fact WHERE key = '{}' AND value = '{}')".format(*_FACT)  # noqa: S608
"""The condition that the index holds the words of all live records."""

# With a rank FTS5 compares the index with the table, and not with itself alone.
_CHECK: Final = "INSERT INTO {table}_search({table}_search, rank) VALUES ('integrity-check', 1)"
# FTS5 keeps an index in these tables, and refuses to drop one that it cannot read.
_SHADOWS: Final = ("data", "idx", "docsize", "config", "content")
_COUNT_TRIGGERS: Final = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN ({names})"


def prepare(database: Database, on_wait: Callable[[], None] = lambda: None) -> None:
    """Make the index if it is missing or not whole; without FTS5, drop the triggers that feed it.

    ``on_wait`` is called before: a million records take half a minute.
    Without an index a search is slower and finds the same: a database that cannot be written to now, or in
    which another program makes the index at this moment, is left as it is.
    """
    if database.kind != "sqlite":
        return
    with database.read() as connection:
        settled = _is_settled(connection)
    if not settled:
        on_wait()
        with suppress(DatabaseUnavailable), database.write_session() as session:
            _settle(session.connection())


def has_fts5(connection: Connection) -> bool:
    """Whether the SQLite that this Python is linked with has FTS5."""
    return bool(connection.exec_driver_sql(f"SELECT {HAS_FTS5}").scalar_one())


@contextmanager
def paused(connection: Connection) -> Iterator[None]:
    """Index the rows of this block at its end, all at once: row by row takes twelve times as long.

    The transaction must be rolled back if the block raises.
    """
    put_aside(connection)
    yield
    if connection.dialect.name == "sqlite":
        _settle(connection)


def put_aside(connection: Connection) -> None:
    """Take away all that ties the index to its tables, before they are changed in shape or in bulk.

    The next :func:`prepare` rebuilds the index.
    """
    if connection.dialect.name != "sqlite":
        return
    for table in TABLES:
        for name in _TRIGGERS:
            _run(connection, f"DROP TRIGGER IF EXISTS {name}", table)
        _run(connection, "DROP VIEW IF EXISTS {table}_live", table)
    if connection.dialect.has_table(connection, "database_fact"):
        connection.exec_driver_sql("DELETE FROM database_fact WHERE key = ?", _FACT[:1])


def _is_settled(connection: Connection) -> bool:
    whole = bool(connection.exec_driver_sql(f"SELECT {IS_WHOLE}").scalar_one())
    names = ", ".join(f"'{name.format(table=table)}'" for table in TABLES for name in _TRIGGERS)
    triggers = connection.exec_driver_sql(_COUNT_TRIGGERS.format(names=names)).scalar_one()
    if has_fts5(connection):
        return whole and triggers == len(TABLES) * len(_TRIGGERS)
    return not whole and triggers == 0


def _settle(connection: Connection) -> None:
    if _is_settled(connection):  # another program was first
        return
    put_aside(connection)
    if not has_fts5(connection):
        return
    for table in TABLES:
        _drop(connection, table)
        for statement in _MAKE:
            _run(connection, statement, table)
        for name, what in _TRIGGERS.items():
            _run(connection, f"CREATE TRIGGER {name} {what}", table)
    connection.exec_driver_sql("INSERT INTO database_fact(key, value) VALUES (?, ?)", _FACT)


def _drop(connection: Connection, table: str) -> None:
    try:
        _run(connection, "DROP TABLE IF EXISTS {table}_search", table)
    except DatabaseError as error:
        if not _is_broken(error):
            raise
        for shadow in _SHADOWS:
            _run(connection, f"DROP TABLE IF EXISTS {{table}}_search_{shadow}", table)
        _run(connection, "PRAGMA writable_schema = ON", table)
        _run(connection, "DELETE FROM sqlite_master WHERE name = '{table}_search'", table)
        _run(connection, "PRAGMA writable_schema = RESET", table)


def _run(connection: Connection, statement: str, table: str) -> None:
    connection.exec_driver_sql(statement.format(table=table))


def broken(connection: Connection) -> list[str]:
    """The tables with an index that does not match their words.

    The check needs FTS5, a whole index, and a transaction that writes and is rolled back.
    """
    return [table for table in TABLES if not _holds_its_words(connection, table)]


def _holds_its_words(connection: Connection, table: str) -> bool:
    try:
        _run(connection, _CHECK, table)
    except DBAPIError as error:
        if not _is_broken(error):
            raise
        return False
    return True


def _is_broken(error: DBAPIError) -> bool:
    """Whether FTS5 cannot read its index; false if it refuses for another reason, such as an interrupt."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)
