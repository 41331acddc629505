"""A crash in a real terminal at 80x24: what one reads, what leaves no trace there, what one gets back."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.accounts import PASSWORD, People
from tests.support.at_work import sign_in
from tests.support.broken_program import HIDDEN
from tests.support.crm import environment_for
from tests.support.databases import sqlite_only
from tests.support.envelopes import EnvelopeRecorder
from tests.support.terminal import Terminal, environment, has_tmux, terminal
from tui.screens.crash import QUIET

pytestmark = [
    pytest.mark.terminal,
    sqlite_only,
    pytest.mark.skipif(not has_tmux(), reason="there is no tmux on this machine"),
]

NEW_PASSWORD = "Pelicans & anvils 9"


class Machine:
    """Where the program is started again and again, and all that it writes to its terminal."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        self.variables = {**environment_for(url), "EPICEVENTS_DEBUG": ""}
        self.written = home / "written-to-the-terminal"

    @contextmanager
    def start(self, *arguments: str) -> Iterator[Terminal]:
        """The program that Ctrl+T breaks."""
        command = [sys.executable, "-m", "tests.support.broken_program", *arguments]
        with terminal() as pane:
            pane.start(command, environment(self.home, self.variables), (80, 24))
            pane.run("pipe-pane", "-t", "main", f"cat >> {self.written}")
            yield pane

    def last_line(self) -> str:
        """What was written last, after the terminal was given back."""
        return self.written.read_text(errors="replace").rstrip("\n").rpartition("\x1b[?1006l")[2]

    @property
    def drafts(self) -> list[Path]:
        """The forms that are kept."""
        folder = self.home / "state" / "epicevents" / "drafts"
        return list(folder.iterdir()) if folder.exists() else []

    def end_session(self) -> None:
        """So that one has to sign in again."""
        shutil.rmtree(self.home / "state" / "epicevents" / "sessions")


@pytest.fixture
def machine(home: Path, staffed_url: str) -> Machine:
    return Machine(home, staffed_url)


def secret_free(machine: Machine, pane: Terminal) -> None:
    """Neither a value of a variable nor a password was ever written to the terminal."""
    everything = machine.written.read_text(errors="replace") + pane.run(
        "capture-pane", "-p", "-S", "-", "-t", "main"
    )
    letters = re.sub(r"\x1b\[[^A-Za-z]*[A-Za-z]", "", everything)
    assert "Epic Events has stopped" in letters, "what was written was really looked through"
    for secret in (HIDDEN, NEW_PASSWORD, PASSWORD):
        assert secret not in everything
        assert secret not in letters
    assert "Traceback" not in everything


def look_up() -> None:
    """Take the moment in which the crash screen hears no key."""
    time.sleep(QUIET + 0.2)


def test_after_a_crash_the_open_form_comes_back_as_typed_and_no_value_was_shown(
    machine: Machine, people: People
) -> None:
    with machine.start() as pane:
        pane.wait_for("Username", "Password")
        sign_in(pane, people.gestion)
        pane.keys("4", "n")
        pane.wait_for("New collaborator")
        for value in ("new_one", "Zoë", "O'Hara", "zoe@epicevents.example", "", "", "", NEW_PASSWORD):
            if value:
                pane.type(value)
            pane.keys("Tab")
        pane.wait_for("New collaborator", "•" * 8)
        pane.keys("C-t")
        pane.wait_for("Epic Events has stopped", "BrokenByTest broken_program.py:")
        pane.wait_for("is kept as you typed it: it is offered when you sign in again", "Esc Leave")
        secret_free(machine, pane)
        look_up()
        pane.escape()
        assert pane.wait_for_end() == 1
        assert machine.last_line() == "epicevents stopped because of an error: BrokenByTest"
        secret_free(machine, pane)

    [draft] = machine.drafts
    assert stat.S_IMODE(draft.stat().st_mode) == 0o600
    assert NEW_PASSWORD not in draft.read_text()
    machine.end_session()

    with machine.start() as pane:
        pane.wait_for("Username", "Password")
        sign_in(pane, people.gestion)
        pane.wait_for("Continue where you stopped?", "New collaborator · new_one")
        pane.keys("Enter")
        pane.wait_for("zoe@epicevents.example", "O'Hara", "Passwords are not kept")
        pane.escape()
        pane.wait_for("Leave without saving?")
        pane.keys("Enter")
        pane.keys("Tab", "Tab", "Tab", "Tab", "Tab", "g", "Tab", "Tab")
        pane.type(NEW_PASSWORD)
        pane.keys("Tab")
        pane.type(NEW_PASSWORD)
        pane.keys("C-s")
        pane.wait_for("Saved.", "O'Hara, Zoë")
        assert not machine.drafts
        pane.keys("C-q")
        assert pane.wait_for_end() == 0


def test_a_crash_before_the_first_frame_is_one_plain_line(machine: Machine) -> None:
    with machine.start("at once") as pane:
        assert pane.wait_for_end() == 1
        everything = pane.run("capture-pane", "-p", "-S", "-", "-t", "main")
        assert "epicevents stopped because of an error: BrokenByTest" in everything
        assert "Epic Events has stopped" not in everything
        assert HIDDEN not in everything


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_form_is_kept_when_the_system_ends_the_program(
    machine: Machine, people: People, number: signal.Signals
) -> None:
    with machine.start() as pane:
        pane.wait_for("Username", "Password")
        sign_in(pane, people.commercial)
        pane.keys("1", "n")
        pane.wait_for("New client")
        pane.type("Kévin Casey")
        pane.wait_for("Kévin Casey")
        os.kill(pane.process_id(), number)
        assert pane.wait_for_end() == 128 + number
    assert len(machine.drafts) == 1


def test_what_one_says_about_the_crash_reaches_sentry_scrubbed_and_tied_to_it(
    machine: Machine, people: People
) -> None:
    recorder = EnvelopeRecorder()
    machine.variables["SENTRY_DSN"] = recorder.dsn
    try:
        with machine.start() as pane:
            pane.wait_for("Username", "Password")
            sign_in(pane, people.commercial)
            pane.keys("C-t")
            screen = pane.wait_for("quote this number", "No form with unsaved changes", "Tab Write")
            event_id = re.search(r"\b[0-9a-f]{32}\b", screen)
            assert event_id, screen
            look_up()
            pane.keys("Tab")
            pane.type("I wrote to kevin.casey@startup.example")
            pane.keys("C-s")
            pane.wait_for("Thank you.")
            pane.escape()
            assert pane.wait_for_end() == 1
            assert machine.last_line().endswith(f"Event: {event_id[0]}")
    finally:
        recorder.close()
    [said] = recorder.items("feedback")
    assert said["contexts"]["feedback"]["associated_event_id"] == event_id[0]
    assert said["contexts"]["feedback"]["message"].startswith("I wrote to ke***@")
    everything = b"".join(recorder.bodies)
    assert event_id[0].encode() in everything
    assert b"kevin.casey" not in everything
    assert HIDDEN.encode() not in everything
