"""The CRM as every use case is given it: settings, database, and the place where writes are announced."""

from collections.abc import Callable
from contextlib import ExitStack

from services import search_index
from services.announcements import Announcer
from services.database import Database
from services.errors import DatabaseForeign, DatabaseUnavailable
from services.foreign import is_foreign
from services.i18n import N_
from services.migrate import migrate
from services.monitoring.listener import telemetry_listener
from services.settings import Settings

NO_DATABASE = N_("There is no database yet, or its file is gone. Set one up with 'epicevents init'.")


class Crm:
    """One open CRM. Safe to use from several threads at once."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.announcer = Announcer()
        self.announcer.subscribe(telemetry_listener)

    def close(self) -> None:
        """Give the connections back."""
        self.database.dispose()


def open_crm(
    settings: Settings, *, create: bool = False,
    on_migration: Callable[[str | None, str], None] | None = None, on_wait: Callable[[], None] = lambda: None,
) -> Crm:  # fmt: skip
    """The CRM of these settings, its database migrated to what the program needs.

    ``create`` makes a missing SQLite file. ``on_migration`` is told from and to which revision, where any
    migration ran; ``on_wait`` is called before what takes long where there are many records.
    Raises :class:`DatabaseUnavailable`, :class:`DatabaseTooNew` and :class:`DatabaseForeign`.
    """
    database = Database(settings.database_url)
    with ExitStack() as failed:
        failed.callback(database.dispose)
        migrated = _ready(database, create=create, on_wait=on_wait)
        failed.pop_all()
    if migrated is not None and on_migration is not None:
        on_migration(*migrated)
    return Crm(settings, database)


def _ready(database: Database, *, create: bool, on_wait: Callable[[], None]) -> tuple[str | None, str] | None:
    if create:
        database.create_file()
    if database.path is not None and not database.path.exists():
        raise DatabaseUnavailable(NO_DATABASE)
    if is_foreign(database):
        raise DatabaseForeign
    migrated = migrate(database, on_wait)
    search_index.prepare(database, on_wait)
    return migrated
