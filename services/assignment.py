"""The support collaborators for an event, with how each of them is booked around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from models.enums import Department
from models.search_words import search_terms, words_of
from models.tables import Collaborator, table_of
from services import scheduling
from services.actor import Actor
from services.crm import Crm
from services.events import get_event
from services.rights import Action
from services.scheduling import Availability, Booking
from services.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class Candidate:
    """A support collaborator who may be assigned to an event."""

    id: int
    username: str
    full_name: str
    availability: Availability


def candidates(
    crm: Crm, actor: Actor, event_id: int, typed: str = "", limit: int = 20
) -> Sequence[Candidate]:
    """The support collaborators for an event: the free ones first, then by their load, then by name.

    ``typed`` are words of their names. Raises :class:`NotFound` and :class:`Forbidden`.
    """
    event = get_event(crm, actor, event_id)
    booking = Booking(event.start, event.end, event.location, event.name)
    with reading(crm, actor, Action.COLLABORATOR_READ) as work:
        people = [row for row in work.connection.execute(_SUPPORT) if _matches(row, typed)]
        ids = [row.id for row in people]
        own = scheduling.read_bookings(work.connection, ids, booking, crm.shared, but=event_id)
    found = [
        Candidate(
            row.id, row.username, f"{row.first_name} {row.last_name}",
            scheduling.availability(booking, own.get(row.id, ()), crm.shared),
        )
        for row in people
    ]  # fmt: skip
    return sorted(found, key=lambda each: _urgency(each.availability))[:limit]


def _urgency(found: Availability) -> tuple[bool, bool, int]:
    return bool(found.overlaps), bool(found.too_close), found.load


def _matches(row: Any, typed: str) -> bool:
    words = words_of(f"{row.first_name} {row.last_name}", row.username)
    return all(any(word.startswith(term) for word in words) for term in search_terms(typed))


_person = table_of(Collaborator).c
_SUPPORT: Final = (
    select(_person.id, _person.username, _person.first_name, _person.last_name)
    .where(_person.department == Department.SUPPORT, _person.active.is_(True))
    .order_by(_person.sort_name, _person.id)
)
