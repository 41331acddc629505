"""Notes at the keyboard: written on a record, read in its details, changed by their author."""

import pytest

from models.enums import NoteKind, RecordKind
from services import clients, formats, notes
from services.crm import Crm
from services.lists.query import Filter, ListQuery
from services.settings import Settings
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.crash_recovery import Person
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.screens.base.form import RecordForm
from tui.widgets.detail.link_list import Links


def write_text(driven: AppDriver, text: str, kind: NoteKind | None = None) -> None:
    """Fill in the form of a note."""
    form = driven.app.screen
    assert isinstance(form, RecordForm), driven.text
    form.values.field("text").value = text
    if kind is not None:
        form.values.field("kind").value = kind.value


def shown_today(crm: Crm) -> str:
    """Today, as lists show a day."""
    return formats.show_date(crm.day_of(crm.database.clock.estimate()))


def shown_notes(driven: AppDriver) -> list[str]:
    """The notes in the details of the record."""
    links = driven.app.screen.query_one(Links).shown
    return [link.text for link in links if link.kind is RecordKind.NOTE]


@sqlite_only
@pytest.mark.parametrize("section", ["1", "2", "3", "4"])
async def test_a_note_is_written_on_each_kind_of_record_by_one_key(
    driven: AppDriver, people: People, records: Records, crm: Crm, section: str
) -> None:
    records.event(support=people.support)
    async with driven.signed_in(people.gestion):
        await driven.press(section, "N")
        await driven.press(*"Quieter")
        await driven.press("ctrl+s")
        assert "Saved." in driven.notices
        assert shown_notes(driven) == ["Quieter"]
    (note,) = notes.list_notes(crm, people.gestion, ListQuery())
    assert note.on[0] is {
        "1": RecordKind.CLIENT, "2": RecordKind.CONTRACT, "3": RecordKind.EVENT, "4": RecordKind.COLLABORATOR,
    }[section]  # fmt: skip


