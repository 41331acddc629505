"""The lists of the screens on a real database of a thousand clients: search, order, and where one stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from models.read_models import contract_numbers
from services.demo import definitions
from services.demo.bulk.fill import fill_bulk
from services.persistence.cancellation import interruptible
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.fake_rows import Stoppable
from tui.screens.clients import ClientsScreen
from tui.screens.contracts import ContractsScreen
from tui.widgets.painting import ListPane
from tui.widgets.record_table.columns import column_widths
from tui.widgets.record_table.table import parse_position
from tui.widgets.text_cells import fit

if TYPE_CHECKING:
    from tests.support.databases import Databases

CLIENTS = 1_000
ADMIN = definitions.SAMPLE_ACCOUNTS[0]


@pytest.fixture
def crowd(databases: Databases, home: Path) -> Iterator[AppDriver]:
    """The application on such a database, with somebody of Gestion about to sign in."""
    from tests.support.crm import copy_of_filled, settings_for

    fill = partial(fill_bulk, clients=CLIENTS, seed=1, today=date(2026, 9, 16))
    with copy_of_filled(databases, "crowd", databases.templates.blank, fill) as url:
        yield AppDriver(settings_for(url, home))


async def sign_in(driven: AppDriver) -> None:
    driven.fill("#username", ADMIN.username)
    driven.fill("#password", ADMIN.password)
    await driven.press("enter")
    assert driven.screen_name == "ClientsScreen"


def place(driven: AppDriver) -> str:
    """What stands in the lower line of the list."""
    return str(driven.app.screen.query_one(ListPane)._border_subtitle)


def total(driven: AppDriver) -> int:
    assert driven.table.state.total is not None
    return driven.table.state.total


def shown(number: int) -> str:
    return f"{number:,}"


async def test_the_position_is_exact_and_the_last_key_goes_to_the_last_row(crowd: AppDriver) -> None:
    async with crowd.running():
        await sign_in(crowd)
        everything = shown(total(crowd))
        assert place(crowd) == f"1 of {everything} · Name ▲"
        await crowd.press("G")
        assert place(crowd) == f"{everything} of {everything} · Name ▲"
        assert "·" not in "".join(crowd.text.splitlines()[3:22])


@sqlite_only
async def test_one_goes_to_a_row_by_its_number_or_by_a_percentage(crowd: AppDriver) -> None:
    async with crowd.running():
        await sign_in(crowd)
        await crowd.press("colon", *"51")
        assert place(crowd) == "Go to row or %: 51▏"
        await crowd.press("2", "backspace", "2", "enter")
        assert place(crowd) == f"512 of {shown(total(crowd))} · Name ▲"
        await crowd.press("colon", *"50%", "enter")
        assert crowd.table.cursor == round((total(crowd) - 1) / 2)
        assert "▸" in crowd.text.splitlines()[13], "in the middle of the window"


@sqlite_only
async def test_what_is_no_row_is_said_and_escape_leaves_everything_as_it_was(crowd: AppDriver) -> None:
    async with crowd.running():
        await sign_in(crowd)
        await crowd.press("colon", *"5%0", "enter")
        assert "This is neither a row number nor a percentage: type 512 or 50%." in crowd.notices
        await crowd.press("colon", "7", "n", "escape")
        assert (crowd.table.cursor, crowd.screen_name) == (0, "ClientsScreen")
        await crowd.press("colon", "2", "down")
        assert crowd.table.cursor == 1, "a key that is no answer does what it does elsewhere"
        assert not crowd.table.prompt


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("1", 0), ("0", 0), ("12", 11), ("1,000", 999), ("1 000", 999), ("1.000", 999), ("5000000", 1_999),
        ("0%", 0), ("100%", 1_999), ("50%", 1_000), ("50 %", 1_000), ("33.3%", 666), ("33,3%", 666),
        (".5%", 10), ("", None), ("%", None), ("101%", None), ("5%0", None), ("-3", None), ("1e3", None),
    ],
)  # fmt: skip
def test_a_place_is_written_as_people_write_it(typed: str, index: int | None) -> None:
    assert parse_position(typed, 2_000) == index


@sqlite_only
async def test_help_and_palette_know_the_key_that_goes_to_a_row(crowd: AppDriver) -> None:
    async with crowd.running():
        await sign_in(crowd)
        await crowd.press("question_mark", *"go to row")
        assert "Go to row" in crowd.text
        await crowd.press("escape", "ctrl+p", *"go to row")
        assert "Go to row" in crowd.text
        await crowd.press("enter", "9", "enter")
        assert place(crowd).startswith("9 of ")


async def test_what_is_searched_comes_as_it_is_found_and_the_order_comes_back(crowd: AppDriver) -> None:
    async with crowd.running():
        await sign_in(crowd)
        everything = place(crowd)
        await crowd.press("slash", *"mar")
        assert "Name" not in place(crowd)
        rows: list[Any] = [crowd.table.state.row(index) for index in crowd.table.in_sight]
        assert [row.id for row in rows] == sorted(row.id for row in rows)
        await crowd.press("escape")
        assert place(crowd) == everything


@sqlite_only
async def test_an_order_chosen_for_what_was_found_stays(crowd: AppDriver) -> None:
    async with crowd.running():
        await sign_in(crowd)
        await crowd.press("slash", *"mar", "enter", "s", "2")
        assert "Company ▲" in place(crowd)
        await crowd.press("slash", "i")
        assert "Company ▲" in place(crowd)
        await crowd.press("escape")
        assert place(crowd).endswith("Company ▲")


@sqlite_only
async def test_a_filter_keeps_the_order_in_which_a_search_finds(crowd: AppDriver) -> None:
    async with crowd.running():
        await sign_in(crowd)
        await crowd.press("3")
        assert place(crowd).endswith("Start ▲")
        await crowd.press("slash", *"mar", "enter", "f", "1")
        assert "Start" not in place(crowd)
        await crowd.press("escape")
        assert place(crowd).endswith("Start ▲")


async def test_a_search_keeps_the_record_where_it_finds_it_and_brings_it_back(crowd: AppDriver) -> None:
    async with crowd.running():
        await sign_in(crowd)
        await crowd.press("colon", *"700", "enter")
        chosen = crowd.current
        word = chosen.full_name.split()[-1]
        await crowd.press("slash", *word)
        assert crowd.current == chosen
        await crowd.press(*"zzzzqq")
        assert crowd.current is None
        await crowd.press("escape")
        assert (crowd.current, crowd.table.cursor) == (chosen, 699)


async def test_every_order_keeps_the_record(crowd: AppDriver) -> None:
    async with crowd.running(size=(160, 40)):
        await sign_in(crowd)
        await crowd.press("colon", *"333", "enter")
        chosen = crowd.current
        for choice in range(1, 7):
            for _way in range(2):
                await crowd.press("s", str(choice))
                assert crowd.current == chosen


async def test_a_filter_keeps_the_record_where_it_holds_it(crowd: AppDriver) -> None:
    async with crowd.running():
        await sign_in(crowd)
        await crowd.press("2", "f", "2", "down", "down", "down")
        chosen, in_filter = crowd.current, total(crowd)
        await crowd.press("f", "1")
        assert total(crowd) > in_filter
        assert crowd.current == chosen


async def test_a_record_that_gets_another_name_is_stood_on_where_it_belongs(crowd: AppDriver) -> None:
    from models.write_models import ClientUpdate
    from services import clients
    from services.auth import sessions

    async with crowd.running():
        await sign_in(crowd)
        await crowd.press("colon", *"500", "enter")
        chosen = crowd.current
        crm = crowd.app.crm
        seller = next(a for a in definitions.SAMPLE_ACCOUNTS if a.department == "Commercial")
        actor = sessions.sign_in(crm, seller.username, seller.password).actor
        if chosen.sales_contact_id != actor.id:
            clients.update_client(crm, crowd.app.actor, chosen.id, ClientUpdate(sales_contact_id=actor.id))
        clients.update_client(crm, actor, chosen.id, ClientUpdate(full_name="0 Comme Zéro"))
        crowd.app.screen.poller.poll()  # type: ignore[attr-defined]
        await crowd.settle()
        assert crowd.current.full_name == "0 Comme Zéro"
        assert crowd.table.cursor == 0


@sqlite_only
async def test_a_held_arrow_reads_the_details_of_the_last_row_alone(
    crowd: AppDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def links(screen: Any, crm: Any, actor: Any, record: Any) -> list[Any]:
        read.append(record.full_name)
        return []

    async with crowd.running():
        await sign_in(crowd)
        monkeypatch.setattr(ClientsScreen, "links", links)
        for _press in range(9):
            crowd.table.action_cursor(1)
        await crowd.settle()
        assert read == [crowd.current.full_name]


async def test_the_details_of_a_row_that_one_has_left_are_read_no_further(
    crowd: AppDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, ended = Event(), Event()

    def links(screen: Any, crm: Any, actor: Any, record: Any) -> list[Any]:
        query: Any = Stoppable()
        with interruptible(query):
            began.set()
            if query.stopped.wait(20):
                ended.set()
        return []

    async with crowd.running():
        await sign_in(crowd)
        monkeypatch.setattr(ClientsScreen, "links", links)
        crowd.table.action_cursor(1)
        crowd.table.presenter.highlighter.settle()
        await crowd.until(began.is_set)
        monkeypatch.undo()
        await crowd.press("down")
        assert ended.wait(5)


async def test_going_to_another_section_and_back_reads_nothing_where_nobody_wrote(
    crowd: AppDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with crowd.running():
        await sign_in(crowd)
        await crowd.press("colon", *"600", "enter")
        chosen, table = crowd.current, crowd.table
        await crowd.press("2")
        reads: list[Any] = []
        monkeypatch.setattr(type(table.presenter), "refresh", lambda *given, **named: reads.append(given))
        await crowd.press("1")
        assert (crowd.current, reads) == (chosen, [])


def test_the_numbers_of_a_million_contracts_are_told_apart() -> None:
    [number] = contract_numbers([1_999_999], [datetime(2026, 1, 1, tzinfo=UTC)])
    [column] = [column for column in ContractsScreen.COLUMNS if column.key == "number"]
    assert column.is_number, "the column is widened for it"
    others = [each for each in ContractsScreen.COLUMNS if not each.is_optional]
    (_shown, width), *_rest = column_widths(others, 44, {column.key: len(number)})
    assert fit(number, width) == number
