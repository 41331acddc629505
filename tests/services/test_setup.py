"""Setting up a new CRM makes all of it or leaves nothing."""

import os
import stat
import string
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import Department
from services import files
from services.auth import sessions
from services.errors import DatabaseUnavailable, Forbidden, Invalid, SettingsError
from services.settings import Settings, is_configured, load_settings
from services.settings.env_file import env_text
from services.setup import EnvFileExists, SetUpCommand, set_up
from services.startup import open_crm
from tests.support.databases import Databases, postgresql_only

PASSWORD = "Grue bleue, pont neuf"
COMMAND = SetUpCommand("gestion1", "Ada", "Martin", "ada@example.com", PASSWORD)


@pytest.fixture(autouse=True)
def _cheap_hashes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPICEVENTS_BCRYPT_COST", "4")


def everything_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def assert_opens(settings: Settings) -> None:
    """The account of ``COMMAND`` can sign in, as Gestion."""
    crm = open_crm(settings)
    try:
        assert sessions.sign_in(crm, COMMAND.username, PASSWORD).actor.department is Department.GESTION
    finally:
        crm.close()


def test_a_new_crm_opens_with_the_settings_that_were_written(home: Path) -> None:
    assert not is_configured(load_settings())
    settings = set_up(COMMAND)
    loaded = load_settings()
    assert (loaded.secret_key, loaded.database_url) == (settings.secret_key, settings.database_url)
    assert loaded.sources["EPICEVENTS_SECRET_KEY"] == str(home / "config" / "epicevents" / ".env")
    assert is_configured(loaded)
    assert_opens(loaded)


def test_the_key_is_fresh_and_the_file_is_private() -> None:
    first = set_up(COMMAND)
    path = files.config_folder() / ".env"
    assert len(bytes.fromhex(first.require_secret_key())) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert PASSWORD not in path.read_text()
    second = set_up(replace(COMMAND, database_url="sqlite:///second.db", env_path=Path("second.env")))
    assert second.secret_key != first.secret_key


def test_the_env_file_and_the_database_go_where_one_says(home: Path) -> None:
    settings = set_up(replace(COMMAND, database_url="sqlite:///data/crm.db", env_path=Path("here") / ".env"))
    assert settings.database_url == f"sqlite:///{home}/data/crm.db"
    os.chdir(home / "here")
    assert load_settings().database_url == settings.database_url
    assert_opens(load_settings())


def test_an_env_file_of_another_crm_is_left_alone(home: Path) -> None:
    path = home / ".env"
    path.write_text(
        "# mine\nEPICEVENTS_THEME=epic-contrast\nOTHER='x'\nEPICEVENTS_DATABASE_URL=sqlite:///a.db"
    )
    before = everything_in(home), path.read_bytes()
    with pytest.raises(EnvFileExists):
        set_up(replace(COMMAND, env_path=path))
    assert (everything_in(home), path.read_bytes()) == before


def test_an_env_file_without_a_crm_gains_one_and_keeps_its_lines(home: Path) -> None:
    path = home / ".env"
    path.write_text("EPICEVENTS_CURRENCY=CHF\nEPICEVENTS_SECRET_KEY=\n")
    path.chmod(0o644)
    set_up(replace(COMMAND, env_path=path))
    assert path.read_text().startswith("EPICEVENTS_CURRENCY=CHF\nEPICEVENTS_DATABASE_URL=")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert_opens(load_settings())


def test_every_field_at_fault_is_named_at_once_and_nothing_is_made(home: Path) -> None:
    before = everything_in(home)
    with pytest.raises(Invalid) as refusal:
        set_up(SetUpCommand("a b", "", "Martin", "nowhere", "password"))
    fields = {problem.field for problem in refusal.value.field_problems()}
    assert fields == {"username", "first_name", "email", "password"}
    assert everything_in(home) == before


def broken_account(*arguments: object) -> None:
    raise KeyboardInterrupt


