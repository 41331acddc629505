"""The session token lies where only its owner can read it, one for each database."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from services import i18n, token_store
from services.settings import Settings, load_settings

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
on_posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are a matter of POSIX")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    i18n.activate("en")
    return load_settings({}, tmp_path, tmp_path)


def on(settings: Settings, url: str) -> Settings:
    return replace(settings, database_url=url)


def test_a_token_comes_back_as_it_was_kept(settings: Settings) -> None:
    assert token_store.load(settings) is None
    token_store.save(settings, TOKEN)
    assert token_store.load(settings) == TOKEN
    token_store.save(settings, TOKEN + "2")
    assert token_store.load(settings) == TOKEN + "2"


def test_a_cleared_token_is_gone_and_clearing_twice_does_no_harm(settings: Settings) -> None:
    token_store.save(settings, TOKEN)
    token_store.clear(settings)
    token_store.clear(settings)
    assert token_store.read(settings) == token_store.StoredToken(None)


@on_posix
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_can_read_it_whatever_the_umask(settings: Settings, umask: int) -> None:
    before = os.umask(umask)
    try:
        token_store.save(settings, TOKEN)
    finally:
        os.umask(before)
    path = token_store.path_of(settings)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@on_posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610])
def test_a_file_that_others_may_touch_is_ignored_and_says_why(settings: Settings, mode: int) -> None:
    token_store.save(settings, TOKEN)
    token_store.path_of(settings).chmod(mode)
    stored = token_store.read(settings)
    assert stored.token is None
    assert "others may read" in stored.reason()
    assert token_store.load(settings) is None


@on_posix
def test_a_folder_that_others_may_enter_is_closed_to_them(settings: Settings) -> None:
    folder = token_store.path_of(settings).parent
    folder.mkdir(parents=True, mode=0o755)
    token_store.save(settings, TOKEN)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_each_database_has_its_own_and_a_new_password_of_the_server_changes_nothing(
    settings: Settings,
) -> None:
    first = on(settings, "postgresql+psycopg://ada:one@db.example/crm")
    second = on(settings, "postgresql+psycopg://ada:two@db.example/crm")
    other = on(settings, "postgresql+psycopg://ada:one@db.example/other")
    token_store.save(first, TOKEN)
    assert token_store.load(second) == TOKEN
    assert token_store.load(on(settings, "postgresql+psycopg://ada@db.example/crm")) == TOKEN
    assert token_store.load(other) is None
    assert token_store.load(settings) is None
    assert "one" not in str(token_store.path_of(first))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a" * 10_000, b"eyJ\x1b[2J"])
def test_a_damaged_file_is_ignored_and_says_so(settings: Settings, content: bytes) -> None:
    token_store.save(settings, TOKEN)
    token_store.path_of(settings).write_bytes(content)
    assert token_store.load(settings) is None
    assert "damaged" in token_store.read(settings).reason()


@on_posix
def test_a_link_or_a_folder_in_its_place_is_not_followed(settings: Settings, tmp_path: Path) -> None:
    path = token_store.path_of(settings)
    path.parent.mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(TOKEN)
    elsewhere.chmod(0o600)
    path.symlink_to(elsewhere)
    assert token_store.load(settings) is None
    path.unlink()
    path.mkdir()
    assert token_store.load(settings) is None
    assert token_store.read(settings).reason()
    with pytest.raises(token_store.SessionNotKept) as failure:
        token_store.save(settings, TOKEN)
    assert str(path) in failure.value.message()
    assert TOKEN not in failure.value.message()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
