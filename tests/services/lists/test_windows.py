"""Windows of every list in every order: each row once and in order, whatever is written in between."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import combinations, pairwise
from typing import Any, Final

import pytest
from sqlalchemy import select, update

from models.activity_tables import Note, Task
from models.enums import RecordKind
from models.tables import Client, Contract, Event
from services import clients, contracts, events, list_reader, notes, tasks
from services.actor import Actor
from services.list_reader import ListReader
from services.lists import position_index
from services.lists.query import Filter, ListQuery
from services.lists.spec import ListSpec
from tests.support.lists import KINDS, Asked, Crowd, half_of, orders_under

STEP: Final = 32
LISTINGS: Final[Mapping[RecordKind, ListSpec[Any]]] = {
    RecordKind.CLIENT: clients.LISTING,
    RecordKind.CONTRACT: contracts.LISTING,
    RecordKind.EVENT: events.LISTING,
    RecordKind.NOTE: notes.LISTING,
    RecordKind.TASK: tasks.LISTING,
}
TABLES: Final = {
    RecordKind.CLIENT: Client,
    RecordKind.CONTRACT: Contract,
    RecordKind.EVENT: Event,
    RecordKind.NOTE: Note,
    RecordKind.TASK: Task,
}


@pytest.fixture(autouse=True)
def _near_anchors(monkeypatch: pytest.MonkeyPatch) -> None:
    # So that some hundred rows have as many anchors as a million.
    monkeypatch.setattr(position_index, "STEP", STEP)
    monkeypatch.setattr(list_reader, "STEP", STEP)


def reader_of(crowd: Crowd, asked: Asked) -> ListReader[Any]:
    return ListReader(crowd.crm, lambda: asked.actor, asked.kind, asked.query)


def walked(reader: ListReader[Any], size: int) -> Iterator[list[Any]]:
    """Windows laid end to end, each after the last row of the one before."""
    window = reader.window(0, size)
    yield window
    while len(window) == size:
        window = reader.window(0, size, after=window[-1].id)
        yield window


def walked_back(reader: ListReader[Any], size: int, last: Any) -> Iterator[list[Any]]:
    yield [last]
    window = reader.window(0, size, before=last.id)
    while window:
        yield window
        window = reader.window(0, size, before=window[0].id) if len(window) == size else []


@pytest.mark.parametrize("kind", KINDS)
def test_windows_laid_end_to_end_give_each_row_once_in_order(crowd: Crowd, kind: RecordKind) -> None:
    for asked in half_of(crowd.people, kind, crowd.crm.database.kind):
        rows = asked.rows(crowd.crm, limit=1000)
        assert rows == sorted(rows, key=asked.place, reverse=asked.query.descending), asked
        assert rows, asked
        reader = reader_of(crowd, asked)
        assert [row for window in walked(reader, 61) for row in window] == rows, asked
        backwards = list(walked_back(reader, 59, rows[-1]))
        assert [row for window in reversed(backwards) for row in window] == rows, asked


@pytest.mark.parametrize("kind", KINDS)
def test_any_place_of_a_surveyed_list_is_that_of_a_plain_sort(crowd: Crowd, kind: RecordKind) -> None:
    for asked in half_of(crowd.people, kind, crowd.crm.database.kind):
        rows = asked.rows(crowd.crm, limit=1000)
        reader = reader_of(crowd, asked)
        assert reader.build_position_index() == len(rows), asked
        assert reader.count() == len(rows), asked
        for offset in {STEP, len(rows) // 2, len(rows) - 1}:
            assert reader.window(offset, 20) == rows[offset:][:20], (asked, offset)
        for place in {len(rows) // 2, len(rows) - 1}:
            assert reader.position(rows[place].id) == place, asked


@pytest.mark.parametrize("kind", KINDS)
def test_a_place_is_found_without_a_survey(
    crowd: Crowd, kind: RecordKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.lists.engine.NEAR", 5)
    for asked in half_of(crowd.people, kind, crowd.crm.database.kind):
        if asked.query.descending:
            continue  # a list is read from both ends all the same
        rows = asked.rows(crowd.crm, limit=1000)
        reader = reader_of(crowd, asked)
        for offset in {len(rows) // 3, len(rows) * 2 // 3, len(rows) + 5}:
            assert reader.window(offset, 9) == rows[offset:][:9], (asked, offset)
        assert reader.position(rows[len(rows) // 2].id) == len(rows) // 2, asked


@pytest.mark.parametrize("kind", TABLES)
def test_rows_that_come_and_go_meanwhile_upset_no_walk(crowd: Crowd, kind: RecordKind) -> None:
    for asked in half_of(crowd.people, kind, crowd.crm.database.kind):
        if Filter.TRASHED not in asked.query.filters:
            _walk_while_written(crowd, asked)


def _walk_while_written(crowd: Crowd, asked: Asked) -> None:
    lasting = {row.id for row in asked.rows(crowd.crm, limit=1000)}
    seen: list[Any] = []
    with _writer(crowd, asked.kind) as writer:
        for window in walked(reader_of(crowd, asked), 61):
            seen += window
            # The very row that the walk goes on from, one far off, and one that comes back.
            gone = {*(row.id for row in window[-1:]), writer.any_of(lasting)}
            writer.write(gone)
            lasting -= gone
    assert len({row.id for row in seen}) == len(seen), asked
    assert lasting <= {row.id for row in seen}, asked
    places = [asked.place(row) for row in seen]
    assert all((a > b) is asked.query.descending for a, b in pairwise(places)), asked


class _Writer:
    """Trashes rows and takes others out of the trash, beneath the services, and leaves all as it was."""

    def __init__(self, crowd: Crowd, kind: RecordKind) -> None:
        self._crowd = crowd
        self._table: Any = TABLES[kind].__table__  # type: ignore[attr-defined]
        trashed = select(self._table.c.id).where(self._table.c.deleted_at.is_not(None))
        with crowd.crm.database.read() as connection:
            self._trashed = list(connection.execute(trashed).scalars())
        self._waiting = list(self._trashed)
        self._gone: set[int] = set()

    def any_of(self, ids: set[int]) -> int:
        return min(ids, default=0)

    def write(self, gone: set[int]) -> None:
        back = {self._waiting.pop()} if self._waiting else set()
        self._set(gone, datetime.now(UTC))
        self._set(back, None)
        self._gone |= gone

    def undo(self) -> None:
        self._set(self._gone, None)
        self._set(set(self._trashed), datetime.now(UTC))

    def _set(self, ids: set[int], moment: datetime | None) -> None:
        changed = update(self._table).where(self._table.c.id.in_(ids)).values(deleted_at=moment)
        with self._crowd.crm.database.write_session() as session:
            session.connection().execute(changed)


@contextmanager
def _writer(crowd: Crowd, kind: RecordKind) -> Iterator[_Writer]:
    writer = _Writer(crowd, kind)
    try:
        yield writer
    finally:
        writer.undo()


@pytest.mark.parametrize("kind", TABLES)
def test_filters_hold_together_in_every_order(crowd: Crowd, kind: RecordKind) -> None:
    """Also those of no preset: a list finds an index for each, and two of them leave what each leaves."""
    of_kind = [Filter.MINE, *LISTINGS[kind].filters, Filter.TRASHED]
    for actor in (crowd.people.commercial, crowd.people.support, crowd.people.gestion):
        alone = {each: _ids(crowd, kind, actor, frozenset({each})) for each in of_kind}
        live = _ids(crowd, kind, actor, frozenset())
        for one, other in combinations(of_kind, 2):
            expected = alone[one] & alone[other]
            if Filter.TRASHED in (one, other):
                # A filter alone is one of live records, so only the trash tells what it leaves there.
                expected = _ids(crowd, kind, actor, frozenset({one, other}))
                assert expected <= alone[Filter.TRASHED]
                assert not expected & live
            filters = frozenset({one, other})
            for sort in orders_under(kind, filters) if actor is crowd.people.commercial else [""]:
                found = _ids(crowd, kind, actor, frozenset({one, other}), sort)
                assert found == expected, (one, other, sort)


def _ids(
    crowd: Crowd, kind: RecordKind, actor: Actor, filters: frozenset[Filter], sort: str = ""
) -> set[int]:
    query = ListQuery(filters, sort=sort)
    rows = KINDS[kind].rows(crowd.crm, actor, query, limit=1000)
    assert KINDS[kind].count(crowd.crm, actor, query) == len(rows)
    return {row.id for row in rows}


def test_a_count_is_exact_where_a_figure_or_a_survey_tells_it(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_reader, "COUNT_CAP", 10)
    mine = frozenset({Filter.MINE})
    people = crowd.people
    for kind, actor, filters in (
        (RecordKind.CLIENT, people.gestion, frozenset[Filter]()),
        (RecordKind.CONTRACT, people.gestion, frozenset[Filter]()),
        (RecordKind.EVENT, people.gestion, frozenset[Filter]()),
        (RecordKind.CLIENT, people.commercial, mine),
        (RecordKind.EVENT, people.support, mine),
    ):
        rows = KINDS[kind].rows(crowd.crm, actor, ListQuery(filters), limit=1000)
        assert len(rows) > 10
        reader: ListReader[Any] = ListReader(crowd.crm, lambda: actor, kind, ListQuery(filters))  # noqa: B023
        assert reader.count() == len(rows), kind
    unsigned: ListReader[Any] = ListReader(
        crowd.crm, lambda: people.gestion, RecordKind.CONTRACT, ListQuery(frozenset({Filter.UNSIGNED}))
    )
    assert unsigned.count() == 10
    exact = unsigned.build_position_index()
    assert exact is not None
    assert unsigned.count() == exact > 10


def test_what_is_of_one_client_is_counted_by_its_figures(crowd: Crowd) -> None:
    for client in KINDS[RecordKind.CLIENT].rows(crowd.crm, crowd.people.gestion, ListQuery(), limit=20):
        query = ListQuery(parent=(RecordKind.CLIENT, client.id))
        for kind, figure in (
            (RecordKind.CONTRACT, client.contract_count),
            (RecordKind.EVENT, client.event_count),
        ):
            reader: ListReader[Any] = ListReader(crowd.crm, lambda: crowd.people.gestion, kind, query)
            assert reader.count() == figure == len(reader.window(0, 1000)) == reader.build_position_index()


def test_a_search_has_no_survey(crowd: Crowd) -> None:
    query = ListQuery(search="zola")
    reader: ListReader[Any] = ListReader(crowd.crm, lambda: crowd.people.gestion, RecordKind.CLIENT, query)
    assert reader.build_position_index() is None
    assert reader.count() == len(reader.window(0, 1000)) > 0
