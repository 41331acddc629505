"""The people whom conditions of own filters name: to choose from, and by their ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.tables import Collaborator, table_of
from models.text import fold
from services.actor import Actor
from services.collaborator_checks import display_name
from services.crm import Crm
from services.errors import Invalid
from services.i18n import N_
from services.lists.filter_fields import FilterField
from services.lists.own_filters import ME, WITHOUT_VALUE, FieldType, OwnFilter
from services.unit_of_work import reading

_GONE = N_("This filter names a person whose account was deleted. Choose another person in its condition.")
_NO_PERSON = N_("There is no collaborator {name}. Give a username, a name, or {me} for yourself.")
_TWO = N_("Several collaborators are called {name}. Give a username.")


@dataclass(frozen=True)
class Person:
    """A collaborator by name; nothing that the lists do not show to everyone."""

    id: int
    name: str
    username: str
    active: bool


def choose_people(crm: Crm, actor: Actor, search: str = "", limit: int = 50) -> list[Person]:
    """The collaborators with a word that begins so, active ones first, sorted by name."""
    with reading(crm, actor) as work:
        people = _people(work.connection)
    typed = fold(search).split()
    found = [each for each in people if _begins(fold(f"{each.name} {each.username}").split(), typed)]
    return sorted(found, key=lambda each: not each.active)[:limit]


def names_of(crm: Crm, actor: Actor, own: OwnFilter) -> Mapping[str, str]:
    """The names of the people in a filter, by the values of its conditions."""
    wanted = {each.value for each in own.conditions if each.value.isdigit()}
    if not wanted:
        return {}
    with reading(crm, actor) as work:
        return {str(each.id): each.name for each in _people(work.connection) if str(each.id) in wanted}


def find_person(crm: Crm, actor: Actor, text: str, field: str) -> str:
    """The value of a condition for a username or a full name. Raises :class:`Invalid` naming the field."""
    typed = fold(text.strip())
    with reading(crm, actor) as work:
        people = _people(work.connection)
    found = [each for each in people if fold(each.username) == typed]
    found = found or [each for each in people if fold(each.name) == typed]
    if not found:
        raise Invalid.of(field, _NO_PERSON, name=text.strip(), me=ME)
    if len(found) > 1:
        raise Invalid.of(field, _TWO, name=text.strip())
    return str(found[0].id)


def require_known(connection: Connection, fields: Mapping[str, FilterField], own: OwnFilter) -> None:
    """Raise :class:`Invalid` naming ``conditions`` if a filter names a person who is deleted."""
    wanted = {
        int(each.value)
        for each in own.conditions
        if fields[each.field].type is FieldType.PERSON
        and each.comparison not in WITHOUT_VALUE
        and each.value != ME
    }
    if wanted - {each.id for each in _people(connection)}:
        raise Invalid.of("conditions", _GONE)


def _begins(words: Iterable[str], typed: Iterable[str]) -> bool:
    known = list(words)
    return all(any(word.startswith(each) for word in known) for each in typed)


def _people(connection: Connection) -> list[Person]:
    person = table_of(Collaborator).c
    query = select(person.id, display_name(person), person.username, person.active)
    rows = connection.execute(query.order_by(person.sort_name, person.id))
    return [Person(*row) for row in rows]
