"""One list as a table reads it: windows by number or from a record, its length, and where a record stands."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Generic

from models.enums import RecordKind
from services import clients, collaborators, contracts, events, journal, queries
from services.announcements import Actor
from services.crm import Crm
from services.list_sql import Asking, Listing, Read
from services.listing import COUNT_CAP, ListQuery
from services.rights import Action
from services.transaction import Reading, reading

_LISTINGS: Final[Mapping[RecordKind | None, tuple[Listing[Any], Action]]] = {
    RecordKind.CLIENT: (clients.LISTING, Action.RECORD_READ),
    RecordKind.CONTRACT: (contracts.LISTING, Action.RECORD_READ),
    RecordKind.EVENT: (events.LISTING, Action.RECORD_READ),
    RecordKind.COLLABORATOR: (collaborators.LISTING, Action.COLLABORATOR_READ),
    None: (journal.LISTING, Action.JOURNAL_READ),
}


class ListReader(Generic[Read]):
    """Reads one query of one kind of list (``None``: the journal). Safe to use from several threads.

    ``actor`` is asked at each read, since a session may be renewed meanwhile. Every method raises
    :class:`NotSignedIn`, and :class:`Forbidden` without the right to read the list.
    """

    def __init__(
        self, crm: Crm, actor: Callable[[], Actor], kind: RecordKind | None, query: ListQuery
    ) -> None:
        self._crm = crm
        self._actor = actor
        self._query = query
        self._listing: Listing[Read]
        self._listing, self._right = _LISTINGS[kind]

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> list[Read]:
        """At most ``limit`` rows: from ``offset`` on, or next to a record, which wins over ``offset``."""
        with self._reading() as (work, asking):
            return queries.window(
                self._listing, work.connection, asking, self._query,
                limit=limit, offset=offset, after=after, before=before,
            )  # fmt: skip

    def count(self) -> int:
        """How many rows there are, at most ``COUNT_CAP`` where nothing tells it exactly."""
        with self._reading() as (work, asking):
            return queries.count(self._listing, work.connection, asking, self._query, COUNT_CAP)

    def survey(self) -> int | None:
        """Look at the whole list once, so that any place of it is near; its exact length, if it has one."""
        return None

    def position(self, record_id: int) -> int | None:
        """How many rows stand before a record; ``None`` where it is not among them."""
        with self._reading() as (work, asking):
            return queries.position(self._listing, work.connection, asking, self._query, record_id)

    @contextmanager
    def _reading(self) -> Iterator[tuple[Reading, Asking]]:
        with reading(self._crm, self._actor(), self._right) as work:
            yield work, Asking.by(work.actor, work.now)
