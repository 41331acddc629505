"""Databases of other programs, known without a trace left in them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import inspect

from services.database import Database

_OURS = "alembic_version"


def is_foreign(database: Database) -> bool:
    """Whether the database holds tables and none of ours; also where its file is no database at all.

    Raises :class:`services.errors.DatabaseUnavailable` where a server does not answer.
    """
    if database.path is not None:
        return _is_foreign_file(database.path)
    with database.reading() as connection:
        tables = set(inspect(connection).get_table_names())
    return bool(tables) and _OURS not in tables


def _is_foreign_file(path: Path) -> bool:
    if not path.exists():
        return False
    # The engine would write WAL mode into the file; a read-only connection leaves it as it is.
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error as error:
        # Locked, unreadable, damaged: the engine says so better.
        return error.sqlite_errorcode == sqlite3.SQLITE_NOTADB
    return bool(tables) and _OURS not in tables
