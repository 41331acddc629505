"""A value has one type in Python, whichever engine it comes from: a screen that adds to it never knows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from models.enums import Department, RecordKind
from models.write_models import ClientUpdate
from services import (
    audit_log,
    change_feed,
    clients,
    collaborators,
    contracts,
    events,
    global_search,
    payments,
    telemetry,
    undo,
)
from services.actor import Actor
from services.auth import brute_force, sessions
from services.crm import Crm
from services.denormalized import consistency, expected_values
from services.errors import CrmError, SignInRefused
from services.list_reader import ListReader
from services.lists.query import ListQuery, presets_for
from services.startup import open_crm
from services.validation import build
from tests.support import bulk_rows, use_cases
from tests.support.accounts import PASSWORD, People
from tests.support.crm import settings_for
from tests.support.databases import Databases
from tests.support.list_reads import list_journal
from tests.support.lists import KINDS, orders_under
from tests.support.records import Records, everything, rewrite
from tests.support.value_types import Seen, is_of_result, type_of, watched

SERVICES: Final = (
    change_feed, clients, collaborators, contracts, events, global_search, undo, audit_log, payments,
    brute_force, sessions, telemetry, consistency,
)  # fmt: skip


def _seen_on(databases: Databases, home: Path) -> Seen:
    people = databases.templates.people
    with _opened(databases, home) as crm, watched(*SERVICES, ListReader) as types:
        _sign_in_and_out(crm)
        _perform_everything(Records(crm, people))
        bulk_rows.fill(crm, people)
        _read_lists(crm, people)
        _meet_conflicts(Records(crm, people))
        _check_and_repair(crm)
        types |= {f"table {name}": {type_of(rows)} for name, rows in everything(crm).items()}
        # Empty on PostgreSQL; on SQLite it tells of the word index.
        del types["table database_fact"]
        types["what is kept beside the records"] = set(map(type_of, _kept_anew(crm)))
    return types


def _kept_anew(crm: Crm) -> Iterator[Sequence[object]]:
    with crm.database.read() as connection:
        for query in (
            expected_values.totals,
            *(query for _table, query in (*expected_values.COPIES, *expected_values.FIGURES)),
        ):
            for row in connection.execute(query()):
                yield tuple(row)


@contextmanager
def _opened(databases: Databases, home: Path) -> Iterator[Crm]:
    with databases.copied(databases.templates.staffed) as url:
        crm = open_crm(settings_for(url, home))
        yield crm
        crm.close()


def _sign_in_and_out(crm: Crm) -> None:
    signed_in = sessions.sign_in(crm, "gwenaelle", PASSWORD)
    sessions.sign_out(crm, sessions.resume(crm, signed_in.token))
    for _ in range(brute_force.TOLERATED + 1):
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, "nobody", PASSWORD)


def _read_lists(crm: Crm, people: People) -> None:
    for actor in (people.commercial, people.support, people.gestion):
        for kind in (*KINDS, None):
            for query in _queries(kind, actor):
                _read_list(ListReader(crm, lambda actor=actor: actor, kind, query))  # type: ignore[misc]
        clients: ListReader[Any] = ListReader(crm, lambda actor=actor: actor, RecordKind.CLIENT, ListQuery())  # type: ignore[misc]
        list(clients.of(ListQuery(search="e")).pages(30))
        global_search.search_everywhere(crm, actor, "e")
    audit_log.readable(crm, people.gestion, list_journal(crm, people.gestion, ListQuery()))
    change_feed.look_for_changes(crm, change_feed.look_for_changes(crm, None))


def _queries(kind: RecordKind | None, actor: Actor) -> Iterator[ListQuery]:
    yield ListQuery()
    yield ListQuery(descending=True)
    yield ListQuery(search="e")
    yield ListQuery(parent=(RecordKind.CLIENT, 1))
    yield ListQuery(parent=(RecordKind.COLLABORATOR, actor.id))
    if kind is not None:
        yield from (ListQuery(preset.filters) for preset in presets_for(kind, actor.department))
    if kind is not None and actor.department is Department.GESTION:
        yield from (ListQuery(sort=sort) for sort in orders_under(kind, frozenset()))


def _read_list(reader: ListReader[Any]) -> None:
    try:
        rows = reader.window(0, 20)
        reader.count()
        reader.build_position_index()
        reader.window(5, 10)
        if rows:
            reader.position(rows[-1].id)
            reader.window(0, 10, after=rows[0].id)
            reader.window(0, 10, before=rows[-1].id)
    except CrmError:
        return  # noted by its type; a department or a list may not be asked this


def _perform_everything(records: Records) -> None:
    asked = [(department, performs) for department in Department for performs in use_cases.USE_CASES.values()]
    cases = use_cases.make_cases(records, [(department, True) for department, _performs in asked])
    for case, (_department, performs) in zip(cases, asked, strict=True):
        for perform in performs:
            if perform in use_cases.PREPARE:
                use_cases.PREPARE[perform](case)
            with _refusals_allowed():
                perform(case)
                undo.look_at_undo(records.crm, case.actor)
                undo.undo_last(records.crm, case.actor)
                undo.look_at_redo(records.crm, case.actor)
                undo.redo_last(records.crm, case.actor)
                undo.undo_last(records.crm, case.actor)


@contextmanager
def _refusals_allowed() -> Iterator[None]:
    try:
        yield
    except CrmError:
        return  # noted by its type


def _meet_conflicts(records: Records) -> None:
    client = records.client(email="disputed@example.com")
    for name in ("First", "Second"):
        command = build(ClientUpdate, {"full_name": name, "last_contact_date": "2026-01-31"})
        with _refusals_allowed():
            clients.update_client(records.crm, records.people.commercial, client.id, command, client.version)


def _check_and_repair(crm: Crm) -> None:
    consistency.check(crm)
    rewrite(crm, "UPDATE client SET amount_due = amount_due + 1, contract_count = 7, sort_name = 'x'")
    rewrite(crm, "UPDATE total SET count = count + 3")
    with crm.database.read() as connection:
        assert consistency.differences(connection)
    consistency.check(crm)
    consistency.repair(crm)


def test_every_service_gives_and_raises_the_same_types_on_both_engines(
    request: pytest.FixtureRequest, home: Path
) -> None:
    on_sqlite = _seen_on(request.getfixturevalue("_sqlite_databases"), home)
    on_postgresql = _seen_on(request.getfixturevalue("_postgres_databases"), home)
    uncalled = {name for name, types in on_sqlite.items() if not any(map(is_of_result, types))}
    assert uncalled == {"services.collaborators.create_first_collaborator"}
    assert any("Conflict" in str(each) for each in on_sqlite["services.clients.update_client"])
    for name, types in on_sqlite.items():
        assert (name, on_postgresql[name]) == (name, types)
