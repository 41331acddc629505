"""Each cause for which a database cannot be used is told apart and says what to do; never a secret."""

import collections
import errno
import os
import shutil
import socket
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from services import clients, i18n
from services.crm import Crm
from services.errors import CrmError, DatabaseNotUtf8, DatabaseUnavailable
from services.files import remove_later
from services.lists.query import ListQuery
from services.migrations.foreign_database import Content, content_of
from services.persistence.database import Database
from services.persistence.faults import SENTENCES, Cause
from services.startup import open_crm
from tests.support.accounts import People
from tests.support.crm import settings_for
from tests.support.databases import postgresql_only, sqlite_only
from tests.support.postgres import PostgresCluster, database_name, sqlite_path
from tests.support.records import Records, rewrite
from tests.support.refusing_server import refusing

SECRET: Final = "do-not-print-me"
_NOBODY: Final = 65534


def refused(url: str, home: Path, *, create: bool = False) -> DatabaseUnavailable:
    """How opening the CRM is refused; it must be."""
    with pytest.raises(DatabaseUnavailable) as refusal:
        open_crm(settings_for(url, home), create=create)
    assert SECRET not in refusal.value.message() + str(refusal.value)
    return refusal.value


@contextmanager
def as_another_person() -> Iterator[None]:
    """Without the rights of root, to whom nothing is forbidden."""
    owner = os.geteuid()
    if owner == 0:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(owner)


# Files


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("gone.db"))


def _no_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _other_tables_gone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE alembic_version (version_num text); CREATE TABLE client (id integer);"
            "INSERT INTO alembic_version VALUES ('0001')"
        )


def _with_wal(path: Path) -> None:
    path.touch()
    path.with_name(f"{path.name}-wal").write_bytes(b"changes" * 100)


@pytest.mark.parametrize(
    ("make", "cause", "advice"),
    [
        (Path.touch, Cause.EMPTY, "epicevents init"),
        (_no_tables, Cause.NO_TABLES, "epicevents init"),
        (_with_wal, Cause.EMPTY_WITH_WAL, "restore a backup"),
        (_other_tables_gone, Cause.TABLES_MISSING, "Restore a backup"),
        (lambda path: path.write_bytes(b"Dear Kevin, " * 500), Cause.NO_SQLITE, "Restore a backup"),
        (lambda path: path.write_bytes(b"Dear"), Cause.NO_SQLITE, "Restore a backup"),
        (Path.mkdir, Cause.FOLDER, "must name a file"),
        (_dangling, Cause.BROKEN_LINK, "gone.db"),
        (_fifo, Cause.NO_FILE, "device or a pipe"),
        (lambda path: None, Cause.MISSING, "epicevents init"),
    ],
)  # fmt: skip
def test_a_file_in_which_there_is_no_crm_is_named_and_left_as_it_is(
    home: Path, make: Callable[[Path], object], cause: Cause, advice: str
) -> None:
    path = home / "crm.db"
    make(path)
    before = {file.name: file.lstat().st_size for file in home.iterdir()}
    refusal = refused(f"sqlite:///{path}", home)
    assert refusal.cause == cause
    assert str(path) in refusal.message()
    assert advice in refusal.message()
    assert {file.name: file.lstat().st_size for file in home.iterdir()} == before


@pytest.mark.parametrize("make", [_no_tables, Path.touch, lambda path: None])
def test_who_sets_up_a_crm_may_use_an_empty_file(home: Path, make: Callable[[Path], object]) -> None:
    path = home / "crm.db"
    make(path)
    open_crm(settings_for(f"sqlite:///{path}", home), create=True).close()
    open_crm(settings_for(f"sqlite:///{path}", home)).close()


def test_changes_beside_an_empty_file_are_not_thrown_away_by_a_new_crm(home: Path) -> None:
    path = home / "crm.db"
    _with_wal(path)
    assert refused(f"sqlite:///{path}", home, create=True).cause == Cause.EMPTY_WITH_WAL
    assert path.with_name("crm.db-wal").stat().st_size == 700


