"""The CRM as every use case is given it: settings, database and event bus."""

from dataclasses import astuple
from datetime import date, datetime

from models.read_models import SharedSettingsRead
from services import monitoring, shared_values
from services.domain_events import EventBus
from services.iso_codes import currency_digits
from services.monitoring.event_listener import telemetry_listener
from services.persistence.database import Database
from services.settings import Settings
from services.time_zones import use_crm_zone, zone_named


class Crm:
    """One open CRM. Safe to use from several threads at once.

    ``shared`` holds the settings that are kept in the database; every transaction of an actor renews it.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.shared = shared_values.DEFAULTS
        self.shared_row: tuple[object, ...] = ()
        """The row of ``shared`` as it was read, by which a transaction sees that it has changed."""
        self.bus = EventBus(on_error=monitoring.capture_exception)
        self.bus.subscribe(telemetry_listener)

    def learn(self, settings: SharedSettingsRead) -> None:
        """Go on with these shared settings, which were read from the database."""
        if settings != self.shared:
            self.shared, self.shared_row = settings, astuple(settings)
            self.database.set_currency_digits(currency_digits(settings.currency))
            use_crm_zone(settings.time_zone)

    def day_of(self, moment: datetime) -> date:
        """The day of a moment in the CRM's time zone; in the local one if this machine has no data of it."""
        return moment.astimezone(zone_named(self.shared.time_zone)).date()

    def without_effect(self) -> list[str]:
        """A sentence for each variable of this machine that the database overrules."""
        return shared_values.without_effect(self.settings, self.shared)

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()
        # SQLAlchemy's cache of compiled statements keeps the database alive, and with it the application.
        self.database.on_busy = lambda: None
