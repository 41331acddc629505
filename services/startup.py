"""Opening a CRM: the database is made or migrated, and the shared settings are read."""

from collections.abc import Callable
from contextlib import ExitStack

from services import days_of_words, phone_region, shared_values
from services.crm import Crm
from services.migrations.foreign_database import require_ours
from services.migrations.runner import migrate
from services.persistence import sqlite_fts
from services.persistence.database import Database
from services.settings import Settings


def open_crm(
    settings: Settings, *, create: bool = False,
    on_migration: Callable[[str | None, str], None] | None = None, on_wait: Callable[[], None] = lambda: None,
    on_busy: Callable[[], None] = lambda: None,
) -> Crm:  # fmt: skip
    """The CRM of these settings, with its database at the revision of the program.

    ``create`` makes a CRM of a missing SQLite file and of an empty database; without it both are refused.
    ``on_migration`` is given the old and the new revision if a migration ran. ``on_wait`` is called before
    steps that take long with many records. As long as the CRM is open, ``on_busy`` is called in a thread that
    has waited a second for another program to release the file.
    Raises :class:`DatabaseUnavailable`, :class:`DatabaseTooNew`, :class:`DatabaseForeign` and
    :class:`DatabaseNotUtf8` of ``services.errors``.
    """
    database = Database(settings.database_url, pooled=settings.database_pooled)
    database.on_busy = on_busy
    with ExitStack() as failed:
        failed.callback(database.dispose)
        migrated = _ready(database, settings, create=create, on_wait=on_wait)
        crm = Crm(settings, database)
        with database.read() as connection:
            crm.learn(shared_values.read(connection))
            phones_are_stale = phone_region.is_stale(connection)
            days_are_stale = days_of_words.is_stale(connection)
        if phones_are_stale:
            phone_region.read_phones_anew(database, on_wait)
        if days_are_stale:
            days_of_words.write_days_anew(database, on_wait)
        failed.pop_all()
    if migrated is not None and on_migration is not None:
        on_migration(*migrated)
    return crm


def _ready(
    database: Database, settings: Settings, *, create: bool, on_wait: Callable[[], None]
) -> tuple[str | None, str] | None:
    if create:
        database.create_file()
    require_ours(database, may_be_empty=create)
    migrated = migrate(database, on_wait, shared_values.first_values(settings))
    database.may_be_empty = False
    sqlite_fts.prepare(database, on_wait)
    return migrated
