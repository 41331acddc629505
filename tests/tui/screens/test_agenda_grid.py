"""The agenda as a grid of hours at large sizes, and how it follows the changes of others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.widgets import OptionList

from models.read_models import EventRead
from models.write_models import EventUpdate
from services import clock, events, i18n
from services.agenda import Agenda, Entry
from services.crm import Crm
from services.validation import build
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.local_zone import living_in
from tests.support.records import NOON, Records
from tui.screens.agenda import AgendaScreen
from tui.screens.agenda_grid import PARTS, GridDrawing, draw_row
from tui.screens.agenda_layout import Column, Scale, columns_of_day, columns_of_week

HOUR = timedelta(hours=1)
LARGE = (140, 40)
STYLES = {part: Style() for part in PARTS}
BLANK = {
    "id": 0, "version": 1, "name": "", "contract": 1, "contract_number": "", "client": 1, "client_name": "",
    "client_contact": "", "client_email": "", "client_phone": "", "sales_contact_id": 1,
    "time_zone": "Europe/Paris", "support_contact_id": None, "support_contact": "",
    "support_contact_name": "", "support_note": "", "location": "", "attendees": 0, "notes": "",
    "created": NOON, "updated": NOON, "deleted": None,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today_is_the_day_of_the_events(monkeypatch: pytest.MonkeyPatch) -> None:
    i18n.activate("en")
    monkeypatch.setattr(clock.Clock, "estimate", lambda _clock: NOON)


def _event(number: int, start: datetime, end: datetime, **values: Any) -> EventRead:
    return EventRead(**{**BLANK, "id": number, "name": f"E{number}", **values, "start": start, "end": end})


def _columns(found: Sequence[EventRead], days: Sequence[date]) -> list[Column]:
    entries = [Entry(each, None) for each in found]
    by_day = {day: [each for each in entries if _touches(each.event, day)] for day in days}
    numbered = [(day, each.event.id) for day, on in by_day.items() for each in on]
    return columns_of_week(Agenda(entries, by_day, 0), days, {key: n for n, key in enumerate(numbered)})


def _touches(event: EventRead, day: date) -> bool:
    return event.start.astimezone().date() <= day <= (event.end - timedelta(seconds=1)).astimezone().date()


def _drawn(columns: Sequence[Column], cursor: int | None, size: tuple[int, int] = (134, 31)) -> list[str]:
    width, height = size
    drawing = GridDrawing(columns, width, height)
    return [draw_row(row, drawing.lefts, width, STYLES).text for row in drawing.rows(cursor)]


parties = st.lists(
    st.tuples(st.integers(-30, 24 * 7 * 4 - 1), st.sampled_from([1, 2, 4, 9, 20, 96, 97, 200])), max_size=25
)


@settings(max_examples=40)
@given(
    parties, st.sampled_from([date(2027, 6, 14), date(2027, 3, 22), date(2027, 10, 25)]),
    st.sampled_from(["Europe/Paris", "America/St_Johns"]), st.integers(15, 40), st.integers(14, 30),
)  # fmt: skip
def test_each_event_of_a_day_is_in_one_block_in_the_rows_of_its_hours(
    drawn: list[tuple[int, int]], monday: date, zone: str, rows: int, width: int
) -> None:
    scale = Scale.within(rows)
    assert scale is not None
    with living_in(zone):
        begin = datetime(monday.year, monday.month, monday.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        found = [
            _event(n, begin + start * HOUR / 4, begin + (start + length) * HOUR / 4)
            for n, (start, length) in enumerate(drawn, start=1)
        ]
        for column in _columns(found, [monday + timedelta(days=n) for n in range(7)]):
            blocks = column.blocks(scale, width)
            shown = [spot.index for block in blocks for spot in block.spots]
            assert sorted([*shown, *column.whole_days]) == sorted(column.entries)
            taken = [(row, block.lane) for block in blocks for row in range(block.top, block.bottom)]
            assert len(taken) == len(set(taken)), "no two blocks share a cell"
            for block in blocks:
                assert 0 <= block.lane < block.lanes
                for spot in block.spots:
                    assert 0 <= spot.top < spot.bottom <= scale.rows
                    start = spot.entry.event.start.astimezone()
                    minute = start.hour * 60 + start.minute if start.date() == column.day else 0
                    assert spot.top == sum(
                        scale.row_of(each) < scale.row_of(minute) for each in _row_starts(scale)
                    )


def _row_starts(scale: Scale) -> list[int]:
    rows = [scale.row_of(minute) for minute in range(1440)]
    return [0, *(minute for minute, (one, two) in enumerate(pairwise(rows), start=1) if one != two)]


@pytest.mark.parametrize("rows", range(15, 34))
def test_a_scale_has_a_row_for_each_minute_and_fits_its_room(rows: int) -> None:
    scale = Scale.within(rows)
    assert scale is not None
    assert scale.rows <= rows
    assert {scale.row_of(minute) for minute in range(1440)} == set(range(scale.rows))
    assert len(scale.labels()) == scale.rows
    assert scale.labels()[0] == "00:00"
    assert Scale.within(14) is None


def test_three_hundred_events_of_a_week_are_drawn_and_each_can_be_told_at_the_cursor() -> None:
    monday = datetime(2027, 6, 14, tzinfo=UTC)
    found = [
        _event(n, monday + n * HOUR / 2, monday + n * HOUR / 2 + 3 * HOUR, name=f"Party {n}")
        for n in range(300)
    ]
    columns = _columns(found, [date(2027, 6, 14) + timedelta(days=n) for n in range(7)])
    lines = _drawn(columns, None)
    assert len(lines) == 31
    assert {cell_len(line) for line in lines} == {134}
    assert "▸" not in "".join(lines)
    for place in (0, 50, 200):
        assert "".join(_drawn(columns, place)).count("▸") == 1
        pieces = [piece for row in GridDrawing(columns, 134, 31).rows(place) for piece in row]
        assert {piece.index for piece in pieces if piece.part == "cursor"} == {place}


def test_events_of_a_whole_day_stand_above_the_hours_and_hostile_names_keep_their_cells() -> None:
    days = [date(2027, 6, 14) + timedelta(days=n) for n in range(7)]
    start = datetime(2027, 6, 14, 22, tzinfo=UTC)
    names = ["[/bold]" * 40, "日本語" * 30, "a\x1b[2Jb\nc", "👩‍👩‍👧" * 20]
    found = [_event(n, start, start + 72 * HOUR, name=name) for n, name in enumerate(names)]
    found += [_event(9, NOON, NOON + 9 * HOUR, name=names[1], location=names[0])]
    columns = _columns(found, days)
    lines = _drawn(columns, 3)
    assert "[/bold]" in lines[1]
    assert "▸+2" in lines[2]
    assert not {"\x1b", "\n"} & set("".join(lines))
    with living_in("Europe/Paris"):
        assert len(columns[1].whole_days) == 4


def test_a_day_has_a_column_for_each_person_and_one_for_the_events_of_nobody() -> None:
    found = [
        Entry(_event(n, NOON, NOON + HOUR, support_contact_name=name), None)
        for n, name in enumerate(["", "zoé", "Anna", "zoé"])
    ]
    day = NOON.date()
    places = {(day, entry.event.id): n for n, entry in enumerate(found)}
    columns = columns_of_day(Agenda(found, {day: found}, 0), day, places, "no support")
    assert [(each.heading, list(each.entries)) for each in columns] == [
        ("Anna", [2]), ("zoé", [1, 3]), ("no support", [0]),
    ]  # fmt: skip
    assert replace(columns[0], heading="A") != columns[0]


# On screen


def _cursor(driven: AppDriver) -> str:
    entry = _agenda(driven).panel.entry
    return "" if entry is None else entry.event.name


def _agenda(driven: AppDriver) -> AgendaScreen:
    screen = driven.app.screen
    assert isinstance(screen, AgendaScreen)
    return screen


@sqlite_only
async def test_a_large_week_is_a_grid_through_which_the_arrows_go(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.event(name="Gala [/bold]", start=NOON, end=NOON + 4 * HOUR, support=people.support)
    records.event(name="Ball", start=NOON + HOUR, end=NOON + 12 * HOUR, support=people.support)
    records.event(name="Lone", start=NOON + 48 * HOUR, end=NOON + 49 * HOUR, time_zone="America/New_York")
    async with driven.signed_in(people.gestion, LARGE):
        await driven.press("3", "A")
        assert _agenda(driven).panel.grid.has_focus
        assert "Tue 15/06/2027" in driven.text
        assert "▸!14:00" in driven.text
        assert "14:00 – 18:00" in driven.text
        assert "[!… Ball" in driven.text
        assert "┌14:00–15:00 CEST" in driven.text
        await driven.press("down", "down")
        assert _cursor(driven) == "Ball"  # its second day
        await driven.press("down")
        assert _cursor(driven) == "Lone"
        assert "17/06/2027 08:00 – 09:00 New York · 14:00 – 15:00 here, Paris" in driven.text
        await driven.press("left", "left", "j")
        assert _cursor(driven) == "Ball"
        await driven.press("right", "right", "right")
        assert "▸Fri 18/06/2027" in driven.text
        await driven.press("k", "enter")
        assert driven.current.name == "Lone"
        await driven.press("escape", "v", "v")
        assert " no support " in driven.text
        assert _agenda(driven).panel.grid.display
        await driven.pilot.resize_terminal(80, 24)
        await driven.settle()
        assert driven.app.screen.query_one(OptionList).has_focus
        assert "14:00–15:00 CEST" in driven.text


async def test_the_agenda_shows_what_somebody_else_writes_but_not_below_a_dialog(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    contract = records.contract(signed=True)
    records.event(contract, name="Gala")
    ball = records.event(contract, name="Ball", start=NOON + HOUR, support=people.support)
    async with driven.signed_in(people.gestion, LARGE):
        await driven.press("3", "A", "down")
        agenda = _agenda(driven)
        assert _cursor(driven) == "Ball"
        agenda.follower.poller.poll()
        await driven.settle()
        records.event(contract, name="Fair", start=NOON - 3 * HOUR)
        later = build(EventUpdate, {"start": NOON + 48 * HOUR, "end": NOON + 50 * HOUR})
        events.update_event(crm, people.support, ball.id, later)
        agenda.follower.poller.poll()
        await driven.settle()
        assert "Fair" in driven.text
        assert (_cursor(driven), agenda.panel.day) == ("Ball", date(2027, 6, 17))
        # The look begins before the dialog opens, and its answer comes after that.
        records.event(contract, name="Late", start=NOON - 5 * HOUR, end=NOON - 4 * HOUR)
        agenda.follower.poller.poll()
        agenda.action_filter()
        await driven.settle()
        assert driven.screen_name == "ChoiceScreen"
        assert "Late" not in [entry.event.name for entry in agenda._agenda.entries]  # type: ignore[union-attr]
        await driven.press("escape")
        agenda.follower.poller.poll()
        await driven.settle()
        assert "Late" in driven.text
        assert _cursor(driven) == "Ball"
