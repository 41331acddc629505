"""What tells a database of another program from one of ours."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from services.errors import DatabaseForeign
from services.migrations.foreign_database import Content, content_of
from services.persistence.database import Database
from services.startup import open_crm
from tests.support.crm import settings_for


def _is_foreign(url: str) -> bool:
    database = Database(url)
    try:
        return content_of(database) in (Content.FOREIGN, Content.NO_DATABASE)
    finally:
        database.dispose()


def test_an_empty_database_belongs_to_nobody_yet(unmigrated_url: str) -> None:
    assert not _is_foreign(unmigrated_url)


def test_a_migrated_database_is_ours(database_url: str) -> None:
    assert not _is_foreign(database_url)


def test_tables_of_another_program_are_foreign(unmigrated_url: str) -> None:
    database = Database(unmigrated_url)
    with database.write_session() as session:
        session.execute(text("CREATE TABLE treasure (id INTEGER)"))
    database.dispose()
    assert _is_foreign(unmigrated_url)


def test_a_file_that_is_no_database_is_foreign(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Kevin, " * 100)
    assert _is_foreign(f"sqlite:///{letter}")
    assert letter.read_text().startswith("Dear Kevin")


def test_the_tables_of_another_program_are_never_migrated(unmigrated_url: str, tmp_path: Path) -> None:
    database = Database(unmigrated_url)
    with database.write_session() as session:
        session.execute(text("CREATE TABLE treasure (id INTEGER)"))
    with pytest.raises(DatabaseForeign):
        open_crm(settings_for(unmigrated_url, tmp_path), create=True)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["treasure"]
    database.dispose()


def test_a_missing_file_belongs_to_nobody_and_is_not_made(tmp_path: Path) -> None:
    assert not _is_foreign(f"sqlite:///{tmp_path / 'new.db'}")
    assert list(tmp_path.iterdir()) == []
