"""Today by keys: each figure leads to its list and back, and follows what others do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import OptionList

from services.lists.query import presets_for
from services.today import read_today
from services.today_texts import say_target
from tests.support.app_driver import AppDriver
from tui.screens.today_panel import TodayPanel

if TYPE_CHECKING:
    from services.crm import Crm
    from services.settings import Settings
    from tests.support.accounts import People
    from tests.support.records import Records


@pytest.fixture
def database_kind() -> str:
    """The services are tested on both kinds."""
    return "sqlite"


@pytest.fixture
def today(settings: Settings) -> AppDriver:
    """The application, which begins in Today."""
    return AppDriver(settings, start="today")


def panel(driven: AppDriver) -> TodayPanel:
    return driven.app.screen.query_one(TodayPanel)


async def test_every_figure_of_every_department_opens_its_list_and_esc_comes_back(
    today: AppDriver, crm: Crm, records: Records, people: People
) -> None:
    soon = datetime.now(UTC) + timedelta(days=2)
    records.event(support=people.support, start=soon, end=soon + timedelta(hours=2))
    records.event(start=soon, end=soon + timedelta(hours=2))
    for actor in (people.commercial, people.support, people.gestion):
        async with today.signed_in(actor):
            found = [figure for block in read_today(crm, actor).blocks for figure in block.figures]
            seen = []
            for _figure in found:
                figure = panel(today).figure
                assert figure is not None
                seen.append(figure.key)
                assert say_target(figure)[:30] in today.text
                await today.press("enter")
                if figure.target.refusal:
                    assert (today.screen_name, today.notices) == ("TodayScreen", say_target(figure))
                    await today.press("j")
                    continue
                assert today.screen_name != "TodayScreen"
                if figure.target.own:
                    assert say_target(figure)[:30] in today.text
                    assert today.table.row_count == figure.number
                    assert today.app.screen.records.state.is_passing  # type: ignore[attr-defined]
                elif figure.target.agenda:
                    assert figure.name in today.text
                elif figure.target.preset:
                    shown = presets_for(figure.target.kind, actor.department) if figure.target.kind else []
                    preset = next(each for each in shown if each.key == figure.target.preset)
                    assert preset.label[:30] in today.text
                if figure.target.record is not None:
                    assert today.current.id == figure.target.record
                await today.press("escape")
                assert today.screen_name == "TodayScreen"
                back = panel(today).figure
                assert back is not None
                # The ages are counted from another moment now.
                assert replace(back, target=figure.target) == figure
                await today.press("j")
            assert seen == [figure.key for figure in found]


async def test_what_was_done_in_a_list_is_undone_and_redone_from_today(
    today: AppDriver, crm: Crm, records: Records, people: People
) -> None:
    records.contract(records.client())

    def unsigned() -> int:
        blocks = read_today(crm, people.commercial).blocks
        return sum(figure.number for block in blocks if block.key == "unsigned" for figure in block.figures)

    async with today.signed_in(people.commercial):
        await today.press("tab", *"jjj", "enter", "S", "ctrl+s", "escape")
        assert (today.screen_name, unsigned()) == ("TodayScreen", 0)
        today.app.clear_notifications()
        await today.press("u")
        assert "Contract signed" in today.text
        await today.press("tab", "enter")
        assert (today.screen_name, unsigned()) == ("TodayScreen", 1)
        await today.press("ctrl+y")
        assert (today.screen_name, unsigned()) == ("TodayScreen", 0)


async def test_the_parts_are_gone_through_by_tab_and_the_list_is_beside_on_a_wide_screen(
    today: AppDriver, records: Records, people: People
) -> None:
    client = records.client(full_name="[/bold] Zoé 👩‍🎤")
    records.contract(client)
    async with today.signed_in(people.commercial, size=(140, 40)):
        await today.press("tab")
        assert "My contracts unsigned" in today.text
        await today.press("shift+tab")
        assert panel(today).figure is not None
        assert "[/bold] Zoé" in today.text  # a client to call
        await today.press("shift+tab")
        assert panel(today).figure.key == "signed"  # type: ignore[union-attr]
        await today.press("k", "escape")
        assert panel(today).figure.key == "clients_to_call"  # type: ignore[union-attr]


async def test_a_change_by_a_colleague_is_shown_and_the_cursor_stays(
    today: AppDriver, records: Records, people: People
) -> None:
    async with today.signed_in(people.commercial):
        assert "Nothing is to do. 1: clients" in today.text
        assert "Enter: My clients" in today.text
        for key in ("n", "slash", "f", "s", "c", "e"):
            today.app.clear_notifications()
            await today.press(key)
            assert "This key acts in a list. Open one first: Enter or 1." in today.notices
        await today.press("j")
        before = panel(today).figure
        records.event()
        today.app.screen.poller.poll()  # type: ignore[attr-defined]
        await today.settle()
        figure = panel(today).figure
        assert before is not None
        assert figure is not None
        assert (figure.key, figure.number) == (before.key, 1)


async def test_at_eighty_columns_what_a_department_may_enter_stays_in_the_header(
    today: AppDriver, people: People
) -> None:
    async with today.signed_in(people.support):
        header = today.text.split("\n")[0]
        assert "8 Notes" in header
        assert "7 Tasks" in header
        assert "Team" not in header
        assert "Journal" not in header


async def test_lines_that_need_a_scroll_bar_are_set_once_each_on_one_line(
    today: AppDriver, records: Records, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = datetime.now(UTC) + timedelta(days=2)
    contract = records.contract(signed=True)
    for _ in range(20):
        records.event(
            contract, support=people.support, start=soon, end=soon + timedelta(hours=2), name="Gala " * 20
        )
        soon += timedelta(hours=3)
    widths, set_options = [], OptionList.set_options

    def counted(options: OptionList, *lines: Any) -> OptionList:
        widths.append(options.scrollable_content_region.width)
        return set_options(options, *lines)

    monkeypatch.setattr(OptionList, "set_options", counted)
    async with today.signed_in(people.support):
        options = panel(today).options
        assert options.max_scroll_y > 0
        assert options.virtual_size.height == options.option_count
        assert sum("…" in line for line in today.text.split("\n") if "Gala" in line) > 10
        assert widths == [options.scrollable_content_region.width]


async def test_gestion_begins_with_the_team(today: AppDriver, people: People) -> None:
    async with today.signed_in(people.gestion):
        assert "Nothing is to do. 4: team, Ctrl+P: all commands." in today.text
        assert "Enter: Events without support" in today.text


async def test_what_only_gestion_may_do_is_refused_in_words(today: AppDriver, people: People) -> None:
    async with today.signed_in(people.support):
        await today.press("6")
        assert "Only Gestion reads the telemetry screen." in today.notices
        await today.press("3")
        assert today.screen_name == "EventsScreen"
        await today.press("à")
        assert today.screen_name == "TodayScreen"
