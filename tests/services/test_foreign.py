"""What tells a database of another program from one of ours."""

from pathlib import Path

from sqlalchemy import text

from services.database import Database
from services.foreign import is_foreign


def test_an_empty_database_belongs_to_nobody_yet(unmigrated_url: str) -> None:
    assert not is_foreign(unmigrated_url)


def test_a_migrated_database_is_ours(database_url: str) -> None:
    assert not is_foreign(database_url)


def test_tables_of_another_program_are_foreign(unmigrated_url: str) -> None:
    database = Database(unmigrated_url)
    with database.writing() as session:
        session.execute(text("CREATE TABLE treasure (id INTEGER)"))
    database.dispose()
    assert is_foreign(unmigrated_url)


def test_a_file_that_is_no_database_is_foreign(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Kevin, " * 100)
    assert is_foreign(f"sqlite:///{letter}")
    assert letter.read_text().startswith("Dear Kevin")


def test_a_missing_file_belongs_to_nobody_and_is_not_made(tmp_path: Path) -> None:
    assert not is_foreign(f"sqlite:///{tmp_path / 'new.db'}")
    assert list(tmp_path.iterdir()) == []
