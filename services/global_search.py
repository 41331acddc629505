"""One search over clients, contracts, events and collaborators at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from models.enums import RecordKind
from models.read_models import ClientRead, CollaboratorRead, ContractRead, EventRead
from services import clients, collaborators, contracts, events, rights
from services.actor import Actor
from services.crm import Crm
from services.lists import engine
from services.lists.query import ListQuery
from services.lists.spec import ListSpec, QueryContext
from services.rights import Action
from services.unit_of_work import reading


@dataclass(frozen=True)
class Hit:
    """A record that holds what was searched for; ``detail`` tells it from others of the same title."""

    kind: RecordKind
    id: int
    title: str
    detail: str


@dataclass(frozen=True)
class _Searched:
    """One kind: its list, the right to read it, and what a record of it is called."""

    listing: ListSpec[Any]
    right: Action
    name: Callable[[Any], tuple[str, str]]


def _name_client(client: ClientRead) -> tuple[str, str]:
    return client.full_name, client.company or client.email


def _name_contract(contract: ContractRead) -> tuple[str, str]:
    return contract.number, contract.client_name


def _name_event(event: EventRead) -> tuple[str, str]:
    return event.name, event.client_name


def _name_collaborator(person: CollaboratorRead) -> tuple[str, str]:
    return person.full_name, person.username


_SEARCHED: Final = {
    RecordKind.CLIENT: _Searched(clients.LISTING, Action.RECORD_READ, _name_client),
    RecordKind.CONTRACT: _Searched(contracts.LISTING, Action.RECORD_READ, _name_contract),
    RecordKind.EVENT: _Searched(events.LISTING, Action.RECORD_READ, _name_event),
    RecordKind.COLLABORATOR: _Searched(collaborators.LISTING, Action.COLLABORATOR_READ, _name_collaborator),
}


def search_everywhere(crm: Crm, actor: Actor, text: str, limit: int = 8) -> list[Hit]:
    """At most ``limit`` records of each kind that hold the words of the text; none for a text without words.

    Of what the actor may read; the trash is left out. Raises :class:`NotSignedIn`.
    """
    query = ListQuery(search=text)
    if not query.terms:
        return []
    with reading(crm, actor) as work:
        asking = QueryContext.by(work.actor, work.now)
        return [
            Hit(kind, record.id, *_SEARCHED[kind].name(record))
            for kind in _readable(work.actor)
            for record in engine.window(_SEARCHED[kind].listing, work.connection, asking, query, limit=limit)
        ]


def _readable(actor: Actor) -> list[RecordKind]:
    return [
        kind for kind, searched in _SEARCHED.items()
        if rights.refusal(actor.department, searched.right) is None
    ]  # fmt: skip
