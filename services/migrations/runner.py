"""Bring a database to the revision of this program, once, whoever starts first.

The common case, nothing to do, is one query and loads no Alembic.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, inspect, text

from services.errors import DatabaseTooNew, DatabaseUnavailable
from services.persistence import sqlite_fts
from services.persistence.database import Database
from services.persistence.diagnosis import of_server
from services.persistence.faults import Cause

HEAD: Final = "0008"
"""The newest revision in ``migrations/versions``; a test compares the two."""

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_FOLDER = Path(__file__).parent


def migrate(
    database: Database, on_wait: Callable[[], None] = lambda: None, first: Mapping[str, str] = _NOTHING
) -> tuple[str | None, str] | None:
    """Run what is missing, under a lock; the revisions from and to, or ``None`` where none was missing.

    ``on_wait`` is called before anything that may take long, such as copies and figures of many records.
    ``first`` holds the shared settings of a database that has none yet, by the names of their columns.
    Raises :class:`DatabaseTooNew` where the database knows a revision that this program does not, and
    :class:`DatabaseUnavailable`.
    """
    if current_revision(database) == HEAD:
        return None
    on_wait()
    with _rights_named(database), database.writing() as session:
        database.wait_until_alone(session)
        connection = session.connection()
        before = _revision(connection)
        if before == HEAD:  # somebody else was first
            return None
        sqlite_fts.put_aside(connection)
        _upgrade(connection, before, first)
        if before is not None:
            from services.denormalized.consistency import rebuild

            rebuild(connection)
    return before, HEAD


@contextmanager
def _rights_named(database: Database) -> Iterator[None]:
    """Name the right that a migration lacks, which is not that of those who read and write records."""
    try:
        yield
    except DatabaseUnavailable as refusal:
        if refusal.cause != Cause.MAY_NOT_USE:
            raise
        owns_nothing = current_revision(database) is None
        cause = Cause.MAY_NOT_CREATE if owns_nothing else Cause.MAY_NOT_ALTER
        raise of_server(database.url, cause) from refusal.__cause__


def current_revision(database: Database) -> str | None:
    """The revision of the database; ``None`` where it is empty."""
    with database.reading() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _upgrade(connection: Connection, before: str | None, first: Mapping[str, str]) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    if first:
        config.attributes["shared_settings"] = first
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if before is not None and before not in known:
        raise DatabaseTooNew(revision=before)
    command.upgrade(config, "head")
