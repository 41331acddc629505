"""Setting up, looking around, configuration and migrations."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from services.errors import DatabaseUnavailable
from services.persistence.database import Database
from tests.support.accounts import PASSWORD
from tests.support.command_line import CommandLine

ADA = (
    "--username", "ada_m", "--first-name", "Ada", "--last-name", "Martin",
    "--email", "ada@epicevents.example",
)  # fmt: skip


@pytest.fixture
def empty(home: Path) -> CommandLine:
    """A machine on which nothing was set up."""
    os.environ["EPICEVENTS_BCRYPT_COST"] = "4"
    os.environ["EPICEVENTS_LANGUAGE"] = "en"
    return CommandLine(home)


def init(line: CommandLine, *more: str) -> str:
    result = line.run("init", *ADA, "--password-stdin", *more, stdin=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    return result.stderr


def test_init_writes_a_private_env_and_its_account_signs_in(empty: CommandLine) -> None:
    said = init(empty)
    env = empty.home / "config" / "epicevents" / ".env"
    assert str(env) in said
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert PASSWORD not in env.read_text()
    empty.sign_in("ada_m")
    assert empty.done("whoami", "--json")["department"] == "GESTION"


def test_init_takes_a_database_and_a_place_for_the_settings(empty: CommandLine) -> None:
    env, database = empty.home / "here" / ".env", empty.home / "crm" / "crm.db"
    init(empty, "--database", f"sqlite:///{database}", "--env-file", str(env))
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert str(database) in env.read_text()


def test_init_never_overwrites(empty: CommandLine) -> None:
    init(empty)
    env = empty.home / "config" / "epicevents" / ".env"
    before = env.read_bytes()
    empty.refused(6, "init", *ADA, "--password-stdin", stdin=f"{PASSWORD}\n")
    assert env.read_bytes() == before


def test_init_names_every_missing_option(empty: CommandLine) -> None:
    said = empty.refused(2, "init")
    for option in ("--username", "--first-name", "--last-name", "--email", "--password-stdin"):
        assert f"{option}: " in said
    assert not (empty.home / "data").exists()


def test_init_makes_up_no_password(empty: CommandLine) -> None:
    assert "--password-stdin: " in empty.refused(2, "init", *ADA)
    assert "--password-stdin: " in empty.refused(2, "init", *ADA, "--password-stdin", stdin="weak\n")


def test_a_command_before_init_says_what_to_do(empty: CommandLine) -> None:
    empty.refused(3, "whoami")
    said = empty.refused(1, "login", "-u", "ada_m", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert "epicevents init" in said


def test_demo_fills_its_own_database_and_says_how_to_sign_in(empty: CommandLine) -> None:
    shown = empty.done("demo", "--no-open")
    assert "admin / Admin123! (Gestion)" in shown
    folder = empty.home / "cache" / "epicevents"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    database = next(path for path in folder.iterdir() if path.suffix == ".db")
    os.environ["EPICEVENTS_DATABASE_URL"] = f"sqlite:///{database}"
    os.environ["EPICEVENTS_SECRET_KEY"] = database.with_name(f"{database.name}.key").read_text()
    empty.done("login", "-u", "support1", "--password-stdin", stdin="Support123!\n")
    assert any(event["id"] == 109 for event in empty.done("list-events", "--mine", "--json"))


def test_a_second_demo_opens_the_first(empty: CommandLine) -> None:
    first = empty.run("demo", "--no-open")
    folder = empty.home / "cache" / "epicevents"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    second = empty.run("demo", "--no-open")
    assert second.stdout == first.stdout
    assert "[SUCCESS]" not in second.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_another_seed_is_another_database(empty: CommandLine) -> None:
    assert empty.done("demo", "--no-open", "--seed", "7") != empty.done("demo", "--no-open", "--seed", "8")


def test_demo_takes_the_database_that_it_is_given(empty: CommandLine) -> None:
    database = empty.home / "look.db"
    assert str(database) in empty.done("demo", "--no-open", "--database", f"sqlite:///{database}")
    assert not (empty.home / "cache").exists()


def test_demo_leaves_a_crm_alone(line: CommandLine) -> None:
    database = Path(os.environ["EPICEVENTS_DATABASE_URL"].removeprefix("sqlite:///"))
    before = database.read_bytes()
    said = line.refused(6, "demo", "--no-open", "--database", f"sqlite:///{database}")
    assert "holds records already" in said
    assert database.read_bytes() == before


def test_demo_leaves_the_database_of_another_program_alone(empty: CommandLine) -> None:
    database = empty.home / "other.db"
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE treasure (id INTEGER)")
    connection.close()
    before = database.read_bytes()
    empty.refused(6, "demo", "--no-open", "--database", f"sqlite:///{database}")
    assert database.read_bytes() == before
    assert {path.name for path in empty.home.iterdir()} <= {"other.db", "runtime"}


def test_demo_opens_the_application_and_names_the_accounts(
    empty: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def run_app(settings: object, **arguments: object) -> int:
        opened.append((settings, arguments))
        return 5

    monkeypatch.setattr("tui.launcher.run_app", run_app)
    assert empty.run("demo").exit_code == 5
    [(settings, arguments)] = opened
    assert "demo-" in settings.database_url  # type: ignore[attr-defined]
    assert arguments["sample_accounts"][0][0] == "admin"  # type: ignore[index]


def test_the_program_alone_opens_the_application_signed_in(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.sign_in("claire_d")
    tokens = []

    def run_app(settings: object, *, token: str | None, **arguments: object) -> int:
        tokens.append(token)
        return 0

    monkeypatch.setattr("tui.launcher.run_app", run_app)
    assert line.run().exit_code == 0
    assert tokens[0]


def test_config_shows_where_each_value_comes_from_and_no_secret(line: CommandLine) -> None:
    rows = {row["variable"]: row for row in line.done("config", "--json")}
    assert rows["EPICEVENTS_CURRENCY"]["value_shown"] == "EUR"
    assert rows["EPICEVENTS_SECRET_KEY"]["source"] == "environment"
    secret = os.environ["EPICEVENTS_SECRET_KEY"]
    assert secret not in line.done("config")
    assert secret not in str(rows)


def test_check_names_what_differs_without_any_name_and_repairs_it(line: CommandLine) -> None:
    assert "[SUCCESS] Counters and copies" in line.run("check").stderr
    line.sign_in("claire_d")
    line.done("create-client", "--full-name", "Zoé Zyskowski", "--email", "zoe@example.com")
    path = Path(os.environ["EPICEVENTS_DATABASE_URL"].removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE client SET contract_count = 7, sort_name = 'zyskowska'")
    result = line.run("check")
    assert result.exit_code == 1
    assert [row.split() for row in result.stdout.splitlines()[2:]] == [
        ["client", "1", "contract_count", "7", "0"],
        ["client", "1", "sort_name"],
    ]
    assert "[ERROR] 2 differences. Repair with: epicevents check --repair" in result.stderr
    repaired = line.run("check", "--repair")
    assert (repaired.exit_code, repaired.stdout) == (0, result.stdout)
    assert "[SUCCESS] 2 differences were repaired." in repaired.stderr
    assert line.run("check").exit_code == 0


def test_migrate_says_from_and_to(empty: CommandLine, database_url: str) -> None:
    path = database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    said = empty.refused(1, "migrate", "--database", database_url)
    assert "newer than this program" in said
    again = empty.run("migrate", "--database", _outdated(database_url))
    assert "[SUCCESS] The database was migrated from 0001 to " in again.stderr
    assert "[SUCCESS] The database is up to date (" in empty.run("migrate", "--database", database_url).stderr


def _outdated(url: str) -> str:
    """The database as the first version of the program made it."""
    from alembic import command
    from alembic.config import Config

    from services.migrations import runner as migrating

    path = Path(url.removeprefix("sqlite:///"))
    path.unlink()
    path.touch()
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(migrating._FOLDER))
    with database.write_session() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0001")
    database.dispose()
    return url


@pytest.mark.parametrize(
    "arguments",
    [
        ("migrate",),
        ("check",),
        ("check", "--repair"),
        ("login", "-u", "ada_m", "--password-stdin"),
    ],
)
def test_no_command_but_init_and_demo_makes_a_crm_of_an_empty_file(
    line: CommandLine, arguments: tuple[str, ...]
) -> None:
    path = Path(os.environ["EPICEVENTS_DATABASE_URL"].removeprefix("sqlite:///"))
    path.write_bytes(b"")
    said = line.refused(1, *arguments, stdin=f"{PASSWORD}\n")
    assert f"{path} is empty (0 bytes)" in said
    assert "epicevents init" in said
    assert path.read_bytes() == b""


def test_a_signed_in_person_is_told_that_the_file_was_emptied(line: CommandLine) -> None:
    line.sign_in("claire_d")
    path = Path(os.environ["EPICEVENTS_DATABASE_URL"].removeprefix("sqlite:///"))
    path.write_bytes(b"")
    for arguments in (
        ("whoami",),
        ("list-clients",),
        ("create-client", "--full-name", "A", "--email", "a@b.fr"),
    ):
        assert "is empty (0 bytes)" in line.refused(1, *arguments)
    assert path.read_bytes() == b""


def test_a_command_that_waits_for_another_program_says_so_and_then_why_it_gave_up(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.sign_in("claire_d")
    monkeypatch.setattr("services.persistence.database.BUSY_TIMEOUT", 0.4)
    path = os.environ["EPICEVENTS_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        said = line.refused(1, "create-client", "--full-name", "A", "--email", "a@b.fr")
    assert "[INFO] Another program is using the database; waiting for it…" in said
    assert f"[ERROR] Another program has locked {path}." in said
    assert "Your input is kept" not in said


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////{home}/new/crm.db",  # the home begins with a slash of its own
        "sqlite:///{home}/new/crm.db?mode=rwc",
        "sqlite:///{home}/new/",
        "postgresql://anna@127.0.0.1:1/crm?hots=x",
        "postgresql://anna@127.0.0.1:1/crm?sslmode=maybe",
        "postgresql://anna@127.0.0.1:none/crm",
    ],
)
@pytest.mark.parametrize("command", ["demo", "init", "check", "whoami"])
def test_an_address_that_cannot_be_read_is_a_bad_setting_and_leaves_nothing(
    empty: CommandLine, address: str, command: str
) -> None:
    url = address.format(home=empty.home)
    arguments = {
        "demo": ("demo", "--no-open", "--database", url),
        "init": ("init", *ADA, "--password-stdin", "--database", url),
        "check": ("check", "--database", url),
        "whoami": ("whoami",),
    }[command]
    if command == "whoami":
        os.environ["EPICEVENTS_DATABASE_URL"] = url
    said = empty.refused(2, *arguments, stdin=f"{PASSWORD}\n")
    assert "EPICEVENTS_DATABASE_URL" in said
    assert "Unexpected" not in said
    assert "anna" not in said
    assert {path.name for path in empty.home.iterdir()} <= {"runtime", "state"}


def test_a_demo_that_fails_leaves_neither_file_nor_folder(
    empty: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr("services.demo.writer.fill", fail)
    database = empty.home / "a" / "b" / "crm.db"
    empty.refused(1, "demo", "--no-open", "--database", f"sqlite:///{database}")
    empty.refused(1, "demo", "--no-open")
    assert not (empty.home / "a").exists()
    assert not (empty.home / "cache").exists()


def test_a_demo_that_fails_leaves_a_file_that_was_there(
    empty: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr("services.demo.writer.fill", fail)
    database = empty.home / "crm.db"
    database.touch()
    empty.refused(1, "demo", "--no-open", "--database", f"sqlite:///{database}")
    assert database.exists()


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_every_folder_that_is_made_is_its_owner_s_alone(empty: CommandLine, umask: int) -> None:
    before = os.umask(umask)
    try:
        database = empty.home / "deep" / "down" / "crm.db"
        init(empty, "--database", f"sqlite:///{database}", "--env-file", str(empty.home / "x" / "y" / ".env"))
        os.environ["EPICEVENTS_DATABASE_URL"] = f"sqlite:///{database}"
        os.environ["EPICEVENTS_SECRET_KEY"] = "k" * 40
        empty.sign_in("ada_m")
        empty.done("demo", "--no-open")
    finally:
        os.umask(before)
    made = [path for path in empty.home.rglob("*") if path.name != "runtime"]
    assert {"deep", "down", "x", "y", "state", "cache", "epicevents"} <= {path.name for path in made}
    shared = {path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077}
    assert not shared
