"""Keys typed without a pause arrive where they were meant to, however long each takes to have its effect."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from services.actor import Actor
from tests.support.accounts import PASSWORD, People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.key_labels import keys_of
from tui.runtime.key_queue import DIGITS_OF_AZERTY, KeyDone
from tui.runtime.terminal_driver import TolerantParser
from tui.screens.client_form import ClientForm
from tui.screens.dialogs.menu import ChoiceScreen
from tui.widgets.form.choice_controls import PickerControl

pytestmark = sqlite_only  # no key depends on the kind of database


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
        driven.type_ahead(*people.support.username, "tab", *PASSWORD, "enter")
        await _until_signed_in(driven, people.support)
        assert driven.app.actor.username == people.support.username


async def test_what_is_typed_while_signing_in_acts_on_the_first_screen(
    driven: AppDriver, people: People
) -> None:
    async with driven.running():
        driven.type_ahead(*people.commercial.username, "tab", *PASSWORD, "enter", "n", *"Zoe")
        await _until_signed_in(driven, people.commercial)
        await driven.settle()
        form = driven.app.screen
        assert isinstance(form, ClientForm)
        assert form.query(Input).first().value == "Zoe"


async def test_a_name_typed_right_behind_the_key_that_opens_the_form_is_in_the_form(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        driven.type_ahead("n", *"Jean-Dupres", "tab", *"Cool SA", "tab", *"jean@dupres.fr", "ctrl+s")
        driven.type_ahead("slash", *"dupres", "enter")
        await driven.settle()
        await driven.press("enter")
        assert "Jean-Dupres" in driven.text
        assert "jean@dupres.fr" in driven.text


@pytest.mark.parametrize(
    ("typed", "screen"),
    [("n", "ClientForm"), ("3", "EventsScreen"), ("?", "HelpScreen"), ("\r", "ClientsScreen")],
)
async def test_escape_and_a_key_close_together_are_two_keys(
    driven: AppDriver, people: People, typed: str, screen: str
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("slash", *"nobody")
        search = driven.app.screen.query_one("#search", Input)
        assert search.value == "nobody"
        await _receive(driven, "\x1b" + typed)
        assert search.value == ""
        assert type(driven.app.screen).__name__ == screen


async def test_alt_and_f_are_escape_and_f_in_a_field_without_words(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client()
    async with driven.signed_in(people.gestion):
        await driven.press("2", "n")
        assert isinstance(driven.app.focused, PickerControl)
        await _receive(driven, "\x1bf")
        assert isinstance(driven.app.screen, ChoiceScreen)


async def test_escape_and_a_slash_close_together_begin_another_search(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("slash", *"nobody")
        await _receive(driven, "\x1b/")
        search = driven.app.screen.query_one("#search", Input)
        assert (search.value, driven.app.focused) == ("", search)


async def test_alt_with_b_and_f_moves_by_a_word_in_the_search_line_and_not_in_a_list(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("slash", *"one", "space", *"two")
        search = driven.app.screen.query_one("#search", Input)
        await _receive(driven, "\x1bb")
        assert (search.value, search.cursor_position) == ("one two", 4)
        await _receive(driven, "\x1bb\x1bf")
        assert search.cursor_position == 4
        await driven.press("escape", "enter")
        await _receive(driven, "\x1bf")
        assert isinstance(driven.app.screen, ChoiceScreen)


async def _receive(driven: AppDriver, text: str) -> None:
    """Let the terminal send a text at once."""
    driver = driven.app._driver
    assert driver is not None
    for message in TolerantParser().feed(text):
        driver.send_message(message)
    await driven.settle()


async def test_a_key_waits_for_a_screen_that_comes_by_itself(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.support):
        driven.app.session.leave("")
        login = driven.app.screen
        assert not login.is_mounted
        driven.type_ahead("x", "enter")
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


# The row of digits of a French keyboard, which types them with Shift

SECTIONS_BY_KEY = {"é": "ContractsScreen", '"': "EventsScreen", "'": "TeamScreen", "(": "JournalScreen",
                   "&": "ClientsScreen", "-": "TelemetryScreen"}  # fmt: skip


async def test_keys_of_a_french_keyboard_go_to_the_sections_without_shift(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.gestion):
        for key, screen in SECTIONS_BY_KEY.items():
            await driven.press(key)
            assert (key, driven.screen_name) == (key, screen)
        await driven.press("escape", "§")
        assert driven.screen_name == "TelemetryScreen", "on Belgian keyboards and those of Apple"


async def test_they_choose_in_a_menu_too(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("f")
        assert isinstance(driven.app.screen, ChoiceScreen)
        await driven.press("é")
        assert "My clients" in driven.text.splitlines()[1]


@pytest.mark.parametrize("key", list(DIGITS_OF_AZERTY))
async def test_where_one_types_they_type(driven: AppDriver, people: People, key: str) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("slash", key)
        assert driven.app.screen.query_one("#search", Input).value == key
        assert driven.screen_name == "ClientsScreen"
        await driven.press("escape", "n", key)
        assert driven.app.screen.query(Input).first().value == key


async def test_they_are_shown_neither_in_the_footer_nor_in_the_help(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        keys = [key.shown for key in keys_of(driven.app.screen)]
        assert [shown for shown in keys if set(shown) & set(DIGITS_OF_AZERTY)] == []


async def test_a_key_that_does_something_itself_keeps_doing_so(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        driven.table._bindings.bind("apostrophe", "screen.filter")
        await driven.press("'")
        assert isinstance(driven.app.screen, ChoiceScreen)
