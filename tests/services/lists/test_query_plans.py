"""Every list in every order is read through the index made for it: no scan of a table, no sort in memory."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from sqlalchemy import Connection, text

from models.enums import RecordKind
from models.tables import Event, table_of
from services import agenda, clients, contracts, events, notes, tasks, today
from services.crm import Crm
from services.denormalized import figure_sums
from services.lists import spec
from services.lists.own_filters import ME, Comparison, Condition, OwnFilter
from services.lists.query import Filter, ListQuery, presets_of
from services.lists.search import postgresql, sqlite
from services.lists.search.statements import SearchStrategy, search_statements
from services.lists.spec import ListSpec, QueryContext, QueryKey
from services.lists.statements import ListStatements, Start, Statement, statements
from services.persistence import prepared
from tests.support.accounts import People
from tests.support.databases import postgresql_only
from tests.support.lists import Asked, Crowd, half_of
from tests.support.records import Records

LISTINGS: Final[Mapping[RecordKind, ListSpec[Any]]] = {
    RecordKind.CLIENT: clients.LISTING,
    RecordKind.CONTRACT: contracts.LISTING,
    RecordKind.EVENT: events.LISTING,
    RecordKind.NOTE: notes.LISTING,
    RecordKind.TASK: tasks.LISTING,
}
# What nobody should do to them: read all of one, or sort it.
LARGE: Final = "client|contract|event|note|task"
BAD: Final = re.compile(rf"SCAN ({LARGE})$|TEMP B-TREE|Seq Scan on ({LARGE})\b|Sort|Bitmap")


def reads(own: ListStatements[Any]) -> Iterator[tuple[str, Statement]]:
    """All ways in which a list is read, each under a name."""
    for forwards in (True, False):
        for start in (Start.END, Start.BEYOND_RECORD):
            yield f"page {start} {forwards}", own.page(start, forwards=forwards)
    yield "page from a key", own.page(Start.KEY, forwards=True)
    yield "leap", own.key(Start.KEY, forwards=True)
    yield "key from the end", own.key(Start.END, forwards=False)
    yield "count", own.count()
    yield "count before", own.count_before()
    yield "count between", own.count_between(tied=False)
    yield "count among equals", own.count_between(tied=True)


def values_of(asked: Asked, listing: ListSpec[Any], connection: Connection) -> dict[str, Any]:
    """Values of every name; the keys are those of a row of the middle."""
    now = datetime.now(UTC)
    own = statements(
        listing, QueryKey.of(QueryContext.by(asked.actor, now), asked.query), connection.dialect.name
    )
    known = spec.values(listing, QueryContext.by(asked.actor, now), asked.query)
    window = {"window_limit": 1, "window_offset": 0}
    key = connection.execute(own.key(Start.END, forwards=True), known | window).first()
    assert key is not None, asked
    return known | {
        "window_limit": 50, "window_offset": 0,
        "key": key[0], "key_id": key[-1], "upper": key[0], "upper_id": key[-1],
    }  # fmt: skip


def plan_of(connection: Connection, statement: Statement, values: Mapping[str, Any]) -> list[str]:
    """How the database would go about it, line by line."""
    compiled = prepared.prepared(statement, connection.dialect)
    known: Any = compiled.bound(values)
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled.sql}", tuple(known))
    else:
        rows = connection.exec_driver_sql(f"EXPLAIN {compiled.sql}", known)
    return [str(row[-1]) for row in rows]


def faults(connection: Connection, plan: list[str], index: str) -> list[str]:
    """What of a plan is not as it should be.

    PostgreSQL may count by another index of the same scope; a page without a sort it has by the right one.
    """
    bad = [line for line in plan if BAD.search(line)]
    named = connection.dialect.name != "sqlite" or any(index in line for line in plan)
    return bad if named else [*bad, f"{index} is not used"]


@pytest.fixture
def connection(crowd: Crowd) -> Iterator[Connection]:
    with crowd.crm.database.write() as reading:
        if crowd.crm.database.kind == "postgresql":
            # With some hundred rows all ways cost alike: it is shown that the right one is there.
            for way in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
                reading.execute(text(f"SET LOCAL enable_{way} = off"))
        yield reading


@pytest.mark.parametrize("kind", LISTINGS)
def test_each_list_in_each_order_is_read_through_its_index(
    crowd: Crowd, connection: Connection, kind: RecordKind
) -> None:
    wrong = []
    for asked in half_of(crowd.people, kind, crowd.crm.database.kind):
        listing = LISTINGS[kind]
        asking = QueryContext.by(asked.actor, datetime.now(UTC))
        shape = QueryKey.of(asking, asked.query)
        own = statements(listing, shape, connection.dialect.name)
        index = spec.index_of(listing, spec.filter_specs(listing, shape), shape.sort)
        assert index is not None
        values = values_of(asked, listing, connection)
        for way, statement in reads(own):
            plan = plan_of(connection, statement, values)
            found = faults(connection, plan, index)
            wrong += [(asked.preset.key, asked.query.sort, way, each) for each in found]
    assert not wrong, "\n".join(map(str, wrong[:40])) + f"\n{len(wrong)}"


SERVED: Final = {
    RecordKind.CLIENT: [
        ("sales_contact", Comparison.IS, ME, "email", "ix_client_mine_email"),
        (
            "last_contact_date", Comparison.EMPTY, "", "last_contact_date",
            "ix_client_live_last_contact_date",
        ),
        ("full_name", Comparison.BEGINS, "al", "full_name", "ix_client_live_full_name"),
        (
            "last_contact_date", Comparison.BELOW, "today", "last_contact_date",
            "ix_client_live_last_contact_date",
        ),
    ],
    RecordKind.CONTRACT: [
        ("sales_contact", Comparison.IS, "1", "created", "ix_contract_mine_created"),
        ("status", Comparison.OPTION, "unsigned", "", "ix_contract_unsigned_id"),
        (
            "amount_remaining", Comparison.AT_LEAST, "0", "amount_remaining",
            "ix_contract_live_amount_remaining",
        ),
        ("signed_on", Comparison.IS, "last_60_days", "status", "ix_contract_live_status"),
    ],
    RecordKind.EVENT: [
        ("support_contact", Comparison.IS, "3", "start", "ix_event_run_start"),
        ("support_contact", Comparison.EMPTY, "", "start", "ix_event_without_support_start"),
        ("start", Comparison.IS, "next_60_days", "start", "ix_event_live_start"),
    ],
    RecordKind.TASK: [
        ("assignee", Comparison.IS, "3", "due", "ix_task_mine_due"),
        ("due", Comparison.AT_MOST, "next_60_days", "due", "ix_task_live_due"),
    ],
    RecordKind.NOTE: [("at", Comparison.IS, "last_60_days", "at", "ix_note_live_at")],
}  # fmt: skip
"""Conditions that an index serves in an order: a person, a part of the list, a range of the order."""


@pytest.mark.parametrize("kind", SERVED)
def test_an_own_filter_that_an_index_can_serve_is_read_through_it(
    crowd: Crowd, connection: Connection, kind: RecordKind
) -> None:
    listing, wrong = LISTINGS[kind], []
    for name, comparison, value, sort, index in SERVED[kind]:
        own_filter = OwnFilter((Condition(name, comparison, value),))
        query = ListQuery(sort=sort, own=own_filter)
        asked = Asked(kind, crowd.people.commercial, presets_of(kind)[0], query)
        shape = QueryKey.of(QueryContext.by(asked.actor, datetime.now(UTC)), query)
        assert not spec.reads_every_row(listing, shape)
        own = statements(listing, shape, connection.dialect.name)
        values = values_of(asked, listing, connection)
        for way, statement in reads(own):
            plan = plan_of(connection, statement, values)
            wrong += [(name, way, each) for each in faults(connection, plan, index)]
            # Not the whole list: the start of a stretch is looked for in its index.
            walked = [line for line in plan if re.search(rf"SCAN ({LARGE}) USING .*_live_", line)]
            wrong += [(name, way, each) for each in walked]
    assert not wrong, "\n".join(map(str, wrong[:40]))


def test_an_own_filter_without_an_index_says_that_it_reads_every_row(crowd: Crowd) -> None:
    asking = QueryContext.by(crowd.people.gestion, datetime.now(UTC))
    person = Condition("support_contact", Comparison.IS, "3")
    for own_filter, sort in (
        (OwnFilter((Condition("attendees", Comparison.IS, "3"),)), "start"),
        (OwnFilter((Condition("name", Comparison.CONTAINS, "night"),)), "name"),
        (OwnFilter((Condition("support_contact", Comparison.IS_NOT, ME),)), ""),
        (OwnFilter((person, Condition("start", Comparison.IS, "today")), any_of=True), "start"),
    ):
        shape = QueryKey.of(asking, ListQuery(sort=sort, own=own_filter))
        assert spec.reads_every_row(events.LISTING, shape), own_filter


def test_an_own_filter_is_one_statement_whatever_its_values(crowd: Crowd) -> None:
    asking = QueryContext.by(crowd.people.gestion, datetime.now(UTC))
    shapes = {
        QueryKey.of(asking, ListQuery(own=OwnFilter((Condition("name", Comparison.BEGINS, value),))))
        for value in ("anna", "%", "' OR 1=1")
    }
    assert len(shapes) == 1


@pytest.mark.parametrize("kind", [RecordKind.CONTRACT, RecordKind.EVENT])
def test_what_is_of_one_client_is_read_through_the_index_of_the_link(
    crowd: Crowd, connection: Connection, kind: RecordKind
) -> None:
    listing = LISTINGS[kind]
    query = ListQuery(parent=(RecordKind.CLIENT, 1), descending=True)
    asking = QueryContext.by(crowd.people.gestion, datetime.now(UTC))
    own = statements(listing, QueryKey.of(asking, query), connection.dialect.name)
    values = spec.values(listing, asking, query) | {"window_limit": 50, "window_offset": 0}
    plan = plan_of(connection, own.page(Start.END, forwards=True), values)
    assert faults(connection, plan, f"ix_{kind}_client") == []


@pytest.mark.parametrize(
    "parent", [RecordKind.CLIENT, RecordKind.CONTRACT, RecordKind.EVENT, RecordKind.COLLABORATOR]
)
def test_the_latest_notes_on_a_record_are_read_in_order_through_an_index(
    crowd: Crowd, connection: Connection, parent: RecordKind
) -> None:
    query = ListQuery(parent=(parent, 1), sort="at", descending=True)
    asking = QueryContext.by(crowd.people.gestion, datetime.now(UTC))
    own = statements(notes.LISTING, QueryKey.of(asking, query), connection.dialect.name)
    values = spec.values(notes.LISTING, asking, query) | {"window_limit": 50, "window_offset": 0}
    plan = plan_of(connection, own.page(Start.END, forwards=True), values)
    assert faults(connection, plan, f"ix_note_{parent}") == []


@pytest.mark.parametrize("parent", [RecordKind.CLIENT, RecordKind.CONTRACT, RecordKind.EVENT])
def test_the_open_tasks_on_a_record_are_read_in_order_through_an_index(
    crowd: Crowd, connection: Connection, parent: RecordKind
) -> None:
    query = ListQuery(frozenset({Filter.OPEN}), parent=(parent, 1), sort="due")
    asking = QueryContext.by(crowd.people.gestion, datetime.now(UTC))
    own = statements(tasks.LISTING, QueryKey.of(asking, query), connection.dialect.name)
    values = spec.values(tasks.LISTING, asking, query) | {"window_limit": 50, "window_offset": 0}
    plan = plan_of(connection, own.page(Start.END, forwards=True), values)
    assert faults(connection, plan, f"ix_task_{parent}") == []


@pytest.mark.parametrize(
    "search", ["06 98 76 54 32", "+33 6 98", "dupont 765432", "jean-pierre", "美咲", "c#"]
)
@pytest.mark.parametrize("kind", LISTINGS)
def test_each_spelling_of_a_search_is_read_through_the_index_of_words(
    crowd: Crowd, connection: Connection, kind: RecordKind, search: str
) -> None:
    listing, query = LISTINGS[kind], ListQuery(search=search)
    asking = QueryContext.by(crowd.people.gestion, datetime.now(UTC))
    own = statements(listing, QueryKey.of(asking, query), connection.dialect.name)
    terms = query.terms
    if connection.dialect.name == "sqlite":
        values = spec.values(listing, asking, query) | {"match": sqlite.match(terms)}
        asked = search_statements(own, tuple(map(len, terms)), "sqlite").window(
            SearchStrategy.BY_ID, descending=False, beyond=False
        )
        plan = plan_of(connection, asked, values | {"window_limit": 50, "window_offset": 0})
    else:
        # Of some hundred rows the planner would rather read all that live.
        connection.execute(text("SET LOCAL enable_bitmapscan = on"))
        held = f"SELECT id FROM {kind} WHERE word_starts(search, id) @@ CAST(%(match)s AS tsquery)"  # noqa: S608
        match = {"match": postgresql.match(terms)}
        plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {held}", match)]
    assert any("VIRTUAL TABLE INDEX" in line or f"ix_{kind}_search" in line for line in plan), plan
    assert not [line for line in plan if re.search(rf"SCAN ({LARGE})$|Seq Scan on ({LARGE})", line)], plan


@pytest.mark.parametrize("part", ["live", "run", "sold", "without_support"])
@pytest.mark.parametrize("is_long", [False, True])
def test_the_events_of_a_period_are_read_through_an_index(
    connection: Connection, part: str, *, is_long: bool
) -> None:
    day = datetime(2027, 6, 15, tzinfo=UTC)
    values = {"first": day, "last": day, "since": day, "person": 1, "limit": 10, "cap": 10}
    index, dialect = "ix_event_long" if is_long else f"ix_event_{part}_start", connection.dialect.name
    for ask in (agenda.statement, agenda.count_statement):
        plan = plan_of(connection, ask(part, dialect, is_long=is_long), values)
        assert faults(connection, plan, index) == [], plan


@pytest.mark.parametrize("name", figure_sums.PARTS)
def test_the_part_of_a_period_is_read_through_an_index(connection: Connection, name: str) -> None:
    day = datetime(2026, 6, 15, tzinfo=UTC)
    values = {"owner": 1, "start_0": day, "end_0": day, "start_1": day, "end_1": day}
    records = figure_sums.PARTS[name]
    plan = plan_of(connection, figure_sums.sums_statement(records, 2), values)
    assert faults(connection, plan, records.index) == [], plan


def test_the_figures_of_today_are_read_through_indexes(connection: Connection) -> None:
    day = datetime(2026, 6, 15, tzinfo=UTC)
    bounds = {"start_0": day, "end_0": day}
    plan = plan_of(connection, figure_sums.starts_statement(1), bounds)
    assert faults(connection, plan, "ix_event_live_start") == [], plan
    values = bounds | {"first": day, "behind": day, "sign_0": 1, "most": 30}
    plan = plan_of(connection, today.busiest_of(figure_sums.totals_table(1)), values)
    assert any("ix_period_figure_run" in line for line in plan), plan
    if connection.dialect.name == "sqlite":
        assert any("ix_event_live_start" in line for line in plan), plan
    plan = plan_of(connection, today.REFUSED, {f"edge_{n}": day for n in range(8)} | {"cap": 10})
    assert any("ix_login_attempt_at" in line for line in plan), plan
    assert not [line for line in plan if re.search(r"SCAN login_attempt$|Seq Scan", line)], plan


@postgresql_only
def test_a_large_table_is_not_walked_to_find_the_long_events(
    crm: Crm, people: People, records: Records
) -> None:
    records.event()
    start = "CAST('2020-01-01' AS timestamptz) + n * interval '1 hour'"
    length = "CASE WHEN n % 5000 = 0 THEN interval '30 days' ELSE interval '4 hours' END"
    made = {"starts_at": start, "ends_at": f"{start} + {length}"}
    names = [column.name for column in table_of(Event).c if column.name != "id"]
    values = ", ".join(made.get(name, f"event.{name}") for name in names)
    day = datetime(2022, 3, 1, tzinfo=UTC)
    known = {"first": day, "last": day, "since": day, "person": 1, "limit": 3_001}
    with crm.database.write() as writing:
        source = f"SELECT {values} FROM event, generate_series(1, 20000) n"  # noqa: S608
        fill = f"INSERT INTO event ({', '.join(names)}) {source}"
        writing.execute(text(fill))
        writing.execute(text("ANALYZE event"))
        for part in ("live", "sold", "without_support"):
            plan = plan_of(writing, agenda.statement(part, "postgresql", is_long=True), known)
            assert any("ix_event_long" in line for line in plan), plan


def test_a_scan_and_a_sort_are_found_where_they_are(crowd: Crowd, connection: Connection) -> None:
    listing = clients.LISTING
    unserved: Any = listing.select.where(listing.table.c.phone != "").order_by(listing.table.c.phone)
    assert faults(connection, plan_of(connection, unserved, {}), "")
