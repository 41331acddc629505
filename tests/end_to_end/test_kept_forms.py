"""A form that is being filled in outlives ``kill -9``, in a real terminal and on both kinds of database."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.accounts import PASSWORD, People
from tests.support.at_work import sign_in
from tests.support.crm import environment_for
from tests.support.terminal import PATIENCE, Terminal, environment, has_tmux, program, terminal

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(not has_tmux(), reason="there is no tmux on this machine"),
]


class Machine:
    """One home folder, in which several terminals of one person may run."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        # One login of the operating system, in which all its terminals stand.
        self.variables = {**environment_for(url), "XDG_SESSION_ID": "1"}

    @contextmanager
    def start(self) -> Iterator[Terminal]:
        with terminal() as pane:
            pane.start(program(), environment(self.home, self.variables), (80, 24))
            yield pane

    @property
    def drafts(self) -> list[Path]:
        return sorted((self.home / "state" / "epicevents" / "drafts").glob("*.json"))

    def wait_for_draft(self, text: str) -> Path:
        """The file that holds this text, which nothing but time has written."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for path in self.drafts:
                if text in path.read_text():
                    return path
            time.sleep(0.02)
        raise AssertionError(f"{text!r} is not kept")


@pytest.fixture
def machine(home: Path, staffed_url: str) -> Machine:
    return Machine(home, staffed_url)


def new_client(pane: Terminal, name: str) -> None:
    pane.keys("1", "n")
    pane.wait_for("New client")
    pane.type(name)
    pane.wait_for(name)


def kill(pane: Terminal) -> None:
    os.kill(pane.process_id(), signal.SIGKILL)
    assert pane.wait_for_end() == 128 + signal.SIGKILL


def test_what_is_typed_outlives_the_power(machine: Machine, people: People) -> None:
    with machine.start() as pane:
        pane.wait_for("Username", "Password")
        sign_in(pane, people.commercial)
        new_client(pane, "Pelagie Casey")
        draft = machine.wait_for_draft("Pelagie Casey")
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600
        kill(pane)
    with machine.start() as pane:
        pane.wait_for("Continue where you stopped?", "New client · Pelagie Casey")
        pane.keys("Enter")
        pane.wait_for("Full name", "Pelagie Casey")
        pane.keys("Tab", "Tab")
        pane.type("pelagie@startup.io")
        machine.wait_for_draft("pelagie@startup.io")
        kill(pane)
    with machine.start() as pane:
        pane.wait_for("Continue where you stopped?", "New client · Pelagie Casey")
        pane.keys("Enter")
        pane.wait_for("pelagie@startup.io")
        pane.keys("C-s")
        pane.wait_for("Saved.", "Pelagie Casey")
        assert not machine.drafts
        kill(pane)
    with machine.start() as pane:
        pane.wait_for("1 Clients", "To do")
        pane.keys("1")
        pane.wait_for("1 Clients", "Pelagie Casey")
        assert not pane.shows("Continue where you stopped?")


def test_two_terminals_keep_two_forms_and_neither_is_offered_while_the_other_lives(
    machine: Machine, people: People
) -> None:
    with machine.start() as first, machine.start() as second:
        first.wait_for("Username", "Password")
        sign_in(first, people.commercial)
        new_client(first, "Anna Older")
        machine.wait_for_draft("Anna Older")
        second.wait_for("Username", "Password")
        sign_in(second, people.commercial)
        new_client(second, "Boris Newer")
        machine.wait_for_draft("Boris Newer")
        kill(second)
        with machine.start() as third:
            third.wait_for("Continue where you stopped?", "New client · Boris Newer")
            assert not third.shows("Anna Older")
        kill(first)
    with machine.start() as pane:
        pane.wait_for("New client · Boris Newer", "New client · Anna Older")
        text = pane.screen()
        assert text.index("Boris Newer") < text.index("Anna Older")
        pane.keys("Down", "Enter")
        pane.wait_for("Full name", "Anna Older")


def test_a_password_is_never_on_the_disk_and_the_other_fields_are(machine: Machine, people: People) -> None:
    secret = "Pelicans & anvils 9"
    with machine.start() as pane:
        pane.wait_for("Username", "Password")
        sign_in(pane, people.gestion)
        pane.keys("4", "n")
        pane.wait_for("New collaborator")
        pane.type("new_one")
        pane.keys(*["Tab"] * 7)
        pane.type(secret)
        pane.keys("BTab")
        pane.type("E-77")
        machine.wait_for_draft("E-77")
        kill(pane)
    everything = b"".join(path.read_bytes() for path in machine.home.rglob("*") if path.is_file())
    assert b"new_one" in everything
    assert secret.encode() not in everything
    assert PASSWORD.encode() not in everything
