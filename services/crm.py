"""The CRM as every use case is given it: settings, database, and the place where writes are announced."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime

from models.read_models import SharedSettingsRead
from services import phone_region, shared_values
from services.domain_events import Announcer
from services.migrations.foreign_database import require_ours
from services.migrations.runner import migrate
from services.monitoring.event_listener import telemetry_listener
from services.persistence import sqlite_fts
from services.persistence.database import Database
from services.settings import Settings
from services.settings.iso_codes import currency_digits
from services.time_zones import use_crm_zone


class Crm:
    """One open CRM. Safe to use from several threads at once.

    ``shared`` holds the settings that are kept in the database; every transaction of an actor renews it.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.shared = shared_values.DEFAULTS
        self.announcer = Announcer()
        self.announcer.subscribe(telemetry_listener)

    def learn(self, settings: SharedSettingsRead) -> None:
        """Go on with these shared settings, which were read from the database."""
        if settings != self.shared:
            self.shared = settings
            self.database.set_currency_digits(currency_digits(settings.currency))
            use_crm_zone(settings.time_zone)

    def day_of(self, moment: datetime) -> date:
        """The day of a moment in the CRM's time zone."""
        return shared_values.day_of(self.shared, moment)

    def without_effect(self) -> list[str]:
        """A sentence for each variable of this machine that the database overrules."""
        return shared_values.without_effect(self.settings, self.shared)

    def close(self) -> None:
        """Give the connections back."""
        self.database.dispose()


def open_crm(
    settings: Settings, *, create: bool = False,
    on_migration: Callable[[str | None, str], None] | None = None, on_wait: Callable[[], None] = lambda: None,
    on_busy: Callable[[], None] = lambda: None,
) -> Crm:  # fmt: skip
    """The CRM of these settings, its database migrated to what the program needs.

    ``create`` makes a CRM of a missing SQLite file and of an empty database; without it both are refused.
    ``on_migration`` is told from and to which revision, where any migration ran; ``on_wait`` is called before
    what takes long where there are many records; ``on_busy`` whenever another program holds the file for a
    second, as long as the CRM is open, in the thread that waits.
    Raises :class:`DatabaseUnavailable`, :class:`DatabaseTooNew`, :class:`DatabaseForeign` and
    :class:`DatabaseNotUtf8` of ``services.errors``.
    """
    database = Database(settings.database_url, pooled=settings.database_pooled)
    database.on_busy = on_busy
    with ExitStack() as failed:
        failed.callback(database.dispose)
        migrated = _ready(database, settings, create=create, on_wait=on_wait)
        crm = Crm(settings, database)
        with database.reading() as connection:
            crm.learn(shared_values.read(connection))
            stale = phone_region.is_stale(connection)
        if stale:
            phone_region.read_phones_anew(database, on_wait)
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
