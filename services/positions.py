"""Where a record stands in a list, so that a cursor can go to it."""

from collections.abc import Mapping
from typing import Any, Final

from models.enums import RecordKind
from services import clients, collaborators, contracts, events
from services.announcements import Actor
from services.crm import Crm
from services.list_sql import Asking, Listing
from services.listing import ListQuery
from services.queries import position
from services.rights import Action
from services.transaction import reading

_LISTINGS: Final[Mapping[RecordKind, Listing[Any]]] = {
    RecordKind.CLIENT: clients.LISTING,
    RecordKind.CONTRACT: contracts.LISTING,
    RecordKind.EVENT: events.LISTING,
    RecordKind.COLLABORATOR: collaborators.LISTING,
}


def position_in_list(
    crm: Crm, actor: Actor, kind: RecordKind, query: ListQuery, record_id: int
) -> int | None:
    """How many rows of the query stand before the record; ``None`` where it is not among them.

    Raises :class:`NotSignedIn`, and :class:`Forbidden` for the team.
    """
    of_team = kind is RecordKind.COLLABORATOR
    with reading(crm, actor, Action.COLLABORATOR_READ if of_team else Action.RECORD_READ) as work:
        asking = Asking.by(work.actor, work.now)
        return position(_LISTINGS[kind], work.connection, asking, query, record_id)
