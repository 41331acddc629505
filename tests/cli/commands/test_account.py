"""Signing in and out, who one is, one's password."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing

import pytest
from typer.testing import Result

from tests.support.accounts import PASSWORD
from tests.support.command_line import CommandLine

NEW = "Quiet-Harbour-7!"


def test_whoami_signed_in_names_the_person(line: CommandLine) -> None:
    line.sign_in("claire_d")
    shown = line.done("whoami")
    assert "claire_d" in shown
    assert "Claire Dubois" in shown
    assert "COMMERCIAL" in shown


def test_whoami_as_json_is_one_object(line: CommandLine) -> None:
    line.sign_in("claire_d")
    me = line.done("whoami", "--json")
    assert (me["username"], me["department"]) == ("claire_d", "COMMERCIAL")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "[ERREUR] Vous n'êtes pas connecté. Utilisez 'epicevents login' pour vous connecter."),
        ("en", "[ERROR] You are not signed in. Use 'epicevents login' to sign in."),
    ],
)
def test_whoami_signed_out_says_so(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch, language: str, sentence: str
) -> None:
    monkeypatch.setenv("EPICEVENTS_LANGUAGE", language)
    assert line.refused(3, "whoami").splitlines()[-1] == sentence


def test_the_sentry_line_comes_first(line: CommandLine) -> None:
    assert line.refused(3, "whoami").startswith("[INFO] Sentry is not configured (SENTRY_DSN is missing)\n")


def test_quiet_leaves_the_information_out(line: CommandLine) -> None:
    said = line.refused(3, "--quiet", "whoami")
    assert "[INFO]" not in said
    assert "[ERROR]" in said


def test_the_session_is_kept_for_its_owner_alone(line: CommandLine) -> None:
    line.sign_in("claire_d")
    kept = line.kept_sessions()
    assert kept
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


def test_logout_ends_the_session_everywhere(line: CommandLine) -> None:
    line.sign_in("claire_d")
    tokens = line.kept_sessions()
    line.done("logout")
    for path, token in tokens.items():
        path.write_bytes(token)
    line.refused(3, "whoami")


def test_logout_signed_out_says_so(line: CommandLine) -> None:
    line.refused(3, "logout")


@pytest.mark.parametrize("username", ["claire_d", "nobody9"])
def test_a_wrong_password_and_an_unknown_user_get_one_answer(line: CommandLine, username: str) -> None:
    said = line.refused(3, "login", "--username", username, "--password-stdin", stdin="Wrong-Word-1!\n")
    assert "[ERROR] Wrong username or password, or the account is locked." in said


def test_login_without_a_terminal_names_the_missing_options(line: CommandLine) -> None:
    said = line.refused(2, "login")
    assert "--username: " in said
    assert "--password-stdin: " in said


def test_login_with_an_empty_input_is_bad_input(line: CommandLine) -> None:
    assert "--password-stdin: " in line.refused(2, "login", "--username", "claire_d", "--password-stdin")


def test_login_asks_on_a_terminal(line: CommandLine, terminal: Callable[..., None]) -> None:
    terminal(PASSWORD)
    line.done("login", stdin="claire_d\n")
    assert "claire_d" in line.done("whoami")


def test_the_prompt_stands_on_standard_error(line: CommandLine, terminal: Callable[..., None]) -> None:
    terminal(PASSWORD)
    result = line.run("login", stdin="claire_d\n")
    assert result.stdout == ""
    assert "Username: " in result.stderr


def test_the_end_of_the_input_leaves_quietly(line: CommandLine, terminal: Callable[..., None]) -> None:
    terminal()
    assert line.run("login", stdin="").exit_code == 130


def test_changing_ones_password_ends_the_session(line: CommandLine) -> None:
    line.sign_in("claire_d")
    line.done("change-password", "--password-stdin", stdin=f"{PASSWORD}\n{NEW}\n")
    line.refused(3, "whoami")
    line.done("login", "-u", "claire_d", "--password-stdin", stdin=f"{NEW}\n")


def test_changing_ones_password_needs_the_current_one(line: CommandLine) -> None:
    line.sign_in("claire_d")
    said = line.refused(2, "change-password", "--password-stdin", stdin=f"Wrong-Word-1!\n{NEW}\n")
    assert "This is not your current password." in said
    line.done("whoami")


def test_the_new_password_is_asked_for_twice(line: CommandLine, terminal: Callable[..., None]) -> None:
    line.sign_in("claire_d")
    terminal(PASSWORD, NEW, "Quiet-Harbour-8!", NEW, NEW)
    result = line.run("change-password")
    assert result.exit_code == 0
    assert "The two passwords differ." in result.stderr


def test_gestion_gives_somebody_another_password(line: CommandLine) -> None:
    with line.signed_in_as("gwenaelle"):
        line.done("change-password", "claire_d", "--password-stdin", stdin=f"{NEW}\n")
    line.done("login", "-u", "claire_d", "--password-stdin", stdin=f"{NEW}\n")
    assert "Only Gestion" in line.refused(
        4, "change-password", "benoit_l", "--password-stdin", stdin=f"{NEW}\n"
    )


def test_another_login_of_the_account_asks_for_the_password(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.17 50022 198.51.100.4 22")
    line.sign_in("claire_d")
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.18 50022 198.51.100.4 22")
    line.refused(3, "whoami")
    line.sign_in("gwenaelle")
    line.done("logout")
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.17 50022 198.51.100.4 22")
    assert "claire_d" in line.done("whoami")
    assert not any(b"192.0.2" in kept for kept in line.kept_sessions().values())


def _keep(line: CommandLine, path: str, username: str = "claire_d") -> Result:
    return line.run("login", "-u", username, "--password-stdin", "--keep-in", path, stdin=f"{PASSWORD}\n")


def test_a_script_has_a_session_of_its_own(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    path = line.home / "nightly.session"
    assert _keep(line, "nightly.session").exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    line.refused(3, "whoami")
    line.sign_in("gwenaelle")
    monkeypatch.setenv("EPICEVENTS_TOKEN_FILE", "nightly.session")
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.17 50022 198.51.100.4 22")
    assert "claire_d" in line.done("whoami")
    assert str(path) in line.done("config")
    line.done("logout")
    assert not path.exists()
    assert str(path) in line.refused(3, "whoami")
    monkeypatch.delenv("EPICEVENTS_TOKEN_FILE")
    monkeypatch.delenv("SSH_CONNECTION")
    assert "gwenaelle" in line.done("whoami")


def test_a_session_of_a_script_that_others_can_read_is_refused(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _keep(line, "nightly.session")
    (line.home / "nightly.session").chmod(0o644)
    monkeypatch.setenv("EPICEVENTS_TOKEN_FILE", "nightly.session")
    said = line.refused(3, "whoami")
    assert "others may read that file" in said


@pytest.mark.parametrize("path", ["missing/nightly.session", ".", "precious.txt"])
def test_a_place_that_cannot_keep_a_session_is_refused_before_the_password_is_used(
    line: CommandLine, path: str
) -> None:
    (line.home / "precious.txt").write_text("precious\n")
    said = _keep(line, path)
    assert (said.exit_code, said.stdout) == (1, "")
    assert "The session could not be kept in" in said.stderr
    assert (line.home / "precious.txt").read_text() == "precious\n"


def test_guesses_at_the_current_password_lock_the_account_and_say_so(line: CommandLine) -> None:
    line.sign_in("claire_d")
    for _attempt in range(5):
        line.refused(2, "change-password", "--password-stdin", stdin=f"Wrong-Word-1!\n{NEW}\n")
    said = line.refused(2, "change-password", "--password-stdin", stdin=f"{PASSWORD}\n{NEW}\n")
    assert "your account is locked for 15 minutes. Gestion can unlock it." in said
    line.refused(3, "login", "-u", "claire_d", "--password-stdin", stdin=f"{PASSWORD}\n")


def test_a_session_that_cannot_be_kept_is_ended(line: CommandLine) -> None:
    folder = line.home / "state" / "epicevents"
    folder.mkdir(parents=True)
    (folder / "sessions").write_text("in the way\n")
    said = line.run("login", "-u", "claire_d", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert said.exit_code == 1
    assert "The session could not be kept in" in said.stderr
    file = os.environ["EPICEVENTS_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as database:
        newest = database.execute("SELECT revoked_at FROM login_session ORDER BY created_at DESC").fetchone()
    assert newest[0] is not None
