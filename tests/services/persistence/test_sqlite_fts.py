"""The index of words follows every write, and a program without FTS5 gives the same answers."""

from typing import Any

import pytest
from sqlalchemy import text

from models.write_models import ClientUpdate, EventUpdate
from services import clients, contracts, events
from services.auth import sessions
from services.crm import Crm
from services.errors import NotSignedIn
from services.lists.query import Filter, ListQuery
from services.lists.search.sqlite import is_usable
from services.migrations.runner import migrate
from services.persistence import sqlite_fts
from services.persistence.database import Database
from services.settings import Settings
from services.startup import open_crm
from services.validation import build
from tests.support.accounts import People
from tests.support.databases import sqlite_only
from tests.support.list_reads import count_clients, count_contracts, count_events
from tests.support.records import Records, rewrite
from tests.support.word_index import require_whole_index, without_fts5


def _found(crm: Crm, people: People, search: str, *filters: Filter) -> tuple[int, int, int]:
    query = ListQuery(frozenset(filters), search)
    counts = count_clients, count_contracts, count_events
    lists = clients.list_clients, contracts.list_contracts, events.list_events
    client_count, contract_count, event_count = (count(crm, people.support, query) for count in counts)
    rows = [list_(crm, people.support, query) for list_ in lists]
    assert [len(found) for found in rows] == [client_count, contract_count, event_count]
    return client_count, contract_count, event_count


def test_contracts_and_events_are_found_by_the_new_name_of_their_client(
    crm: Crm, people: People, records: Records
) -> None:
    client = records.client(full_name="Anna Nowak")
    records.event(records.contract(client, signed=True), name="Bal", location="Zürich")
    assert _found(crm, people, "nowak") == (1, 1, 1)
    clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, {"full_name": "Zoë Brun"}))
    assert _found(crm, people, "nowak") == (0, 0, 0)
    assert _found(crm, people, "BRUN zoe") == (1, 1, 1)
    assert _found(crm, people, "zur zoe") == (0, 0, 1)
    require_whole_index(crm)


def test_what_goes_to_the_trash_leaves_the_search_and_comes_back_with_it(
    crm: Crm, people: People, records: Records
) -> None:
    held = records.event(support=people.support, name="Vernissage")
    change = build(EventUpdate, {"name": "Finissage"})
    events.trash_event(crm, people.commercial, held.id)
    assert _found(crm, people, "verniss") == (0, 0, 0)
    assert _found(crm, people, "verniss", Filter.TRASHED) == (0, 0, 1)
    require_whole_index(crm)
    events.restore_event(crm, people.commercial, held.id)
    events.update_event(crm, people.support, held.id, change)
    assert _found(crm, people, "verniss") == (0, 0, 0)
    assert _found(crm, people, "finiss") == (0, 0, 1)
    assert _found(crm, people, "finiss", Filter.TRASHED) == (0, 0, 0)
    require_whole_index(crm)


def test_a_write_that_fails_leaves_the_index_as_it_was(crm: Crm, people: People, records: Records) -> None:
    client = records.client(full_name="Anna Nowak")

    def write_and_fail() -> None:
        with crm.database.write_session() as session:
            session.execute(text("UPDATE client SET search = ' brun' WHERE id = :id"), {"id": client.id})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert (_found(crm, people, "nowak")[0], _found(crm, people, "brun")[0]) == (1, 0)
    require_whole_index(crm)


@pytest.mark.parametrize("search", ["anna", "annabellinda", "nobody", "nobodyatallofthem"])
def test_a_search_after_the_session_is_a_search_refused(
    crm: Crm, people: People, records: Records, search: str
) -> None:
    records.client(full_name="Annabellinda")
    assert len(clients.list_clients(crm, people.support, ListQuery(search=search))) <= 1
    sessions.sign_out(crm, people.support)
    for read in (clients.list_clients, count_clients):
        with pytest.raises(NotSignedIn):
            read(crm, people.support, ListQuery(search=search))


@sqlite_only
def test_records_may_be_removed_or_be_given_another_id(crm: Crm, records: Records) -> None:
    ids = [records.client(full_name=f"Anna {number}").id for number in range(3)]
    rewrite(crm, "DELETE FROM client WHERE id = :id", id=ids[0])
    rewrite(crm, "UPDATE client SET id = 1000 WHERE id = :id", id=ids[1])
    require_whole_index(crm)


