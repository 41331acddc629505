"""The time zone of an event in the commands."""

import pytest

from tests.cli.test_workflow import draw_up
from tests.support.command_line import CommandLine


@pytest.fixture
def abroad(line: CommandLine) -> CommandLine:
    """An event in New York, run by sofia-m, who is signed in."""
    draw_up(line)
    with line.signed_in_as("claire_d"):
        made = line.done(
            "create-event", "--contract", "1", "--name", "Gala", "--time-zone", "new york",
            "--start", "2027-06-16 18:00", "--end", "23:00", "--json",
        )  # fmt: skip
        assert (made["start"], made["end"]) == ("2027-06-16T22:00:00Z", "2027-06-17T03:00:00Z")
        assert made["time_zone"] == "America/New_York"
    with line.signed_in_as("gwenaelle"):
        line.done("assign-support", "1", "--support", "sofia-m")
    line.sign_in("sofia-m")
    return line


def test_times_are_typed_in_the_zone_of_the_event_and_shown_in_both(abroad: CommandLine) -> None:
    shown = abroad.done("update-event", "1", "--attendees", "80")
    assert "Wednesday 16 June 2027, 18:00 New York · Thursday 17 June 2027, 00:00 here, Paris" in shown
    assert "America/New_York" in shown
    assert "17/06/2027 00:00 CEST" in abroad.done("list-events")
    assert "00:00–05:00 CEST  1 Gala" in abroad.done("agenda", "17/6/2027", "--day")
    # A time alone follows the start by the clocks of New York.
    moved = abroad.done("update-event", "1", "--end", "1am", "--json")
    assert moved["end"] == "2027-06-17T05:00:00Z"


def test_another_zone_alone_keeps_the_times_of_day(abroad: CommandLine) -> None:
    moved = abroad.done("update-event", "1", "--time-zone", "Europe/Par", "--json")
    assert (moved["start"], moved["end"]) == ("2027-06-16T16:00:00Z", "2027-06-16T21:00:00Z")
    assert moved["time_zone"] == "Europe/Paris"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--time-zone", "atlantis"),
            "--time-zone: There is no such time zone; write a city such as New York",
        ),
        (("--time-zone", "par"), "--time-zone: Several time zones match: America/Paramaribo, Europe/Paris."),
        (
            ("--start", "2027-03-14 02:30", "--yes"),
            "--start: This time does not exist, since the clocks go forward then; an hour later it is"
            " 14/03/2027 03:30.",
        ),
    ],
)
def test_a_wrong_zone_and_a_skipped_time_are_refused(
    abroad: CommandLine, arguments: tuple[str, ...], said: str
) -> None:
    assert said in abroad.refused(2, "update-event", "1", *arguments)
