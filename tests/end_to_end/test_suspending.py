"""Ctrl+Z in a real terminal: to the shell and back, and a word where there is no shell."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.support.accounts import People
from tests.support.at_work import sign_in
from tests.support.crm import environment_for
from tests.support.databases import sqlite_only
from tests.support.terminal import environment, has_tmux, program, terminal

pytestmark = [
    pytest.mark.terminal,
    sqlite_only,
    pytest.mark.skipif(not has_tmux(), reason="there is no tmux on this machine"),
]


@pytest.mark.parametrize("wrapped", [False, True], ids=["from the shell", "from a script of the shell"])
def test_ctrl_z_goes_to_the_shell_and_fg_comes_back_to_the_form_as_it_was(
    home: Path, staffed_url: str, people: People, wrapped: bool
) -> None:
    variables = {**environment(home, environment_for(staffed_url)), "PS1": "shell> "}
    command = shlex.join(["sh", "-c", f"{shlex.join(program())}; true"] if wrapped else program())
    with terminal() as pane:
        pane.start(["bash", "--norc", "--noprofile", "-i"], variables, (80, 24))
        pane.wait_for("shell>")
        pane.type(command)
        pane.keys("Enter")
        pane.wait_for("Username", "Password")
        sign_in(pane, people.commercial)
        pane.keys("1", "n")
        pane.wait_for("New client")
        pane.type("Zoé")
        pane.wait_for("Zoé")
        pane.keys("C-z")
        pane.wait_for("Stopped")
        pane.type("echo $((6*7)) is the answer")
        pane.keys("Enter")
        pane.wait_for("42 is the answer")
        pane.type("fg")
        pane.keys("Enter")
        pane.wait_for("New client", "Zoé")
        pane.type(" Bar")
        pane.wait_for("Zoé Bar")
        pane.resize(100, 30)
        pane.wait_for("New client", "Zoé Bar")
        pane.keys("C-z")
        pane.wait_for("Stopped")
        pane.type("fg")
        pane.keys("Enter")
        pane.wait_for("Zoé Bar", "Ctrl+S")
        pane.keys("C-q")
        pane.wait_for("Quit?")
        pane.keys("Right", "Enter")
        pane.wait_for("shell>")


def test_where_no_shell_waits_ctrl_z_says_so_and_the_program_goes_on(
    home: Path, staffed_url: str, people: People
) -> None:
    with terminal() as pane:
        pane.start(program(), environment(home, environment_for(staffed_url)), (80, 24))
        pane.wait_for("Username", "Password")
        sign_in(pane, people.commercial)
        pane.keys("C-z")
        pane.wait_for("No shell started this program")
        pane.keys("1", "n")
        pane.wait_for("New client")
        pane.type("Zoé")
        pane.wait_for("Zoé")
