"""One list as a table reads it: windows by position or key, its length, and the position of a record."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any, Generic

from models.enums import RecordKind
from services import audit_log, monitoring, record_types
from services.actor import Actor
from services.clock import machine_now
from services.crm import Crm
from services.errors import NotSignedIn
from services.lists import engine, own_conditions, pages, spec
from services.lists.own_filters import OwnFilter
from services.lists.pages import Key, Pages, key_values
from services.lists.position_index import STEP, PositionIndex, build_position_index
from services.lists.query import COUNT_CAP, ListQuery
from services.lists.spec import ListSpec, QueryContext, QueryKey, Read
from services.lists.statements import Start
from services.rights import Action
from services.unit_of_work import ReadContext, reading


class ListReader(Generic[Read]):
    """Reads one query of one kind of list (``None``: the journal). Safe to use from several threads.

    ``actor`` is asked at each read, since a session may be renewed or ended meanwhile. Every method raises
    :class:`NotSignedIn`, and :class:`Forbidden` without the right to read the list.
    """

    def __init__(
        self, crm: Crm, actor: Callable[[], Actor | None], kind: RecordKind | None, query: ListQuery
    ) -> None:
        self._crm = crm
        self._actor = actor
        self._query = query
        self._kind = kind or "journal"
        self._listing: ListSpec[Read]
        self._listing, self._right = list_of(kind)
        self._anchors: PositionIndex | None = None

    @property
    def record(self) -> type[Read]:
        """The read model of the rows."""
        return self._listing.record

    def of(self, query: ListQuery) -> "ListReader[Read]":
        """A reader of another query of the same list."""
        other = copy(self)
        other._query, other._anchors = query, None
        return other

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> list[Read]:
        """At most ``limit`` rows: from ``offset`` on, or next to a record, which wins over ``offset``.

        A record need not be in the list any more. Raises :class:`Invalid` as :func:`engine.window`.
        """
        use = "search" if self._query.search else "list"
        with monitoring.span(use, self._kind), self._reading() as (work, asking):
            if after is None and before is None:
                found = self._anchored(work, asking, *engine.bounds(limit, offset))
                if found:
                    return found
            return engine.window(
                self._listing, work.connection, asking, self._query,
                limit=limit, offset=offset, after=after, before=before,
            )  # fmt: skip

    def _anchored(self, work: ReadContext, asking: QueryContext, limit: int, offset: int) -> list[Read]:
        anchors = self._anchors
        if anchors is None or not 0 < offset < anchors.total:
            return []
        rows = Pages(self._listing, work.connection, asking, self._query)
        if offset + limit >= anchors.total:
            return rows.page(Start.END, anchors.total - offset, forwards=False)
        if offset < STEP:
            return rows.further(Start.END, offset, limit)
        key, skipped = anchors.before(offset)
        return rows.further(Start.KEY, skipped, limit, **key_values("key", key))

    def pages(self, size: int, *, after: int | None = None) -> Iterator[list[Read]]:
        """The whole list page by page, from one snapshot: no row twice, none left out.

        ``after`` goes on behind that record. No more than a page is in memory.
        """
        with self._reading() as (work, asking):
            work.hold_one_state()
            while True:
                page = engine.window(
                    self._listing, work.connection, asking, self._query, limit=size, after=after
                )
                yield page
                if len(page) < size:
                    return
                after = self.key(page[-1])

    def count(self) -> int:
        """The number of rows: exact if a counter or the position index has it, else up to ``COUNT_CAP``."""
        with self._reading() as (work, asking):
            told = pages.exact(self._listing, work.connection, asking, self._query)
            if told is None and self._anchors is not None:
                told = self._anchors.total
            if told is not None:
                return told
            return engine.count(self._listing, work.connection, asking, self._query, COUNT_CAP)

    @property
    def reads_every_row(self) -> bool:
        """Whether the own filter of the query is asked of one row after the other; no index serves it."""
        actor = self._actor()
        if actor is None:
            raise NotSignedIn
        asking = QueryContext.by(actor, machine_now())
        return spec.reads_every_row(self._listing, QueryKey.of(asking, self._query))

    def build_position_index(self) -> int | None:
        """Index positions of the whole list, so that a window at any offset is fast; the list's exact length.

        Takes some 100 ms for a million rows. A search has none: its rows are found as they are read.
        """
        if self._query.searches:
            return None
        with self._reading() as (work, asking):
            self._anchors = anchors = build_position_index(
                Pages(self._listing, work.connection, asking, self._query)
            )
        return anchors.total

    def position(self, record_id: int) -> int | None:
        """The number of rows before a record; ``None`` if the list does not hold it."""
        with self._reading() as (work, asking):
            return engine.position(
                self._listing, work.connection, asking, self._query, record_id, self._nearest
            )

    def key(self, row: Read) -> int:
        """The id of a row's record."""
        identity: int = row.id  # type: ignore[attr-defined]
        return identity

    def _nearest(self, key: Key) -> tuple[Key, int] | None:
        return self._anchors.reaching(key) if self._anchors is not None else None

    @contextmanager
    def _reading(self) -> Iterator[tuple[ReadContext, QueryContext]]:
        actor = self._actor()
        if actor is None:
            raise NotSignedIn
        with reading(self._crm, actor, self._right) as work:
            yield work, QueryContext.by(work.actor, work.now)


def list_of(kind: RecordKind | None) -> tuple[ListSpec[Any], Action]:
    """The list of a kind (``None``: the journal), and the right to read it."""
    if kind is None:
        return audit_log.listing(), Action.JOURNAL_READ
    record_type = record_types.of_kind(kind)
    return record_type.listing, record_type.read_right


def own_order(kind: RecordKind | None, query: ListQuery, own: OwnFilter) -> str:
    """The order in which an index serves an own filter, if it has none yet; empty if there is none."""
    listing, _right = list_of(kind)
    sort = own_conditions.range_of(listing.fields, own)
    return sort if sort in listing.sorts_under(query.filters) else ""


def read_record(crm: Crm, actor: Actor, kind: RecordKind, record_id: int) -> Any:
    """One record as its list shows it, also from the trash. Raises :class:`NotFound`, :class:`Forbidden`."""
    listing, right = list_of(kind)
    return engine.read_one(crm, actor, listing, kind, record_id, right)
