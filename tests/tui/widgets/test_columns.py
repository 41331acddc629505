"""Which columns a list shows, in which room, and where a name is cut."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len

from services import i18n
from tui.screens.audit_log import JournalScreen
from tui.screens.contracts import ContractsScreen
from tui.screens.events import EventsScreen
from tui.widgets.record_table.columns import Column, by_default, chosen, column_widths
from tui.widgets.text_cells import drawable, fit_name

AT_80 = 44
"""Cells for the columns of a list on a screen of 80, without borders, cursor mark and scroll bar."""
AT_140 = 78
"""The same on a screen of 140, beside the details."""
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize("language", ["en_GB", "fr"])
@pytest.mark.parametrize(
    ("screen", "keys"),
    [
        (ContractsScreen, ["number", "client_name", "status", "remaining"]),
        (EventsScreen, ["start", "name", "support"]),
        (JournalScreen, ["actor", "operation", "record"]),
    ],
)
def test_at_80_columns_a_list_shows_what_counts(screen: type, keys: list[str], language: str) -> None:
    i18n.activate(language)
    columns = by_default(screen.COLUMNS)  # type: ignore[attr-defined]
    widths = column_widths(columns, AT_80, {"remaining": len("100,000.00"), "number": 11})
    assert [column.key for column, _width in widths] == keys
    assert {column.key: width for column, width in widths}.get("name", 12) >= 12


@pytest.mark.parametrize("language", ["en_GB", "fr"])
def test_the_name_of_an_event_gets_the_room_that_is_left_first(language: str) -> None:
    i18n.activate(language)
    columns = by_default(EventsScreen.COLUMNS)
    for available in range(40, 140):
        widths = {column.key: (column, width) for column, width in column_widths(columns, available)}
        name = widths.pop("name")[1]
        wider = [key for key, (column, width) in widths.items() if column.weight and width > least(column)]
        assert name >= columns[1].wanted or not wider, (available, name, wider)
    assert dict_of(column_widths(columns, AT_140))["name"] >= 19


def least(column: Column[Any]) -> int:
    return max(column.width, cell_len(i18n._(column.label)))


def dict_of(widths: list[tuple[Column[Any], int]]) -> dict[str, int]:
    return {column.key: width for column, width in widths}


def test_chosen_columns_come_in_their_order_and_the_last_ones_give_way() -> None:
    every = ContractsScreen.COLUMNS
    shown = chosen(every, ["signed", "gone", "client_name", "number"])
    assert [column.key for column in shown] == ["signed", "client_name", "number"]
    assert [column.key for column, _width in column_widths(shown, 20)] == ["signed", "client_name"]
    assert chosen(every, ["gone"]) == by_default(every)


@given(NAMES, st.integers(1, 40))
def test_a_name_fills_its_cells_and_is_whole_where_there_is_room(name: str, width: int) -> None:
    fitted = fit_name(name, width)
    assert cell_len(fitted) == width
    if cell_len(drawable(name)) <= width:
        assert fitted.rstrip() == drawable(name).rstrip()


@given(
    st.text("Weding ofMaru", min_size=12, max_size=40),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(9, 30),
)
def test_names_that_differ_only_at_their_end_are_told_apart(
    beginning: str, one: int, other: int, width: int
) -> None:
    assume(one != other)
    assert fit_name(f"{beginning} {one}", width) != fit_name(f"{beginning} {other}", width)