@pytest.mark.parametrize("kind", ["folder missing", "folder is a file"])
def test_a_folder_that_is_not_there_is_named(home: Path, kind: str) -> None:
    folder = home / "away"
    if kind == "folder is a file":
        folder.touch()
        refusal = refused(f"sqlite:///{folder}/crm.db", home, create=True)
        assert refusal.cause == Cause.NOT_MADE
        assert "Not a directory" in refusal.message()
    assert refused(f"sqlite:///{folder}/crm.db", home).cause == Cause.NO_FOLDER


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENOSPC, Cause.DISK_FULL),
        (errno.EDQUOT, Cause.DISK_FULL),
        (errno.EROFS, Cause.READ_ONLY_SYSTEM),
        (errno.EISDIR, Cause.FOLDER),
        (errno.EACCES, Cause.NOT_MADE),
    ],
)
def test_a_file_that_cannot_be_made_names_the_reason_of_the_system(
    home: Path, monkeypatch: pytest.MonkeyPatch, number: int, cause: Cause
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("services.persistence.database.os.open", refuse)
    database = Database(f"sqlite:///{home}/crm.db")
    with pytest.raises(DatabaseUnavailable) as refusal:
        database.create_file()
    monkeypatch.undo()
    assert refusal.value.cause == cause
    assert f"{home}/crm.db" in refusal.value.message()


def test_a_folder_in_which_one_may_make_nothing_is_named_and_nothing_else_goes_wrong() -> None:
    with tempfile.TemporaryDirectory() as closed, as_another_person(), ExitStack() as undo:
        path = Path(closed) / "new" / "crm.db"
        remove_later(path, undo)
        database = Database(f"sqlite:///{path}")
        with pytest.raises(DatabaseUnavailable) as refusal:
            database.create_file()
        assert refusal.value.cause == Cause.NOT_MADE
        assert "Permission denied" in refusal.value.message()
        assert content_of(database) is Content.NOTHING


@sqlite_only
def test_a_file_that_is_emptied_while_it_is_open_stays_empty(
    crm: Crm, records: Records, people: People, staffed_url: str
) -> None:
    records.client()
    path = sqlite_path(staffed_url)
    path.write_bytes(b"")
    for way in (lambda: clients.list_clients(crm, people.gestion, ListQuery()), records.client):
        with pytest.raises(DatabaseUnavailable) as refusal:
            way()
        assert refusal.value.cause == Cause.EMPTY_WITH_WAL
    assert path.stat().st_size == 0


@sqlite_only
@pytest.mark.parametrize(
    ("mode", "folder_mode", "cause"),
    [
        (0o444, 0o777, Cause.READ_ONLY_FILE),
        (0o000, 0o777, Cause.NO_ACCESS),
        (0o666, 0o555, Cause.READ_ONLY_FOLDER),
    ],
)
def test_rights_of_the_file_system_that_are_missing_are_named_with_the_owner(
    database_url: str, mode: int, folder_mode: int, cause: Cause
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = Path(shutil.copyfile(sqlite_path(database_url), folder / "crm.db"))
        path.chmod(mode)
        folder.chmod(folder_mode)
        owner = path.owner()
        with as_another_person():
            database = Database(f"sqlite:///{path}")
            with pytest.raises(DatabaseUnavailable) as refusal, database.write_session() as session:
                session.execute(text("UPDATE collaborator SET active = false"))
            database.dispose()
        folder.chmod(0o700)
    assert refusal.value.cause == cause
    assert owner in refusal.value.message()
    assert str(folder) in refusal.value.message()


@sqlite_only
def test_a_file_system_that_can_only_be_read_is_named_as_the_cause(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ReadOnly:
        f_flag = os.ST_RDONLY

    path = sqlite_path(database_url)
    database = Database(database_url)
    event.listen(database.engine, "connect", lambda opened, record: opened.execute("PRAGMA query_only=ON"))
    monkeypatch.setattr(os, "statvfs", lambda _path: ReadOnly)
    with pytest.raises(DatabaseUnavailable) as refusal, database.write_session() as session:
        session.execute(text("UPDATE collaborator SET active = false"))
    assert refusal.value.cause == Cause.READ_ONLY_SYSTEM
    assert str(path) in refusal.value.message()
    database.dispose()


@sqlite_only
def test_a_full_disk_is_said_to_be_full(crm: Crm, records: Records, staffed_url: str) -> None:
    def no_more_pages(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    crm.database.dispose()
    event.listen(crm.database.engine, "connect", no_more_pages)
    with pytest.raises(DatabaseUnavailable) as refusal:
        collections.deque((records.client() for _ in range(50)), maxlen=0)
    assert refusal.value.cause == Cause.DISK_FULL
    assert "Free some space" in refusal.value.message()
    assert str(sqlite_path(staffed_url)) in refusal.value.message()


@sqlite_only
def test_a_damaged_file_is_said_to_be_damaged(crm: Crm, people: People, staffed_url: str) -> None:
    path = sqlite_path(staffed_url)
    crm.close()
    with path.open("r+b") as file:
        for page in range(1, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(os.urandom(200))
    with pytest.raises(DatabaseUnavailable) as refusal:
        clients.list_clients(crm, people.gestion, ListQuery())
    assert refusal.value.cause == Cause.MALFORMED
    assert "Restore a backup" in refusal.value.message()


@sqlite_only
def test_one_is_told_that_one_waits_for_another_program_and_then_who_holds_what(
    crm: Crm, records: Records, staffed_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.persistence.database._SILENCE", 0.02)
    monkeypatch.setattr("services.persistence.database.BUSY_TIMEOUT", 0.05)
    told: list[str] = []
    crm.database.on_busy = lambda: told.append("waiting")
    with closing(sqlite3.connect(sqlite_path(staffed_url), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable) as refusal:
            records.client()
    assert told == ["waiting"]
    assert refusal.value.cause == Cause.LOCKED
    assert str(sqlite_path(staffed_url)) in refusal.value.message()


@sqlite_only
def test_who_opens_a_file_that_another_program_keeps_to_itself_is_told_so(
    database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.persistence.database._SILENCE", 0.02)
    monkeypatch.setattr("services.persistence.database.BUSY_TIMEOUT", 0.2)
    told: list[str] = []
    with closing(sqlite3.connect(sqlite_path(database_url), isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseUnavailable) as refusal:
            open_crm(settings_for(database_url, home), on_busy=lambda: told.append("waiting"))
    assert told == ["waiting"]
    assert refusal.value.cause == Cause.LOCKED


# Servers


@pytest.mark.parametrize(
    ("code", "said", "cause"),
    [
        ("28P01", 'password authentication failed for user "anna"', Cause.PASSWORD),
        ("28P01", "authentification par mot de passe échouée pour l'utilisateur  « anna »", Cause.PASSWORD),
        ("28000", 'role "anna" does not exist', Cause.NO_ROLE),
        ("28000", "le rôle « anna » n'existe pas", Cause.NO_ROLE),
        ("28000", 'no pg_hba.conf entry for host "127.0.0.1", user "anna", database "crm"', Cause.NO_ENTRY),
        ("3D000", 'database "crm" does not exist', Cause.NO_DATABASE),
        ("3D000", "la base de données « crm » n'existe pas", Cause.NO_DATABASE),
        ("53300", "sorry, too many clients already", Cause.TOO_MANY),
        ("53300", "désolé, trop de clients sont déjà connectés", Cause.TOO_MANY),
        ("57P03", "the database system is starting up", Cause.STARTING),
        ("57P03", "le système de bases de données se lance", Cause.STARTING),
        ("57P03", "the database system is shutting down", Cause.STOPPING),
        ("42501", 'permission denied for database "crm"', Cause.MAY_NOT_CONNECT),
        ("42704", "Datenbank »crm« existiert nicht", Cause.TURNED_AWAY),
    ],
)  # fmt: skip
def test_what_a_server_says_when_it_refuses_is_told_apart_in_its_language(
    home: Path, code: str, said: str, cause: Cause
) -> None:
    with refusing(code, said) as port:
        refusal = refused(f"postgresql://anna:{SECRET}@127.0.0.1:{port}/crm", home)
    assert refusal.cause == cause
    assert f"127.0.0.1:{port}" in refusal.message()
    if cause is Cause.TURNED_AWAY:
        assert refusal.message().endswith(said)


@pytest.mark.parametrize(
    ("address", "cause", "named"),
    [
        ("127.0.0.1:1", Cause.REFUSED, "127.0.0.1:1"),
        ("crm.invalid", Cause.NO_HOST, "crm.invalid"),
        ("a..b", Cause.NO_HOST, "a..b"),
        ("127.0.0.1:1,crm.invalid:2", Cause.REFUSED, "127.0.0.1"),
    ],
)
def test_a_server_that_is_not_there_is_named(home: Path, address: str, cause: Cause, named: str) -> None:
    host, _, port = address.partition(":")
    url = f"postgresql://anna:{SECRET}@{host}{':' + port if port else ''}/crm"
    if "," in address:
        url = f"postgresql://anna:{SECRET}@/crm?host=127.0.0.1:1&host=127.0.0.1:2"
    refusal = refused(url, home)
    assert refusal.cause == cause
    assert named in refusal.message()


def test_a_socket_that_is_not_there_is_named(home: Path) -> None:
    refusal = refused(f"postgresql://anna:{SECRET}@/crm?host={home}", home)
    assert refusal.cause == Cause.NO_SOCKET
    assert str(home) in refusal.message()


def test_what_answers_and_is_no_postgresql_is_told(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            connection, _address = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        url = f"postgresql://anna@127.0.0.1:{listener.getsockname()[1]}/crm?sslmode=require"
        assert refused(url, home).cause == Cause.NO_POSTGRESQL
        thread.join()


def test_a_real_server_s_refusals_are_told_apart(postgres: PostgresCluster, home: Path) -> None:
    url = postgres.url("postgres")
    no_role = refused(url.replace("postgres@", f"nobody_here:{SECRET}@"), home)
    assert no_role.cause == Cause.NO_ROLE
    assert "createuser nobody_here" in no_role.message()
    no_database = refused(postgres.url("no_such"), home)
    assert no_database.cause == Cause.NO_DATABASE
    assert "createdb --encoding=UTF8 --template=template0 no_such" in no_database.message()


@postgresql_only
def test_an_empty_database_of_a_server_is_no_crm(unmigrated_url: str, home: Path) -> None:
    refusal = refused(unmigrated_url, home)
    assert refusal.cause == Cause.NO_TABLES
    assert "epicevents init" in refusal.message()
    open_crm(settings_for(unmigrated_url, home), create=True).close()


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
@pytest.mark.parametrize("create", [True, False])
def test_a_database_that_is_not_utf_8_is_refused_by_name(
    postgres: PostgresCluster, home: Path, encoding: str, create: bool
) -> None:
    name = f"in_{encoding.lower()}"
    made = f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    postgres._admin.execute(made.encode())
    try:
        with pytest.raises(DatabaseNotUtf8) as refusal:
            open_crm(settings_for(postgres.url(name), home), create=create)
        assert encoding in refusal.value.message()
        assert "createdb --encoding=UTF8 --template=template0" in refusal.value.message()
        assert refusal.value.exit_code == 2
    finally:
        postgres.drop_database(name)


def test_an_encoding_in_the_environment_changes_nothing(
    postgres: PostgresCluster, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    database = Database(postgres.url("postgres"))
    with database.read() as connection:
        assert connection.execute(text("SELECT :name"), {"name": "Łukasz 田中"}).scalar() == "Łukasz 田中"
    database.dispose()


@pytest.fixture
def limited(postgres: PostgresCluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """A role that may connect and do nothing else, known to the server for the length of a test."""
    postgres._admin.execute("CREATE ROLE limited LOGIN")
    yield "limited"
    postgres._admin.execute("DROP OWNED BY limited")
    postgres._admin.execute("DROP ROLE limited")


def _as(url: str, role: str) -> str:
    return url.replace("postgres@", f"{role}@")


def _run(url: str, *statements: str) -> None:
    database = Database(url)
    with database.write_session() as session:
        for statement in statements:
            session.execute(text(statement))
    database.dispose()


@postgresql_only
def test_a_role_that_may_not_make_tables_is_told_the_grant(
    unmigrated_url: str, home: Path, limited: str
) -> None:
    refusal = refused(_as(unmigrated_url, limited), home, create=True)
    assert refusal.cause == Cause.MAY_NOT_CREATE
    grant = refusal.message().partition("with: ")[2]
    assert grant == "GRANT USAGE, CREATE ON SCHEMA public TO limited;"
    _run(unmigrated_url, grant.rstrip(";"))
    open_crm(settings_for(_as(unmigrated_url, limited), home), create=True).close()
    _run(unmigrated_url, "DROP OWNED BY limited")


@postgresql_only
def test_a_role_that_may_use_no_schema_is_told_the_grant(
    unmigrated_url: str, home: Path, limited: str
) -> None:
    _run(unmigrated_url, "REVOKE ALL ON SCHEMA public FROM public")
    for create in (True, False):
        refusal = refused(_as(unmigrated_url, limited), home, create=create)
        assert refusal.cause == Cause.NO_SCHEMA
        assert "GRANT USAGE, CREATE ON SCHEMA public TO limited;" in refusal.message()


@postgresql_only
def test_a_role_that_may_not_use_our_tables_is_told_the_grants(
    database_url: str, home: Path, limited: str
) -> None:
    refusal = refused(_as(database_url, limited), home)
    assert refusal.cause == Cause.MAY_NOT_USE
    _run(database_url, *refusal.message().partition("with: ")[2].rstrip(";").split("; "))
    open_crm(settings_for(_as(database_url, limited), home)).close()
    _run(database_url, "DROP OWNED BY limited")


@postgresql_only
def test_a_role_that_does_not_own_the_tables_is_told_who_migrates(
    database_url: str, home: Path, limited: str
) -> None:
    _run(
        database_url,
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {limited}",
        f"GRANT ALL ON SCHEMA public TO {limited}",
        "UPDATE alembic_version SET version_num = '0002'",
    )
    refusal = refused(_as(database_url, limited), home)
    assert refusal.cause == Cause.MAY_NOT_ALTER
    assert "epicevents migrate" in refusal.message()
    _run(database_url, "DROP OWNED BY limited")


@postgresql_only
def test_a_database_that_can_only_be_read_is_said_to_be(
    crm: Crm, records: Records, staffed_url: str, postgres: PostgresCluster
) -> None:
    name = database_name(staffed_url)
    postgres._admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    crm.database.dispose()
    with pytest.raises(DatabaseUnavailable) as refusal:
        records.client()
    postgres._admin.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
    assert refusal.value.cause == Cause.READ_ONLY_SERVER
    assert name in refusal.value.message()


@postgresql_only
def test_a_connection_that_was_ended_is_said_to_be_lost(crm: Crm) -> None:
    with pytest.raises(DatabaseUnavailable) as refusal, crm.database.write_session() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert refusal.value.cause == Cause.LOST


@postgresql_only
def test_what_the_program_itself_does_wrong_is_no_trouble_of_the_database(crm: Crm) -> None:
    with pytest.raises(DBAPIError), crm.database.write_session() as session:
        session.execute(text("CREATE TABLE too_wide (" + ",".join(f"c{n} int" for n in range(2000)) + ")"))


@postgresql_only
def test_a_record_that_another_transaction_holds_is_said_to_be_busy(
    crm: Crm, records: Records, staffed_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.client()
    monkeypatch.setattr("services.persistence.database.BUSY_TIMEOUT", 0.05)
    crm.database.dispose()
    holder = Database(staffed_url)
    with holder.write_session() as session:
        session.execute(text("LOCK TABLE client IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(DatabaseUnavailable) as refusal:
            records.client()
    holder.dispose()
    assert refusal.value.cause == Cause.OTHERS_WRITE


# Both


@pytest.mark.parametrize("revision", ["8f2c1a", "0001"])
def test_a_foreign_database_that_uses_alembic_too_is_not_called_newer(
    unmigrated_url: str, home: Path, revision: str
) -> None:
    _run(
        unmigrated_url,
        "CREATE TABLE alembic_version (version_num varchar(32))",
        "CREATE TABLE recipe (id integer)",
        f"INSERT INTO alembic_version VALUES ('{revision}')",  # noqa: S608 - ours
    )
    for create in (False, True):
        with pytest.raises(CrmError) as refusal:
            open_crm(settings_for(unmigrated_url, home), create=create)
        assert "belongs to another program" in refusal.value.message()


def test_a_table_that_is_gone_later_is_missed_by_name_of_the_database(
    crm: Crm, people: People, records: Records
) -> None:
    records.client()
    rewrite(crm, "ALTER TABLE event RENAME TO events_before")
    with pytest.raises(DatabaseUnavailable) as refusal:
        records.event()
    rewrite(crm, "ALTER TABLE events_before RENAME TO event")
    assert refusal.value.cause == Cause.TABLES_MISSING


def test_every_cause_has_a_sentence_in_both_languages() -> None:
    assert set(SENTENCES) == set(Cause)
    i18n.activate("fr")
    assert all(i18n._(sentence) != sentence for sentence in SENTENCES.values())
