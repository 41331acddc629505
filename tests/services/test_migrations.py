"""Migrations: what they make is what the models say, once, and never over a newer database."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Inspector, inspect, text
from sqlmodel import SQLModel

import models.tables
from services import migrate as migrating
from services.crm import open_crm
from services.database import Database
from services.errors import DatabaseForeign, DatabaseTooNew
from services.migrate import HEAD, current_revision, migrate
from tests.support.crm import settings_for
from tests.support.databases import sqlite_only
from tests.support.postgres import sqlite_path
from tests.support.records import rewrite

TABLES = SQLModel.metadata.tables


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(database_url)


def test_the_migrated_schema_is_the_one_of_the_models(database: Database) -> None:
    assert models.tables.Client.__tablename__ in TABLES
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    database.dispose()


def test_the_keys_of_the_models_are_those_of_the_database(database: Database) -> None:
    with database.reading() as connection:
        inspector = inspect(connection)
        found = {name: inspector.get_pk_constraint(name)["constrained_columns"] for name in TABLES}
    database.dispose()
    assert found == {name: [column.name for column in table.primary_key] for name, table in TABLES.items()}


def test_every_constraint_and_index_of_the_models_is_in_the_database_by_its_name(database: Database) -> None:
    with database.reading() as connection:
        inspector = inspect(connection)
        found = {name: _named(inspector, name) for name in TABLES}
    database.dispose()
    assert found == {name: _named_by_the_models(name) for name in TABLES}
    assert sum(map(len, found.values())) >= 50


def _named(inspector: Inspector, table: str) -> set[str | None]:
    return {
        *(each["name"] for each in inspector.get_check_constraints(table)),
        *(each["name"] for each in inspector.get_unique_constraints(table)),
        *(each["name"] for each in inspector.get_foreign_keys(table)),
        *(each["name"] for each in inspector.get_indexes(table) if not each.get("duplicates_constraint")),
    }


def _named_by_the_models(table: str) -> set[str | None]:
    constraints = TABLES[table].constraints - {TABLES[table].primary_key}
    return {str(constraint.name) for constraint in constraints} | {
        index.name for index in TABLES[table].indexes
    }


def _conditions(inspector: Inspector, table: str) -> dict[str, str]:
    return {str(each["name"]): each["sqltext"] for each in inspector.get_check_constraints(table)}


@sqlite_only
def test_every_check_of_the_models_is_in_the_database_word_by_word(database: Database) -> None:
    with database.reading() as connection:
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
        open_crm(settings, on_migration=lambda *step: told.append(step)).close()
    assert told == [(None, HEAD)]
    database = Database(unmigrated_url)
    assert current_revision(database) == HEAD
    assert migrate(database) is None
    database.dispose()


def test_the_head_that_the_program_knows_is_the_newest_script() -> None:
    folder = Path(migrating.__file__).parent / "migrations"
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
    with database.writing() as session:
        session.execute(text("CREATE TABLE recipe (id integer)"))
    with pytest.raises(DatabaseForeign):
        open_crm(settings_for(unmigrated_url, home))
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["recipe"]
    database.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(
    unmigrated_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = migrating._upgrade

    def fail_at_the_end(connection: Connection, before: str | None) -> None:
        upgrade(connection, before)
        raise ZeroDivisionError

    monkeypatch.setattr(migrating, "_upgrade", fail_at_the_end)
    settings = settings_for(unmigrated_url, home)
    with pytest.raises(ZeroDivisionError):
        open_crm(settings)
    database = Database(unmigrated_url)
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == []
    database.dispose()
    monkeypatch.undo()
    open_crm(settings).close()


def test_the_first_schema_goes_the_way_it_came(unmigrated_url: str) -> None:
    from alembic import command
    from alembic.config import Config

    database = Database(unmigrated_url)
    migrate(database)
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    with database.writing() as session:
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "base")
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    database.dispose()


@sqlite_only
def test_a_folder_with_a_percent_sign_is_no_hindrance(unmigrated_url: str, home: Path) -> None:
    folder = home / "100% ours & 'more' #?"
    folder.mkdir()
    path = sqlite_path(unmigrated_url).rename(folder / "a b.db")
    database = Database(f"sqlite:///{str(path).replace('?', '%3F')}")
    if database.path == path:
        assert migrate(database) == (None, HEAD)
    database.dispose()
