"""A list too long to be looked through, in a real terminal: held keys, jumps, search, order, a change."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.demo import definitions
from tests.support.crm import environment_for
from tests.support.isolation import ROOT
from tests.support.terminal import Terminal, environment, has_tmux, program, terminal

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(not has_tmux(), reason="there is no tmux on this machine"),
]

CLIENTS = 3_000
CLIENTS_OF_A_SOAK = int(os.environ.get("EPICEVENTS_SOAK_CLIENTS", "1000000"))
ADMIN = definitions.SAMPLE_ACCOUNTS[0]
PAGE = 17
"""Rows by which a page moves at 80x24."""
POSITION = re.compile(r"([\d,]+) of ([\d,]+\+?)(?: · (.*?))? ─")


def opened(home: Path, clients: int) -> Iterator[Terminal]:
    """The application on the sample data of so many clients."""
    variables = environment(home, environment_for(f"sqlite:///{home}/crowd.db"))
    subprocess.run(
        program("demo", "--clients", str(clients), "--no-open", "--database", f"sqlite:///{home}/crowd.db"),
        env={**os.environ, **variables}, cwd=ROOT, check=True, capture_output=True, timeout=1_800,
    )  # fmt: skip
    with terminal() as pane:
        pane.start(program(), variables, (80, 24))
        pane.wait_for("Username", "Password")
        yield pane


def position(pane: Terminal) -> tuple[int, int, str]:
    """The row of the cursor, how many there are, and the order, once the list has been counted."""
    deadline = time.monotonic() + 20
    while (found := POSITION.search(pane.screen())) is None:
        assert time.monotonic() < deadline, pane.screen()
        time.sleep(0.05)
    row, total, order = found.groups()
    return int(row.replace(",", "")), int(total.rstrip("+").replace(",", "")), order or ""


def until(pane: Terminal, row: int | None = None, total: int | None = None, order: str = "") -> None:
    """Wait until the cursor stands there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        at = position(pane)
        if row in (None, at[0]) and total in (None, at[1]) and order in at[2]:
            return
        time.sleep(0.05)
    raise AssertionError(f"not {row} of {total} {order} on:\n{pane.screen()}")


def at_rest(pane: Terminal) -> None:
    """Wait until nothing changes on the screen for half a second."""
    deadline, before, since = time.monotonic() + 20, "", time.monotonic()
    while time.monotonic() - since < 0.5:
        assert time.monotonic() < deadline, "the screen never comes to rest"
        if (now := pane.screen()) != before:
            before, since = now, time.monotonic()
        time.sleep(0.05)


def under_cursor(pane: Terminal) -> str:
    """The row with the cursor, as it stands in the list, however wide its columns are."""
    [line] = [line for line in pane.screen().splitlines() if "▸" in line[:4]]
    return " ".join(line.split("│")[1].strip("▸ █▁▂▃▄▅▆▇").split())


def sign_in(pane: Terminal) -> int:
    """The clients, and how many there are."""
    pane.run("send-keys", "-t", "main", ADMIN.username, "Tab")
    pane.type(ADMIN.password)
    pane.keys("Enter")
    pane.wait_for("1 Clients", "To do")
    pane.keys("1")
    pane.wait_for("1 Clients", "1 of ", "Name ▲")
    return position(pane)[1]


def hold_page_down(pane: Terminal, seconds: float) -> None:
    """Every key that a held Page Down sends moves by one page."""
    presses, deadline = 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        pane.keys("NPage")
        presses += 1
        time.sleep(0.02)
    until(pane, row=min(1 + presses * PAGE, position(pane)[1]))
    assert not any("·" in line[:8] for line in pane.screen().splitlines()[3:22]), "rows, and no gaps"


def go_to_the_last_row(pane: Terminal, total: int) -> None:
    pane.keys("G")
    until(pane, row=total, total=total)
    assert under_cursor(pane)


def find_and_sort(pane: Terminal) -> None:
    pane.keys("/")
    pane.type("dupont par")
    pane.keys("Enter")
    at_rest(pane)
    assert position(pane)[2] == "", "as it is found, in no order of a column"
    pane.keys("s")
    pane.wait_for("Sort", "Company")
    pane.keys("2")
    until(pane, order="Company ▲")
    at_rest(pane)


def give_to_a_colleague(pane: Terminal) -> None:
    """Open the record, change whose it is, save, and come back."""
    pane.wait_for("Sales contact")
    username = "commercial2" if pane.shows("Bill Boquet") else "commercial1"
    pane.keys("Enter")  # into the details
    pane.keys("e")
    pane.wait_for("Sales contact", "Ctrl+S")
    pane.keys("Enter")
    pane.wait_for("type a name")
    pane.type(username)
    pane.wait_for(username)
    pane.keys("Enter")
    pane.keys("C-s")
    pane.wait_for("Saved.")
    pane.escape()


def a_day_on_a_long_list(pane: Terminal, seconds: float) -> None:
    total = sign_in(pane)
    hold_page_down(pane, seconds)
    go_to_the_last_row(pane, total)
    find_and_sort(pane)
    row, found, _order = position(pane)
    client = under_cursor(pane)
    assert found
    give_to_a_colleague(pane)
    at_rest(pane)
    until(pane, row=row, total=found, order="Company ▲")
    assert under_cursor(pane) == client
    pane.escape()  # the search is over, the record stays
    until(pane, total=total, order="Company ▲")
    at_rest(pane)
    assert under_cursor(pane) == client


def test_in_a_list_of_thousands_the_cursor_is_where_one_expects(home: Path) -> None:
    for pane in opened(home, CLIENTS):
        a_day_on_a_long_list(pane, seconds=1)


@pytest.mark.soak
@pytest.mark.timeout(2_400)
def test_in_a_list_of_a_million_the_cursor_is_where_one_expects(home: Path) -> None:
    for pane in opened(home, CLIENTS_OF_A_SOAK):
        a_day_on_a_long_list(pane, seconds=5)
