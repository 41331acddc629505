"""Migrates a database to the revision of this program; a lock makes one process do it.

The common case, an up-to-date database, takes one query and does not load Alembic.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, inspect, text

from services.errors import DatabaseTooNew, DatabaseUnavailable
from services.migrations.foreign_database import REVISIONS
from services.persistence import sqlite_fts
from services.persistence.database import Database
from services.persistence.diagnosis import of_server
from services.persistence.faults import Cause

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_FOLDER = Path(__file__).parent

HEAD: Final = max(REVISIONS)


def migrate(
    database: Database, on_wait: Callable[[], None] = lambda: None, first: Mapping[str, str] = _NOTHING
) -> tuple[str | None, str] | None:
    """Run the missing migrations under a lock. Return the old and new revision, or ``None`` if none ran.

    ``on_wait`` is called before the migration, which may take long. ``first`` holds the shared settings, by
    column name, of a database that has none yet. Raises :class:`DatabaseTooNew` if the program does not know
    the revision of the database, and :class:`DatabaseUnavailable`.
    """
    if current_revision(database) == HEAD:
        return None
    on_wait()
    with _rights_named(database), database.write_session() as session:
        database.wait_until_alone(session)
        connection = session.connection()
        before = _revision(connection)
        if before == HEAD:  # another process migrated meanwhile
            return None
        sqlite_fts.put_aside(connection)
        _upgrade(connection, before, first)
        if before is not None:
            from services.denormalized.consistency import rebuild

            rebuild(connection)
    return before, HEAD


@contextmanager
def _rights_named(database: Database) -> Iterator[None]:
    """Replace a refusal by one that names the right to create or alter tables, which a migration needs."""
    try:
        yield
    except DatabaseUnavailable as refusal:
        if refusal.cause != Cause.MAY_NOT_USE:
            raise
        owns_nothing = current_revision(database) is None
        cause = Cause.MAY_NOT_CREATE if owns_nothing else Cause.MAY_NOT_ALTER
        raise of_server(database.url, cause) from refusal.__cause__


def current_revision(database: Database) -> str | None:
    """The revision of the database; ``None`` if it is empty."""
    with database.read() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _upgrade(connection: Connection, before: str | None, first: Mapping[str, str]) -> None:
    if before is not None and before not in REVISIONS:
        raise DatabaseTooNew(revision=before)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    if first:
        config.attributes["shared_settings"] = first
    command.upgrade(config, "head")
