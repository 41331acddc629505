"""Checks whether a database is a CRM, empty, or of another program, without changing it."""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from enum import Enum, auto
from pathlib import Path
from typing import Final

from sqlalchemy import inspect, text

from services.errors import DatabaseForeign, DatabaseUnavailable
from services.persistence.database import Database
from services.persistence.diagnosis import file_trouble, of_file, of_server
from services.persistence.faults import Cause

_VERSION: Final = "alembic_version"
_READ_VERSION: Final = f"SELECT version_num FROM {_VERSION}"  # noqa: S608 - a constant
# Alembic keeps its version in the same table for every program that uses it.
_CORE: Final = frozenset({"collaborator", "client", "contract", "payment", "event", "audit_entry"})
REVISIONS: Final = frozenset(
    file.name.partition("_")[0] for file in (Path(__file__).parent / "versions").glob("[0-9]*.py")
)
"""The revisions that this program knows: the file of each begins with it."""


class Content(Enum):
    """The content of a database."""

    UNKNOWN = auto()
    """The file cannot be read now; opening the database raises the reason."""
    NOTHING = auto()
    OURS = auto()
    A_PART = auto()
    """Some of our tables are missing."""
    FOREIGN = auto()
    NO_DATABASE = auto()
    """The file is no SQLite database."""


def require_ours(database: Database, *, may_be_empty: bool) -> None:
    """Refuse a database that is no CRM; an empty one is accepted if ``may_be_empty``.

    Raises :class:`services.errors.DatabaseForeign` and :class:`services.errors.DatabaseUnavailable`.
    """
    if database.path is not None:
        trouble = file_trouble(database.path, may_be_empty=may_be_empty)
        if trouble is not None:
            raise trouble
    content = content_of(database)
    if content is Content.FOREIGN:
        raise DatabaseForeign
    if content is Content.NO_DATABASE:
        raise _refusal(database, Cause.NO_SQLITE)
    if content is Content.A_PART:
        raise _refusal(database, Cause.TABLES_MISSING)
    if content is Content.NOTHING and not may_be_empty:
        raise _refusal(database, Cause.NO_TABLES)


def content_of(database: Database) -> Content:
    """The content of the database. Raises :class:`services.errors.DatabaseUnavailable`."""
    if database.path is not None:
        return _content_of_file(database.path)
    with database.read() as connection:
        tables = set(inspect(connection).get_table_names())
        if not tables and connection.execute(text("SELECT current_schema()")).scalar() is None:
            raise of_server(database.url, Cause.NO_SCHEMA)
        versions = connection.execute(text(_READ_VERSION)).scalars() if _is_unclear(tables) else ()
        return _content(tables, versions)


def _content_of_file(path: Path) -> Content:
    if not os.path.exists(path):
        return Content.NOTHING
    # The engine would switch the file to WAL mode, so use a read-only connection. If no process writes to the
    # file, an immutable connection also creates no files beside it.
    in_use = any(path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-journal"))
    uri = f"{path.absolute().as_uri()}?mode=ro{'' if in_use else '&immutable=1'}"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=0)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            versions = [row[0] for row in connection.execute(_READ_VERSION)] if _is_unclear(tables) else []
    except sqlite3.Error as error:
        # Locked, unreadable or damaged: opening the database raises a more precise error.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return Content.NO_DATABASE if code == sqlite3.SQLITE_NOTADB else Content.UNKNOWN
    return _content(tables, versions)


def _is_unclear(tables: set[str]) -> bool:
    return _VERSION in tables and not tables >= _CORE


def _content(tables: set[str], versions: Iterable[str]) -> Content:
    if _VERSION in tables and tables >= _CORE:
        return Content.OURS
    known = set(versions)
    if not tables or (tables == {_VERSION} and not known):
        return Content.NOTHING
    return Content.A_PART if known and known <= REVISIONS and tables & _CORE else Content.FOREIGN


def _refusal(database: Database, cause: Cause) -> DatabaseUnavailable:
    if database.path is not None:
        return of_file(database.path, cause)
    return of_server(database.url, cause)