@sqlite_only
def test_what_is_written_in_bulk_is_indexed_at_the_end(crm: Crm, people: People, records: Records) -> None:
    records.event(name="Bal")
    with crm.database.write_session() as session, sqlite_fts.paused(session.connection()):
        session.execute(text("UPDATE client SET search = ' brun'"))
        session.execute(text("UPDATE event SET search = ' brun'"))
        assert not is_usable(session.connection())
    assert _found(crm, people, "brun") == (1, 0, 1)
    require_whole_index(crm)


@sqlite_only
def test_an_index_of_another_version_is_made_anew(crm: Crm, settings: Settings, records: Records) -> None:
    records.client()
    rewrite(crm, "UPDATE database_fact SET value = '0' WHERE key = 'search_index'")
    rewrite(crm, "INSERT INTO client_search(client_search) VALUES ('delete-all')")
    open_crm(settings).close()
    require_whole_index(crm)


@sqlite_only
def test_a_table_that_lost_its_triggers_is_indexed_anew(
    crm: Crm, settings: Settings, records: Records, people: People
) -> None:
    rewrite(crm, "DROP TRIGGER client_search_added")
    records.client(full_name="Anna")
    assert _found(crm, people, "anna")[0] == 0
    waits: list[int] = []
    open_crm(settings, on_wait=lambda: waits.append(1)).close()
    open_crm(settings, on_wait=lambda: waits.append(2)).close()
    assert waits == [1]
    assert _found(crm, people, "anna")[0] == 1
    require_whole_index(crm)


@sqlite_only
def test_a_program_without_fts5_writes_and_finds_the_same_and_the_index_comes_back(
    crm: Crm, settings: Settings, people: People, records: Records
) -> None:
    client = records.client(full_name="Anna Nowak")
    records.event(records.contract(client, signed=True), name="Bal")
    before = _found(crm, people, "now")
    with without_fts5(settings) as other:
        assert _found(other, people, "now") == before == (1, 1, 1)
        clients.update_client(
            other, people.commercial, client.id, build(ClientUpdate, {"full_name": "Zoë Brun"})
        )
        assert _found(other, people, "now") == (0, 0, 0)
        assert _found(other, people, "zo") == (1, 1, 1)
        # The first program is still open, and does not ask an index that nobody keeps.
        assert (_found(crm, people, "now"), _found(crm, people, "zo")) == ((0, 0, 0), (1, 1, 1))
        Records(crm, people).client(full_name="Zoé")
        assert _found(crm, people, "zo") == _found(other, people, "zo") == (2, 1, 1)
    open_crm(settings).close()
    require_whole_index(crm)
    assert (_found(crm, people, "now"), _found(crm, people, "zo")) == ((0, 0, 0), (2, 1, 1))


@sqlite_only
def test_without_fts5_no_index_is_looked_for_twice(settings: Settings, crm: Crm) -> None:
    with without_fts5(settings):
        pass
    with without_fts5(settings) as other, other.database.read() as connection:
        assert not is_usable(connection)
        assert not sqlite_fts.has_fts5(connection)


@sqlite_only
def test_the_index_is_put_aside_for_a_migration(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(crm, "UPDATE alembic_version SET version_num = 'older'")
    seen: list[Any] = []

    def look(connection: Any, before: str | None, *_first_values: Any) -> None:
        names = "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"
        seen.append(connection.exec_driver_sql(names).scalar())

    monkeypatch.setattr("services.migrations.runner._upgrade", look)
    migrate(crm.database)
    assert seen == [0]


@sqlite_only
def test_a_database_that_is_being_written_to_is_opened_without_its_index(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.persistence.database.BUSY_TIMEOUT", 0.05)
    database, other = Database(database_url), Database(database_url)
    with other.write_session() as session:
        session.connection()
        sqlite_fts.prepare(database)
    with database.read() as connection:
        assert not is_usable(connection)
    sqlite_fts.prepare(database)
    with database.read() as connection:
        assert is_usable(connection)
    database.dispose()
    other.dispose()
