"""The palette finds records beside commands, and neither waits for a database that is slow or gone."""

import asyncio
from threading import Event
from typing import Any

import pytest
from textual.command import CommandList, Hit
from textual.events import Click
from textual.widgets import Input

from services import global_search, i18n, saved_views
from services.errors import DatabaseUnavailable
from services.i18n import _
from services.lists.query import presets_of
from tests.support.accounts import People
from tests.support.app_driver import PATIENCE, AppDriver
from tests.support.databases import sqlite_only
from tests.support.errand_kind import create_errand, with_errands
from tests.support.records import Records
from tui import palette_words
from tui.command_palette import Palette
from tui.key_labels import keys_of
from tui.palette_commands import PaletteCommands
from tui.runtime.visible_values import shown_values
from tui.sections import SECTIONS


def _lines(driven: AppDriver) -> list[str]:
    commands = driven.app.screen.query_one(CommandList)
    return [" ".join(str(option.prompt).split()) for option in commands.options]


async def test_a_record_is_found_opened_and_left_again(
    driven: AppDriver, people: People, records: Records
) -> None:
    event = records.event(
        records.contract(records.client(full_name="Zoë Zyskowska"), signed=True), name="Bal"
    )
    records.client(full_name="Anna [/bold]")
    async with driven.signed_in(people.support):
        await driven.press("ctrl+p", *"zysk zo")
        assert _lines(driven) == [
            f"Zoë Zyskowska {records_email(driven)} Client",
            f"{event.contract_number} Zoë Zyskowska Contract",
            "Bal Zoë Zyskowska Event",
        ]
        await driven.press("down", "down", "enter")
        assert driven.screen_name == "EventsScreen"
        assert driven.current == event
        assert "Events ‹ zysk zo" in driven.text
        await driven.press("escape")
        assert driven.screen_name == "ClientsScreen"
        await driven.press("ctrl+p", *"[/bold")
        assert "Anna [/bold]" in driven.text


def records_email(driven: AppDriver) -> str:
    hits = global_search.search_everywhere(driven.app.crm, driven.app.actor, "zyskowska")
    return hits[0].detail


