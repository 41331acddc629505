"""Conditions of own filters as commands type them: ``start in this week``, ``support_contact is me``."""

from models.enums import RecordKind
from services import filter_people
from services.actor import Actor
from services.crm import Crm
from services.lists import condition_texts
from services.lists.own_filters import ME, WITHOUT_VALUE, Condition, FieldType
from services.saved_views import listing_of, name_of_list


def read_condition(crm: Crm, actor: Actor, kind: RecordKind | None, text: str, name: str) -> Condition:
    """A typed condition on the list of a kind (``None``: the journal). Raises :class:`Invalid`."""
    fields = listing_of(name_of_list(kind)).fields
    key, comparison, typed = condition_texts.split_condition(fields, text, name)
    field = fields[key]
    if comparison in WITHOUT_VALUE:
        return Condition(key, comparison)
    if field.type is FieldType.PERSON:
        is_me = condition_texts.means_me(typed)
        return Condition(key, comparison, ME if is_me else filter_people.find_person(crm, actor, typed, name))
    if field.type is FieldType.CHOICE:
        return Condition(key, comparison, condition_texts.option_of(field, typed, name))
    now = crm.database.clock.estimate()
    value = condition_texts.read_value(field, typed, name, crm.shared.currency, now)
    return Condition(key, comparison, value)
