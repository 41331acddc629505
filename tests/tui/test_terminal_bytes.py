"""What reaches the terminal, byte by byte: the program's own sequences and text, whatever records hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest

from models.text import is_unsafe
from tests.support.accounts import PASSWORD
from tests.support.databases import sqlite_only
from tests.support.hostile_text import PAYLOADS
from tests.support.pseudo_terminal import PseudoTerminal, pseudo_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.accounts import People

OWN: Final = re.compile(
    rb"\x1b\[[0-9;:]*m"  # colours and styles
    rb"|\x1b\[[0-9;]*H"  # to a place
    rb"|\x1b\[\?[0-9;]+[hl]"  # modes: cursor, mouse, paste, other screen, synchronised output
    rb"|\x1b\[\?[0-9]+\$p"  # what modes there are
    rb"|\x1b\[[><=?]?[0-9;]*u"  # how keys are sent
    rb"|\x1b\]22;[a-z-]+\x07"  # the shape of the mouse pointer
)
ALLOWED_CONTROLS: Final = frozenset("\r\n")
SIDES: Final = frozenset("│┃")


@pytest.fixture
def terminal(hostile_url: str, home: Path, people: People) -> Iterator[PseudoTerminal]:
    """Signed in, at the clients."""
    from tests.support.crm import environment_for
    from tests.support.terminal import environment, program

    with pseudo_terminal(program(), environment(home, environment_for(hostile_url)), (80, 24)) as terminal:
        terminal.wait_for("Username", "Password")
        terminal.send(f"{people.commercial.username}\t{PASSWORD}\r")
        terminal.wait_for("1 Clients", "Commercial")
        terminal.send("1")
        terminal.wait_for("All clients")
        yield terminal


def check_written(written: bytes) -> None:
    rest = OWN.sub(b"", written)
    assert not re.findall(rb"\x1b.{0,20}", rest)
    text = rest.decode()
    assert not {character for character in text if is_unsafe(character)} - ALLOWED_CONTROLS


def check_frame(terminal: PseudoTerminal) -> None:
    """The sides of both panes stand in the same columns on every line."""
    body = terminal.lines[3:-2]  # below the search, which has edges of its own
    for column in (0, 79):
        assert {line[column] for line in body} <= SIDES, terminal.text
    inner = {tuple(x for x in range(40, 60) if line[x] in SIDES) for line in body}
    assert len(inner) == 1, terminal.text


@sqlite_only
def test_no_record_steers_the_terminal(terminal: PseudoTerminal) -> None:
    for _four_records in range(0, len(PAYLOADS), 4):
        check_frame(terminal)
        terminal.send("jjjj")
        terminal.rest()
    terminal.send("g\r")
    terminal.send("\x1b[B" * 12)
    terminal.rest()
    check_frame(terminal)
    terminal.send("\x1b")
    for _form in range(4):
        terminal.send("jjjjje")
        terminal.wait_for("* required")
        terminal.send("\t\t\t\t\t\t")
        terminal.rest()
        assert all(line[79] in SIDES for line in terminal.lines[2:-3]), terminal.text
        terminal.send("\x1b")
        terminal.rest()
    terminal.send("\x11")
    assert terminal.wait_for_end() == 0
    check_written(bytes(terminal.written))
