"""Damage that the engine itself knows of is found, named without a value, and never called right."""

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services import integrity
from services.crm import Crm
from services.denormalized import consistency
from services.errors import DatabaseForeign, DatabaseUnavailable
from services.integrity import Damage, Part
from services.persistence.database import Database
from services.startup import open_crm
from tests.support.crm import settings_for
from tests.support.databases import postgresql_only, sqlite_only
from tests.support.postgres import PostgresCluster
from tests.support.records import Records, rewrite

PAGE = 4096


def _of_engine(url: str) -> list[Damage]:
    database = Database(url)
    try:
        return integrity.check_engine(database)
    finally:
        database.dispose()


def _closed(crm: Crm) -> Path:
    """The file of the CRM with all in it, and nothing beside it."""
    path = crm.database.path
    assert path is not None
    crm.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def _is_malformed(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    except sqlite3.DatabaseError:
        return True


def test_a_sound_database_has_no_damage(crm: Crm, records: Records, staffed_url: str) -> None:
    records.payment(records.contract(signed=True))
    assert _of_engine(staffed_url) == []
    assert integrity.check_links(crm) == []
    assert integrity.check_words(crm) == []


@sqlite_only
def test_random_bytes_over_any_page_are_found_wherever_sqlite_calls_the_file_malformed(
    crm: Crm, records: Records, staffed_url: str
) -> None:
    for _ in range(20):
        records.client()
    path = _closed(crm)
    whole = path.read_bytes()
    rest = random.Random(7)  # noqa: S311 - guards nothing
    malformed = 0
    for page in range(0, len(whole) // PAGE, 5):
        garbage = rest.randbytes(PAGE)
        path.write_bytes(whole[: page * PAGE] + garbage + whole[(page + 1) * PAGE :])
        if not _is_malformed(path):
            continue
        malformed += 1
        with suppress(DatabaseUnavailable):  # a file without its head is none to SQLite, and said to be none
            assert [each for each in _of_engine(staffed_url) if not each.mendable], page
    assert malformed > 5
    path.write_bytes(whole)
    assert _of_engine(staffed_url) == []


@sqlite_only
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_file_is_found(crm: Crm, records: Records, staffed_url: str, share: float) -> None:
    records.client()
    path = _closed(crm)
    os.truncate(path, int(path.stat().st_size * share))
    assert {each.part for each in _of_engine(staffed_url)} >= {Part.FILE}


@sqlite_only
def test_an_index_that_does_not_hold_what_its_table_does_is_named(
    crm: Crm, records: Records, staffed_url: str
) -> None:
    records.client()
    with closing(sqlite3.connect(_closed(crm))) as connection, connection:
        connection.execute("PRAGMA writable_schema=ON")
        row = connection.execute(
            "SELECT * FROM sqlite_master WHERE name = 'ix_client_sales_contact'"
        ).fetchone()
        connection.execute("DELETE FROM sqlite_master WHERE name = 'ix_client_sales_contact'")
        connection.execute("PRAGMA writable_schema=RESET")
        connection.execute("DELETE FROM client")
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
    assert _of_engine(staffed_url) == [Damage(Part.INDEX, "ix_client_sales_contact")]


@sqlite_only
def test_what_a_damaged_row_held_is_nowhere_in_what_is_found(
    crm: Crm, records: Records, staffed_url: str
) -> None:
    for number in range(40):
        records.client(full_name=f"Zebulon Quux {number}", email=f"zebulon{number}@quux.example")
    path = _closed(crm)
    whole, garbage = bytearray(path.read_bytes()), random.Random(3)  # noqa: S311 - guards nothing
    for page in range(1, len(whole) // PAGE):
        if b"Zebulon" in whole[page * PAGE : (page + 1) * PAGE]:
            whole[page * PAGE : page * PAGE + 40] = garbage.randbytes(40)
    path.write_bytes(whole)
    found = _of_engine(staffed_url)
    assert found
    assert "ebulon" not in repr(found)
    assert all(each.name.isdigit() or each.name.isidentifier() or not each.name for each in found)


def _without_foreign_keys(crm: Crm, *statements: str) -> None:
    with crm.database.write_session() as session:
        if crm.database.kind == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                session.execute(text(statement))
            return
    path = crm.database.path
    assert path is not None
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_record_that_names_a_missing_one_is_found_by_its_id(crm: Crm, records: Records) -> None:
    event = records.event()
    _without_foreign_keys(crm, "UPDATE event SET contract_id = 999999")
    assert integrity.check_links(crm) == [Damage(Part.LINK, "event.contract_id", 1, (event.id,))]
    assert not integrity.check_links(crm)[0].mendable


def test_many_broken_links_are_counted_and_the_first_named(crm: Crm, records: Records) -> None:
    made = [records.client().id for _ in range(7)]
    _without_foreign_keys(crm, "UPDATE client SET sales_contact_id = 999999")
    [damage] = [each for each in integrity.check_links(crm) if each.name == "client.sales_contact_id"]
    assert (damage.count, list(damage.ids)) == (7, made[:5])


def _forget_a_word(connection: sqlite3.Connection) -> None:
    row = connection.execute("SELECT id, search FROM client").fetchone()
    connection.execute("INSERT INTO client_search(client_search, rowid, search) VALUES ('delete', ?, ?)", row)


def _scribble(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE client_search_data SET block = randomblob(length(block)) WHERE id > 10")


def _lose_the_data(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM client_search_data")


def _lose_the_index(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE client_search")


def _lose_a_shadow(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE client_search_idx")


@sqlite_only
@pytest.mark.parametrize("harm", [_forget_a_word, _scribble, _lose_the_data, _lose_the_index, _lose_a_shadow])
def test_a_broken_word_index_is_found_and_made_anew(
    crm: Crm, records: Records, harm: Callable[[sqlite3.Connection], Any]
) -> None:
    records.client(full_name="Zoé Zyskowski")
    path = crm.database.path
    assert path is not None
    crm.database.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        harm(connection)
    assert integrity.check_words(crm) == [Damage(Part.WORD_INDEX, "client")]
    consistency.repair(crm)
    assert integrity.check_words(crm) == []
    records.client()


@sqlite_only
def test_a_file_that_may_not_be_written_says_nothing_of_its_word_index(crm: Crm, records: Records) -> None:
    records.client()
    with crm.database.read() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    assert integrity.check_words(crm) is None


@pytest.mark.parametrize("damage", [b"", b"Dear Kevin, " * 900])
def test_what_is_no_crm_is_refused_before_it_is_checked(home: Path, damage: bytes) -> None:
    path = home / "crm.db"
    path.write_bytes(damage)
    with pytest.raises(DatabaseUnavailable):
        _of_engine(f"sqlite:///{path}")
    assert path.read_bytes() == damage


def test_a_foreign_database_is_not_called_sound(unmigrated_url: str) -> None:
    database = Database(unmigrated_url)
    with database.write_session() as session:
        session.execute(text("CREATE TABLE recipe (id integer)"))
    database.dispose()
    with pytest.raises(DatabaseForeign):
        _of_engine(unmigrated_url)


# PostgreSQL


@postgresql_only
def test_an_invalid_index_and_an_unchecked_constraint_are_named(crm: Crm, staffed_url: str) -> None:
    rewrite(crm, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_audit_entry_batch'::regclass")
    rewrite(crm, "ALTER TABLE client ADD CONSTRAINT ck_later CHECK (id > 0) NOT VALID")
    try:
        found = _of_engine(staffed_url)
    finally:
        rewrite(
            crm, "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'ix_audit_entry_batch'::regclass"
        )
        rewrite(crm, "ALTER TABLE client DROP CONSTRAINT ck_later")
    assert found == [Damage(Part.INDEX, "ix_audit_entry_batch"), Damage(Part.CONSTRAINT, "ck_later")]


@postgresql_only
def test_an_index_that_lacks_rows_is_found_where_amcheck_is_installed(crm: Crm, staffed_url: str) -> None:
    def ready(state: str) -> str:
        which = "indexrelid = 'ix_login_attempt_at'::regclass"
        return f"UPDATE pg_index SET indisready = {state} WHERE {which}"  # noqa: S608 - ours

    rewrite(crm, ready("false"))
    rewrite(crm, "INSERT INTO login_attempt (at, outcome) SELECT now(), 'LOCKED' FROM generate_series(1, 9)")
    rewrite(crm, ready("true"))
    rewrite(crm, "CREATE EXTENSION amcheck")
    try:
        assert integrity.has_amcheck(crm.database)
        assert _of_engine(staffed_url) == [Damage(Part.INDEX, "ix_login_attempt_at")]
    finally:
        rewrite(crm, "DROP EXTENSION amcheck")
        rewrite(crm, "REINDEX INDEX ix_login_attempt_at")
    assert _of_engine(staffed_url) == []


def test_a_table_that_the_server_cannot_read_is_named(home: Path) -> None:
    cluster = PostgresCluster()
    try:
        url = cluster.url(cluster.create_database())
        crm = open_crm(settings_for(url, home), create=True)
        with crm.database.read() as connection:
            folder = connection.execute(text("SHOW data_directory")).scalar_one()
        rewrite(crm, "INSERT INTO login_attempt (at, outcome) VALUES (now(), 'LOCKED')")
        with crm.database.read() as connection:
            file = connection.execute(text("SELECT pg_relation_filepath('login_attempt')")).scalar_one()
        crm.close()
        with cluster.interrupted(), (Path(folder) / file).open("r+b") as opened:
            opened.seek(100)
            opened.write(os.urandom(8000))
        assert _of_engine(url) == [Damage(Part.TABLE, "login_attempt")]
    finally:
        cluster.stop()
