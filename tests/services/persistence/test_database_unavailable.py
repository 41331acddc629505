"""The database goes away and comes back: said in one way, nothing lost, no restart needed."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from models.tables import Client
from services import clients
from services.actor import Actor
from services.auth import sessions, tokens
from services.crm import Crm
from services.errors import DatabaseUnavailable
from services.lists.query import ListQuery
from services.rights import Action
from services.startup import open_crm
from services.unit_of_work import writing
from tests.support.accounts import PASSWORD, People
from tests.support.crm import settings_for
from tests.support.databases import PostgresDatabases, sqlite_only
from tests.support.list_reads import count_clients
from tests.support.postgres import PostgresCluster, sqlite_path
from tests.support.race_processes import race, write_read_only
from tests.support.records import Records

EVERY_WAY: Final[tuple[Callable[[Crm, Records, People], object], ...]] = (
    lambda crm, records, people: clients.list_clients(crm, people.gestion, ListQuery()),
    lambda crm, records, people: count_clients(crm, people.gestion, ListQuery()),
    lambda crm, records, people: records.client(),
    lambda crm, records, people: sessions.sign_in(crm, "claire_d", PASSWORD),
    lambda crm, records, people: sessions.resume(crm, _token(crm, people.gestion)),
    lambda crm, records, people: sessions.sign_out(crm, people.other_support),
)


def _token(crm: Crm, actor: Actor) -> str:
    expires = datetime.now(UTC) + timedelta(hours=1)
    return tokens.issue(crm.settings.require_secret_key(), actor.id, actor.session_id, expires)


def _is_unavailable(crm: Crm, records: Records, people: People) -> None:
    for way in EVERY_WAY:
        with pytest.raises(DatabaseUnavailable) as refusal:
            way(crm, records, people)
        assert refusal.value.message()
        assert refusal.value.exit_code == 1


def _is_well(crm: Crm, records: Records, people: People, known: int) -> None:
    for way in EVERY_WAY:
        way(crm, records, people)
    assert count_clients(crm, people.gestion, ListQuery()) == known + 1


@pytest.fixture
def known(crm: Crm, records: Records) -> int:
    """Clients that are in the database before it goes; connections are open by then."""
    records.client()
    return 1


@sqlite_only
def test_a_file_that_is_moved_away_and_back_is_found_again(
    crm: Crm, records: Records, people: People, staffed_url: str, known: int
) -> None:
    path = sqlite_path(staffed_url)
    companions = [path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))]
    for file in companions:
        file.rename(file.with_name(f"away-{file.name}"))
    _is_unavailable(crm, records, people)
    assert not path.exists()
    for file in companions:
        file.with_name(f"away-{file.name}").rename(file)
    _is_well(crm, records, people, known)


@sqlite_only
def test_what_is_written_never_goes_into_a_deleted_file(
    crm: Crm, records: Records, people: People, staffed_url: str, known: int
) -> None:
    path = sqlite_path(staffed_url)
    crm.close()
    backup = shutil.copyfile(path, path.with_name("backup.db"))
    _open_again(crm, people)
    path.unlink()
    _is_unavailable(crm, records, people)
    backup.rename(path)
    _is_well(crm, records, people, known)


@sqlite_only
def test_a_file_that_is_replaced_by_another_is_the_database_from_then_on(
    crm: Crm, records: Records, people: People, staffed_url: str, known: int
) -> None:
    path = sqlite_path(staffed_url)
    crm.close()
    restored = Path(shutil.copyfile(path, path.with_name("restored.db")))
    later = records.client()
    assert count_clients(crm, people.gestion, ListQuery()) == known + 1
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    restored.rename(path)
    assert count_clients(crm, people.gestion, ListQuery()) == known
    _is_well(crm, records, people, known)
    assert later.id


@sqlite_only
@pytest.mark.parametrize("content", [b"", b"no database at all" * 1000], ids=["empty", "something else"])
def test_a_file_that_is_no_database_any_more_is_unavailable(
    crm: Crm, records: Records, people: People, staffed_url: str, known: int, content: bytes
) -> None:
    path = sqlite_path(staffed_url)
    crm.close()
    kept = path.rename(path.with_name("kept.db"))
    path.write_bytes(content)
    _is_unavailable(crm, records, people)
    crm.close()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    kept.rename(path)
    _is_well(crm, records, people, known)


def _open_again(crm: Crm, people: People) -> None:
    clients.list_clients(crm, people.gestion, ListQuery())


@sqlite_only
def test_a_file_that_may_only_be_read_refuses_writes_and_recovers(
    crm: Crm, people: People, staffed_url: str, home: Path
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # open to a user who is not root, to whom nothing is read-only
        path = Path(shutil.copyfile(sqlite_path(staffed_url), Path(folder) / "crm.db"))
        path.chmod(0o444)
        ((refused, recovered),) = race(write_read_only, [(f"sqlite:///{path}", home, people.commercial)])
    assert (refused, recovered) == ("unavailable", "written")


def test_a_database_that_is_emptied_is_unavailable(database_url: str, home: Path) -> None:
    crm = open_crm(settings_for(database_url, home))
    with crm.database.write_session() as session:
        for table in (
            "login_attempt",
            "login_session",
            "audit_entry",
            "note",
            "task",
            "event",
            "payment",
            "contract",
            "client",
            "saved_view",
            "person_preference",
        ):
            session.execute(text(f"DROP TABLE {table}"))
        session.execute(text("DROP TABLE collaborator"))
    with pytest.raises(DatabaseUnavailable):
        sessions.sign_in(crm, "claire_d", PASSWORD)
    crm.close()


@pytest.fixture(scope="module")
def own_databases() -> Iterator[tuple[PostgresCluster, PostgresDatabases]]:
    """A server that may be stopped without harm to the tests of other modules."""
    cluster = PostgresCluster()
    yield cluster, PostgresDatabases(cluster)
    cluster.stop()


@pytest.fixture
def own_server(
    own_databases: tuple[PostgresCluster, PostgresDatabases], home: Path
) -> Iterator[tuple[PostgresCluster, Crm, Records, People]]:
    """The server, and a CRM on it."""
    cluster, databases = own_databases
    people = databases.templates.people
    with databases.copied(databases.templates.staffed) as url:
        crm = open_crm(settings_for(url, home))
        yield cluster, crm, Records(crm, people), people
        crm.close()


def test_a_server_that_is_stopped_and_started_again_is_found_again(
    own_server: tuple[PostgresCluster, Crm, Records, People],
) -> None:
    cluster, crm, records, people = own_server
    records.client()
    with cluster.interrupted():
        _is_unavailable(crm, records, people)
    _is_well(crm, records, people, 1)


def test_a_server_that_stops_in_the_middle_of_a_transaction_keeps_nothing_of_it(
    own_server: tuple[PostgresCluster, Crm, Records, People],
) -> None:
    cluster, crm, records, people = own_server

    def interrupted() -> None:
        with writing(crm, people.commercial, Action.CLIENT_CREATE) as work:
            work.create(Client(full_name="Anna", email="a@b.fr", sales_contact_id=people.commercial.id))
            with cluster.interrupted():
                pass

    heard: list[object] = []
    crm.bus.subscribe(heard.append)
    with pytest.raises(DatabaseUnavailable):
        interrupted()
    assert heard == []
    _is_well(crm, records, people, 0)
