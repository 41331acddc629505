import sqlite3
import threading
from contextlib import closing
from dataclasses import replace

import pytest
from textual import events

from services import clients
from services.auth import sessions
from services.crm import Crm
from services.errors import DatabaseUnavailable
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.key_events import key_event
from tests.support.records import Records
from tui.screens.base.form import RecordForm
from tui.screens.client_form import ClientForm
from tui.screens.dialogs.conflict import ConflictScreen
from tui.widgets.form.field import Field


def form_of(driven: AppDriver) -> RecordForm[object]:
    screen = driven.app.screen
    assert isinstance(screen, RecordForm)
    return screen


@sqlite_only
async def test_problems_stand_under_their_fields_and_the_first_is_gone_to(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("n")
        form_of(driven).values.field("email").control.focus()
        driven.type_into("email", "not an address")
        await driven.press("tab")
        assert "This is not an email address" in driven.text, "shown as one leaves the field"
        marked = [field.spec.name for field in form_of(driven).query(Field) if field.has_class("-focused")]
        assert marked == ["phone"]
        await driven.press("ctrl+s")
        form = form_of(driven)
        assert form.values.field("full_name").problem == "This field is required."
        assert form.focused is form.values.field("full_name").control


async def test_a_value_that_is_taken_is_said_under_its_field(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(email="kevin@startup.io")
    async with driven.signed_in(people.commercial):
        await driven.press("n")
        driven.type_into("full_name", "Kevin")
        driven.type_into("email", "KEVIN@startup.io")
        await driven.press("ctrl+s")
        assert form_of(driven).values.field("email").problem


@sqlite_only
async def test_leaving_a_changed_form_asks_and_keeps_it_by_default(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("n", "x", "escape")
        assert driven.screen_name == "ConfirmScreen"
        await driven.press("enter")
        assert form_of(driven).values.now()["full_name"] == "x"
        await driven.press("ctrl+q")
        assert driven.screen_name == "ConfirmScreen"
        await driven.press("escape", "escape", "tab", "enter")
        assert driven.screen_name == "ClientsScreen"


@sqlite_only
async def test_an_unchanged_form_closes_without_a_question(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client()
    async with driven.signed_in(people.commercial):
        await driven.press("e", "escape")
        assert driven.screen_name == "ClientsScreen"


async def test_a_conflict_shows_both_sides_and_saves_what_is_chosen(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    from models.write_models import ClientUpdate

    client = records.client(full_name="Anna", company="Old")
    async with driven.signed_in(people.commercial):
        await driven.press("e")
        driven.type_into("company", "Mine")
        driven.type_into("contact_person", "Me")
        other = build(ClientUpdate, {"company": "Theirs", "full_name": "Anna B."})
        clients.update_client(crm, people.commercial, client.id, other)
        await driven.press("ctrl+s")
        assert driven.screen_name == "ConflictScreen"
        assert "Mine" in driven.text
        assert "Theirs" in driven.text
        await driven.press("down", "t", "ctrl+s")
        assert driven.screen_name == "ClientsScreen"
    saved = clients.get_client(crm, people.commercial, client.id)
    assert (saved.full_name, saved.company, saved.contact_person) == ("Anna B.", "Theirs", "Me")


async def test_a_session_that_ended_meanwhile_is_taken_up_again_with_what_was_typed(
    driven: AppDriver, people: People, crm: Crm
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("n")
        driven.type_into("full_name", "Kevin")
        driven.type_into("email", "kevin@startup.io")
        sessions.sign_out(crm, driven.app.actor)
        await driven.press("ctrl+s")
        assert driven.screen_name == "LoginScreen"
        driven.fill("#password", PASSWORD)
        await driven.press("enter")
        assert driven.screen_name == "ClientsScreen"
        assert driven.current.full_name == "Kevin"


async def test_a_database_lost_while_saving_keeps_what_was_typed(
    driven: AppDriver, people: People, monkeypatch: object
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("n", "x")
        form_of(driven).saving.refused(DatabaseUnavailable())
        await driven.settle()
        assert "Ctrl+S: try again." in driven.text
        assert form_of(driven).values.now()["full_name"] == "x"


async def test_a_picker_finds_by_name_and_enter_chooses(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("n")
        form_of(driven).values.field("sales_contact_id").control.focus()
        await driven.press(*"bénoit", "enter")
        assert "Benoît Lefèvre" in driven.text
        assert driven.screen_name == "ClientForm"


@sqlite_only
async def test_gestion_changes_nothing_of_a_client_but_whose_it_is(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    client = records.client()
    async with driven.signed_in(people.gestion):
        await driven.press("a", *"ben", "enter", "ctrl+s")
        assert driven.screen_name == "ClientsScreen"
    assert (
        clients.get_client(crm, people.gestion, client.id).sales_contact == people.other_commercial.username
    )


@sqlite_only
async def test_a_pasted_line_break_becomes_a_space(driven: AppDriver, people: People) -> None:
    from textual.events import Paste

    async with driven.signed_in(people.commercial):
        await driven.press("n")
        control = form_of(driven).values.field("full_name").control
        control.post_message(Paste("12 rue\r\nde la Paix\x1b[2J"))
        await driven.settle()
        assert form_of(driven).values.now()["full_name"] == "12 rue  de la Paix[2J"


@sqlite_only
async def test_the_field_in_focus_stays_in_view_on_a_small_screen(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion, size=(80, 16)):
        await driven.press("n")
        await driven.press(*["tab"] * 7)
        focused = driven.app.focused
        assert focused is not None
        assert focused.region.bottom <= 15
        await driven.pilot.resize_terminal(60, 12)
        await driven.settle()
        assert 0 < focused.region.bottom <= 11


async def _fill_and_hold(driven: AppDriver, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A new client whose save lasts until the event is set, and is refused then."""
    let_go = threading.Event()

    def slow(*_arguments: object) -> None:
        let_go.wait(20)
        raise DatabaseUnavailable

    monkeypatch.setattr(ClientForm, "USE_CASES", replace(ClientForm.USE_CASES, create=slow))
    await driven.press("n")
    driven.type_into("full_name", "Kevin")
    driven.type_into("email", "kevin@startup.io")
    assert driven.app._driver is not None
    driven.app._driver.send_message(key_event("ctrl+s"))
    return let_go


@sqlite_only
async def test_a_save_of_over_half_a_second_says_that_it_saves_and_then_how_it_ended(
    driven: AppDriver, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven.signed_in(people.commercial):
        let_go = await _fill_and_hold(driven, monkeypatch)
        await driven.until(lambda: "Saving…" in driven.text)
        let_go.set()
        await driven.settle()
        assert "Saving…" not in driven.text
        assert "Your input is kept. Ctrl+S: try again." in driven.text


@sqlite_only
@pytest.mark.parametrize("patience", [0.05, 20.0], ids=["longer than keys wait", "while keys still wait"])
async def test_what_is_typed_during_a_slow_save_goes_into_no_field(
    driven: AppDriver, people: People, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    monkeypatch.setattr("tui.runtime.key_queue._LONGEST_HOLD", patience)
    async with driven.signed_in(people.commercial):
        let_go = await _fill_and_hold(driven, monkeypatch)
        before = form_of(driven).values.now()
        assert driven.app._driver is not None
        for key in ("x", "tab", "y", "escape"):
            driven.app._driver.send_message(key_event(key))
            await driven.pilot.pause(0.1)
        driven.app._driver.send_message(events.Paste("z"))
        await driven.pilot.pause(0.1)
        let_go.set()
        await driven.settle()
        assert form_of(driven).values.now() == before
        assert driven.screen_name == "ClientForm"
        await driven.press("w")
        assert form_of(driven).values.now() != before, "afterwards one goes on typing"


@sqlite_only
async def test_a_save_that_waits_for_another_program_says_so_and_is_made_once_that_is_gone(
    driven: AppDriver, people: People, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.persistence.database._SILENCE", 0.05)
    async with driven.signed_in(people.commercial):
        await driven.press("n")
        driven.type_into("full_name", "Kevin")
        driven.type_into("email", "kevin@startup.io")
        with closing(sqlite3.connect(str(crm.database.path), isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            assert driven.app._driver is not None
            driven.app._driver.send_message(key_event("ctrl+s"))
            await driven.until(lambda: "Another program is using the database" in driven.text)
        await driven.settle()
        assert driven.screen_name == "ClientsScreen"
        assert driven.current.full_name == "Kevin"


@sqlite_only
async def test_a_conflict_lists_what_both_changed_and_says_what_merges(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    from models.write_models import ClientUpdate

    client = records.client(full_name="Anna", company="Old")
    async with driven.signed_in(people.commercial):
        await driven.press("e")
        driven.type_into("company", "Mine")
        driven.type_into("contact_person", "Me")
        other = build(ClientUpdate, {"company": "Theirs", "full_name": "Anna B."})
        clients.update_client(crm, people.commercial, client.id, other)
        await driven.press("ctrl+s")
        screen = driven.app.screen
        assert isinstance(screen, ConflictScreen)
        assert [difference.spec.name for difference in screen.differences] == ["company"]
        told = " ".join(driven.text.split())
        assert f"{people.commercial.full_name} changed this record" in told
        assert "Only you changed: Contact person." in told
        assert "Only they changed: Full name." in told
        assert f"{people.commercial.username} changed" not in told
        await driven.press("ctrl+s")
    saved = clients.get_client(crm, people.commercial, client.id)
    assert (saved.full_name, saved.company, saved.contact_person) == ("Anna B.", "Mine", "Me")


@pytest.mark.parametrize("same", [False, True], ids=["different fields", "one field to one value"])
async def test_changes_that_do_not_collide_are_both_kept_without_a_choice(
    driven: AppDriver, people: People, records: Records, crm: Crm, same: bool
) -> None:
    from models.write_models import ClientUpdate

    client = records.client(full_name="Anna", company="Old")
    async with driven.signed_in(people.commercial):
        await driven.press("e")
        driven.type_into("contact_person", "Me")
        driven.type_into("company", "Both" if same else "Old")
        other = build(ClientUpdate, {"company": "Both", "full_name": "Anna B."})
        clients.update_client(crm, people.commercial, client.id, other)
        await driven.press("ctrl+s")
        assert "saving keeps both" in " ".join(driven.text.split())
        await driven.press("ctrl+s")
        assert driven.screen_name == "ClientsScreen"
    saved = clients.get_client(crm, people.commercial, client.id)
    assert (saved.full_name, saved.company, saved.contact_person) == ("Anna B.", "Both", "Me")
