"""What is missing is asked for on a terminal, once what was given is right; answers are checked at once."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.accounts import PASSWORD
from tests.support.command_line import CommandLine
from tests.support.pseudo_terminal import pseudo_terminal
from tests.support.terminal import environment

Terminal = Callable[..., None]


def test_a_wrong_answer_is_asked_for_again_and_the_right_ones_stay(
    line: CommandLine, terminal: Terminal
) -> None:
    line.sign_in("claire_d")
    terminal()
    answers = "\nAda Martin\nnobody\nada@client.example\n"
    result = line.run("create-client", "--json", stdin=answers)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["full_name"] == "Ada Martin"
    assert result.stderr.count("Full name: ") == 2
    assert result.stderr.count("Email: ") == 2


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (("create-client", "--email", "nobody"), "--email: "),
        (("create-client", "--full-name", ""), "--full-name: "),
        (("create-client", "--first-contact-date", "31/02/2027"), "--first-contact-date: "),
    ],
)
def test_nothing_is_asked_while_what_was_given_is_wrong(
    line: CommandLine, terminal: Terminal, command: tuple[str, ...], wrong: str
) -> None:
    line.sign_in("claire_d")
    terminal()
    said = line.refused(2, *command)
    assert wrong in said
    assert "Full name: " not in said
    assert "This field is required." not in said or "--full-name" in wrong


@pytest.mark.parametrize(
    ("who", "command", "rule"),
    [
        ("sofia-m", ("create-client",), "Only Commercial and Gestion create clients."),
        ("claire_d", ("create-contract",), "Only Gestion creates contracts."),
        ("gwenaelle", ("create-event",), "Only the client's sales contact in Commercial creates events"),
        ("claire_d", ("create-user",), "Only Gestion manages the team."),
        ("claire_d", ("assign-support", "1"), "Only Gestion assigns the support contact."),
        ("sofia-m", ("record-payment", "1"), "Only the client's sales contact and Gestion record payments"),
    ],
)
def test_who_may_not_is_asked_nothing(
    line: CommandLine, terminal: Terminal, who: str, command: tuple[str, ...], rule: str
) -> None:
    line.sign_in(who)
    terminal()
    said = line.refused(4, *command)
    assert f"[ERROR] {rule}" in said
    assert ": " not in said.splitlines()[-1].removeprefix("[ERROR] ")


@pytest.mark.parametrize("command", [("record-payment", "99"), ("assign-support", "99")])
def test_a_record_that_is_not_there_is_said_before_any_question(
    line: CommandLine, terminal: Terminal, command: tuple[str, ...]
) -> None:
    line.sign_in("gwenaelle")
    terminal()
    assert "99" in line.refused(5, *command)


def test_a_password_is_checked_before_it_is_typed_again(line: CommandLine, terminal: Terminal) -> None:
    line.sign_in("gwenaelle")
    terminal("weak", PASSWORD, "another one 9!", PASSWORD, PASSWORD)
    answers = "paul_m\nPaul\nMercier\npaul@epicevents.example\nnowhere\nsupport\n"
    result = line.run("create-user", "--json", stdin=answers)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["department"] == "SUPPORT"
    assert "[ERROR] A password has 12 to 1000 characters." in result.stderr.replace(",", "")
    assert result.stderr.count("Department: ") == 2


def test_a_crm_that_is_there_already_is_said_before_any_question(
    home: Path, terminal: Terminal, line: CommandLine
) -> None:
    env = home / "config" / "epicevents" / ".env"
    env.parent.mkdir(parents=True)
    env.write_text("EPICEVENTS_SECRET_KEY=0123456789abcdef0123456789abcdef\n")
    terminal()
    said = line.refused(6, "init")
    assert str(env) in said
    assert "Username: " not in said


def test_init_on_a_real_terminal_goes_on_after_each_wrong_answer(tmp_path: Path) -> None:
    outside = {"EPICEVENTS_LANGUAGE": "en", "EPICEVENTS_BCRYPT_COST": "4"}
    command = [sys.executable, "-m", "cli.main", "init"]
    with pseudo_terminal(command, environment(tmp_path, outside), (110, 30)) as terminal:
        for prompt, wrong, right in (
            ("Username: ", "-", "ada_m"),
            ("First name: ", "", "Ada"),
            ("Last name: ", " ", "Martin"),
            ("Email: ", "nobody", "ada@agency.example"),
            ("Password: ", "weak", PASSWORD),
        ):
            terminal.wait_for(prompt)
            terminal.send(f"{wrong}\n")
            terminal.wait_for("[ERROR] ")
            terminal.send(f"{right}\n")
        terminal.wait_for_any("again", "Repeat")
        terminal.send(f"{PASSWORD}\n")
        assert terminal.wait_for_end() == 0
    assert (tmp_path / "config" / "epicevents" / ".env").exists()
