"""Bytes that no keyboard should send, and threads of the terminal driver that fail, in a real terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from tests.support.accounts import PASSWORD
from tests.support.broken_program import HIDDEN
from tests.support.crm import environment_for
from tests.support.databases import sqlite_only
from tests.support.pseudo_terminal import PseudoTerminal, pseudo_terminal
from tests.support.terminal import environment, program
from tui.screens.crash import QUIET

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.accounts import People
    from tests.support.envelopes import EnvelopeRecorder

pytestmark = sqlite_only

BAD: Final = "\N{REPLACEMENT CHARACTER}"
BEFORE_READ_AGAIN: Final = 0.05
"""Seconds after which the input thread has read what was sent."""

TYPED: Final = {
    "a byte of no letter": ([b"Zo\xffe"], f"Zo{BAD}e"),
    "Latin-1": ([b"Zo\xe9x"], f"Zo{BAD}x"),
    "a lone byte of the middle": ([b"Zo\x80\xbfe"], f"Zo{BAD}{BAD}e"),
    "a letter in two parts": ([b"Zo\xc3", b"\xa9x"], "Zoéx"),
    "a sign in four parts": ([b"Zo\xe2", b"\x82", b"\xac", b"x"], "Zo€x"),
    "a letter that is cut off": ([b"Zo\xc3", b"x"], f"Zo{BAD}x"),
    "an overlong form": ([b"Zo\xc0\xafx"], f"Zo{BAD}{BAD}x"),
    "half a surrogate pair": ([b"Zo\xed\xa0\x80x"], f"Zo{BAD}{BAD}{BAD}x"),
    "beyond Unicode": ([b"Zo\xf5\x80\x80\x80x"], f"Zo{BAD}{BAD}{BAD}{BAD}x"),
    "in pasted text": ([b"\x1b[200~Zo\xffe\x1b[201~"], f"Zo{BAD}e"),
    "a cut letter at the end of pasted text": ([b"\x1b[200~Zo\xc3", b"\x1b[201~x"], f"Zo{BAD}x"),
    "a key that Unicode does not have": ([b"Zo\x1b[99999999ux"], "Zox"),
    "a key of an empty number": ([b"Zo\x1b[:ux"], "Zox"),
    "a mouse on a terminal without a size": ([b"Zo\x1b[48;0;80;0;0t\x1b[<0;1;1Mx"], "Zox"),
}


@pytest.fixture
def variables(staffed_url: str, recorder: EnvelopeRecorder) -> dict[str, str]:
    return {**environment_for(staffed_url), "SENTRY_DSN": recorder.dsn, "EPICEVENTS_DEBUG": ""}


@contextmanager
def started(command: list[str], home: Path, variables: dict[str, str]) -> Iterator[PseudoTerminal]:
    with pseudo_terminal(command, environment(home, variables), (80, 24)) as terminal:
        terminal.wait_for("Username", "Password", "Sentry")
        yield terminal


def sign_in(terminal: PseudoTerminal, people: People) -> None:
    terminal.send(f"{people.commercial.username}\t{PASSWORD}\r")
    terminal.wait_for("1 Clients", "Commercial")


def open_form(terminal: PseudoTerminal, people: People) -> None:
    sign_in(terminal, people)
    terminal.send("1n")
    terminal.wait_for("New client")


def test_a_form_shows_what_is_no_utf8_as_replaced_and_goes_on(
    home: Path, variables: dict[str, str], people: People, recorder: EnvelopeRecorder
) -> None:
    with started(program(), home, variables) as terminal:
        open_form(terminal, people)
        for what, (parts, shown) in TYPED.items():
            for part in parts:
                terminal.send_bytes(part)
                time.sleep(BEFORE_READ_AGAIN)  # so that each part is read by itself
            terminal.rest()
            assert f"│{shown} " in terminal.text, f"{what}: {terminal.text}"
            terminal.send("\x7f" * 12)
        terminal.send("\x1b")
        terminal.wait_for("1 Clients", "Commercial")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
    assert recorder.events == []


def test_bad_bytes_at_the_login_and_in_a_list_end_nothing(
    home: Path, variables: dict[str, str], people: People, recorder: EnvelopeRecorder
) -> None:
    with started(program(), home, variables) as terminal:
        terminal.send_bytes(b"\xff\xe9\x80 \x7f\x7f\x7f\x7f")
        terminal.rest()
        sign_in(terminal, people)
        terminal.send_bytes(b"\xff\xc0\xaf\xed\xa0\x80\xe9j\x1b[99999999u\x1b[200~\xff\x1b[201~")
        terminal.rest()
        terminal.send("2")
        terminal.wait_for("Contracts")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
    assert recorder.events == []


@pytest.mark.parametrize("part", ["input", "writer", "resize"])
def test_an_exception_of_the_driver_is_one_event_keeps_the_form_and_gives_the_terminal_back(
    part: str, home: Path, variables: dict[str, str], people: People, recorder: EnvelopeRecorder
) -> None:
    command = [sys.executable, "-m", "tests.support.broken_driver", part]
    with started(command, home, variables) as terminal:
        open_form(terminal, people)
        terminal.send("Kevin Casey")
        terminal.wait_for("Kevin Casey")
        terminal.send("\x14")
        if part == "resize":
            terminal.rest()
            terminal.resize(81, 24)
        terminal.wait_for("Epic Events has stopped", "The form that was open is kept")
        time.sleep(QUIET + 0.2)  # the crash screen is deaf until then
        terminal.send("\x1b")
        assert terminal.wait_for_end() == 1
        assert not terminal.is_raw
        assert b"\x1b[?1049l" in terminal.written
        assert HIDDEN.encode() not in terminal.written
    [event] = recorder.wait_for(1)
    assert event["exception"]["values"][-1]["mechanism"]["handled"] is False
    assert event["user"]["username"] == people.commercial.username
    assert [session["status"] for session in recorder.items("session")] == ["crashed"]
    assert len(list((home / "state" / "epicevents" / "drafts").iterdir())) == 1


def test_the_digits_of_a_french_keyboard_need_no_shift(
    home: Path, variables: dict[str, str], people: People
) -> None:
    with started(program(), home, variables) as terminal:
        terminal.send(f"{people.gestion.username}\t{PASSWORD}\r")
        terminal.wait_for("Events without support")
        for sent, title in (
            ("&", "─ All clients ─"),
            ("é", "All contracts"),
            ('"', "All events"),
            ("'", "Everyone"),
            ("(", "─ Journal ─"),
        ):
            for byte in sent.encode():
                terminal.send_bytes(bytes([byte]))
            terminal.wait_for(title)
        terminal.send("\x1b")
        terminal.send("à")
        terminal.wait_for("Events without support")
        terminal.send("&")
        terminal.wait_for("─ All clients ─")
