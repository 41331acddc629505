"""The session token lies where only its owner can read it, one for each database."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from services import i18n
from services.auth import token_store
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


def reason(stored: token_store.StoredToken) -> str:
    assert stored.problem is not None
    return stored.problem.message()


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
    assert "others may read" in reason(stored)
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
    assert "damaged" in reason(token_store.read(settings))


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
    assert reason(token_store.read(settings))
    with pytest.raises(token_store.SessionNotKept) as failure:
        token_store.save(settings, TOKEN)
    assert str(path) in failure.value.message()
    assert TOKEN not in failure.value.message()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.fixture
def scripted(settings: Settings, tmp_path: Path) -> Settings:
    """The settings of a script that names a file of its own."""
    return replace(settings, token_file=tmp_path / "nightly.session")


def test_a_script_keeps_its_session_in_the_file_that_it_names(settings: Settings, scripted: Settings) -> None:
    token_store.save(settings, TOKEN)
    token_store.save(scripted, TOKEN + "2")
    assert token_store.load(scripted) == TOKEN + "2"
    assert token_store.load(settings) == TOKEN
    assert scripted.token_file is not None
    assert stat.S_IMODE(scripted.token_file.stat().st_mode) == 0o600
    token_store.clear(scripted)
    assert not scripted.token_file.exists()
    assert token_store.load(settings) == TOKEN


def test_a_file_that_is_named_and_missing_is_said_to_be(scripted: Settings) -> None:
    stored = token_store.read(scripted)
    assert stored.token is None
    assert str(scripted.token_file) in reason(stored)
    assert "EPICEVENTS_TOKEN_FILE" in reason(stored)


@on_posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_named_file_that_others_may_touch_is_refused(scripted: Settings, mode: int) -> None:
    token_store.save(scripted, TOKEN)
    assert scripted.token_file is not None
    scripted.token_file.chmod(mode)
    assert token_store.load(scripted) is None
    assert "others may read" in reason(token_store.read(scripted))


@pytest.mark.parametrize("content", [b"#!/bin/sh\necho precious\n", b"one.two", b"\xff\xfe", b"a.b.c d.e.f"])
def test_a_token_takes_the_place_of_nothing_else(settings: Settings, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "precious"
    path.write_bytes(content)
    with pytest.raises(token_store.SessionNotKept):
        token_store.save(settings, TOKEN, path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"\n", TOKEN.encode(), TOKEN.encode() + b"\n"])
def test_a_token_takes_the_place_of_an_older_one(settings: Settings, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "session"
    path.write_bytes(content)
    token_store.save(settings, TOKEN + "2", path)
    assert path.read_text() == TOKEN + "2"


@on_posix
def test_a_place_that_is_no_file_is_refused_before_anybody_signs_in(
    settings: Settings, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    for place in (
        tmp_path,
        link,
        tmp_path / "missing" / "session",
        Path(os.devnull),
        "~nobody-of-this-name/session",
    ):
        with pytest.raises(token_store.SessionNotKept) as refusal:
            token_store.place(settings, place)
        assert str(place) in refusal.value.message()


@on_posix
def test_a_file_of_another_owner_is_ignored(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    token_store.save(settings, TOKEN)
    somebody_else = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody_else)
    stored = token_store.read(settings)
    assert stored.token is None
    assert "belongs to another user" in reason(stored)


def test_a_token_is_on_the_disk_before_it_has_its_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    path = token_store.path_of(settings)
    real = os.fsync

    def noted(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            synced.append(os.fstat(handle).st_size == len(TOKEN) and not path.exists())
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    token_store.save(settings, TOKEN)
    assert synced == [True]
