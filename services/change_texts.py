"""Changes of fields as people read them: labels, names for ids, local times, amounts of money."""

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from models.enums import Department, NoteKind, RecordKind
from models.read_models import PastChange
from services import formats, record_types
from services.errors import FieldChange, Invalid
from services.i18n import _
from services.labels import (
    DEPARTMENTS,
    NOTE_KINDS,
    action_label,
    field_label,
    kind_label,
    language_name,
    record_title,
)
from services.lists import condition_texts
from services.lists.own_conditions import Fields
from services.lists.own_filters import Condition, from_json
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
    if field == "conditions":
        return _conditions(str(value), names)
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


def _conditions(text: str, names: Names) -> str:
    """The conditions of a saved view; as they are kept if they cannot be read."""
    with suppress(Invalid):
        own = from_json(text)
        said = "; ".join(_condition(each, names) for each in own.conditions)
        return _("any of: {first}").format(first=said) if own.any_of else said
    return text


def _condition(each: Condition, names: Names) -> str:
    """A condition as its list says it. A change does not name the list; a field is the same in every one."""
    lists = (known.listing for known in record_types.all_types() if known.listing is not None)
    fields: Fields = next((listing.fields for listing in lists if each.field in listing.fields), {})
    if each.field not in fields:  # one of the journal's
        return condition_texts.say_roughly(each, field_label(each.field))
    person = {each.value: _person(int(each.value), names)} if each.value.isdigit() else {}
    return condition_texts.say_condition(fields, each, "", person).strip()


def _person(key: int, names: Names) -> str:
    kind = RecordKind.COLLABORATOR
    return names.get((kind, key)) or record_title(kind, key)


def _formatted(field: str, text: str) -> str:
    if field in _MONEY:
        return formats.show_amount(Decimal(text))
    if field in _MOMENTS:
        return formats.show_datetime(datetime.fromisoformat(text))
    if field in _DAYS:
        return formats.show_date(date.fromisoformat(text))
    if field == "listed":
        return _("Journal") if text == "journal" else kind_label(RecordKind(text))
    if field == "sort":
        return field_label(text)
    if field == "department":
        return _(DEPARTMENTS[Department(text)])
    if field == "kind":
        return _(NOTE_KINDS[NoteKind(text)])
    if field == "time_zone":
        return formats.say_zone(text)
    return language_name(text) if field in _LANGUAGES else text
