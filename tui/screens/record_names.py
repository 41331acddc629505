"""What a record of any kind is called, read from the database."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from models.enums import RecordKind
from services import clients, collaborators, contracts, events
from services.domain_events import Actor
from services.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from services.crm import Crm

_NAME_OF: Mapping[RecordKind, Callable[["Crm", Actor, int], str]] = {
    RecordKind.CLIENT: lambda crm, actor, id: clients.get_client(crm, actor, id).full_name,
    RecordKind.CONTRACT: lambda crm, actor, id: contracts.get_contract(crm, actor, id).number,
    RecordKind.EVENT: lambda crm, actor, id: events.get_event(crm, actor, id).name,
    RecordKind.COLLABORATOR: lambda crm, actor, id: collaborators.get_collaborator(crm, actor, id).full_name,
}


def name_of(crm: "Crm", actor: Actor, kind: RecordKind, record_id: int) -> str:
    """The name of a record, in a thread; empty where it has none, was deleted, or is not to be read."""
    with suppress(NotFound, Forbidden, KeyError):
        return _NAME_OF[kind](crm, actor, record_id)
    return ""
