"""PgBouncer in transaction mode before PostgreSQL: nothing is lost, mixed up, or without its time limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from models.enums import Department
from models.write_models import ClientUpdate
from services import clients, collaborators, events
from services.auth import sessions
from services.crm import Crm
from services.demo.bulk.fill import fill_bulk
from services.denormalized import consistency
from services.errors import Conflict, DatabaseUnavailable
from services.lists.query import ListQuery
from services.persistence.database import Database
from services.persistence.poolers import Pooler
from services.startup import open_crm
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.crm import environment_for
from tests.support.databases import postgresql_only
from tests.support.list_reads import count_contracts
from tests.support.pgbouncer import PgBouncer, needs_pgbouncer
from tests.support.records import Records

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [postgresql_only, needs_pgbouncer]

COMPANIES = ("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch")
LOSES_OPTIONS = "ignore_startup_parameters = options"


@contextmanager
def _pooler(url: str, **options: Any) -> Iterator[PgBouncer]:
    pooler = PgBouncer(url, **options)
    try:
        yield pooler
    finally:
        pooler.close()


def _open(url: str, home: Path, *, pooled: bool = False, create: bool = False) -> Crm:
    from services.settings import load_settings

    variables = environment_for(url) | {"EPICEVENTS_DATABASE_POOLED": "1" if pooled else ""}
    return open_crm(load_settings(variables, home, home), create=create)


@pytest.fixture(params=["refuses options", "loses options", "given"])
def pooled(request: pytest.FixtureRequest, staffed_url: str, home: Path) -> Iterator[Crm]:
    """A CRM behind a pooler with two connections, which is found in two ways, or given."""
    settings = LOSES_OPTIONS if request.param == "loses options" else ""
    with _pooler(staffed_url, settings=settings) as pooler:
        crm = _open(pooler.url, home, pooled=request.param == "given")
        yield crm
        crm.close()


class Busy:
    """Somebody who calls services at random, and knows what they should answer."""

    def __init__(self, crm: Crm, people: People) -> None:
        self.crm = crm
        self.people = people
        self.records = Records(crm, people)
        self.clients = [self.records.client(company=company) for company in COMPANIES]
        self.signed = [self.records.contract(client, signed=True) for client in self.clients]

    def call(self, number: int) -> None:
        """Sixty calls; each checks its answer."""
        random = Random(number)  # noqa: S311 - an order of calls
        deeds: list[Callable[[int], None]] = [
            self.read, self.list_some, self.count, self.search, self.write, self.pay, self.plan,
            self.sign_in, self.choose,
        ]  # fmt: skip
        for _call in range(60):
            with suppress(Conflict):
                random.choice(deeds)(random.randrange(8))

    def read(self, place: int) -> None:
        client = self.clients[place]
        assert clients.get_client(self.crm, self.people.support, client.id).email == client.email

    def list_some(self, place: int) -> None:
        rows = clients.list_clients(self.crm, self.people.gestion, ListQuery(), limit=place + 1)
        assert [row.id for row in rows] == [client.id for client in self.clients[: place + 1]]

    def count(self, _place: int) -> None:
        assert count_contracts(self.crm, self.people.gestion, ListQuery()) == len(self.signed)

    def search(self, place: int) -> None:
        query = ListQuery(search=COMPANIES[place])
        found = clients.list_clients(self.crm, self.people.support, query)
        assert [row.id for row in found] == [self.clients[place].id]

    def write(self, place: int) -> None:
        client, phone = self.clients[place], f"+33 6 12 34 56 7{place}"
        command = build(ClientUpdate, {"phone": phone})
        assert clients.update_client(self.crm, self.people.commercial, client.id, command).phone == phone

    def pay(self, place: int) -> None:
        assert str(self.records.payment(self.signed[place], "0.01").amount) == "0.01"

    def plan(self, place: int) -> None:
        event = self.records.event(self.signed[place], support=self.people.support)
        assert events.get_event(self.crm, self.people.gestion, event.id).support_contact == "sofia-m"

    def sign_in(self, _place: int) -> None:
        assert sessions.sign_in(self.crm, "sean_ob", PASSWORD).actor.id == self.people.other_support.id

    def choose(self, _place: int) -> None:
        found = collaborators.choose_collaborators(self.crm, self.people.gestion, Department.SUPPORT)
        assert {person.department for person in found} == {Department.SUPPORT}


def test_eight_threads_over_two_connections_get_right_answers_and_no_error(
    pooled: Crm, people: People
) -> None:
    busy = Busy(pooled, people)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(busy.call, range(8)))
    assert consistency.check(pooled) == []


def test_each_transaction_has_the_time_limit_and_the_time_zone_of_the_program(pooled: Crm) -> None:
    asked = "SELECT current_setting('lock_timeout'), current_setting('timezone'), current_setting('jit')"
    for way in (pooled.database.read, pooled.database.write):
        with way() as connection:
            assert connection.exec_driver_sql(asked).one() == ("5s", "UTC", "off")


def test_a_write_that_meets_a_lock_is_refused_after_five_seconds(
    staffed_url: str, home: Path, people: People
) -> None:
    with _pooler(staffed_url) as pooler:
        crm = _open(pooler.url, home)
        client = Records(crm, people).client()
        with psycopg.connect(staffed_url.replace("+psycopg", "")) as other:
            other.execute("SELECT FROM client WHERE id = %s FOR UPDATE", [client.id])
            began = monotonic()
            with pytest.raises(DatabaseUnavailable):
                clients.update_client(
                    crm, people.commercial, client.id, build(ClientUpdate, {"company": "Late"})
                )
            assert 4.5 < monotonic() - began < 15
        crm.close()


def test_a_pooler_that_dies_is_told_as_such_and_one_goes_on_once_it_is_back(
    staffed_url: str, home: Path, people: People
) -> None:
    with _pooler(staffed_url) as pooler:
        crm = _open(pooler.url, home)
        client = Records(crm, people).client()
        pooler.kill()
        for _try in range(2):
            with pytest.raises(DatabaseUnavailable):
                clients.get_client(crm, people.support, client.id)
        pooler.start()
        assert clients.get_client(crm, people.support, client.id) == client
        crm.close()


def test_an_empty_database_is_migrated_and_filled_through_a_pooler(unmigrated_url: str, home: Path) -> None:
    with _pooler(unmigrated_url) as pooler:
        crm = _open(pooler.url, home, create=True)
        fill_bulk(crm, 50)
        assert consistency.check(crm) == []
        crm.close()


def test_a_server_without_a_pooler_keeps_prepared_statements(staffed_url: str) -> None:
    database = Database(staffed_url)
    with database.read() as connection:
        driver: Any = connection.connection.driver_connection
        assert driver.prepare_threshold is not None
    assert not database._pooler.is_there
    database.dispose()


def test_a_refused_password_is_no_sign_of_a_pooler(staffed_url: str) -> None:
    pooler = Pooler()
    dialect = Database(staffed_url).engine.dialect
    with pytest.raises(psycopg.OperationalError):
        pooler.connect(dialect, None, ["host=/nowhere dbname=x"], {})
    assert not pooler.is_there
