"""Changes of fields as people read them: labels, names for ids, local times, amounts of money."""

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from models.enums import Department, NoteKind
from models.read_models import PastChange
from services import formats, record_types
from services.errors import FieldChange, Invalid
from services.i18n import _
from services.labels import (
    DEPARTMENTS,
    NOTE_KINDS,
    action_label,
    field_label,
    language_name,
    record_title,
)
from services.lists import condition_texts
from services.lists.own_filters import from_json
from services.record_names import Names

_MONEY = frozenset({"total_amount", "amount_paid", "amount"})
_MOMENTS = frozenset({"start", "end", "deleted_at", "locked_until", "at", "done_at", "remind_at"})
_DAYS = frozenset({"first_contact_date", "last_contact_date", "signed_on", "received_on", "due_on"})

_LANGUAGES = frozenset({"language", "paper_language"})


def value_text(field: str, value: object, names: Names) -> str:
    """A value of a field as the journal keeps it, for the eye."""
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    kind = record_types.references().get(field)
    if kind is not None and isinstance(value, int):
        return names.get((kind, value)) or record_title(kind, value)
    with suppress(ValueError, InvalidOperation):
        return _formatted(field, str(value))
    return str(value)


def pair_text(field: str, old: object, new: object, names: Names, *, created: bool = False) -> str:
    """The old and the new value of a field; only the new one for a new record."""
    if old is None and new is None:
        return _("changed, never shown")
    after = value_text(field, new, names)
    return after if created else f"{value_text(field, old, names)} → {after}"


def change_text(change: FieldChange) -> str:
    """One change with its field and author, on one line."""
    pair = pair_text(change.field, change.old, change.new, change.names)
    return f"{field_label(change.field)}: {pair} ({change.who_name or change.who})"


def past_change_text(change: PastChange) -> str:
    """A change to undo or redo, with its record and age: "Payment recorded: C2026-00412, 3 minutes ago"."""
    action = action_label(change.kind, change.action, change.operation)
    if not change.name and record_types.of_kind(change.kind).is_single:
        return _("{action}, {age}.").format(action=action, age=formats.say_age(change.age))
    name = change.name or str(change.record_id)
    return _("{action}: {name}, {age}.").format(action=action, name=name, age=formats.say_age(change.age))


def _conditions(text: str) -> str:
    """The conditions of a saved view, with the labels that fields have in the journal."""
    with suppress(Invalid):
        own = from_json(text)
        said = "; ".join(
            condition_texts.say_roughly(each, field_label(each.field)) for each in own.conditions
        )
        return _("any of: {first}").format(first=said) if own.any_of else said
    return text


def _formatted(field: str, text: str) -> str:
    if field in _MONEY:
        return formats.show_amount(Decimal(text))
    if field in _MOMENTS:
        return formats.show_datetime(datetime.fromisoformat(text))
    if field in _DAYS:
        return formats.show_date(date.fromisoformat(text))
    if field == "conditions":
        return _conditions(text)
    if field == "department":
        return _(DEPARTMENTS[Department(text)])
    if field == "kind":
        return _(NOTE_KINDS[NoteKind(text)])
    if field == "time_zone":
        return formats.say_zone(text)
    return language_name(text) if field in _LANGUAGES else text