def broken_disk(*arguments: object, **options: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("where", "broken", "error"),
    [
        ("services.collaborators.create_first_collaborator", broken_account, KeyboardInterrupt),
        ("services.settings.env_file.write_private", broken_disk, SettingsError),
        ("services.startup.migrate", broken_account, KeyboardInterrupt),
    ],
)
@pytest.mark.parametrize("has_file", [False, True])
def test_a_failure_at_any_step_leaves_nothing_half_made(
    where: str, broken: Callable[..., None], error: type[BaseException], has_file: bool, home: Path
) -> None:
    path = home / "deep" / "folder" / ".env"
    if has_file:
        path.parent.mkdir(parents=True)
        path.write_text("EPICEVENTS_THEME=epic\n")
    before = everything_in(home), path.read_bytes() if has_file else b""
    command = replace(COMMAND, database_url="sqlite:///new/data/crm.db", env_path=path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, broken)
        with pytest.raises(error):
            set_up(command)
    assert (everything_in(home), path.read_bytes() if has_file else b"") == before
    assert_opens(set_up(command))


def test_a_database_that_has_accounts_is_refused_and_kept(home: Path) -> None:
    first = set_up(replace(COMMAND, env_path=home / "first.env"))
    with pytest.raises(Forbidden):
        set_up(replace(COMMAND, env_path=home / "second.env"))
    assert not (home / "second.env").exists()
    assert_opens(first)


def test_a_folder_that_cannot_be_used_is_a_clear_refusal(home: Path) -> None:
    (home / "file").write_text("")
    before = everything_in(home)
    with pytest.raises(DatabaseUnavailable):
        set_up(replace(COMMAND, database_url="sqlite:///file/crm.db"))
    with pytest.raises(SettingsError) as refusal:
        set_up(replace(COMMAND, env_path=home / "file" / ".env"))
    assert "file/.env cannot be written" in refusal.value.message()
    assert everything_in(home) == before


def test_a_variable_that_would_hide_the_new_crm_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPICEVENTS_DATABASE_URL", "sqlite:///other.db")
    with pytest.raises(SettingsError, match="would hide") as refusal:
        set_up(replace(COMMAND, database_url="sqlite:///mine.db"))
    assert refusal.value.variable == "EPICEVENTS_DATABASE_URL"
    monkeypatch.delenv("EPICEVENTS_DATABASE_URL")
    (home / ".env").write_text("EPICEVENTS_SECRET_KEY=\n")
    with pytest.raises(SettingsError, match="would hide") as refusal:
        set_up(COMMAND)
    assert str(home / ".env") in refusal.value.message()


def test_a_key_that_the_environment_gives_is_used_and_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPICEVENTS_SECRET_KEY", "k" * 40)
    settings = set_up(COMMAND)
    assert settings.secret_key == "k" * 40
    assert "SECRET_KEY" not in (files.config_folder() / ".env").read_text()
    assert_opens(load_settings())


@postgresql_only
def test_a_new_crm_on_postgresql_opens(databases: Databases) -> None:
    with databases.empty() as url:
        settings = set_up(replace(COMMAND, database_url=url))
        loaded = load_settings()
        assert loaded.database_url == settings.database_url
        assert_opens(loaded)


@given(st.text(st.sampled_from(string.printable.strip() + "$'\"\\`#= éß{}"), min_size=1, max_size=60))
def test_whatever_a_value_holds_a_written_env_gives_it_back(value: str) -> None:
    from io import StringIO

    from dotenv import dotenv_values

    text = env_text(Path("/nowhere/.env"), {"EPICEVENTS_DATABASE_URL": value, "EPICEVENTS_SECRET_KEY": value})
    read = dotenv_values(stream=StringIO(text), interpolate=False)
    assert read == {"EPICEVENTS_DATABASE_URL": value, "EPICEVENTS_SECRET_KEY": value}


@pytest.mark.parametrize("password", ["p$w", "a'b", 'a"b', "${HOME}", "a\\b", "a`b", "sp%20ace", "a;b&c"])
def test_the_password_of_a_server_survives_the_env_file(password: str, home: Path) -> None:
    from services.settings.env_file import write_env

    url = f"postgresql+psycopg://ada:{password}@db.example/crm"
    path = home / ".env"
    with ExitStack() as undo:
        write_env(path, env_text(path, {"EPICEVENTS_DATABASE_URL": url}), replace=False, undo=undo)
        undo.pop_all()
    assert load_settings().database_url == url
