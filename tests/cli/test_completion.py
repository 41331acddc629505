"""What the shell offers: presets, sorts, departments and, with a session, usernames; never an error."""

import os
import socket
import subprocess
import sys

import pytest
import typer

from cli import completion
from models.enums import Department
from tests.support.command_line import CommandLine


def offered(*words: str, **variables: str) -> list[str]:
    """What the shell is offered in place of the last word."""
    asked = {
        "_EPICEVENTS_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(("epicevents", *words)),
        "COMP_CWORD": str(len(words)),
    }
    shown = subprocess.run(
        [sys.executable, "-m", "cli.main"],
        env=os.environ | asked | variables, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert shown.stderr == ""
    return shown.stdout.split()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("list-clients", "--preset", ""), ["all", "mine", "not_contacted", "trash"]),
        (
            ("list-events", "--preset", "without"),
            ["without_notes", "without_support", "without_support_mine"],
        ),
        (("list-contracts", "--sort", "a"), ["amount_remaining"]),
        (("list-users", "--sort", "l"), ["load"]),
        (("create-user", "--department", "s"), ["support"]),
        (("journal", "--record", "c"), ["client:", "collaborator:", "contract:"]),
        (("init", "--currency", "CH"), ["CHF"]),
        (("create-event", "--time-zone", "America/New_Y"), ["America/New_York"]),
        (("settings", "--time-zone", "Europe/Par"), ["Europe/Paris"]),
        (("list-clients", "--preset", "nothing"), []),
        (("deactivate-user", ""), []),
    ],
)
def test_the_shell_is_offered_the_values_of_the_option(
    line: CommandLine, words: tuple[str, ...], names: list[str]
) -> None:
    found = offered(*words)
    assert [name for name in found if name in names] == names
    assert names or not found


@pytest.mark.parametrize(
    ("who", "department", "names"),
    [
        ("gwenaelle", Department.COMMERCIAL, ["benoit_l", "claire_d"]),
        ("gwenaelle", None, None),
        ("claire_d", Department.SUPPORT, ["claire_d"]),
    ],
)
def test_who_is_signed_in_is_offered_whom_they_may_name(
    line: CommandLine, who: str, department: Department | None, names: list[str] | None
) -> None:
    line.sign_in(who)
    found = completion.usernames(department)(context(), "")
    assert found == names if names is not None else set(found) >= {"claire_d", "gwenaelle", "sofia-m"}


def test_only_names_that_begin_so_are_offered(line: CommandLine) -> None:
    line.sign_in("gwenaelle")
    assert completion.usernames()(context(), "cl") == ["claire_d"]


def test_signed_out_nobody_is_offered_and_no_database_is_made(line: CommandLine) -> None:
    assert completion.usernames()(context(), "") == []
    line.sign_in("gwenaelle")
    gone = f"sqlite:///{line.home}/gone.db"
    os.environ["EPICEVENTS_DATABASE_URL"] = gone
    assert completion.usernames()(context(), "") == []
    assert not (line.home / "gone.db").exists()


@pytest.mark.parametrize(
    "variables", [{"EPICEVENTS_DATABASE_URL": "nonsense"}, {"EPICEVENTS_CURRENCY": "peanuts"}]
)
def test_bad_settings_are_no_error_of_the_shell(line: CommandLine, variables: dict[str, str]) -> None:
    assert offered("deactivate-user", "c", **variables) == []


def test_a_server_that_does_not_answer_is_not_waited_for(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.sign_in("gwenaelle")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        token = next(iter(line.kept_sessions().values())).decode().strip()
        monkeypatch.setattr("services.auth.token_store.read", lambda settings: Kept(token))
        monkeypatch.setattr(completion, "_LONGEST_WAIT", 0.2)
        os.environ["EPICEVENTS_DATABASE_URL"] = f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/crm"
        assert completion.usernames()(context(), "") == []


class Kept:
    """A session that is kept for any database."""

    def __init__(self, token: str) -> None:
        self.token = token


def context() -> typer.Context:
    import typer.main

    from cli.app import app

    return typer.Context(typer.main.get_command(app))
