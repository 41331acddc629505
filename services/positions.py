"""Where a record stands in a list, so that a cursor can go to it."""

from models.enums import RecordKind
from services.announcements import Actor
from services.crm import Crm
from services.list_reader import ListReader
from services.listing import ListQuery


def position_in_list(
    crm: Crm, actor: Actor, kind: RecordKind, query: ListQuery, record_id: int
) -> int | None:
    """How many rows of the query stand before the record; ``None`` where it is not among them.

    Raises :class:`NotSignedIn`, and :class:`Forbidden` for the team.
    """
    reader: ListReader[object] = ListReader(crm, lambda: actor, kind, query)
    return reader.position(record_id)
