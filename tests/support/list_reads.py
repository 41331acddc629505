"""Windows of the journal, and counts that look at the rows themselves, where the screens ask the counters."""

from collections.abc import Callable

from models.enums import RecordKind
from models.read_models import JournalEntry
from services.actor import Actor
from services.crm import Crm
from services.list_reader import ListReader, list_of
from services.lists import engine
from services.lists.query import COUNT_CAP, ListQuery
from services.lists.spec import QueryContext
from services.unit_of_work import reading


def list_journal(
    crm: Crm, actor: Actor, query: ListQuery, *, limit: int = 50, after: int | None = None
) -> list[JournalEntry]:
    """A window of the journal."""
    reader: ListReader[JournalEntry] = ListReader(crm, lambda: actor, None, query)
    return reader.window(0, limit, after=after)


def count_of(kind: RecordKind | None) -> Callable[..., int]:
    """The function that counts the rows of a query of this kind, at most ``cap``."""

    def count(crm: Crm, actor: Actor, query: ListQuery, cap: int = COUNT_CAP) -> int:
        listing, right = list_of(kind)
        with reading(crm, actor, right) as work:
            return engine.count(listing, work.connection, QueryContext.by(work.actor, work.now), query, cap)

    return count


count_clients = count_of(RecordKind.CLIENT)
count_contracts = count_of(RecordKind.CONTRACT)
count_events = count_of(RecordKind.EVENT)
count_notes = count_of(RecordKind.NOTE)
count_tasks = count_of(RecordKind.TASK)
count_collaborators = count_of(RecordKind.COLLABORATOR)
count_journal = count_of(None)
