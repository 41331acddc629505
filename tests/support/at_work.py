"""What people do in a real terminal in every test: sign in, fill a form, be refused, sign out."""

from __future__ import annotations

from services.actor import Actor
from tests.support.accounts import PASSWORD
from tests.support.terminal import Terminal


def sign_in(pane: Terminal, actor: Actor) -> None:
    """Type both in one go, as a person does who signs in every morning."""
    pane.run("send-keys", "-t", "main", actor.username, "Tab")
    pane.type(PASSWORD)
    pane.keys("Enter")
    pane.wait_for("1 Clients", f"{actor.department.capitalize()}")


def sign_out(pane: Terminal) -> None:
    """Sign out, and confirm it."""
    pane.keys("L")
    pane.wait_for("Sign out?")
    pane.keys("Right", "Enter")
    pane.wait_for("Username", "Password")


def fill(pane: Terminal, *values: str) -> None:
    """Type one value into each field, in order, and save."""
    for value in values:
        if value:
            pane.type(value)
        pane.keys("Tab")
    pane.keys("C-s")


def refused(pane: Terminal, key: str, sentence: str) -> None:
    """Press a key, and read why it does nothing."""
    pane.keys(key)
    pane.wait_for(sentence)
