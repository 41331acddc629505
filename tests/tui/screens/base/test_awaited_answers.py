"""Keys typed right behind a change or a question wait for what comes of it, on both kinds of database."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from services import clients, undo
from services.crm import Crm
from services.list_reader import ListReader
from services.lists.query import Filter, ListQuery
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.runtime import key_queue
from tui.screens.event_form import EventForm
from tui.widgets.record_table.table import RecordTable

pytestmark = sqlite_only  # nothing here depends on the kind of database


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
        driven.type_ahead("ctrl+s", "enter", "down", "down", "n")
        await driven.settle()
        assert isinstance(driven.app.screen, EventForm), driven.text


async def test_keys_typed_right_behind_a_question_or_a_change_wait_for_it(
    driven: AppDriver, crm: Crm, people: People, records: Records
) -> None:
    client = records.client()
    async with driven.signed_in(people.commercial):
        driven.type_ahead("d", "tab", "enter", "u", "d", "tab", "enter")
        await driven.settle()
        assert driven.screen_name == "ClientsScreen"
    [trashed] = clients.list_clients(crm, people.commercial, ListQuery(frozenset({Filter.TRASHED})))
    # Put in the trash, taken back, and put in the trash again.
    assert (trashed.id, trashed.version) == (client.id, client.version + 3)


async def test_keys_that_wait_for_a_change_are_dropped_if_it_is_refused(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        driven.type_ahead("u", "enter", "n")
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
    monkeypatch.setattr(undo, "undo_last", lambda *asked: goes_on.wait(60) and undo_last(*asked))
    monkeypatch.setattr(key_queue, "_LONGEST_HOLD", 0.2)
    async with driven.signed_in(people.commercial):
        table = driven.app.screen.query_one(RecordTable)
        driven.type_ahead("u", "down")
        await driven.until(lambda: table.cursor == 1)
        monkeypatch.setattr(key_queue, "_LONGEST_HOLD", 3600.0)
        driven.type_ahead("down", "down")
        await driven.until(lambda: table.cursor == 3)
        goes_on.set()
        await driven.settle()
