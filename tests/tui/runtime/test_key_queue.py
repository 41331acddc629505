"""Keys typed without a pause arrive where they were meant to, however long each takes to have its effect."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from services.actor import Actor
from tests.support.accounts import PASSWORD, People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tui.runtime.key_queue import KeyDone
from tui.screens.client_form import ClientForm

pytestmark = sqlite_only  # no key depends on the kind of database


def type_at_once(driven: AppDriver, *keys: str) -> None:
    """All keys in one go, as a fast typist's or a script's arrive from the terminal."""
    driver = driven.app._driver
    assert driver is not None
    for key in keys:
        character = key if len(key) == 1 else None
        driver.send_message(events.Key("space" if key == " " else key, character))


async def _until_signed_in(driven: AppDriver, actor: Actor) -> None:
    for _attempt in range(100):
        await driven.settle()
        if driven.app.session.actor is not None:
            assert driven.app.actor.id == actor.id
            return
    raise AssertionError("nobody is signed in")


async def test_username_tab_password_and_enter_typed_at_once_sign_in(
    driven: AppDriver, people: People
) -> None:
    async with driven.running():
        type_at_once(driven, *people.support.username, "tab", *PASSWORD, "enter")
        await _until_signed_in(driven, people.support)
        assert driven.app.actor.username == people.support.username


async def test_what_is_typed_while_signing_in_acts_on_the_first_screen(
    driven: AppDriver, people: People
) -> None:
    async with driven.running():
        type_at_once(driven, *people.commercial.username, "tab", *PASSWORD, "enter", "n", *"Zoe")
        await _until_signed_in(driven, people.commercial)
        await driven.settle()
        form = driven.app.screen
        assert isinstance(form, ClientForm)
        assert form.query(Input).first().value == "Zoe"


async def test_a_name_typed_right_behind_the_key_that_opens_the_form_is_in_the_form(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        type_at_once(driven, "n", *"Jean-Dupres", "tab", *"Cool SA", "tab", *"jean@dupres.fr", "ctrl+s")
        type_at_once(driven, "slash", *"dupres", "enter")
        await driven.settle()
        await driven.press("enter")
        assert "Jean-Dupres" in driven.text
        assert "jean@dupres.fr" in driven.text


async def test_escape_and_a_letter_close_together_are_two_keys_and_no_alt(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("slash", *"nobody")
        assert driven.app.screen.query_one("#search", Input).value == "nobody"
        driver = driven.app._driver
        assert driver is not None
        driver.send_message(events.Key("alt+n", "n"))
        await driven.settle()
        assert isinstance(driven.app.screen, ClientForm)


async def test_a_key_waits_for_a_screen_that_comes_by_itself(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.support):
        driven.app.session.leave("")
        login = driven.app.screen
        assert not login.is_mounted
        type_at_once(driven, "x", "enter")
        await driven.settle()
        assert driven.app.screen is login
        assert login.query_one("#username", Input).value == "x"
        assert driven.app._exception is None


async def test_a_key_that_has_passed_when_the_application_has_ended_sets_nothing_going(
    driven: AppDriver,
) -> None:
    async with driven.running():
        pass
    assert not driven.app.screen_stack
    driven.app.on_type_ahead_key_done(KeyDone(1, 1))
