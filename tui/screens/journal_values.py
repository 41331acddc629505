"""The values of the journal as people read them: names for ids, local times, amounts of money."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from models.enums import Department, RecordKind
from models.shapes_read import JournalEntry
from services import formats
from services.announcements import Actor
from services.i18n import _
from tui.labels import DEPARTMENTS
from tui.screens.record_names import name_of

if TYPE_CHECKING:
    from services.crm import Crm

Names = Mapping[tuple[str, object], str]
"""The names of the records that the fields of an entry refer to, by field and id."""

_REFERRED: Mapping[str, RecordKind] = {
    "client_id": RecordKind.CLIENT,
    "contract_id": RecordKind.CONTRACT,
    "sales_contact_id": RecordKind.COLLABORATOR,
    "support_contact_id": RecordKind.COLLABORATOR,
    "recorded_by_id": RecordKind.COLLABORATOR,
}
_MONEY = frozenset({"total_amount", "amount_paid", "amount"})
_MOMENTS = frozenset({"start", "end", "deleted_at", "locked_until"})
_DAYS = frozenset({"first_contact_date", "last_contact_date", "signed_on", "received_on"})


def names_in(crm: "Crm", actor: Actor, entry: JournalEntry) -> Names:
    """The names of what an entry refers to by id; in a thread."""
    return {
        (field, value): name_of(crm, actor, _REFERRED[field], value)
        for field, values in entry.changes.items()
        for value in values
        if field in _REFERRED and isinstance(value, int)
    }


def shown(field: str, value: object, names: Names) -> str:
    """A value of a field for the eye."""
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if names.get((field, value)):
        return names[field, value]
    with suppress(ValueError, InvalidOperation):
        return _formatted(field, str(value))
    return str(value)


def _formatted(field: str, text: str) -> str:
    if field in _MONEY:
        return formats.show_amount(Decimal(text))
    if field in _MOMENTS:
        return formats.show_datetime(datetime.fromisoformat(text))
    if field in _DAYS:
        return formats.show_date(date.fromisoformat(text))
    if field == "department":
        return _(DEPARTMENTS[Department(text)])
    return text
