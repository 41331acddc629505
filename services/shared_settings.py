"""Use cases of the shared settings: everybody reads them, Gestion changes them.

They are one row of the database, read when it is opened and again by every transaction of an actor. The
variables of a machine only give the first values of a new database.
"""

from typing import Any, Final

from sqlalchemy import Connection, select, update

from models.enums import RecordKind
from models.read_models import SharedSettingsRead
from models.tables import Collaborator, Contract, SharedSettings, table_of
from models.write_models import SharedSettingsUpdate
from services import days_of_words, phone_region, record_types, shared_values
from services.actor import Actor
from services.crm import Crm
from services.errors import FieldProblem, InUse, Invalid
from services.i18n import N_
from services.iso_codes import CURRENCIES, PHONE_REGIONS
from services.record_types import RecordType
from services.rights import Action
from services.settings import Settings
from services.time_zones import NO_ZONE, zone_named
from services.unit_of_work import UnitOfWork, reading, writing

SETTINGS_ID: Final = 1

_HAS_CONTRACTS: Final = N_(
    "The currency can be changed only while the CRM has no contract, not even in the trash."
)
_NO_CURRENCY: Final = N_("This is not the code of a currency (ISO 4217), such as EUR or CHF.")
_NO_COUNTRY: Final = N_("This is not the code of a country (ISO 3166), such as FR or BE.")


def read_settings(crm: Crm, actor: Actor) -> SharedSettingsRead:
    """The settings as they are now. Raises :class:`NotSignedIn`."""
    with reading(crm, actor) as work:
        return shared_values.read(work.connection)


def update_settings(
    crm: Crm, actor: Actor, command: SharedSettingsUpdate, version: int | None = None
) -> SharedSettingsRead:
    """Change the settings.

    After a change of the region this parses all phones again, and after one of the time zone it writes the
    days again under which records are found; both may take a while.

    Raises :class:`Forbidden`, :class:`Conflict`, :class:`InUse` for the currency while there are contracts,
    and :class:`Invalid` naming each field that is no code or name.
    """
    with writing(crm, actor, Action.SETTINGS_UPDATE) as work:
        work.require()
        values = checked(command.changes())
        settings = work.get(SharedSettings, SETTINGS_ID, version)
        change_settings(work, settings, values)
        work.settle()
        changed = shared_values.read(work.connection)
    crm.learn(changed)
    phone_region.read_phones_anew(crm.database)
    days_of_words.write_days_anew(crm.database)
    return changed


def change_settings(work: UnitOfWork, settings: SharedSettings, values: dict[str, Any]) -> None:
    """Change the settings within a transaction, or take a change back."""
    if values.get("currency", settings.currency) != settings.currency:
        _refuse_while_contracts(work.connection)
    if values.get("phone_region", settings.phone_region) != settings.phone_region:
        phone_region.mark_stale(work.connection)
    if values.get("time_zone", settings.time_zone) != settings.time_zone:
        days_of_words.mark_stale(work.connection)
    work.change(settings, values)


def _refuse_while_contracts(connection: Connection) -> None:
    if connection.execute(select(table_of(Contract).c.id).limit(1)).first() is not None:
        raise InUse(_HAS_CONTRACTS)


def begin(crm: Crm, settings: Settings) -> None:
    """Give a database that has no account yet the first values of its settings once more.

    It may have been migrated earlier, by a set-up that did not end or by ``migrate``.
    """
    person = table_of(Collaborator).c.id
    with crm.database.write() as connection:
        if connection.execute(select(person).limit(1)).first() is None:
            connection.execute(update(shared_values.TABLE).values(shared_values.first_values(settings)))
            crm.learn(shared_values.read(connection))


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """The codes in capitals. Raises :class:`Invalid` naming each that is none."""
    for code in ("currency", "phone_region"):
        if code in values:
            values[code] = values[code].upper()
    problems = []
    if values.get("currency", "EUR") not in CURRENCIES:
        problems.append(FieldProblem("currency", _NO_CURRENCY))
    if values.get("phone_region", "FR") not in PHONE_REGIONS:
        problems.append(FieldProblem("phone_region", _NO_COUNTRY))
    if zone_named(values.get("time_zone", "UTC")) is None:
        problems.append(FieldProblem("time_zone", NO_ZONE))
    if problems:
        raise Invalid(*problems)
    return values


record_types.register(
    RecordType(
        kind=RecordKind.SETTINGS,
        model=SharedSettings,
        label=N_("Settings"),
        telemetry_name="des réglages",
        not_found=N_("The settings of this database are missing."),
        is_single=True,
        is_restorable=False,
        revert=change_settings,
    )
)
