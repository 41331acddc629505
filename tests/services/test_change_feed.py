"""What others write is noticed by each look, in whatever order it is committed, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, insert, text

from models.enums import Operation, RecordKind
from models.tables import AuditEntry, Client
from models.write_models import ClientUpdate
from services import clients
from services.auth import sessions
from services.change_feed import _LOOK, Seen, look_for_changes
from services.rights import Action
from services.unit_of_work import writing
from services.validation import build
from tests.support.accounts import PASSWORD
from tests.support.databases import postgresql_only
from tests.support.records import rewrite

if TYPE_CHECKING:
    from services.crm import Crm
    from tests.support.accounts import People
    from tests.support.records import Records


class Observer:
    """Somebody at a list, who looks now and then."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self._seen = look_for_changes(crm, None)

    def has_news(self) -> bool:
        before, self._seen = self._seen, look_for_changes(self._crm, self._seen)
        return self._seen.number != before.number


def test_each_write_is_news_once_and_a_sign_in_is_none(crm: Crm, records: Records) -> None:
    client = records.client()
    observer = Observer(crm)
    assert not observer.has_news()
    clients.update_client(crm, records.people.commercial, client.id, build(ClientUpdate, {"company": "A"}))
    assert observer.has_news()
    assert not observer.has_news()
    sessions.sign_in(crm, "gwenaelle", PASSWORD)
    assert not observer.has_news()
    records.client()
    clients.trash_client(crm, records.people.commercial, client.id)
    assert observer.has_news()
    assert not observer.has_news()


@contextmanager
def _slow_change(crm: Crm, records: Records, client_id: int) -> Iterator[None]:
    """A change of a client that is written at the start of the block, and committed at its end."""
    with writing(crm, records.people.commercial, Action.CLIENT_UPDATE) as work:
        work.change(work.get(Client, client_id), {"company": "Slow writer"})
        work.settle()
        yield


@postgresql_only
def test_a_slow_writer_whose_entry_has_the_smaller_id_is_noticed_when_it_commits(
    crm: Crm, records: Records
) -> None:
    slow, quick = records.client(), records.client()
    observer = Observer(crm)
    with _slow_change(crm, records, slow.id):
        assert not observer.has_news()
        command = build(ClientUpdate, {"company": "Quick writer"})
        clients.update_client(crm, records.people.commercial, quick.id, command)
        assert observer.has_news()
        assert not observer.has_news()
    assert observer.has_news()
    assert not observer.has_news()


@postgresql_only
def test_a_writer_that_is_rolled_back_is_no_news_and_hides_none(crm: Crm, records: Records) -> None:
    slow, quick = records.client(), records.client()
    observer = Observer(crm)
    command = build(ClientUpdate, {"company": "Quick writer"})
    with suppress(ZeroDivisionError), _slow_change(crm, records, slow.id):
        clients.update_client(crm, records.people.commercial, quick.id, command)
        assert observer.has_news()
        raise ZeroDivisionError
    assert clients.get_client(crm, records.people.commercial, slow.id) == slow
    assert not observer.has_news()


@postgresql_only
def test_a_transaction_that_stays_open_hides_no_write_of_others(crm: Crm, records: Records) -> None:
    slow, quick = records.client(), records.client()
    observer = Observer(crm)
    with _slow_change(crm, records, slow.id):
        for number in range(20):
            command = build(ClientUpdate, {"company": f"Company {number}"})
            clients.update_client(crm, records.people.commercial, quick.id, command)
            assert observer.has_news()
            assert not observer.has_news()
    assert observer.has_news()


_DEEDS = ("begin", "write", "commit", "roll back", "look")
_WEIGHTS = (3, 5, 2, 1, 6)


@postgresql_only
@pytest.mark.parametrize("seed", range(3))
def test_of_many_writers_at_random_each_commit_is_noticed_and_nothing_else(
    crm: Crm, people: People, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - an order of steps
    observers = [Observer(crm) for _ in range(3)]
    missed = [False] * len(observers)
    writers: list[Connection] = []
    for _step in range(300):
        (deed,) = random.choices(_DEEDS, _WEIGHTS)
        if deed == "begin" and len(writers) < 8:
            writers.append(crm.database.engine.connect())
        elif deed == "look":
            place = random.randrange(len(observers))
            assert observers[place].has_news() == missed[place]
            missed[place] = False
        elif deed != "begin" and writers:
            writer = random.choice(writers)
            if deed == "write":
                _write_entry(writer, people)
                continue
            writers.remove(writer)
            if deed == "commit":
                missed = [was or bool(writer.info.get("wrote")) for was in missed]
                writer.commit()
            writer.info.clear()
            writer.close()
    for writer in writers:
        writer.info.clear()
        writer.close()


def _write_entry(connection: Connection, people: People) -> None:
    connection.info["wrote"] = True
    entry: dict[str, Any] = {
        "batch": "x", "actor_username": people.gestion.username, "action": "client.update",
        "kind": RecordKind.CLIENT, "record_id": 1, "operation": Operation.UPDATED, "changes": {},
    }  # fmt: skip
    connection.execute(insert(AuditEntry).values(entry))


@postgresql_only
def test_a_restored_database_is_news_once_whatever_transactions_it_names(crm: Crm, records: Records) -> None:
    records.client()
    rewrite(crm, "UPDATE audit_entry SET txid = txid + 1000000000")
    observer = Observer(crm)
    assert not observer.has_news()
    records.client()
    assert observer.has_news()
    assert not observer.has_news()


@postgresql_only
@pytest.mark.parametrize(
    "before",
    [
        pytest.param(lambda seen: replace(seen, life="x"), id="of another server"),
        pytest.param(lambda seen: replace(seen, snapshot="1000000000:1000000005:"), id="that was further on"),
    ],
)
def test_a_database_in_the_place_of_another_is_news_once(crm: Crm, before: Callable[[Seen], Seen]) -> None:
    seen = before(look_for_changes(crm, None))
    found = look_for_changes(crm, seen)
    assert found.number == seen.number + 1
    assert look_for_changes(crm, found).number == found.number


@postgresql_only
def test_what_was_written_before_the_database_knew_transactions_is_no_news(
    crm: Crm, records: Records
) -> None:
    records.client()
    rewrite(crm, "UPDATE audit_entry SET txid = 0")
    observer = Observer(crm)
    assert not observer.has_news()
    records.client()
    assert observer.has_news()


@postgresql_only
def test_a_look_asks_the_index_though_most_entries_are_alike_and_a_transaction_stays_open(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client()
    with crm.database.write() as connection:
        for _ in range(2_000):
            _write_entry(connection, people)
        connection.info.clear()
    rewrite(crm, "UPDATE audit_entry SET txid = 0")
    rewrite(crm, "ANALYZE audit_entry")
    with _slow_change(crm, records, client.id):
        records.client()
        seen = look_for_changes(crm, None).snapshot
        assert seen.split(":")[2], "one is under way"
        with crm.database.write() as connection:
            connection.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
            connection.exec_driver_sql(f"PREPARE look (text) AS {str(_LOOK).replace(':seen', '$1')}")
            plan = connection.exec_driver_sql(f"EXPLAIN EXECUTE look ('{seen}')").scalars().all()
            connection.exec_driver_sql("DEALLOCATE look")
    scans = [line for line in plan if "on audit_entry" in line]
    assert len(scans) == 2
    assert all("Index" in scan for scan in scans), plan


def test_the_first_look_sees_nothing_new(crm: Crm, records: Records) -> None:
    records.client()
    assert look_for_changes(crm, None).number == Seen().number