async def test_a_call_shows_in_the_details_and_in_the_list_at_once(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    client = records.client()
    async with driven.signed_in(people.support, (140, 40)):
        await driven.press("N")
        write_text(driven, "Wants a quieter hall.\nCall again.", NoteKind.CALL)
        await driven.press("ctrl+s")
        assert shown_notes(driven) == ["call: Wants a quieter hall. Call again."]
        assert shown_today(crm) in driven.table.render_line(1).text
    today = crm.day_of(crm.database.clock.estimate())
    assert clients.get_client(crm, people.support, client.id).last_contact_date == today


@sqlite_only
async def test_a_note_opens_in_its_section_and_leads_to_its_record_and_back(
    driven: AppDriver, people: People, records: Records
) -> None:
    client = records.client(full_name="Zoé Bar")
    records.note(people.support, client_id=client.id, text="First line\nSecond line")
    async with driven.signed_in(people.support, (140, 40)):
        await driven.press("enter", "down", "down", "down", "enter")
        assert driven.screen_name == "NotesScreen"
        assert "Second line" in driven.text
        await driven.press("enter", "enter")
        assert driven.screen_name == "ClientsScreen"
        await driven.press("escape", "escape")
        assert driven.screen_name == "NotesScreen"
        await driven.press("escape", "escape")
        assert driven.screen_name == "ClientsScreen"


async def test_the_author_changes_trashes_and_restores_a_note(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    note = records.note(people.support, text="One")
    async with driven.signed_in(people.support):
        await driven.press("8", "e")
        write_text(driven, "Two")
        await driven.press("ctrl+s")
        assert notes.get_note(crm, people.support, note.id).text == "Two"
        await driven.press("d", "tab", "enter")
        assert notes.get_note(crm, people.support, note.id).deleted is not None
        await driven.press("f", "3", "r")
        assert notes.get_note(crm, people.support, note.id).deleted is None


@sqlite_only
async def test_the_note_of_another_cannot_be_changed_and_the_keys_say_why(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.note(people.support)
    async with driven.signed_in(people.gestion):
        await driven.press("8", "e")
        assert "Only its author may change this note." in driven.notices
        await driven.press("d")
        assert "Only its author may trash or restore this note." in driven.notices
        await driven.press("n", "N")
        assert "Nothing can be created here." in driven.notices
        assert "Notes are written on clients, contracts, events and collaborators." in driven.notices


@sqlite_only
async def test_a_trashed_record_takes_no_note(driven: AppDriver, people: People, records: Records) -> None:
    client = records.client(full_name="Zoé Bar")
    clients.trash_client(records.crm, people.commercial, client.id)
    async with driven.signed_in(people.commercial):
        await driven.press("f", "4", "N")
        assert "Zoé Bar is in the trash." in driven.notices


async def test_the_notes_on_people_are_hidden_from_others(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.note(people.gestion, collaborator_id=people.support.id, text="Asked for leave")
    async with driven.signed_in(people.support):
        await driven.press("8")
        assert "Asked for leave" not in driven.text
        assert driven.table.state.total == 0


async def test_a_note_is_undone_by_the_key(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    records.note(people.support, text="One")
    async with driven.signed_in(people.support):
        await driven.press("u")  # the note is not in sight, so the key asks
        assert "One" in driven.text
        await driven.press("tab", "enter")
    assert notes.list_notes(crm, people.support, ListQuery()) == []
    trashed = notes.list_notes(crm, people.support, ListQuery(frozenset({Filter.TRASHED})))
    assert [note.text for note in trashed] == ["One"]


@sqlite_only
async def test_a_note_without_text_or_of_tomorrow_is_refused_in_place(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client()
    async with driven.signed_in(people.support):
        await driven.press("N", "ctrl+s")
        assert "This field is required." in driven.text
        write_text(driven, "Later")
        driven.type_into("at", "01/01/2100 12:00")
        await driven.press("ctrl+s")
        assert "A note cannot be of a time in the future." in driven.text


@sqlite_only
async def test_a_note_in_the_palette_opens(driven: AppDriver, people: People, records: Records) -> None:
    records.note(people.support, text="Wants a quieter Orangerie")
    async with driven.signed_in(people.commercial):
        await driven.press("ctrl+p", *"quieter oran")
        await driven.press("down", "enter")
        assert driven.screen_name == "NotesScreen"


@sqlite_only
async def test_the_header_keeps_the_person_at_eighty_columns_and_shows_notes_where_there_is_room(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.gestion):
        assert "Gestion" in driven.text.split("\n")[0]
        assert "8 Notes" not in driven.text
        await driven.press("8")
        assert "8 Notes" in driven.text.split("\n")[0]
        await driven.pilot.resize_terminal(140, 40)
        await driven.press("1")
        assert "8 Notes" in driven.text.split("\n")[0]


@sqlite_only
@pytest.mark.parametrize("section", ["1", "2", "3"])
async def test_a_note_that_was_being_written_is_offered_again(
    settings: Settings, people: People, records: Records, section: str
) -> None:
    event = records.event(support=people.support)
    person = Person(settings, people.support)
    async with person.at_work() as driven:
        await driven.press(section, "N")
        write_text(driven, "Wants a quieter hall.")
    async with person.back() as driven:
        await driven.press("enter")
        await driven.press("ctrl+s")
        assert shown_notes(driven) == ["Wants a quieter hall."]
    (note,) = notes.list_notes(records.crm, people.support, ListQuery())
    assert note.client == event.client


@sqlite_only
async def test_a_change_of_a_note_is_offered_again(
    settings: Settings, people: People, records: Records
) -> None:
    note = records.note(people.support, text="One")
    person = Person(settings, people.support)
    async with person.at_work() as driven:
        await driven.press("8", "e")
        write_text(driven, "Two")
    async with person.back() as driven:
        await driven.press("enter", "ctrl+s")
    assert notes.get_note(records.crm, people.support, note.id).text == "Two"