@sqlite_only
async def test_a_click_beyond_a_terminal_that_has_shrunk_does_nothing(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("ctrl+p")
        palette = driven.app.screen
        palette.post_message(Click(palette, 7, 99, 0, 0, 1, False, False, False, 7, 99))
        await driven.settle()
        assert driven.app.screen is palette
        palette.post_message(Click(palette, 12, 0, 0, 0, 1, False, False, False, 12, 0))
        await driven.settle()
        assert driven.screen_name == "ClientsScreen", "a click beside the palette closes it"


async def test_who_may_not_read_the_team_does_not_find_it(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("ctrl+p", *"martinez")
        assert _lines(driven) == ["Sofia Martínez sofia-m Collaborator"]
        await driven.press("enter")
        assert driven.current.username == "sofia-m"
        assert driven.screen_name == "TeamScreen"
    async with driven.signed_in(people.support):
        await driven.press("ctrl+p", *"martinez")
        assert _lines(driven) == []


@sqlite_only
async def test_commands_of_that_name_come_before_records_and_others_after_them(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(full_name="Undine Ortega", company="Sortir")
    async with driven.signed_in(people.commercial):
        await driven.press("ctrl+p", *"und")
        lines = _lines(driven)
        assert "Undine Ortega" in lines[1]
        assert lines[0].startswith("Undo")
        await driven.press(*["backspace"] * 3, *"ort")
        lines = _lines(driven)
        assert "Undine Ortega" in lines[0]
        assert any("Sort" in line for line in lines[1:])


async def test_commands_are_there_while_a_database_is_slow_and_the_choice_stays(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.client(full_name="Undine")
    answers, search = Event(), global_search.search_everywhere

    def slow(*asked: Any) -> list[global_search.Hit]:
        answers.wait(20)
        return search(*asked)

    monkeypatch.setattr(global_search, "search_everywhere", slow)
    async with driven.signed_in(people.commercial):
        await driven.press("ctrl+p")
        driven.app.screen.query_one(Input).value = "un"
        commands = driven.app.screen.query_one(CommandList)
        await driven.until(lambda: commands.option_count >= 2 and "Undo" in _lines(driven)[0])
        commands.highlighted = 1
        chosen = commands.highlighted_option
        answers.set()
        await driven.settle()
        assert any("Undine" in line for line in _lines(driven))
        assert commands.highlighted_option is chosen


@sqlite_only
async def test_commands_are_found_by_what_is_typed_before_the_views_are_read(
    driven: AppDriver, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each key cancels the search of the key before, while the views are still being read."""
    read, list_views = Event(), saved_views.list_views

    def slow(*arguments: Any, **options: Any) -> Any:
        read.wait(PATIENCE)
        return list_views(*arguments, **options)

    monkeypatch.setattr(saved_views, "list_views", slow)
    async with driven.signed_in(people.commercial):
        driven.type_ahead("ctrl+p", *"unpa", "i", "d")
        await driven.until(lambda: isinstance(driven.app.screen, Palette) and "unpaid" in driven.text)
        await driven.until(lambda: "My contracts not fully paid" in driven.text)
        read.set()
        await driven.press("enter")
        assert driven.screen_name == "ContractsScreen"


async def test_a_database_that_is_gone_leaves_the_commands(
    driven: AppDriver, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_asked: Any) -> list[global_search.Hit]:
        raise DatabaseUnavailable

    monkeypatch.setattr(global_search, "search_everywhere", gone)
    async with driven.signed_in(people.commercial):
        await driven.press("ctrl+p", *"undo")
        assert _lines(driven)[0].startswith("Undo")
        await driven.press(*"zzzz")
        assert _lines(driven) == []


@sqlite_only
async def test_a_form_is_not_left_for_a_record(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.client(full_name="Undine")
    async with driven.signed_in(people.commercial):
        await driven.press("n", "ctrl+p", *"undine")
        assert _lines(driven) == []
        await driven.press("escape")
        assert driven.screen_name == "ClientForm"


@sqlite_only
async def test_records_in_the_palette_are_among_what_must_not_leave(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.contract(records.client(full_name="Zoë Zyskowska"))
    async with driven.signed_in(people.commercial):
        await driven.press("ctrl+p", *"zysk")
        assert {"Zoë Zyskowska", "zysk"} <= set(shown_values(driven.app))


@sqlite_only
async def test_a_search_that_a_newer_one_replaced_is_waited_for_no_longer(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.support):
        await driven.press("ctrl+p")
        palette = driven.app.screen
        assert isinstance(palette, Palette)
        searches = [asyncio.ensure_future(palette._find(letter)) for letter in "ab"]
        done, waiting = await asyncio.wait(searches, timeout=PATIENCE)
        assert (len(done), len(waiting)) == (2, 0)


@sqlite_only
async def test_a_command_chosen_for_a_form_that_has_closed_since_does_nothing(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(full_name="Anna Blanc")
    async with driven.signed_in(people.commercial):
        await driven.press("n")
        form = driven.app.screen
        await driven.press("ctrl+p", *"save")
        [save] = [key for key in keys_of(form) if key.active.binding.action == "save"]
        await driven.press("escape", "escape")
        assert driven.screen_name == "ClientsScreen"
        assert not await driven.app.run_action(save.active.binding.action, save.active.node)
        await driven.press("j")
        assert driven.app._exception is None


@sqlite_only
async def test_a_kind_without_a_section_is_found_and_shown_with_its_parent(
    driven: AppDriver, people: People, records: Records
) -> None:
    client = records.client(full_name="Anna Blanc")
    with with_errands(records.crm):
        create_errand(records.crm, people.commercial, client.id, "Book the Orangerie")
        async with driven.signed_in(people.commercial):
            await driven.press("ctrl+p", *"orang")
            assert _lines(driven) == ["Book the Orangerie errand Errand"]
            await driven.press("enter")
            assert driven.screen_name == "ClientsScreen"
            assert driven.current.id == client.id


# Commands by everyday words, in both languages whatever that of the screen

WORDS = [
    ("nouveau client", "New client"),
    ("new customer", "New client"),
    ("NOUVEAU CLIENT", "New client"),
    ("créer un contrat", "New contract"),
    ("nouvel évènement", "New event"),
    ("log out", "Sign out"),
    ("logout", "Sign out"),
    ("deconnexion", "Sign out"),
    ("se déconnecter", "Sign out"),
    ("quitter", "Quit"),
    ("exit", "Quit"),
    ("dark", "Switch theme"),
    ("thème sombre", "Switch theme"),
    ("mot de passe", "Change password"),
    ("mdp", "Change password"),
    ("aide", "Help"),
    ("raccourcis", "Help"),
    ("annuler la dernière", "Undo"),
    ("rétablir", "Redo"),
    ("supprimer", "Trash"),
    ("delete", "Trash"),
    ("chercher", "Search"),
    ("trier", "Sort"),
    ("clients", "Clients"),
    ("unpaid", "Contracts: My contracts not fully paid"),
    ("impayés", "Contracts: My contracts not fully paid"),
    ("impayes", "Contracts: My contracts not fully paid"),
    ("contrats non signés", "Contracts: My contracts unsigned"),
    ("corbeille clients", "Clients: In the trash"),
    ("relancer", "Clients: My clients not contacted for 30 days"),
]


@sqlite_only
@pytest.mark.parametrize("language", ["en", "fr"])
async def test_commands_are_found_by_everyday_words_of_both_languages(
    driven: AppDriver, people: People, records: Records, language: str
) -> None:
    records.client()
    async with driven.signed_in(people.commercial):
        i18n.activate(language)
        wrong = {}
        for typed, label in WORDS:
            section, _colon, name = label.rpartition(": ")
            shown = f"{_(section)}: {_(name)}" if section else _(name)
            found = await _found(driven, typed)
            if shown not in [text.replace("\u00a0:", ":") for text in found[:3]]:
                wrong[typed] = (shown, found[:5])
        assert not wrong


async def _found(driven: AppDriver, typed: str) -> list[str]:
    """The labels that the palette would show, best first."""
    search = PaletteCommands(driven.app.screen).search(typed)
    hits = [hit async for hit in search if isinstance(hit, Hit)]
    return [hit.text or "" for hit in sorted(hits, key=lambda hit: -hit.score)]


@sqlite_only
async def test_a_filter_of_another_section_is_applied_from_anywhere(
    driven: AppDriver, people: People, records: Records
) -> None:
    paid, unpaid = records.contract(total="10.00", signed=True), records.contract()
    records.payment(paid, "10.00")
    async with driven.signed_in(people.commercial):
        await driven.press("2", "slash", *"nothing", "1", "escape", "escape", "1")
        await driven.press("ctrl+p", *"unpaid", "enter")
        assert driven.screen_name == "ContractsScreen"
        assert "My contracts not fully paid" in driven.text
        assert [driven.table.state.total, driven.current.id] == [1, unpaid.id]


@sqlite_only
async def test_a_record_is_created_from_any_section_also_from_the_details_of_another(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client()
    async with driven.signed_in(people.commercial):
        await driven.press("3", "ctrl+p", *"new client", "enter")
        assert driven.screen_name == "ClientForm"
        await driven.press("escape")
        assert driven.screen_name == "ClientsScreen"
        await driven.press("enter", "ctrl+p", *"new client", "enter")
        assert driven.screen_name == "ClientForm"


@sqlite_only
async def test_commands_that_lead_nowhere_for_a_person_say_why(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.support):
        await driven.press("ctrl+p", *"new client")
        assert _lines(driven)[0].endswith("Only Commercial and Gestion create clients.")
        await driven.press("enter")
        assert "Only Commercial and Gestion create clients." in driven.notices
        assert driven.screen_name == "ClientsScreen"
        await driven.press("ctrl+p", *"by load")
        assert _lines(driven)[0].endswith("Only Gestion manages the team.")
        await driven.press("escape", "ctrl+p", *"unpaid")
        lines = _lines(driven)
        assert any(line.endswith("This filter is for Commercial.") for line in lines), lines
        await driven.press("enter")
        assert driven.screen_name == "ClientsScreen"
        assert "This filter is for" in driven.notices


@sqlite_only
async def test_a_form_offers_its_own_keys_alone(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("n", "ctrl+p", *"client")
        assert _lines(driven) == []


def test_every_everyday_word_belongs_to_a_command() -> None:
    presets = {f"{s.kind}.{preset.key}" for s in SECTIONS if s.kind for preset in presets_of(s.kind)}
    assert set(palette_words.OF_PRESETS) <= presets
