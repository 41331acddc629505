"""Keys typed without a pause arrive where they were meant to, however long each takes to have its effect."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from services import clients, undo
from services.actor import Actor
from services.crm import Crm
from services.list_reader import ListReader
from services.lists.query import Filter, ListQuery
from tests.support.accounts import PASSWORD, People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.runtime import key_queue
from tui.runtime.key_queue import KeyDone
from tui.runtime.terminal_driver import TolerantParser
from tui.screens.client_form import ClientForm
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.event_form import EventForm
from tui.widgets.form.choice_controls import PickerControl
from tui.widgets.record_table.table import RecordTable

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


async def test_keys_typed_right_behind_a_save_act_on_the_record_as_it_was_saved(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.contract()
    read = ListReader.window

    def read_slowly(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.3)
        return read(*args, **kwargs)

    async with driven.signed_in(people.commercial):
        await driven.press("2", "S")
        monkeypatch.setattr(ListReader, "window", read_slowly)
        # In the details of the contract: down to its events, of which only a signed one has any.
        type_at_once(driven, "ctrl+s", "enter", "down", "down", "n")
        await driven.settle()
        assert isinstance(driven.app.screen, EventForm), driven.text


async def test_keys_typed_right_behind_a_question_or_a_change_wait_for_it(
    driven: AppDriver, crm: Crm, people: People, records: Records
) -> None:
    client = records.client()
    async with driven.signed_in(people.commercial):
        type_at_once(driven, "d", "tab", "enter", "u", "d", "tab", "enter")
        await driven.settle()
        assert driven.screen_name == "ClientsScreen"
    [trashed] = clients.list_clients(crm, people.commercial, ListQuery(frozenset({Filter.TRASHED})))
    # Put in the trash, taken back, and put in the trash again.
    assert (trashed.id, trashed.version) == (client.id, client.version + 3)


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


async def test_keys_that_wait_for_a_change_are_dropped_if_it_is_refused(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        type_at_once(driven, "u", "enter", "n")
        await driven.settle()
        assert driven.screen_name == "MessageScreen", "there is nothing to undo"
        await driven.press("enter", "n")
        assert driven.screen_name == "ClientForm"


async def test_keys_wait_once_for_a_change_that_does_not_end(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(4):
        records.client()
    goes_on, undo_last = threading.Event(), undo.undo_last
    monkeypatch.setattr(undo, "undo_last", lambda crm, actor: goes_on.wait(60) and undo_last(crm, actor))
    monkeypatch.setattr(key_queue, "_LONGEST_HOLD", 0.2)
    async with driven.signed_in(people.commercial):
        table = driven.app.screen.query_one(RecordTable)
        type_at_once(driven, "u", "down")
        await driven.until(lambda: table.cursor == 1)
        monkeypatch.setattr(key_queue, "_LONGEST_HOLD", 3600.0)
        type_at_once(driven, "down", "down")
        await driven.until(lambda: table.cursor == 3)
        goes_on.set()
        await driven.settle()


async def test_what_option_and_an_arrow_send_is_two_keys_in_a_field_without_words(
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


async def test_what_option_and_an_arrow_send_moves_by_a_word_in_a_text_and_is_two_keys_elsewhere(
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
