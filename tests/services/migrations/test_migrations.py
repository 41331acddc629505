"""Migrations: what they make is what the models say, once, and never over a newer database."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Inspector, Row, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

import models.tables
from models.metadata import schema
from services import events
from services.auth import sessions
from services.crm import Crm
from services.denormalized import consistency
from services.errors import DatabaseForeign, DatabaseTooNew
from services.lists.query import ListQuery
from services.migrations import runner as migrating
from services.migrations.runner import HEAD, current_revision, migrate
from services.persistence import sqlite_fts
from services.persistence.database import Database
from services.settings import load_settings
from services.startup import open_crm
from tests.support import bulk_rows
from tests.support.accounts import PASSWORD, People
from tests.support.crm import environment_for, settings_for
from tests.support.databases import Databases, sqlite_only
from tests.support.list_reads import list_journal
from tests.support.postgres import sqlite_path
from tests.support.records import Records, everything, rewrite

TABLES = SQLModel.metadata.tables


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(database_url)


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_migrated_schema_is_the_one_of_the_models(database: Database) -> None:
    assert models.tables.Client.__tablename__ in TABLES
    options = {"compare_type": True, "include_object": _is_no_index}
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema()) == []
    database.dispose()


def _is_no_index(_object: object, _name: str | None, kind: str, *_: object) -> bool:
    # Alembic sees neither the condition of an index nor an expression; the next test does.
    return kind != "index"


def test_every_index_is_made_as_the_models_say_with_its_order_and_condition(
    database: Database, databases: Databases
) -> None:
    migrated = _indexes(database)
    with databases.empty() as url:
        modelled = Database(url)
        with modelled.write_session() as session:
            schema().create_all(session.connection())
        assert migrated == _indexes(modelled)
        modelled.dispose()
    database.dispose()
    assert sum("WHERE" in definition for definition in migrated) >= 80


_INDEXES = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": """
        SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
        UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'word_starts'
    """,
}


def _indexes(database: Database) -> set[str]:
    with database.read() as connection:
        definitions = connection.execute(text(_INDEXES[database.kind])).scalars()
        found = {" ".join(definition.replace('"', "").split()) for definition in definitions}
    return {each for each in found if " alembic_version" not in each}


def test_the_keys_of_the_models_are_those_of_the_database(database: Database) -> None:
    with database.read() as connection:
        inspector = inspect(connection)
        found = {name: inspector.get_pk_constraint(name)["constrained_columns"] for name in TABLES}
    database.dispose()
    assert found == {name: [column.name for column in table.primary_key] for name, table in TABLES.items()}


def test_every_constraint_of_the_models_is_in_the_database_by_its_name(database: Database) -> None:
    with database.read() as connection:
        inspector = inspect(connection)
        found = {name: _named(inspector, name) for name in TABLES}
    database.dispose()
    assert found == {name: _named_by_the_models(name) for name in TABLES}
    assert sum(map(len, found.values())) >= 30


def _named(inspector: Inspector, table: str) -> set[str | None]:
    return {
        *(each["name"] for each in inspector.get_check_constraints(table)),
        *(each["name"] for each in inspector.get_unique_constraints(table)),
        *(each["name"] for each in inspector.get_foreign_keys(table)),
    }


def _named_by_the_models(table: str) -> set[str | None]:
    constraints = TABLES[table].constraints - {TABLES[table].primary_key}
    return {str(constraint.name) for constraint in constraints}


def _conditions(inspector: Inspector, table: str) -> dict[str, str]:
    return {str(each["name"]): each["sqltext"] for each in inspector.get_check_constraints(table)}


@sqlite_only
def test_every_check_of_the_models_is_in_the_database_word_by_word(database: Database) -> None:
    with database.read() as connection:
        inspector = inspect(connection)
        found = {name: text for table in TABLES for name, text in _conditions(inspector, table).items()}
    database.dispose()
    expected = {
        str(constraint.name): _condition(constraint)
        for table in TABLES.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert found == expected


def _condition(constraint: CheckConstraint) -> str:
    written = str(constraint.sqltext.compile(compile_kwargs={"literal_binds": True}))
    return written.replace(f"{constraint.table.name}.", "")


def test_an_empty_database_is_migrated_and_a_migrated_one_left_alone(unmigrated_url: str, home: Path) -> None:
    told: list[tuple[str | None, str]] = []
    settings = settings_for(unmigrated_url, home)
    for _ in range(2):
        open_crm(settings, create=True, on_migration=lambda *step: told.append(step)).close()
    assert told == [(None, HEAD)]
    database = Database(unmigrated_url)
    assert current_revision(database) == HEAD
    assert migrate(database) is None
    database.dispose()


def test_the_head_that_the_program_knows_is_the_newest_script() -> None:
    folder = Path(migrating.__file__).parent
    assert ScriptDirectory(str(folder)).get_heads() == [HEAD]


def test_a_newer_database_is_refused_and_left_alone(database_url: str, home: Path) -> None:
    settings = settings_for(database_url, home)
    crm = open_crm(settings)
    rewrite(crm, "UPDATE alembic_version SET version_num = '9999'")
    crm.close()
    with pytest.raises(DatabaseTooNew) as refusal:
        open_crm(settings)
    assert "9999" in refusal.value.message()
    assert refusal.value.exit_code == 1
    database = Database(database_url)
    assert current_revision(database) == "9999"
    database.dispose()


def test_a_database_of_another_program_is_refused_and_left_alone(unmigrated_url: str, home: Path) -> None:
    database = Database(unmigrated_url)
    with database.write_session() as session:
        session.execute(text("CREATE TABLE recipe (id integer)"))
    with pytest.raises(DatabaseForeign):
        open_crm(settings_for(unmigrated_url, home))
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["recipe"]
    database.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(
    unmigrated_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = migrating._upgrade

    def fail_at_the_end(connection: Connection, before: str | None, first: Mapping[str, str]) -> None:
        upgrade(connection, before, first)
        raise ZeroDivisionError

    monkeypatch.setattr(migrating, "_upgrade", fail_at_the_end)
    settings = settings_for(unmigrated_url, home)
    with pytest.raises(ZeroDivisionError):
        open_crm(settings, create=True)
    database = Database(unmigrated_url)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == []
    database.dispose()
    monkeypatch.undo()
    open_crm(settings, create=True).close()


def test_the_first_schema_goes_the_way_it_came(unmigrated_url: str) -> None:
    database = Database(unmigrated_url)
    migrate(database)
    _alembic(database, command.downgrade, "base")
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    database.dispose()


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_an_older_schema_comes_back_as_it_was(unmigrated_url: str, revision: str) -> None:
    database = Database(unmigrated_url)
    _alembic(database, command.upgrade, revision)
    before = _shape(database)
    migrate(database)
    assert _shape(database) != before
    _alembic(database, command.downgrade, revision)
    assert _shape(database) == before
    database.dispose()


def _alembic(database: Database, move: Callable[[Config, str], None], revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent))
    with database.write_session() as session:
        sqlite_fts.put_aside(session.connection())
        config.attributes["connection"] = session.connection()
        move(config, revision)


def _shape(database: Database) -> tuple[dict[str, set[str]], set[str]]:
    with database.read() as connection:
        inspector = inspect(connection)
        tables = {
            table: {column["name"] for column in inspector.get_columns(table)}
            for table in inspector.get_table_names()
        }
    return tables, _indexes(database)


def test_usernames_of_signs_alone_are_changed_and_stand_in_the_journal(crm: Crm, people: People) -> None:
    _alembic(crm.database, command.downgrade, "0005")
    for person, name in ((1, "-----"), (2, "_-_-"), (3, "user-1")):
        query = "UPDATE collaborator SET username = :name, username_key = :name WHERE id = :person"
        rewrite(crm, query, name=name, person=person)
    assert migrate(crm.database) == ("0005", HEAD)
    names = [row.username for row in _rows(crm, "collaborator")]
    assert sorted(names)[-3:] == ["user-1", "user-1x", "user-2"]
    entries = list_journal(crm, people.gestion, ListQuery())
    assert [(entry.actor, entry.record_id, entry.changes) for entry in entries] == [
        ("epicevents", 1, {"username": ("-----", "user-1x")}),
        ("epicevents", 2, {"username": ("_-_-", "user-2")}),
    ]
    sessions.sign_in(crm, "user-2", PASSWORD)
    with crm.database.read() as connection:
        assert consistency.differences(connection) == []


def test_the_database_itself_refuses_a_username_of_signs_alone(crm: Crm) -> None:
    query = "UPDATE collaborator SET username = :name, username_key = :name WHERE id = 1"
    with pytest.raises(IntegrityError, match="ck_collaborator_username_word"):
        rewrite(crm, query, name="____")
    rewrite(crm, query, name="___a")


@sqlite_only
def test_what_refers_to_a_collaborator_outlives_the_new_rule(crm: Crm, people: People) -> None:
    def rows() -> dict[str, list[tuple[object, ...]]]:
        return {name: rows for name, rows in everything(crm).items() if name != "database_fact"}

    before = rows()
    assert before["login_session"]
    _alembic(crm.database, command.downgrade, "0005")
    migrate(crm.database)
    assert rows() == before
    with crm.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    Records(crm, people).client()


def test_records_of_an_older_database_get_all_that_is_kept_beside_them(crm: Crm, people: People) -> None:
    bulk_rows.fill(crm, people)
    for table in ("note", "task"):  # an older database has none
        rewrite(crm, f"DELETE FROM {table}")  # noqa: S608
    for table in ("event", "shared_settings"):  # the zone that a migration without settings gives
        rewrite(crm, f"UPDATE {table} SET time_zone = 'UTC'")  # noqa: S608
    consistency.repair(crm)
    before = dict(everything(crm))
    assert any(row.amount_due for row in _rows(crm, "client"))
    _alembic(crm.database, command.downgrade, "0002")
    for table in ("client", "event", "collaborator"):
        rewrite(crm, f"UPDATE {table} SET sort_name = '?', search = 'of another version'")  # noqa: S608
    assert migrate(crm.database) == ("0002", HEAD)
    # Whether the word index is whole is a fact of the program that opens the database.
    # The shared settings are those of the program that migrates, made at that time.
    of_the_program: dict[str, list[tuple[object, ...]]] = {"database_fact": [], "shared_settings": []}
    assert dict(everything(crm)) | of_the_program == before | of_the_program
    with crm.database.read() as connection:
        assert consistency.differences(connection) == []


@pytest.mark.parametrize(("currency", "factor"), [("EUR", 1), ("USD", 1), ("JPY", 1), ("KWD", 10)])
def test_an_older_database_gets_the_settings_of_the_machine_that_migrates_it(
    crm: Crm, people: People, home: Path, currency: str, factor: int
) -> None:
    bulk_rows.fill(crm, people)
    before = _stored_amounts(crm)
    assert sum(map(sum, before))
    _alembic(crm.database, command.downgrade, "0003")
    given = environment_for(crm.settings.database_url) | {
        "EPICEVENTS_CURRENCY": currency, "EPICEVENTS_PHONE_REGION": "BE",
        "EPICEVENTS_TIME_ZONE": "Europe/Brussels",
    }  # fmt: skip
    migrated = open_crm(load_settings(given, home, home))
    kept = migrated.shared
    assert (kept.currency, kept.phone_region, kept.time_zone) == (currency, "BE", "Europe/Brussels")
    assert _stored_amounts(migrated) == [tuple(factor * amount for amount in row) for row in before]
    with migrated.database.read() as connection:
        assert consistency.differences(connection) == []
    migrated.close()


def test_events_of_an_older_database_keep_the_time_zone_that_the_crm_has_then(
    crm: Crm, people: People, records: Records
) -> None:
    event = records.event()
    _alembic(crm.database, command.downgrade, "0013")
    rewrite(crm, "UPDATE shared_settings SET time_zone = 'Asia/Tokyo'")
    migrate(crm.database)
    rewrite(crm, "UPDATE shared_settings SET time_zone = 'Europe/Paris'")
    assert events.get_event(crm, people.gestion, event.id).time_zone == "Asia/Tokyo"


def test_an_older_database_has_euros_and_france_where_the_machine_says_nothing(crm: Crm, home: Path) -> None:
    _alembic(crm.database, command.downgrade, "0003")
    silent = {"EPICEVENTS_DATABASE_URL": crm.settings.database_url}
    migrated = open_crm(load_settings(silent, home, home))
    assert (migrated.shared.currency, migrated.shared.phone_region) == ("EUR", "FR")
    migrated.close()


def _stored_amounts(crm: Crm) -> list[tuple[int, ...]]:
    columns = "SELECT total_amount, amount_paid, amount_due FROM contract ORDER BY id"
    figures = "SELECT amount_contracted, amount_due, 0 FROM client ORDER BY id"
    with crm.database.read() as connection:
        rows = [row for query in (columns, figures) for row in connection.exec_driver_sql(query)]
    return [tuple(map(int, row)) for row in rows]


def test_words_of_an_earlier_program_give_way_to_those_of_this_one(
    crm: Crm, people: People, records: Records
) -> None:
    event = records.event(
        records.contract(records.client(full_name="O'Mara 田中美咲", phone="06 98 76 54 32"), signed=True)
    )
    now = dict(everything(crm))
    _alembic(crm.database, command.downgrade, "0006")
    for table in ("client", "contract", "event"):
        words = "' o mara 田中美咲 06 98 76 54 32 0698765432 33698765432'"
        rewrite(crm, f"UPDATE {table} SET search = {words}")  # noqa: S608
    assert migrate(crm.database) == ("0006", HEAD)
    sqlite_fts.prepare(crm.database)
    after = everything(crm)
    assert {name: after[name] for name in ("client", "contract", "event")} == {
        name: now[name] for name in ("client", "contract", "event")
    }
    for typed in ("+33 6 98 76 54 32", "omara", "美咲"):
        assert [row.id for row in events.list_events(crm, people.support, ListQuery(search=typed))] == [
            event.id
        ]


def _rows(crm: Crm, table: str) -> Sequence[Row[*tuple[Any, ...]]]:
    with crm.database.read() as connection:
        return connection.execute(TABLES[table].select()).all()


@sqlite_only
def test_a_folder_with_a_percent_sign_is_no_hindrance(unmigrated_url: str, home: Path) -> None:
    folder = home / "100% ours & 'more' #?"
    folder.mkdir()
    path = sqlite_path(unmigrated_url).rename(folder / "a b.db")
    database = Database(f"sqlite:///{str(path).replace('?', '%3F')}")
    if database.path == path:
        assert migrate(database) == (None, HEAD)
    database.dispose()
