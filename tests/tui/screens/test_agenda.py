"""The agenda on screen: its views, the way through them, conflicts, and the keys that act on an event."""

import time
from datetime import date, timedelta

import pytest
from textual.widgets import OptionList, Static

from models.write_models import EventUpdate
from services import agenda, clock, events, i18n
from services.agenda import View
from services.crm import Crm
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import NOON, Records
from tests.tui.test_hostile_text import check
from tui.places import AgendaPlace
from tui.screens.agenda import AgendaScreen, moved, turned
from tui.screens.agenda_drawing import LineVisual

HOUR = timedelta(hours=1)
BLOIS, PARIS = "1 rue X, 41000 Blois", "2 rue Y, 75011 Paris"


@pytest.fixture(autouse=True)
def _today_is_the_day_of_the_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock.Clock, "estimate", lambda _clock: NOON)


def _title(driven: AppDriver) -> str:
    return str(driven.app.screen.query_one(".dialog").border_title)


def _cursor(driven: AppDriver) -> str:
    options = driven.app.screen.query_one("#agenda-events", OptionList)
    assert options.highlighted is not None
    prompt = options.get_option_at_index(options.highlighted).prompt
    assert isinstance(prompt, LineVisual)
    return prompt.draw(100).plain


def _note(driven: AppDriver) -> str:
    return str(driven.app.screen.query_one("#agenda-note", Static).render())


def _fill(records: Records, people: People) -> None:
    """Tuesday 15 June: a gala and a ball at once, a fair too near; on Thursday one without support."""
    support = people.support
    records.event(name="Gala [/bold]", start=NOON, end=NOON + 4 * HOUR, location=BLOIS, support=support)
    records.event(name="Ball", start=NOON + HOUR, end=NOON + 2 * HOUR, location=BLOIS, support=support)
    records.event(name="Fair", start=NOON + 5 * HOUR, end=NOON + 6 * HOUR, location=PARIS, support=support)
    records.event(name="Lone", start=NOON + 48 * HOUR, end=NOON + 49 * HOUR, location=PARIS)


async def test_a_week_shows_each_day_with_its_events_and_their_conflicts_in_words(
    driven: AppDriver, people: People, records: Records
) -> None:
    _fill(records, people)
    async with driven.signed_in(people.gestion, (110, 40)):
        await driven.press("3", "A")
        assert _title(driven) == "Agenda · 14/06/2027 – 20/06/2027 · Everybody"
        assert "Monday 14 June 2027: no event" in driven.text
        assert "14:00–18:00  ! Gala [/bold]" in driven.text
        assert "16:00" in driven.text
        assert "14:00–15:00    Lone" in driven.text
        assert "no support" in driven.text
        assert "Gala" in _cursor(driven)
        assert "! at the same time: Ball, 15/06/2027 15:00 to 15/06/2027 16:00" in _note(driven)
        assert "! 1 h before Fair, the way takes 4 h" in _note(driven)
        assert BLOIS in _note(driven)
        await driven.press("down", "down")
        assert "19:00–20:00  ! Fair" in _cursor(driven)
        await driven.press("j", "down")
        assert "Lone" in _cursor(driven)
        await driven.press("k", "up")
        assert "Fair" in _cursor(driven)


@sqlite_only
async def test_the_arrows_go_through_days_weeks_and_months(
    driven: AppDriver, people: People, records: Records
) -> None:
    _fill(records, people)
    async with driven.signed_in(people.support):
        await driven.press("3", "A", "right")
        assert "Wednesday 16 June 2027: no event" in _cursor(driven)
        await driven.press("pagedown")
        assert "21/06/2027 – 27/06/2027" in _title(driven)
        assert "Wednesday 23 June 2027" in _cursor(driven)
        await driven.press("v")
        assert "June 2027" in _title(driven)
        assert "15 (3)!" in driven.text
        assert "17 (1) " in driven.text
        assert "▸23" in driven.text
        await driven.press("up", "left")
        assert "Gala" in _cursor(driven)
        await driven.press("j")
        assert "Ball" in _cursor(driven)
        assert "▸15 (3)!" in driven.text
        await driven.press("pageup")
        assert "May 2027" in _title(driven)
        assert "▸15" in driven.text
        assert "No event on this day. ← →: another day" in driven.text
        await driven.press("v")
        assert "Saturday 15 May 2027" in _title(driven)
        await driven.press("home")
        assert "Tuesday 15 June 2027" in _title(driven)
        assert "Gala" in _cursor(driven)
        await driven.press("v", "escape")
        assert driven.screen_name == "EventsScreen"


