"""Every kind of list with its services and sort keys, and all its presets and orders."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from models.enums import Department, RecordKind
from models.read_models import TaskRead
from models.text import fold
from services import clients, collaborators, contracts, events, notes, tasks
from services.actor import Actor
from services.crm import Crm
from services.lists.query import Filter, ListQuery, Preset, presets_of, sorts_under
from tests.support.accounts import People
from tests.support.list_reads import (
    count_clients,
    count_collaborators,
    count_contracts,
    count_events,
    count_notes,
    count_tasks,
)

LONG_AGO: Final = date.min
_LAST_NAME_FIRST: Final = {"Claire Dubois": "dubois claire", "Benoît Lefèvre": "lefevre benoit"} | {
    "Sofia Martínez": "martinez sofia",
    "Seán O'Brien": "o'brien sean",
    "": "",
}


@dataclass(frozen=True)
class Kind:
    """A kind of list: its two services, and the sort key of each order."""

    rows: Callable[..., list[Any]]
    count: Callable[..., int]
    orders: Mapping[str, Callable[[Any], Any]]


KINDS: Final = {
    RecordKind.CLIENT: Kind(
        clients.list_clients,
        count_clients,
        {
            "": lambda row: 0,
            "id": lambda row: 0,
            "full_name": lambda row: fold(row.full_name),
            "company": lambda row: fold(row.company),
            "email": lambda row: row.email,
            "last_contact_date": lambda row: row.last_contact_date or LONG_AGO,
            "sales_contact_name": lambda row: _LAST_NAME_FIRST[row.sales_contact_name],
        },
    ),
    RecordKind.CONTRACT: Kind(
        contracts.list_contracts,
        count_contracts,
        {
            "": lambda row: 0,
            "client_name": lambda row: fold(row.client_name),
            "total_amount": lambda row: row.total_amount,
            "amount_remaining": lambda row: row.amount_remaining,
            "created": lambda row: row.created,
            "status": lambda row: row.signed_on or LONG_AGO,
            "sales_contact_name": lambda row: _LAST_NAME_FIRST[row.sales_contact_name],
            "stuck_since": lambda row: row.stuck_since,
        },
    ),
    RecordKind.EVENT: Kind(
        events.list_events,
        count_events,
        {
            "": lambda row: 0,
            "name": lambda row: fold(row.name),
            "start": lambda row: row.start,
            "end": lambda row: row.end,
            "client_name": lambda row: fold(row.client_name),
            "support_contact_name": lambda row: _LAST_NAME_FIRST[row.support_contact_name],
            "attendees": lambda row: row.attendees,
        },
    ),
    RecordKind.NOTE: Kind(notes.list_notes, count_notes, {"": lambda row: 0, "at": lambda row: row.at}),
    RecordKind.TASK: Kind(
        tasks.list_tasks,
        count_tasks,
        {
            "": lambda row: 0,
            "due": lambda row: _due(row),
            "title": lambda row: fold(row.title),
        },
    ),
    RecordKind.COLLABORATOR: Kind(
        collaborators.list_collaborators,
        count_collaborators,
        {
            "": lambda row: 0,
            "full_name": lambda row: fold(f"{row.last_name} {row.first_name}"),
            "username": lambda row: row.username.lower(),
            "department": lambda row: row.department,
            "clients": lambda row: row.clients,
            "events": lambda row: row.events,
            "load": lambda row: row.clients + row.events,
        },
    ),
}


def _due(row: TaskRead) -> str:
    if row.due_on is None:
        return "9999"
    time = "24:00" if row.due_at is None else f"{row.due_at:%H:%M}"  # the zone of the tests is UTC
    return f"{row.due_on} {time}"


@dataclass(frozen=True)
class Crowd:
    """A CRM with some hundred records, shared by the tests of a module, which must not change it."""

    crm: Crm
    people: People


@dataclass(frozen=True)
class Asked:
    """One list in one order, as read by an actor."""

    kind: RecordKind
    actor: Actor
    preset: Preset
    query: ListQuery

    def rows(self, crm: Crm, **window: Any) -> list[Any]:
        """A window of the list through its service."""
        return KINDS[self.kind].rows(crm, self.actor, self.query, **window)

    def place(self, row: Any) -> tuple[Any, int]:
        """The sort key of a row, computed in Python."""
        return KINDS[self.kind].orders[self.query.sort](row), row.id


def asked_of(people: People, kind: RecordKind) -> Iterator[Asked]:
    """Every preset of a list in every order and direction, for each department that has it."""
    for preset in presets_of(kind):
        owners = preset.departments if kind is not RecordKind.COLLABORATOR else {Department.GESTION}
        # Only the preset "mine" differs between departments.
        own = kind is RecordKind.TASK or preset.key == "mine"
        departments = sorted(owners) if own else sorted(owners)[:1]
        for department in departments:
            for sort in orders_under(kind, preset.filters):
                for descending in (False, True):
                    query = ListQuery(preset.filters, sort=sort, descending=descending)
                    yield Asked(kind, people.of(department), preset, query)


def half_of(people: People, kind: RecordKind, engine: str) -> Iterator[Asked]:
    """Every second list of a kind, those with an even place on one engine, the others on the other.

    The directions take turns, so that each engine reads each order one way.
    """
    for place, asked in enumerate(asked_of(people, kind)):
        if (place // 2 + place + (engine == "postgresql")) % 2 == 0:
            yield asked


def orders_under(kind: RecordKind, filters: frozenset[Filter]) -> list[str]:
    """The orders that a list with these filters has."""
    possible = ["", "id", *sorts_under(kind, filters)]
    return [sort for sort in KINDS[kind].orders if sort in possible]
