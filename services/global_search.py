"""One search over the records of every kind at once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from models.enums import RecordKind
from services import record_types, rights
from services.actor import Actor
from services.crm import Crm
from services.lists import engine
from services.lists.query import ListQuery
from services.lists.spec import ListSpec, QueryContext
from services.record_types import RecordType
from services.unit_of_work import reading


@dataclass(frozen=True)
class Hit:
    """A record that holds the words of a search; ``detail`` tells it from others of the same title.

    ``parent`` is the kind and id of the record that it belongs to.
    """

    kind: RecordKind
    id: int
    title: str
    detail: str
    parent: tuple[RecordKind, int] | None = None


def search_everywhere(crm: Crm, actor: Actor, text: str, limit: int = 8) -> list[Hit]:
    """At most ``limit`` records of each kind that hold the words of the text; none for a text without words.

    Those that hold them without the names of their people come first: the clients of Kate must not displace
    the client Kate. Kinds that the actor may not read and records in the trash are left out.

    Raises :class:`NotSignedIn`.
    """
    query = ListQuery(search=text)
    if not query.terms:
        return []
    with reading(crm, actor) as work:
        asking = QueryContext.by(work.actor, work.now)
        return [
            _hit(record_type, record)
            for record_type in _searched(work.actor)
            for record in _found(record_type.listing, work.connection, asking, query, limit)
        ]


def _found(
    listing: ListSpec[Any], connection: Connection, asking: QueryContext, query: ListQuery, limit: int
) -> list[Any]:
    if not listing.people:
        return engine.window(listing, connection, asking, query, limit=limit)
    named = engine.window(listing.unpeopled, connection, asking, query, limit=limit)
    if len(named) == limit:
        return named
    others = engine.window(listing, connection, asking, query, limit=limit)
    known = {record.id for record in named}
    return [*named, *(record for record in others if record.id not in known)][:limit]


def _searched(actor: Actor) -> list[RecordType[Any]]:
    return [
        each for each in record_types.all_types()
        if each.hit is not None and rights.refusal(actor.department, each.read_right) is None
    ]  # fmt: skip


def _hit(record_type: RecordType[Any], record: Any) -> Hit:
    assert record_type.hit is not None  # noqa: S101 - only these are searched
    above = record_type.parent.kind if record_type.parent is not None else None
    parent = (above, getattr(record, above)) if above is not None else None
    return Hit(record_type.kind, record.id, *record_type.hit(record), parent)
