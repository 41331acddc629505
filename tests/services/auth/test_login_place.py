"""A kept session belongs to the login of the operating system that it was opened in."""

import os
import pty
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from services import i18n
from services.auth import login_place, token_store
from services.settings import Settings, load_settings
from tests.support.crm import SECRET_KEY

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
ADDRESS = "192.0.2.17 50022 198.51.100.4 22"
OTHER_ADDRESS = "192.0.2.18 50022 198.51.100.4 22"
LOGIN_VARIABLES = ("SSH_CONNECTION", "XDG_SESSION_ID", "TMUX", "STY")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in LOGIN_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    i18n.activate("en")
    return load_settings({"EPICEVENTS_SECRET_KEY": SECRET_KEY}, tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("SSH_CONNECTION", ADDRESS, OTHER_ADDRESS),
        ("SSH_CONNECTION", ADDRESS, ADDRESS.replace("50022", "50023")),
        ("XDG_SESSION_ID", "2", "3"),
        ("XDG_SESSION_ID", "2", "c2"),
    ],
)
def test_another_login_has_another_session(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, one: str, other: str
) -> None:
    monkeypatch.setenv(name, one)
    token_store.save(settings, TOKEN)
    monkeypatch.setenv(name, other)
    assert token_store.load(settings) is None
    token_store.save(settings, f"{TOKEN}2")
    monkeypatch.setenv(name, one)
    assert token_store.load(settings) == TOKEN
    monkeypatch.delenv(name)
    assert token_store.load(settings) is None


def test_a_seat_is_another_one_after_the_machine_was_started_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    boot = tmp_path / "boot_id"
    monkeypatch.setattr(login_place, "_BOOT", boot)
    monkeypatch.setenv("XDG_SESSION_ID", "2")
    boot.write_text("one\n")
    token_store.save(settings, TOKEN)
    boot.write_text("two\n")
    assert token_store.load(settings) is None


def test_signing_out_in_one_login_leaves_the_file_of_another(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in (ADDRESS, OTHER_ADDRESS):
        monkeypatch.setenv("SSH_CONNECTION", address)
        token_store.save(settings, TOKEN)
    token_store.clear(settings)
    assert token_store.load(settings) is None
    monkeypatch.setenv("SSH_CONNECTION", ADDRESS)
    assert token_store.load(settings) == TOKEN


def test_no_address_of_a_connection_is_on_the_disk_nor_what_could_be_told_from_it_without_the_key(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", ADDRESS)
    token_store.save(settings, TOKEN)
    path = token_store.path_of(settings)
    assert "192.0.2" not in str(path)
    assert "192.0.2" not in path.read_text()
    assert token_store.path_of(replace(settings, secret_key="k" * 32)) != path


def test_sessions_of_logins_that_are_over_are_cleared_away(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    for number, age in enumerate((25 * 3600, 23 * 3600, -400 * 24 * 3600)):
        monkeypatch.setenv("SSH_CONNECTION", f"192.0.2.{number} 1 198.51.100.4 22")
        token_store.save(settings, TOKEN)
        kept.append(token_store.path_of(settings))
        moment = time.time() - age
        os.utime(kept[-1], (moment, moment))
    monkeypatch.setenv("SSH_CONNECTION", ADDRESS)
    token_store.save(settings, TOKEN)
    assert [path.exists() for path in kept] == [False, True, True]


_NAME = "from services.auth.login_place import login_name; print(login_name())"


def _name(*, own_leader: bool = False, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in LOGIN_VARIABLES}
    return subprocess.run(
        [sys.executable, "-c", _NAME], env=environment | variables, start_new_session=own_leader,
        capture_output=True, text=True, timeout=30, check=True,
    ).stdout  # fmt: skip


def test_programs_under_one_leader_are_in_one_login_and_under_another_leader_in_another() -> None:
    assert _name() == _name() != ""
    assert _name(own_leader=True) != _name()
    assert _name(own_leader=True) != _name(own_leader=True)


def test_a_terminal_of_its_own_is_a_login_of_its_own() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in LOGIN_VARIABLES}

    def in_a_terminal() -> bytes:
        child, terminal = pty.fork()
        if child == 0:
            os.execve(sys.executable, [sys.executable, "-c", _NAME], environment)  # noqa: S606
        said = b""
        while True:
            try:
                read = os.read(terminal, 1024)
            except OSError:
                break
            if not read:
                break
            said += read
        os.close(terminal)
        os.waitpid(child, 0)
        return said.strip()

    first, second = in_a_terminal(), in_a_terminal()
    assert first.startswith(b"leader ")
    assert first != second


def test_panes_of_one_terminal_share_a_login() -> None:
    server = f"/tmp/tmux-0/default,{os.getpid()}"
    first = _name(own_leader=True, TMUX=f"{server},0")
    assert first.startswith("panes ")
    assert _name(own_leader=True, TMUX=f"{server},1") == first
    assert _name(own_leader=True, STY=f"{os.getpid()}.pts-0.host") == first
    assert _name(own_leader=True, TMUX=f"/tmp/tmux-0/default,{os.getppid()},0") != first


@pytest.mark.parametrize("left_over", ["/tmp/tmux-0/default,999999999,0", "nonsense", ",,", "/x,²,0"])
def test_panes_of_a_program_that_is_gone_count_for_nothing(left_over: str) -> None:
    assert _name(TMUX=left_over) == _name()


def test_ssh_and_the_seat_come_before_the_panes() -> None:
    server = f"/tmp/tmux-0/default,{os.getpid()},0"
    assert _name(TMUX=server, SSH_CONNECTION=ADDRESS) == _name(own_leader=True, SSH_CONNECTION=ADDRESS)
    assert _name(TMUX=server, XDG_SESSION_ID="7") == _name(own_leader=True, XDG_SESSION_ID="7")
