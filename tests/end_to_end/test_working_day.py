"""A day of each department in a real terminal at 80x24, by keys alone, beginning in Today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.crm import Crm
from tests.support.accounts import People
from tests.support.at_work import fill, sign_in
from tests.support.crm import environment_for
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tests.support.terminal import Terminal, environment, has_tmux, program, terminal

pytestmark = [
    pytest.mark.terminal,
    sqlite_only,
    pytest.mark.skipif(not has_tmux(), reason="there is no tmux on this machine"),
]


@pytest.fixture
def records(crm: Crm, people: People) -> Records:
    return Records(crm, people)


@pytest.fixture
def pane(staffed_url: str, home: Path, records: Records) -> Iterator[Terminal]:
    """The application, not yet running, on a database that the test fills."""
    with terminal() as pane:
        yield pane


def start(pane: Terminal, url: str, home: Path, *shown: str) -> None:
    pane.start(program(), environment(home, environment_for(url)), (80, 24))
    pane.wait_for(*shown or ("Username", "Password"))


def today(days: int = 0) -> datetime:
    """Late in the morning, some days from today."""
    now = datetime.now(ZoneInfo("Europe/Paris"))  # the clocks of the CRM
    return now.replace(hour=11, minute=0, second=0, microsecond=0) + timedelta(days)


def palette(pane: Terminal, words: str, found: str) -> None:
    """Run the command that everyday words find."""
    pane.keys("C-p")
    pane.type(words)
    pane.wait_for(found)
    pane.keys("Enter")


def _call_a_client(pane: Terminal) -> None:
    pane.wait_for("Clients to call (30 days) 1", "Unsigned contracts by age: 1")
    pane.keys("Enter")
    pane.wait_for("My clients not contacted for 30 days", "Ada Byron")
    pane.keys("N")
    pane.wait_for("Note on Ada Byron")
    pane.type("Wants a quieter hall")
    pane.keys("BTab", "BTab", "Enter", "2")
    pane.wait_for("Kind * call")
    pane.keys("C-s")
    pane.wait_for("Saved.", "Nothing under this filter")
    pane.escape()
    pane.wait_for("Clients to call (30 days) 0")


def _sign_and_plan_in_the_chain(pane: Terminal) -> None:
    palette(pane, "unpaid", "My contracts not fully paid")
    pane.wait_for("My contracts not fully paid", "unsigned")
    pane.keys("c")
    pane.wait_for("✗ Signature missing", "after the signature")
    pane.keys("S")
    pane.wait_for("Signed on *")
    pane.keys("C-s")
    pane.wait_for("✓ Signature signed", "✗ Event none")
    pane.keys("n")
    pane.wait_for("New event", "Ada Byron")
    pane.keys("Tab")
    pane.type("Ada's ball")
    pane.keys("Tab")
    pane.type("+10 18h")
    pane.keys("Tab")
    pane.type("23h")
    day = today(10).astimezone()
    pane.wait_for(f"{day:%A} {day.day} {day:%B %Y}, 18:00", f"{day:%A} {day.day} {day:%B %Y}, 23:00")
    pane.keys("C-s")
    pane.wait_for("✓ Event Ada's ball", "✗ Support nobody")
    pane.escape()


def _finish_a_task_take_it_back_and_redo_it(pane: Terminal) -> None:
    pane.keys("t")
    pane.wait_for("Task on")
    pane.type("Call the caterer")
    pane.keys("Tab")
    pane.type("tomorrow")
    pane.wait_for(f"{today(1):%A} {today(1).day}")
    pane.keys("C-s")
    pane.wait_for("Saved.", "Open tasks (1)")
    pane.keys("7")
    pane.wait_for("My open tasks", "Call the caterer")
    pane.keys("Space")
    pane.wait_for("Call the caterer is done. u: undo.")
    pane.keys("u")  # it is in sight no more
    pane.wait_for("Undo this change?", "Call the caterer")
    pane.keys("Right", "Enter")
    pane.wait_for("Undone: Task done")
    pane.wait_for("1 of 1")
    pane.keys("C-y")
    pane.wait_for("Redone: Task done")
    pane.wait_for("Nothing under this filter")


def _keep_a_filter_as_a_view(pane: Terminal) -> None:
    pane.keys("2", "f")
    pane.wait_for("8 New filter…")
    pane.keys("8")
    pane.wait_for("5 Due")
    pane.keys("5")
    pane.wait_for("1 at least")
    pane.keys("1")
    pane.wait_for("Due at least")
    pane.type("700")
    pane.wait_for("= €700.00")
    pane.keys("Enter")
    pane.wait_for("1 record matches.")
    pane.keys("v")
    pane.wait_for("Save as a view")
    fill(pane, "Large [b]ones", "y")
    pane.wait_for("─ Large [b]ones", "1 of 1")


def _copy_show_and_print(pane: Terminal) -> None:
    pane.keys("y")
    pane.wait_for("1 • Number", "2 Client Ada Byron")
    pane.keys("2")
    pane.wait_for("Sent to the clipboard of the terminal: Ada Byron")
    pane.keys("w")
    pane.wait_for("Total", "Created")
    pane.keys("w", "w", "R")
    pane.wait_for("Text")
    pane.keys("1")
    pane.wait_for("Contract summary ·", "Engines & Co")
    pane.escape()


def test_commercial_calls_signs_plans_and_takes_back(
    pane: Terminal, staffed_url: str, home: Path, people: People, records: Records
) -> None:
    long_ago = today(-45).date()
    ada = records.client(
        full_name="Ada Byron", company="Engines & Co", phone="06 39 98 55 44",
        first_contact_date=long_ago, last_contact_date=long_ago,
    )  # fmt: skip
    records.contract(ada, total="1200.00")
    start(pane, staffed_url, home)
    sign_in(pane, people.commercial)
    _call_a_client(pane)
    _sign_and_plan_in_the_chain(pane)
    _finish_a_task_take_it_back_and_redo_it(pane)
    _keep_a_filter_as_a_view(pane)
    _copy_show_and_print(pane)
    pane.keys("C-q")
    assert pane.wait_for_end() == 0
    # Still signed in, the next start begins in Today, and the list is as it was left.
    start(pane, staffed_url, home, "Clients to call (30 days) 0")
    pane.keys("2")
    pane.wait_for("─ Large [b]ones", "1 of 1")


def _assign_in_spite_of_a_conflict(pane: Terminal) -> None:
    pane.wait_for("Events without support 1", "Next events without support", "Gala")
    pane.keys("Tab", "Enter")
    pane.wait_for("Events ‹ Today", "not assigned")
    pane.keys("a")
    pane.wait_for("Support contact of Gala")
    pane.keys("Enter")
    pane.wait_for("Seán O'Brien free", "Sofia Martínez")
    pane.type("sofia")
    pane.wait_for("Sofia Martínez")
    pane.keys("Enter", "C-s")
    pane.wait_for("Sofia Martínez runs “Launch” then")
    pane.type("Both are in one house")
    pane.keys("C-s")
    pane.wait_for("Saved.", "Both are in one house")
    pane.escape()
    pane.wait_for("Events without support 0", "Sofia Martínez 2")


def _describe_the_agency(pane: Terminal) -> None:
    pane.keys("C")
    pane.wait_for("Settings of this CRM")
    pane.keys(*("Tab",) * 7)
    pane.type("Orchids SARL")
    pane.wait_for("Orchids SARL")
    pane.keys("C-s")
    pane.wait_for("The settings are changed.")


def test_gestion_assigns_with_open_eyes_and_sees_the_week(
    pane: Terminal, staffed_url: str, home: Path, people: People, records: Records
) -> None:
    contract = records.contract(records.client(full_name="Grace Hopper"), total="500.00", signed=True)
    times: dict[str, Any] = {"start": today(3), "end": today(3) + timedelta(hours=4)}
    records.event(contract, support=people.support, name="Launch", location="75011 Paris", **times)
    records.event(contract, name="Gala", location="75011 Paris", **times)
    start(pane, staffed_url, home)
    sign_in(pane, people.gestion)
    _assign_in_spite_of_a_conflict(pane)
    _describe_the_agency(pane)
    pane.keys("3")
    pane.wait_for("All events", " of 2")
    pane.keys("A")
    pane.wait_for("Launch", "Gala", "Sofia Martínez")
    pane.escape()
    pane.keys("5")
    pane.wait_for("Journal")
    pane.keys("/")
    pane.type("gala")
    pane.wait_for("Gala", "1 of ")
    pane.keys("Enter", "C-q")
    assert pane.wait_for_end() == 0


def _make_a_run_sheet(pane: Terminal, sheet: Path) -> None:
    pane.keys("R")
    pane.wait_for("HTML")
    pane.keys("2")
    pane.wait_for("File", sheet.suffix)
    pane.keys("C-u")
    pane.type(str(sheet))
    pane.keys("C-s")
    pane.wait_for("Saved as")
    assert "Bring the red ropes" in sheet.read_text(encoding="utf-8")


def test_support_prepares_its_week(
    pane: Terminal, staffed_url: str, home: Path, people: People, records: Records
) -> None:
    contract = records.contract(records.client(full_name="Grace Hopper"), signed=True)
    times: dict[str, Any] = {"start": today(2), "end": today(2) + timedelta(hours=4)}
    records.event(contract, support=people.support, name="Launch", **times)
    records.event(contract, support=people.other_support, name="Of a colleague", **times)
    records.task(people.support, title="Order flowers", due=today(-1).date())
    start(pane, staffed_url, home)
    sign_in(pane, people.support)
    pane.wait_for("Tasks overdue 1", "Events of 7 days 1", "Without notes 1", "Without a location 1")
    pane.keys("Enter")
    pane.wait_for("My overdue tasks", "Order flowers")
    pane.keys("Space")
    pane.wait_for("Order flowers is done.")
    pane.escape()
    pane.wait_for("Tasks overdue 0")
    pane.keys("3")
    pane.wait_for("My events", "Launch", "1 of 1")
    pane.keys("e")
    pane.wait_for("Attendees")
    # Name, start, end, time zone, location, attendees, notes.
    fill(pane, "", "", "", "", "1 rue des Lilas, 75011 Paris", "80", "Bring the red ropes")
    pane.wait_for("Saved.", "Bring the red ropes")
    _make_a_run_sheet(pane, home / "sheet.html")
    pane.keys("f")
    pane.wait_for("1 All events")
    pane.keys("1", "/")
    pane.type("ropes")
    pane.wait_for("1 of 1", "Launch")
    pane.keys("Enter", "0")
    pane.wait_for("Without notes 0", "Without a location 0")
    pane.keys("C-q")
    assert pane.wait_for_end() == 0
