"""From first contact to the last payment, through three departments, in a real terminal at 80x24."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.actor import Actor
from tests.support.accounts import People
from tests.support.at_work import fill, refused, sign_in, sign_out
from tests.support.crm import environment_for
from tests.support.databases import sqlite_only
from tests.support.terminal import Terminal, environment, has_tmux, program, terminal

pytestmark = [
    pytest.mark.terminal,
    sqlite_only,
    pytest.mark.skipif(not has_tmux(), reason="there is no tmux on this machine"),
]


@pytest.fixture
def pane(staffed_url: str, home: Path) -> Iterator[Terminal]:
    """The application on a database file of its own."""
    with terminal() as pane:
        pane.start(program(), environment(home, environment_for(staffed_url)), (80, 24))
        pane.wait_for("Username", "Password")
        yield pane


def commercial_records_a_client(pane: Terminal) -> None:
    refused(pane, "4", "Only Gestion manages the team.")
    refused(pane, "5", "Only Gestion reads the audit journal.")
    pane.keys("1", "n")
    pane.wait_for("New client", "Full name")
    fill(pane, "Kévin [/bold] Casey", "Cool Startup LLC", "kevin@startup", "+678 123 456 78")
    pane.wait_for("This is not an email address")
    # The form went to the field at fault and kept everything else as typed.
    pane.type(".io")
    pane.keys("C-s")
    pane.wait_for("Kévin [/bold] Casey", "kevin@startup.io", "Saved.")


def gestion_draws_up_the_contract(pane: Terminal) -> None:
    pane.keys("1", "/")
    pane.type("casey kevin")
    pane.keys("Enter")
    pane.wait_for("kevin@startup.io")
    pane.keys("Enter")  # into the detail, where the client has no contract yet
    pane.wait_for("None yet. n: create one.")
    pane.keys("n")
    pane.wait_for("New contract")
    fill(pane, "", "1 000,00")
    pane.wait_for("Saved.")
    pane.keys("3")
    pane.wait_for("There is no event yet")
    refused(pane, "n", "Only the client's sales contact in")


def commercial_signs_and_creates_the_event(pane: Terminal) -> None:
    pane.keys("2")
    pane.wait_for("unsigned", "1,000.00")
    refused(pane, "n", "Only Gestion creates contracts.")
    pane.keys("Enter", "Down", "Down")  # the detail: client, payments, events
    refused(pane, "n", "An event needs a signed contract.")
    pane.escape()
    pane.keys("S")
    pane.wait_for("Signed on")
    pane.keys("C-s")
    pane.wait_for(" signed ")
    pane.keys("Enter", "n")  # still on the events
    pane.wait_for("New event")
    fill(
        pane, "", "John Ouick Wedding", "2027-06-04 13:00", "2027-06-05 02:00", "", "53 Rue du Château", "75"
    )
    pane.wait_for("Saved.")
    pane.escape()
    pane.keys("3")
    pane.wait_for("John Ouick Wedding", "not assigned")
    refused(pane, "e", "Only the support contact to whom")


def gestion_assigns_support(pane: Terminal, support: Actor) -> None:
    pane.keys("3")
    pane.wait_for("John Ouick Wedding")
    pane.keys("a")
    pane.wait_for("Support contact of")
    pane.keys("Enter")
    pane.wait_for("type a name")
    pane.type(support.username)
    pane.wait_for(support.full_name)
    pane.keys("Enter")
    pane.keys("C-s")
    pane.wait_for("Saved.", support.full_name)


def support_keeps_the_notes(pane: Terminal) -> None:
    pane.keys("1")
    refused(pane, "n", "Only Commercial and Gestion create")
    pane.keys("3")
    pane.wait_for("John Ouick Wedding")
    refused(pane, "a", "Only Gestion assigns the support contact.")
    pane.keys("e")
    pane.wait_for("Attendees")
    fill(pane, "", "", "", "", "", "", "The party is by the river.")
    pane.wait_for("Saved.", "The party is by the river.")
    pane.keys("2")
    pane.wait_for("C20")
    refused(pane, "p", "Only the client's sales contact and")


def gestion_records_the_last_payment(pane: Terminal) -> None:
    pane.keys("2")
    pane.wait_for("1,000.00")
    pane.keys("p")
    pane.wait_for("Received on")
    pane.type("1000.001")  # in the place of what is suggested
    pane.keys("C-s")
    pane.wait_for("at most 2 decimals")
    pane.keys("C-u")
    pane.type("1000.01")
    pane.keys("C-s")
    pane.wait_for("remains to be paid")
    pane.keys("C-u")
    pane.type("1000")
    pane.keys("C-s")
    pane.wait_for("nothing, paid in full")
    refused(pane, "p", "Nothing remains to be paid.")


def test_a_client_goes_from_first_contact_to_the_last_payment(pane: Terminal, people: People) -> None:
    sign_in(pane, people.commercial)
    commercial_records_a_client(pane)
    sign_out(pane)
    sign_in(pane, people.gestion)
    gestion_draws_up_the_contract(pane)
    sign_out(pane)
    sign_in(pane, people.commercial)
    commercial_signs_and_creates_the_event(pane)
    sign_out(pane)
    sign_in(pane, people.gestion)
    gestion_assigns_support(pane, people.support)
    sign_out(pane)
    sign_in(pane, people.support)
    support_keeps_the_notes(pane)
    sign_out(pane)
    sign_in(pane, people.gestion)
    gestion_records_the_last_payment(pane)
    pane.keys("C-q")
    assert pane.wait_for_end() == 0


def test_a_wrong_password_is_refused_in_one_sentence_and_the_username_stays(
    pane: Terminal, people: People
) -> None:
    pane.run("send-keys", "-t", "main", people.support.username, "Tab")
    pane.type("not the password!")
    pane.keys("Enter")
    pane.wait_for("Wrong username or password, or the account is locked.", people.support.username)


def test_a_form_survives_a_resize_with_what_was_typed(pane: Terminal, people: People) -> None:
    sign_in(pane, people.commercial)
    pane.keys("1", "n")
    pane.wait_for("New client")
    pane.type("Zoë 👩‍🎤 " + "x" * 20)
    pane.resize(200, 60)
    pane.wait_for("Zoë", "x" * 20, "Last contact")
    pane.resize(80, 24)
    pane.wait_for("Zoë", "New client")
    pane.escape()
    pane.wait_for("Leave without saving?")
    pane.keys("Enter")
    pane.wait_for("New client")


def test_the_program_ends_when_its_terminal_goes_away(pane: Terminal, people: People) -> None:
    sign_in(pane, people.commercial)
    process = pane.process_id()
    pane.run("kill-server")
    for _attempt in range(100):
        if not Path(f"/proc/{process}").exists():
            return
        time.sleep(0.1)
    raise AssertionError("still running without a terminal")
