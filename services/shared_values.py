"""The shared settings as the program holds them: read from their row, compared with those of the machine."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, Final

from sqlalchemy import Connection, select

from models.read_models import SharedSettingsRead
from models.tables import SharedSettings, table_of
from services.i18n import N_, _
from services.persistence import prepared
from services.settings import Settings
from services.time_zones import local_zone_name, zone_named

TABLE: Final = table_of(SharedSettings)
COLUMNS: Final = (
    TABLE.c.id, TABLE.c.version, TABLE.c.currency, TABLE.c.phone_region, TABLE.c.time_zone,
    TABLE.c.travel_same_place, TABLE.c.travel_same_area, TABLE.c.travel_elsewhere, TABLE.c.paper_language,
    TABLE.c.agency_name, TABLE.c.agency_address, TABLE.c.agency_siret, TABLE.c.agency_vat,
    TABLE.c.agency_legal,
)  # fmt: skip
DEFAULTS: Final = SharedSettingsRead(id=1, version=0, currency="EUR", phone_region="FR", time_zone="UTC")

_ZONE: Final = select(TABLE.c.time_zone)

_VARIABLES: Final[Mapping[str, str]] = {
    "currency": "EPICEVENTS_CURRENCY",
    "phone_region": "EPICEVENTS_PHONE_REGION",
    "time_zone": "EPICEVENTS_TIME_ZONE",
}
_NO_EFFECT: Final = N_(
    "{variable} is {value} here and has no effect: the database says {kept}. Remove the variable;"
    " Gestion changes the setting with 'epicevents settings'."
)


def read(connection: Connection) -> SharedSettingsRead:
    """The settings of the database; the defaults if their row is missing."""
    return from_row(connection.execute(select(*COLUMNS)).first() or ()) or DEFAULTS


def zone(connection: Connection) -> tzinfo | None:
    """The CRM's time zone, as this transaction sees it; ``None`` if this machine has no data of it."""
    rows = prepared.run(connection, _ZONE, {}).rows
    return zone_named(rows[0][0] if rows else DEFAULTS.time_zone)


def from_row(row: Sequence[Any]) -> SharedSettingsRead | None:
    """The settings in the columns of a row; ``None`` if an outer join found none."""
    return SharedSettingsRead(*row) if row and row[0] is not None else None


def first_values(settings: Settings) -> dict[str, str]:
    """The first values of a new database: the variables of the machine that makes it, and its language."""
    values: dict[str, str] = {name: getattr(settings, name) for name in _VARIABLES}
    zone = settings.time_zone or local_zone_name()
    return values | {"time_zone": zone, "paper_language": settings.language.partition("_")[0]}


def without_effect(settings: Settings, shared: SharedSettingsRead) -> list[str]:
    """A sentence for each variable of this machine that says something else than the database."""
    return [
        _(_NO_EFFECT).format(variable=variable, value=getattr(settings, name), kept=getattr(shared, name))
        for name, variable in _VARIABLES.items()
        if variable in settings.given and getattr(settings, name) != getattr(shared, name)
    ]
