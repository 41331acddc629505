"""``epicevents check``: damage is said, with what to do, before anything is compared or written."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine


@pytest.fixture
def path(line: CommandLine) -> Path:
    """The file of a CRM with a client, closed."""
    line.sign_in("claire_d")
    line.done("create-client", "--full-name", "Zoé Zyskowski", "--email", "zoe@example.com")
    file = Path(os.environ["EPICEVENTS_DATABASE_URL"].removeprefix("sqlite:///"))
    _run(file, "PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def _run(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def _scribble(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    at = next(
        page for page in range(1, len(whole) // 4096) if b"Zysk" in whole[page * 4096 : page * 4096 + 4096]
    )
    whole[at * 4096 : at * 4096 + 64] = os.urandom(64)
    file.write_bytes(whole)


def _truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


@pytest.mark.parametrize("harm", [_scribble, _truncate])
@pytest.mark.parametrize("options", [(), ("--repair",)])
def test_a_malformed_file_is_never_called_right_nor_written_to(
    line: CommandLine, path: Path, harm: object, options: tuple[str, ...]
) -> None:
    harm(path)  # type: ignore[operator]
    before = path.read_bytes()
    result = line.run("check", *options)
    assert result.exit_code == 1
    assert "SUCCESS" not in result.stderr
    assert f"[ERROR] {path} is damaged: SQLite calls it malformed. Restore a backup of it." in result.stderr
    assert "'epicevents check --repair' cannot repair this." in result.stderr
    assert "page of the file" in result.stdout
    assert "Zysk" not in result.output
    assert path.read_bytes() == before


@pytest.mark.parametrize("options", [(), ("--repair",)])
def test_a_link_to_a_missing_record_is_named_and_not_repaired(
    line: CommandLine, path: Path, options: tuple[str, ...]
) -> None:
    _run(path, "UPDATE client SET sales_contact_id = 999999")
    result = line.run("check", *options)
    assert result.exit_code == 1
    assert "link to a missing record" in result.stdout
    assert "client.sales_contact_id" in result.stdout
    assert "A missing record can only be restored from a backup" in result.stderr


def test_a_broken_word_index_is_named_and_repaired(line: CommandLine, path: Path) -> None:
    _run(path, "DELETE FROM client_search_data WHERE id > 10")
    result = line.run("check")
    assert result.exit_code == 1
    assert "word index" in result.stdout
    assert "epicevents check --repair" in result.stderr
    repaired = line.run("check", "--repair")
    assert repaired.exit_code == 0, repaired.output
    assert "[SUCCESS] The word index was rebuilt." in repaired.stderr
    assert "and the database is sound." in line.run("check").stderr
    assert [row["full_name"] for row in line.done("list-clients", "--search", "zysk", "--json")] == [
        "Zoé Zyskowski"
    ]
