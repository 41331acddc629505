"""The command that prints the agenda."""

from datetime import UTC, datetime

import pytest

from services import clock
from tests.cli.test_workflow import draw_up
from tests.support.command_line import CommandLine

NOW = datetime(2027, 6, 16, 9, 0, tzinfo=UTC)
"""A Wednesday."""


@pytest.fixture
def booked(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A gala and a ball at the same time, both of sofia-m, in the week of a clock that stands still."""
    draw_up(line)
    more = ("--end", "2027-06-17 02:00", "--location", "53 Rue du Château, 41120 Candé-sur-Beuvron")
    with line.signed_in_as("claire_d"):
        for name, start in (("Gala [/bold]", "2027-06-16 18:00"), ("Ball", "2027-06-16 20:00")):
            line.done("create-event", "--contract", "1", "--name", name, "--start", start, *more)
    with line.signed_in_as("gwenaelle"):
        line.done("assign-support", "1", "--support", "sofia-m")
        line.done("assign-support", "2", "--support", "sofia-m", "--force", "Two halls")
    monkeypatch.setattr(clock.Clock, "estimate", lambda _clock: NOW)
    line.sign_in("sofia-m")
    return line


def test_the_week_of_today_has_every_day_with_hours_people_places_and_conflicts(booked: CommandLine) -> None:
    week = booked.done("agenda")
    assert week == booked.done("agenda", "--week")
    assert week.startswith("Monday 14 June 2027\n  no event\n")
    where = "Kevin Casey · Sofia Martínez · 53 Rue du Château, 41120 Candé-sur-Beuvron"
    assert (
        "\nWednesday 16 June 2027\n"
        f"! from 18:00  1 Gala [/bold] · {where}\n"
        "              ! at the same time: Ball, 16/06/2027 20:00 to 17/06/2027 02:00\n"
        f"! from 20:00  2 Ball · {where}\n"
    ) in week
    assert f"\nThursday 17 June 2027\n! until 02:00  1 Gala [/bold] · {where}\n" in week
    assert week.endswith("Sunday 20 June 2027\n  no event\n")


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        (("demain", "--day"), "2027-06-17", "2027-06-17"),
        (("--day", "18", "juin"), "2027-06-18", "2027-06-18"),
        (("friday",), "2027-06-14", "2027-06-20"),
        (("--week", "15/7"), "2027-07-12", "2027-07-18"),
        (("1/2/2028", "--month"), "2028-02-01", "2028-02-29"),
    ],
)
def test_a_day_is_typed_as_people_type_it(
    booked: CommandLine, typed: tuple[str, ...], first: str, last: str
) -> None:
    found = booked.done("agenda", *typed, "--json")
    assert (found["first"], found["last"]) == (first, last)
    assert next(iter(found["days"])) == first


def test_json_has_the_events_of_each_day_and_their_conflicts(booked: CommandLine) -> None:
    found = booked.done("agenda", "--json")
    assert (found["days"]["2027-06-16"], found["days"]["2027-06-17"]) == ([1, 2], [1, 2])
    assert found["days"]["2027-06-18"] == []
    assert found["left_out"] == 0
    gala = found["events"][0]
    assert (gala["name"], gala["start"]) == ("Gala [/bold]", "2027-06-16T16:00:00Z")
    assert (gala["overlaps"], gala["too_close"]) == ([{"id": 2, "name": "Ball"}], [])


def test_everybody_may_choose_a_person_their_own_or_those_without_support(booked: CommandLine) -> None:
    assert len(booked.done("agenda", "--person", "CLAIRE_D", "--json")["events"]) == 2
    assert len(booked.done("agenda", "--mine", "--json")["events"]) == 2
    nothing = booked.done("agenda", "--without-support")
    assert nothing == "14/06/2027 – 20/06/2027: no event.\n"
    assert booked.done("agenda", "--month", "--person", "sean_ob") == "June 2027: no event.\n"
    month = booked.done("agenda", "--month")
    assert month.startswith("Wednesday 16 June 2027\n")
    assert "no event" not in month


def test_what_cannot_be_is_refused_by_its_option(booked: CommandLine) -> None:
    assert "--week: Give one of --day, --week and --month." in booked.refused(2, "agenda", "--day", "--month")
    said = booked.refused(2, "agenda", "--mine", "--person", "sofia-m")
    assert "--person: Give one of --person, --mine and --without-support." in said
    assert "--person: Give the username of a collaborator." in booked.refused(2, "agenda", "--person", " ")
    assert "There is no collaborator nobody_here." in booked.refused(5, "agenda", "--person", "nobody_here")
    assert "DAY: This is not a date" in booked.refused(2, "agenda", "a", "day")
    assert "DAY: Give a day from 01/02/0001" in booked.refused(2, "agenda", "31/12/9999")


def test_days_that_lie_behind_follow_two_dashes(booked: CommandLine) -> None:
    assert booked.done("agenda", "--week", "--json", "--", "-7")["first"] == "2027-06-07"
