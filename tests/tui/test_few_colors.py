"""A terminal of 16 colours, such as the console of Linux: fields have edges, and hints are in brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.accounts import PASSWORD
from tests.support.crm import environment_for
from tests.support.databases import sqlite_only
from tests.support.pseudo_terminal import pseudo_terminal
from tests.support.terminal import environment, program

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.accounts import People

pytestmark = sqlite_only


@pytest.mark.parametrize(
    ("variables", "few"),
    [
        ({"TERM": "linux", "COLORTERM": ""}, True),
        ({"TERM": "xterm", "COLORTERM": ""}, True),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, False),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, False),
    ],
    ids=str,
)
def test_fields_have_edges_and_hints_brackets_where_shades_look_alike(
    home: Path, staffed_url: str, people: People, variables: dict[str, str], few: bool
) -> None:
    shown = {**environment(home, environment_for(staffed_url)), **variables}
    with pseudo_terminal(program(), shown, (80, 24)) as terminal:
        terminal.wait_for("Username", "Password")
        terminal.send(f"{people.gestion.username}\t{PASSWORD}\r")
        terminal.wait_for("1 Clients", "Gestion")
        terminal.send("1")
        terminal.wait_for("All clients")
        terminal.send("n")
        terminal.wait_for("New client", "name@example.com")
        assert ("(name@example.com)" in terminal.text) is few, terminal.text
        assert ("(Enter or type to search" in terminal.text) is few
        line = next(line for line in terminal.text.splitlines() if "name@example.com" in line)
        assert "│" in line.strip(" │").partition("Email *")[2], "fields have edges everywhere"
