"""Whatever stands in a record is drawn as text: in its cells, and without a control character."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input
from textual.widgets._toast import Toast

from services.errors import CrmError
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.hostile_text import ALL_IN_ONE, PAYLOADS, grid, troubles_of
from tests.support.raw_input import Fingers
from tui.screens.base.form import RecordForm
from tui.widgets.banner import Banner
from tui.widgets.detail.pane import DetailPane

if TYPE_CHECKING:
    from tests.support.accounts import People

SIDES = frozenset("│┃")


def check(driven: AppDriver) -> None:
    """Every line is drawn as wide as the screen, and every box has its sides where they belong."""
    screen = driven.app.screen
    lines = [strip.text for strip in screen._compositor.render_strips()]
    width = screen._compositor.size.width
    for line in lines:
        assert not list(troubles_of(line, width))
    cells = [grid(line) for line in lines]
    toasts = [toast.region for toast in screen.query(Toast)]
    for box in screen.query(".pane, .dialog, #form-box"):
        if box.display:
            _check_sides(box, cells, toasts)


def _check_sides(box: Widget, cells: list[list[str]], hidden: list[Region]) -> None:
    region = box.region.intersection(Region(0, 0, len(cells[0]), len(cells)))
    for y in range(region.y + 1, region.bottom - 1):
        for x in (region.x, region.right - 1):
            if not any(region.contains(x, y) for region in hidden):
                assert cells[y][x] in SIDES, f"line {y}, cell {x}: {''.join(cells[y])}"


async def rest(driven: AppDriver) -> None:
    """Everything that was set going has come to its end, and is drawn well."""
    await Fingers(driven).rest()
    check(driven)


async def each_record(driven: AppDriver, step: int = 1) -> AsyncIterator[int]:
    """Stand on records of the list in turn."""
    assert driven.table.row_count >= len(PAYLOADS)
    for place in range(0, len(PAYLOADS) + 2, step):
        driven.table.cursor = place
        driven.table.presenter.highlighter.settle()
        await rest(driven)
        yield place


@pytest.mark.parametrize("section", ["1", "2", "3", "4", "5", "7", "8"])
async def test_lists_and_details_draw_every_record(
    hostile: AppDriver, people: People, section: str, database_kind: str
) -> None:
    # Every section draws by the same parts, and both kinds of database give the same texts.
    step = 1 if section == "3" and database_kind == "sqlite" else 3
    async with hostile.signed_in(people.gestion):
        await hostile.press(section)
        async for _record in each_record(hostile, step):
            pass
        await hostile.pilot.resize_terminal(140, 40)
        async for _record in each_record(hostile, step=5):
            hostile.app.screen.query_one(DetailPane).scroll_end(animate=False)
            await rest(hostile)


# The lists have read it all from both kinds of database; these draw it once more.
@sqlite_only
@pytest.mark.parametrize(
    ("section", "department", "keys"),
    [
        ("1", "commercial", "e"),
        ("3", "commercial", "d"),
        ("2", "gestion", "p"),
        ("3", "support", "eNt"),
        ("7", "gestion", "e"),
        ("8", "support", "e"),
        ("4", "gestion", "eW"),
    ],
)
async def test_forms_and_questions_draw_every_record(
    hostile: AppDriver, people: People, section: str, department: str, keys: str
) -> None:
    async with hostile.signed_in(getattr(people, department)):
        await hostile.press(section)
        home = hostile.screen_name
        async for _record in each_record(hostile, step=4):
            for key in keys:
                Fingers(hostile).press(key)
                await rest(hostile)
                assert hostile.screen_name != home
                if isinstance(hostile.app.screen, RecordForm):
                    Fingers(hostile).press(*["tab"] * 6)
                    await rest(hostile)
                Fingers(hostile).press("escape")
                await rest(hostile)
                assert hostile.screen_name == home, "nothing was typed, so nothing is asked"


@sqlite_only
async def test_pickers_draw_what_they_find(hostile: AppDriver, people: People) -> None:
    async with hostile.signed_in(people.gestion):
        await hostile.press("2", "n", "enter")
        assert hostile.screen_name == "PickerScreen"
        check(hostile)
        for _choice in range(20):
            await hostile.pilot.press("down")
            check(hostile)
        await hostile.press("enter")
        check(hostile)
        assert hostile.screen_name == "ContractForm"


class Refusal(CrmError):
    template = "{text}"


@sqlite_only
async def test_the_login_screen_draws_what_it_is_told(hostile: AppDriver) -> None:
    async with hostile.running():
        for text in ALL_IN_ONE:
            hostile.app.opening.set_status(text)
            for field in ("#username", "#password"):
                hostile.fill(field, text)
            Fingers(hostile).press("enter")
            await rest(hostile)
            assert hostile.screen_name == "LoginScreen"


@sqlite_only
async def test_messages_search_lines_and_fields_draw_what_they_are_given(
    hostile: AppDriver, people: People
) -> None:
    async with hostile.signed_in(people.commercial):
        for text in ALL_IN_ONE:
            hostile.app.say(text)
            hostile.app.refuse(text)
            hostile.app.screen.query_one(Banner).show(text)
            hostile.fill("#search", text)
            await rest(hostile)
            hostile.app.show_error(Refusal(text=text))
            await rest(hostile)
            Fingers(hostile).press("enter")
            for key in ("question_mark", "ctrl+p", "n"):
                Fingers(hostile).press(key)
                await rest(hostile)
                hostile.app.screen.query(Input).first().value = text
                await rest(hostile)
                Fingers(hostile).paste(text)
                await rest(hostile)
                Fingers(hostile).press("escape", *(["tab", "enter"] if key == "n" else []))
                await rest(hostile)
                assert hostile.screen_name == "ClientsScreen"


@sqlite_only
async def test_a_conflict_is_drawn_and_settled_whatever_stands_in_the_record(
    hostile: AppDriver, people: People
) -> None:
    from models.write_models import EventUpdate
    from services import events
    from services.startup import open_crm

    crm = open_crm(hostile.settings)
    async with hostile.signed_in(people.support):
        await hostile.press("3")
        async for _record in each_record(hostile):
            event = hostile.current
            if not {"\r", "\x1b"} & set(event.notes):
                continue
            Fingers(hostile).press("e")
            await rest(hostile)
            hostile.type_into("location", "mine")
            events.update_event(crm, people.support, event.id, EventUpdate(location="theirs", attendees=7))
            Fingers(hostile).press("ctrl+s")
            await rest(hostile)
            assert hostile.screen_name == "ConflictScreen"
            Fingers(hostile).press("ctrl+s")
            await rest(hostile)
            assert hostile.screen_name == "EventsScreen"
            after = events.get_event(crm, people.support, event.id)
            assert (after.location, after.attendees, after.notes) == ("mine", 7, event.notes)
    crm.close()
