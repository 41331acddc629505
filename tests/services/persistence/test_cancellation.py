"""A read that nobody waits for any more stops at once, and leaves the connection fit for the next one."""

import time
from collections.abc import Iterator
from threading import Event, Thread

import pytest
from sqlalchemy import text

from services import clients
from services.crm import Crm
from services.errors import Cancelled
from services.lists.query import ListQuery
from services.persistence import cancellation as cancellation_module
from services.persistence.cancellation import Cancellation
from tests.support.accounts import People
from tests.support.list_reads import count_clients

AT_ONCE = 5.0
"""Seconds that stopping takes at most, on a machine that has much else to do."""
ENDLESS = {
    "sqlite": "WITH RECURSIVE endless(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM endless)"
    " SELECT count(*) FROM endless",
    "postgresql": "SELECT pg_sleep(60)",
}


class _Read:
    """An endless query in a thread, under a cancellation."""

    def __init__(self, crm: Crm, cancellation: Cancellation) -> None:
        self._crm = crm
        self._cancellation = cancellation
        self.begun = Event()
        self.outcome: BaseException | None = None
        self.thread = Thread(target=self._run)

    def _run(self) -> None:
        try:
            with self._cancellation.covering(), self._crm.database.read() as connection:
                connection.execute(text("SELECT 1"))
                self.begun.set()
                connection.execute(text(ENDLESS[self._crm.database.kind])).all()
        except BaseException as error:
            self.outcome = error


@pytest.fixture
def read(crm: Crm) -> Iterator[tuple[_Read, Cancellation]]:
    cancellation = Cancellation()
    reading = _Read(crm, cancellation)
    reading.thread.start()
    assert reading.begun.wait(10)
    yield reading, cancellation
    cancellation.cancel()
    reading.thread.join(10)


def test_a_query_under_way_stops_within_a_moment(
    crm: Crm, people: People, read: tuple[_Read, Cancellation]
) -> None:
    reading, cancellation = read
    time.sleep(0.05)  # into the very query
    started = time.perf_counter()
    cancellation.cancel()
    reading.thread.join(10)
    assert time.perf_counter() - started < AT_ONCE
    assert isinstance(reading.outcome, Cancelled)
    # The same connection serves the next read, also one that is covered anew.
    with Cancellation().covering():
        assert clients.list_clients(crm, people.gestion, ListQuery()) == []


def test_whoever_cancels_does_not_wait_until_the_database_takes_note(
    read: tuple[_Read, Cancellation], monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, cancellation = read
    time.sleep(0.05)  # into the very query
    let_go, was_let_go = Event(), list[bool]()
    interrupt = cancellation_module._interrupt

    def take_note_late(connection: object) -> None:
        was_let_go.append(let_go.wait(5))
        interrupt(connection)

    monkeypatch.setattr("services.persistence.cancellation._interrupt", take_note_late)
    cancellation.cancel()
    cancellation.cancel()
    let_go.set()
    reading.thread.join(10)
    assert isinstance(reading.outcome, Cancelled)
    assert all(was_let_go)


def test_what_has_not_begun_is_refused(crm: Crm, people: People) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    cancellation.cancel()
    assert cancellation.cancelled
    with pytest.raises(Cancelled), cancellation.covering():
        clients.list_clients(crm, people.gestion, ListQuery())


def test_what_is_cancelled_between_two_reads_is_refused_at_the_second(crm: Crm, people: People) -> None:
    cancellation = Cancellation()
    with cancellation.covering():
        count_clients(crm, people.gestion, ListQuery())
        cancellation.cancel()
        for read in (clients.list_clients, count_clients):
            with pytest.raises(Cancelled):
                read(crm, people.gestion, ListQuery())


def test_a_cancellation_stops_nothing_but_what_it_covers(crm: Crm, people: People) -> None:
    cancellation = Cancellation()
    with cancellation.covering():
        count_clients(crm, people.gestion, ListQuery())
    cancellation.cancel()
    assert count_clients(crm, people.gestion, ListQuery()) == 0
