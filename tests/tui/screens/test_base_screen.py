"""Answers that come twice, late, or with something else above the screen that gives them."""

from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.raw_input import Fingers
from tests.support.records import Records
from tui.screens.base.form import RecordForm
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.dialogs.record_picker import PickerScreen
from tui.widgets.form.field_spec import Choice, Picked

pytestmark = sqlite_only  # nothing here depends on the kind of database


async def test_a_second_answer_leaves_the_screen_beneath_open(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("n")
        form = driven.app.screen
        assert isinstance(form, RecordForm)
        form.values.field("sales_contact_id").control.focus()
        await driven.press("enter")
        picker = driven.app.screen
        assert isinstance(picker, PickerScreen)
        for _answer in range(2):
            picker.dismiss(Picked(people.commercial.id, "Claire"))
        await driven.settle()
        assert driven.app.screen is form
        form.dismiss(None)
        form.dismiss(None)
        await driven.settle()
        assert driven.screen_name == "ClientsScreen"


async def test_a_form_that_is_saved_while_the_help_is_open_closes_with_it(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("n")
        form = driven.app.screen
        assert isinstance(form, RecordForm)
        await driven.press("f1")
        assert driven.screen_name == "HelpScreen"
        form.after_save(None)
        await driven.settle()
        assert driven.screen_name == "ClientsScreen"


async def test_a_double_click_in_the_palette_runs_its_command_once(
    driven: AppDriver, people: People, records: Records
) -> None:
    """Undone twice, a change would be lost that nobody meant to take back."""
    for name in ("Anna", "Berta"):
        records.client(full_name=name)
    async with driven.signed_in(people.commercial, size=(80, 40)):
        await driven.press("ctrl+p")
        lines = driven.text.split("\n")
        row = next(row for row, line in enumerate(lines) if " Undo " in line)
        fingers = Fingers(driven)
        fingers.click(lines[row].index("Undo"), row)
        fingers.click(lines[row].index("Undo"), row)
        await fingers.rest()
        await driven.settle()
        assert driven.screen_name == "ClientsScreen"
        assert driven.table.state.total == 1


async def test_keys_typed_in_one_burst_arrive_in_their_order(driven: AppDriver, people: People) -> None:
    text = "The quick brown fox jumps over the lazy dog, 0123456789 times."
    async with driven.signed_in(people.commercial):
        fingers = Fingers(driven)
        fingers.press("n")
        fingers.type(text)
        fingers.press("tab")
        fingers.type(text[::-1])
        await fingers.rest()
        form = driven.app.screen
        assert isinstance(form, RecordForm)
        assert form.values.now()["full_name"] == text
        assert form.values.now()["company"] == text[::-1]


async def test_control_characters_of_a_paste_reach_no_field(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        fingers = Fingers(driven)
        fingers.press("ctrl+p")
        fingers.paste("undo\x1b[2J\x1b]8;;http://example.com\x07\x9b\u202e")
        await fingers.rest()
        assert driven.app.focused is not None
        assert getattr(driven.app.focused, "value", "") == "undo[2J]8;;http://example.com"


async def test_enter_right_behind_the_letters_chooses_what_they_find(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("n")
        form = driven.app.screen
        assert isinstance(form, RecordForm)
        form.values.field("sales_contact_id").control.focus()
        fingers = Fingers(driven)
        fingers.type("bénoit")
        fingers.press("enter", "ctrl+s")
        await fingers.rest()
        assert form.values.now()["sales_contact_id"] == Picked(people.other_commercial.id, "Benoît")
        assert form.values.field("full_name").problem, "Ctrl+S was kept until the picker had closed"


async def test_a_key_right_behind_a_search_or_a_section_acts_on_what_is_found_there(
    driven: AppDriver, people: People, records: Records
) -> None:
    contract = records.contract(records.client(full_name="Anna"))
    for name in ("Berta", "Zoé"):
        records.client(full_name=name)
    async with driven.signed_in(people.commercial):
        fingers = Fingers(driven)
        fingers.type("/zo")
        fingers.press("enter", "e")
        await fingers.rest()
        assert driven.screen_name == "ClientForm"
        assert "Zoé" in driven.text
        fingers.press("escape", "2", "e")
        await fingers.rest()
        assert driven.screen_name == "ContractForm"
        assert contract.number in driven.text


async def test_a_screen_that_is_closed_before_it_was_built_ends_nothing(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        driven.app.push_screen(ChoiceScreen("Sort", [Choice("name", "Name")], "name"))
        driven.app.session.leave("")
        await driven.settle()
        assert driven.screen_name == "LoginScreen"
        assert driven.app._exception is None