@sqlite_only
async def test_typed_ahead_keys_wait_for_the_events(
    driven: AppDriver, people: People, records: Records
) -> None:
    _fill(records, people)
    async with driven.signed_in(people.gestion):
        await driven.press("3")
        driven.type_ahead("A", "pagedown", "pageup", "v", "v", "right", "right", "enter")
        await driven.settle()
        assert driven.screen_name == "EventsScreen"
        assert driven.current.name == "Lone"


@sqlite_only
async def test_enter_opens_the_event_and_escape_comes_back_to_its_place(
    driven: AppDriver, people: People, records: Records
) -> None:
    _fill(records, people)
    async with driven.signed_in(people.support):
        await driven.press("3", "A", "f", "1", "v", "j", "enter")
        assert driven.current.name == "Ball"
        await driven.press("escape")
        assert "June 2027" in _title(driven)
        assert "Ball" in _cursor(driven)
        await driven.press("escape")
        assert driven.screen_name == "EventsScreen"
        assert driven.table.row_count == 3  # the list that support began with


async def test_support_is_assigned_from_the_agenda(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    event = records.event(name="Lone")
    async with driven.signed_in(people.gestion):
        await driven.press("3", "A", "a", "enter", *"sofia", "enter", "ctrl+s")
        assert isinstance(driven.app.screen, AgendaScreen)
        assert "Sofia Martínez" in driven.text
        await driven.press("c")
        assert "✓ Support" in driven.text
        await driven.press("escape", "escape")
        assert driven.current.support_contact == "sofia-m"
    assert events.get_event(crm, people.gestion, event.id).support_contact_id == people.support.id


@sqlite_only
async def test_what_a_chain_changes_is_shown(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    records.event(name="Lone")
    async with driven.signed_in(people.gestion):
        await driven.press("3", "A", "c", "a", "enter", *"sofia", "enter", "ctrl+s", "escape")
        assert isinstance(driven.app.screen, AgendaScreen)
        assert "Sofia Martínez" in driven.text


@sqlite_only
async def test_who_may_not_assign_is_told_who_may_and_an_empty_day_opens_nothing(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.event()
    async with driven.signed_in(people.support):
        await driven.press("3", "f", "1", "A", "a")
        assert "Only Gestion assigns the support contact." in driven.notices
        await driven.press("right", "enter")
        assert isinstance(driven.app.screen, AgendaScreen)
        assert "There is no event on this line." in driven.notices


@sqlite_only
@pytest.mark.parametrize(
    ("who", "keys", "shown", "title"),
    [
        ("commercial", ("2",), {"One"}, "My events"),
        ("support", ("2",), {"Two"}, "My events"),
        ("support", ("3",), {"One"}, "Without support"),
        ("gestion", ("2",), {"One"}, "Without support"),
        ("gestion", ("3", *"sean", "enter"), {"Three"}, "sean_ob"),
        ("gestion", ("3", *"claire", "enter"), {"One"}, "claire_d"),
    ],
)
async def test_the_filter_shows_ones_own_those_without_support_or_one_person(
    driven: AppDriver, people: People, records: Records,
    who: str, keys: tuple[str, ...], shown: set[str], title: str,
) -> None:  # fmt: skip
    others = records.client(people.other_commercial)
    records.event(name="One")
    records.event(records.contract(others, signed=True), name="Two", support=people.support)
    records.event(records.contract(others, signed=True), name="Three", support=people.other_support)
    async with driven.signed_in(getattr(people, who)):
        await driven.press("3", "f", "1", "A", "f", *keys)
        assert {name for name in ("One", "Two", "Three") if f"  {name} " in driven.text} == shown
        assert _title(driven).endswith(title)


@sqlite_only
async def test_an_empty_crm_opens_the_agenda_on_today(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("3", "A")
        assert "Tuesday 15 June 2027: no event" in _cursor(driven)


@sqlite_only
@pytest.mark.parametrize("view", [0, 1, 2])
async def test_hostile_names_are_drawn_as_text_at_every_size(
    driven: AppDriver, people: People, records: Records, view: int
) -> None:
    names = ("Gala [/bold] [red]x", "漢" * 200, "👩\u200d👩\u200d👧 👍🏽 " * 20, "N" * 200)
    for name in names:
        records.event(name=name, location="[/] " + "L" * 200, support=people.support)
    async with driven.signed_in(people.gestion):
        await driven.press("3", "A", *["v"] * view)
        for size in ((40, 10), (140, 40), (20, 5), (80, 24)):
            await driven.pilot.resize_terminal(*size)
            await driven.settle()
            if size != (20, 5):
                check(driven)
            await driven.press("down", "right", "left", "end")
        assert isinstance(driven.app.screen, AgendaScreen)
        if view != 1:
            assert "14:00–18:00  !" in driven.text


@sqlite_only
async def test_a_cut_agenda_says_so(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda, "MOST", 2)
    for hour in range(4):
        records.event(start=NOON + hour * HOUR, end=NOON + (hour + 1) * HOUR)
    async with driven.signed_in(people.gestion):
        await driven.press("3", "A")
        assert "2 later events are not shown" in driven.text


@sqlite_only
async def test_a_refresh_keeps_the_cursor_on_its_event(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    _fill(records, people)
    fair = records.event(name="Late", start=NOON + 7 * HOUR, end=NOON + 8 * HOUR, support=people.support)
    async with driven.signed_in(people.gestion):
        await driven.press("3", "A", "down", "down", "down")
        assert "Late" in _cursor(driven)
        events.update_event(crm, people.support, fair.id, EventUpdate(start=NOON - HOUR))
        await driven.press("ctrl+r")
        assert "13:00–22:00  ! Late" in _cursor(driven)


@sqlite_only
async def test_the_agenda_speaks_french(driven: AppDriver, people: People, records: Records) -> None:
    i18n.activate("fr")
    _fill(records, people)
    async with driven.signed_in(people.gestion, (110, 40)):
        await driven.press("3", "A")
        assert _title(driven) == "Agenda · 14/06/2027 – 20/06/2027 · Tout le monde"
        assert "lundi 14 juin 2027 : aucun événement" in driven.text
        assert "! en même temps : Ball, du 15/06/2027 15:00 au 15/06/2027 16:00" in _note(driven)


def test_a_place_moves_within_the_calendar() -> None:
    place = AgendaPlace(date(2027, 1, 31), 5, View.MONTH)
    assert turned(place, 1).day == date(2027, 2, 28)
    assert turned(place, -1).day == date(2026, 12, 31)
    assert turned(AgendaPlace(date(2027, 1, 31)), 1).day == date(2027, 2, 7)
    assert moved(place, -1) == AgendaPlace(date(2027, 1, 30), None, View.MONTH)
    for day, step in ((agenda.FIRST_DAY, -1), (agenda.LAST_DAY, 1)):
        for view in View:
            place = AgendaPlace(day, view=view)
            assert moved(place, step).day == day
            assert turned(place, step).day == day or view is View.MONTH
            agenda.View(view).days_around(turned(place, step).day or day)


@sqlite_only
async def test_hours_name_the_zone_of_a_reader_elsewhere(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(records, people)
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        async with driven.signed_in(people.gestion, (110, 40)):
            await driven.press("3", "A")
            assert "08:00–12:00 EDT" in driven.text
    finally:
        monkeypatch.undo()
        time.tzset()
