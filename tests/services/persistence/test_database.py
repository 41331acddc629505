"""The engine: how each database is opened, and that what it refuses is said without a value in it."""

import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.tables import Client
from models.write_models import ClientUpdate
from services import clients
from services.crm import Crm
from services.errors import CrmError, DatabaseUnavailable, SettingsError
from services.lists.query import ListQuery
from services.persistence.database import Database
from services.persistence.integrity_errors import ConstraintBroken
from services.rights import Action
from services.startup import open_crm
from services.unit_of_work import writing
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.crm import settings_for
from tests.support.databases import postgresql_only, sqlite_only
from tests.support.records import Records, everything

SECRET: Final = "do-not-print-me"


@pytest.fixture
def statements(crm: Crm) -> Iterator[list[str]]:
    """The statements that reach SQLite from now on, without its settings."""
    sent: list[str] = []
    with crm.database.read() as connection:
        driver: Any = connection.connection.driver_connection
    driver.set_trace_callback(lambda sql: None if sql.startswith("PRAGMA") else sent.append(sql))
    yield sent
    driver.set_trace_callback(None)


@sqlite_only
def test_every_connection_to_a_file_has_its_pragmas(crm: Crm) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    with crm.database.read() as first, crm.database.read() as second:
        for connection in (first, second):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}
            assert found == expected


@sqlite_only
def test_writes_begin_at_once_and_reads_do_not(crm: Crm, people: People, statements: list[str]) -> None:
    clients.list_clients(crm, people.gestion, ListQuery())
    assert [sent.split()[0] for sent in statements] == ["BEGIN", "SELECT", "SELECT", "ROLLBACK"]
    assert statements[0] == "BEGIN"
    statements.clear()
    with pytest.raises(CrmError):
        clients.trash_client(crm, people.gestion, 1)
    assert statements[0] == "BEGIN IMMEDIATE"


def test_a_new_file_and_its_companions_are_their_owner_s_alone(home: Path) -> None:
    path = home / "new folder" / "crm.db"
    crm = open_crm(settings_for(f"sqlite:///{path}", home), create=True)
    with crm.database.write_session() as session:
        session.execute(text("UPDATE collaborator SET active = false"))
        files = [path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))]
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    crm.close()


def test_a_missing_file_is_not_made_unasked(home: Path) -> None:
    path = home / "nowhere.db"
    with pytest.raises(DatabaseUnavailable) as refusal:
        open_crm(settings_for(f"sqlite:///{path}", home))
    assert "epicevents init" in refusal.value.message()
    assert list(home.glob("nowhere*")) == []


def test_a_file_that_cannot_be_made_is_said_to_be_unavailable(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(DatabaseUnavailable):
        open_crm(settings_for(f"sqlite:///{home / 'file' / 'crm.db'}", home), create=True)


@pytest.mark.parametrize(
    "url", ["", "sqlite://", "sqlite:///:memory:", "mysql://x@y/z", "nonsense", "postgresql"]
)
def test_what_is_no_address_of_a_database_is_refused_by_its_variable(url: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Database(url)
    assert refusal.value.variable == "EPICEVENTS_DATABASE_URL"


def test_the_password_of_a_database_is_not_printed() -> None:
    database = Database(f"postgresql://anna:{SECRET}@localhost/crm")
    assert SECRET not in f"{database!r} {database.url} {database.url!r} {database.engine!r}"
    database.dispose()


@postgresql_only
def test_a_server_is_asked_in_utc_and_waits_no_longer_than_five_seconds_for_a_lock(crm: Crm) -> None:
    with crm.database.read() as connection:
        shown = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("timezone", "lock_timeout")]
    assert shown == ["UTC", "5s"]


def test_an_error_of_the_database_holds_no_value(crm: Crm, records: Records) -> None:
    client = records.client(full_name=SECRET)
    for statement in (
        "UPDATE client SET email = :secret, sales_contact_id = NULL",
        "UPDATE no_such_table SET email = :secret",
        "UPDATE client SET no_such_column = :secret",
    ):
        with pytest.raises(Exception) as refusal, crm.database.write_session() as session:  # noqa: PT011
            session.execute(text(statement), {"secret": SECRET})
        if not isinstance(refusal.value, IntegrityError):
            assert SECRET not in f"{refusal.value} {refusal.value!r}"
        if isinstance(refusal.value, StatementError):
            assert "parameters hidden" in str(refusal.value)
    assert client.full_name == SECRET


def test_what_escapes_a_use_case_names_the_constraint_and_never_a_value(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(full_name=SECRET)
    before = everything(crm)
    with pytest.raises(ConstraintBroken, match="ck_client_full_name") as refusal:
        _break(crm, people, client.id)
    assert SECRET not in f"{refusal.value} {refusal.value!r}"
    assert refusal.value.__suppress_context__
    assert refusal.value.__cause__ is None
    assert everything(crm) == before


def _break(crm: Crm, people: People, client: int) -> None:
    with writing(crm, people.commercial, Action.CLIENT_UPDATE) as work:
        work.change(work.get(Client, client), {"full_name": "", "phone": SECRET})


def test_reads_hold_no_lock_that_a_write_waits_for(crm: Crm, records: Records, people: People) -> None:
    client = records.client()
    with crm.database.read() as connection:
        connection.execute(text("SELECT count(*) FROM client"))
        clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, {"company": "Tents"}))


@sqlite_only
def test_a_database_that_is_busy_for_too_long_is_said_to_be_unavailable(
    crm: Crm, people: People, records: Records, staffed_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.persistence.database.BUSY_TIMEOUT", 0.05)
    crm.close()
    holder = sqlite3.connect(staffed_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable):
        records.client()
    clients.list_clients(crm, people.gestion, ListQuery())
    holder.execute("ROLLBACK")
    holder.close()
    records.client()


def test_nothing_of_the_staff_is_printed_with_their_crm(crm: Crm) -> None:
    assert PASSWORD not in f"{crm!r} {crm.settings!r} {crm.database!r}"


def _give_up(crm: Crm) -> None:
    crm.database.dispose()


def _lose(crm: Crm) -> None:
    with pytest.raises(DatabaseUnavailable), crm.database.read():
        raise PoolTimeout


@pytest.mark.parametrize("end", [_give_up, _lose])
def test_a_connection_in_use_is_closed_once_it_comes_back(crm: Crm, end: Callable[[Crm], None]) -> None:
    with crm.database.read() as connection:
        raw = connection.connection.dbapi_connection
        end(crm)
        connection.execute(text("SELECT 1"))
    assert raw is not None
    with pytest.raises(Exception, match="closed"):
        raw.cursor().execute("SELECT 1")


@pytest.mark.parametrize("has_the_engine", [False, True])
def test_a_thread_that_reads_after_the_end_leaves_no_connection_open(
    crm: Crm, *, has_the_engine: bool
) -> None:
    engine = crm.database.engine
    crm.close()
    if has_the_engine:
        crm.database._engine = engine
    with crm.database.read() as connection:
        raw = connection.connection.dbapi_connection
        connection.execute(text("SELECT 1"))
    assert raw is not None
    with pytest.raises(Exception, match="closed"):
        raw.cursor().execute("SELECT 1")


def test_connections_are_used_again_after_a_loss(crm: Crm) -> None:
    _lose(crm)
    used = set()
    for _ in range(3):
        with crm.database.read() as connection:
            used.add(connection.connection.dbapi_connection)
    assert len(used) == 1
