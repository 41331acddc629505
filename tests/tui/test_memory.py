"""What a person chose is there at the next sign-in; whatever is stored, each section opens."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from models.enums import Department, RecordKind
from models.write_models import ViewCreate
from services import saved_views
from services.crm import Crm
from services.errors import DatabaseUnavailable
from services.lists.own_filters import Comparison, Condition, OwnFilter
from services.lists.query import presets_for, sorts_under
from services.preferences import (
    LAYOUTS,
    ListPreference,
    Preferences,
    preferences_of,
    read_preferences,
    write_preferences,
)
from services.settings import Settings
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.palette_commands import _screen_class
from tui.screens.base.list_controller import QueryState
from tui.screens.base.section_memory import SectionMemory
from tui.sections import SECTIONS

SCREENS = [_screen_class(section) for section in SECTIONS if section.is_list]


def state_of(driven: AppDriver) -> QueryState:
    """The query of the list on screen."""
    state: QueryState = driven.app.screen.records.state  # type: ignore[attr-defined]
    return state


def shows_details(driven: AppDriver) -> bool:
    """Whether the details are on screen."""
    return bool(driven.app.screen.query_one("#detail-pane").display)


def columns_of(driven: AppDriver) -> list[str]:
    """The keys of the columns of the list on screen."""
    return [column.key for column in driven.table.lines.columns]


@sqlite_only
async def test_everything_is_found_again_by_that_person_alone(
    settings: Settings, people: People, records: Records, crm: Crm
) -> None:
    records.contract(records.client())
    async with AppDriver(settings).signed_in_by_form(people.gestion) as driven:
        await driven.press("2", "f", "3", "s", "1")
        left = state_of(driven).preset_key, state_of(driven).order
        await driven.press("H", "J", "j", "space", "enter")
        shown, theme_before = columns_of(driven), driven.app.theme
        await driven.press("w", "ctrl+t", "M", "1", "4", "escape")
        theme = driven.app.theme
        await driven.press("L", "tab", "enter")
        assert driven.app.theme == theme_before, "the colours went with the person"
        await _sign_in(driven, people.other_gestion.username)
        assert driven.screen_name == "ClientsScreen"
        await driven.press("2")
        assert columns_of(driven) != shown
        assert driven.app.theme == theme_before
    assert left == ("overdue", ("client_name", False))
    assert shown[0] == "client_name"
    found = read_preferences(crm, people.gestion)
    assert found.lists["contracts"] == ListPreference(left[0], left[1], tuple(shown), "list")
    assert (found.theme, found.start) == (theme, "contracts")
    async with AppDriver(settings).signed_in(people.gestion) as driven:
        assert driven.screen_name == "ContractsScreen"
        assert (state_of(driven).preset_key, state_of(driven).order) == left
        assert columns_of(driven) == shown
        assert driven.app.theme == theme
        assert not shows_details(driven)
    assert read_preferences(crm, people.gestion) == found


async def _sign_in(driven: AppDriver, username: str) -> None:
    driven.fill("#username", username)
    driven.fill("#password", PASSWORD)
    await driven.press("enter")


@sqlite_only
async def test_a_list_that_a_link_or_a_figure_opened_and_the_trash_are_not_remembered(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    records.event(contract=records.contract(records.client(), signed=True))
    async with driven.signed_in(people.commercial):
        await driven.press("2", "f", "2", "w", "1", "enter", "enter")
        assert state_of(driven).origin is not None
        assert shows_details(driven), "what a link opens is shown with its details"
        await driven.press("1", "2")
        assert not shows_details(driven)
        assert state_of(driven).preset_key == "mine", "the person's own list, not the one of the section"
        trash = len(presets_for(RecordKind.CONTRACT, people.commercial.department))
        await driven.press("f", str(trash))
        assert state_of(driven).in_trash
        await driven.press("0", "enter")
        assert state_of(driven).preset_key == "not_contacted", "the list of a figure of Today"
        await driven.press("escape", "1")
        assert state_of(driven).preset_key == "all"
    left = read_preferences(crm, people.commercial).lists
    assert left["contracts"].preset == "mine"
    assert "clients" not in left or left["clients"].preset != "not_contacted"


@sqlite_only
async def test_a_list_that_today_opened_is_not_remembered_until_it_is_chosen(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    records.contract(records.client())
    async with driven.signed_in_by_form(people.commercial):
        await driven.press("2", "f", "2", "0", "tab", "enter")
        assert state_of(driven).preset_key == "own"
        await driven.press("s", "1")
        assert driven.app.session.memory.list_of("contracts").preset == "mine"
        await driven.press("f", "3", "s", "1", "L", "tab", "enter")
    assert read_preferences(crm, people.commercial).lists["contracts"].preset == "unsigned"


@sqlite_only
async def test_while_the_database_is_away_choices_are_kept_without_a_word(
    driven: AppDriver, people: People, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_what: object) -> None:
        raise DatabaseUnavailable(cause="unreachable")

    monkeypatch.setattr("tui.person_memory._SOON", 0.001)
    async with driven.signed_in(people.gestion):
        with monkeypatch.context() as gone:
            gone.setattr("services.preferences.write_preferences", away)
            await driven.press("w")
            await driven.settle()
            assert driven.notices == "List alone"
            assert driven.screen_name == "ClientsScreen"
        await driven.press("2", "1")
        assert not shows_details(driven)
    assert read_preferences(crm, people.gestion).lists["clients"].layout == "list"


# What the database may hold

KEYS = sorted({column.key for screen in SCREENS for column in screen.COLUMNS})
SORTS = sorted({column.sort for screen in SCREENS for column in screen.COLUMNS})
PRESETS = sorted(
    {preset.key for each in Department for screen in SCREENS if screen.KIND for preset in
     presets_for(screen.KIND, each)}
)  # fmt: skip
WORD = st.sampled_from([*KEYS, *SORTS, *PRESETS, *LAYOUTS, "view:12", "__class__"]) | st.text(max_size=6)
ANYTHING = st.none() | st.integers() | WORD | st.lists(WORD | st.booleans() | st.lists(WORD), max_size=5)
STORED = st.fixed_dictionaries(
    {},
    optional={
        "preset": st.sampled_from(PRESETS) | ANYTHING,
        "sort": st.tuples(st.sampled_from(SORTS), st.booleans()) | ANYTHING,
        "columns": st.lists(st.sampled_from(KEYS)) | ANYTHING,
        "layout": ANYTHING,
    },
)


@given(st.sampled_from(SCREENS), st.sampled_from(Department), STORED | ANYTHING)
def test_whatever_is_stored_a_section_opens_with_a_list_that_can_be_read(
    screen: Any, department: Department, stored: object
) -> None:
    left = preferences_of({"list.x": json.dumps(stored)}).lists["x"]
    presets = presets_for(screen.KIND, department) if screen.KIND else []
    state = QueryState(screen.DEFAULT_SORT, screen.PARENTS)
    memory = _memory_of(screen, department, left, SimpleNamespace(state=state, presets=lambda: presets))
    memory.start(then=lambda: None)
    memory.note()
    assert memory.shown
    keys = [column.key for column in memory.shown]
    assert len(set(keys)) == len(keys)
    if screen.KIND:
        assert state.query.sort in ("", *sorts_under(screen.KIND, state.query.filters))
        assert state.preset_key in {preset.key for preset in presets}
    if left.preset in {preset.key for preset in presets}:
        assert state.preset_key == left.preset


def _memory_of(screen: Any, department: Department, left: ListPreference, records: Any) -> SectionMemory:
    kept = SimpleNamespace(list_of=lambda _name: left)
    app = SimpleNamespace(session=SimpleNamespace(memory=kept), viewer=SimpleNamespace(department=department))
    names = ("NAME", "KIND", "COLUMNS", "DEFAULT_SORT", "HOME")
    section = SimpleNamespace(
        screen=SimpleNamespace(app=app), **{name: getattr(screen, name) for name in names}
    )
    return SectionMemory(section, records)  # type: ignore[arg-type]


@sqlite_only
@pytest.mark.parametrize("is_saved", [True, False], ids=["a view", "not saved"])
async def test_a_filter_of_ones_own_is_found_again(
    settings: Settings, people: People, records: Records, crm: Crm, is_saved: bool
) -> None:
    records.client(full_name="Ada Byron")
    grace = records.client(full_name="Grace Hopper")
    own = OwnFilter((Condition("full_name", Comparison.BEGINS, "Gra"),))
    key, conditions = saved_views.OWN, own.to_json()
    if is_saved:
        command = build(ViewCreate, {"name": "[b]Gr", "listed": "client", "conditions": conditions})
        view = saved_views.create_view(crm, people.commercial, command)
        key, conditions = f"view:{view.id}", ""
    left = ListPreference(key, ("", True), conditions=conditions)
    write_preferences(crm, people.commercial, Preferences(lists={"clients": left}), "clients")
    async with AppDriver(settings).signed_in(people.commercial) as driven:
        assert (state_of(driven).preset_key, driven.current.id) == (key, grace.id)
        assert driven.table.row_count == 1
        assert ("[b]Gr" if is_saved else "Own filter") in driven.text
        await driven.press("f", "1")
        assert state_of(driven).preset_key == "all"
    assert read_preferences(crm, people.commercial).lists["clients"].preset == "all"


@sqlite_only
async def test_every_section_opens_on_what_another_program_wrote(
    driven: AppDriver, people: People, crm: Crm
) -> None:
    strange = {"preset": "view:99", "sort": ["nothing", True], "columns": ["gone"], "layout": "round"}
    rows = [
        {"person": people.gestion.id, "name": f"list.{section.name}", "value": json.dumps(strange)}
        for section in SECTIONS
    ]
    rows.append({"person": people.gestion.id, "name": "general", "value": '{"theme": "x", "start": "y"}'})
    with crm.database.write() as connection:
        connection.execute(text("INSERT INTO person_preference VALUES (:person, :name, 1, :value)"), rows)
    async with driven.signed_in(people.gestion):
        for section in (each for each in SECTIONS if each.is_list):
            await driven.press(section.key)
            assert type(driven.app.screen) is _screen_class(section)
            assert columns_of(driven)
        assert driven.notices == ""
