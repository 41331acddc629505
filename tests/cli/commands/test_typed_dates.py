"""Dates in the options of commands, typed as in the forms."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services import clock
from tests.cli.test_workflow import draw_up
from tests.support.command_line import CommandLine

NOW = datetime(2020, 11, 30, 9, 0, tzinfo=UTC)
"""A Monday, 10:00 in Paris, and in the past: a payment of the future is refused by the real clock."""
EVENT = ("create-event", "--contract", "1", "--name", "Ball")


@pytest.fixture
def signed(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line of claire_d, who has the signed contract 1; then the clock stands still."""
    assert draw_up(line)["id"] == 1
    line.sign_in("claire_d")
    monkeypatch.setattr(clock.Clock, "estimate", lambda _clock: NOW)
    return line


def times(record: Any) -> tuple[str, str]:
    return record["start"], record["end"]


def test_an_event_is_created_with_words_and_printed_with_the_date(signed: CommandLine) -> None:
    made = signed.done(*EVENT, "--start", "demain 18h", "--end", "2h")
    assert re.search(r"Start +Tuesday 1 December 2020, 18:00", made)
    assert re.search(r"End +Wednesday 2 December 2020, 02:00", made)
    (event,) = signed.done("list-events", "--json")
    assert times(event) == ("2020-12-01T17:00:00Z", "2020-12-02T01:00:00Z")


def test_an_end_alone_follows_the_present_start(signed: CommandLine) -> None:
    event = signed.done(*EVENT, "--start", "15/6/21 18h", "--end", "+3h", "--json")
    assert times(event) == ("2021-06-15T16:00:00Z", "2021-06-15T19:00:00Z")
    with signed.signed_in_as("gwenaelle"):
        signed.done("assign-support", "1", "--support", "sofia-m")
    with signed.signed_in_as("sofia-m"):
        later = signed.done("update-event", "1", "--end", "23h", "--json")
        assert times(later) == ("2021-06-15T16:00:00Z", "2021-06-15T21:00:00Z")
        moved = signed.done("update-event", "1", "--start", "+2 20h", "--end", "1h", "--json")
        assert times(moved) == ("2020-12-02T19:00:00Z", "2020-12-03T00:00:00Z")


def test_days_of_payments_signatures_and_contacts_lie_behind(signed: CommandLine) -> None:
    paid = signed.done("record-payment", "1", "--amount", "10", "--received-on", "15/6", "--json")
    assert paid["received_on"] == "2020-06-15"
    paid = signed.done("record-payment", "1", "--amount", "10", "--received-on", "-2", "--json")
    assert paid["received_on"] == "2020-11-28"
    contact = ("--first-contact-date", "le 15", "--last-contact-date", "vendredi")
    client = signed.done("update-client", "1", *contact, "--json")
    assert (client["first_contact_date"], client["last_contact_date"]) == ("2020-11-15", "2020-11-27")
    with signed.signed_in_as("gwenaelle"):
        signed.done("create-contract", "--client", "1", "--total", "10")
    signed.sign_in("claire_d")
    signed_on = signed.done("sign-contract", "2", "--signed-on", "hier", "--json")["signed_on"]
    assert signed_on == "2020-11-29"
    assert signed.done("update-client", "1", "--last-contact-date", "", "--json")["last_contact_date"] is None


def test_a_refusal_says_what_would_be_right(signed: CommandLine) -> None:
    said = signed.refused(2, *EVENT, "--start", "18h", "--end", "fri 9")
    assert "--start: Add the day, like 30/11/2020 18:00." in said
    assert "--end: This could be a day or a time; write it like 04/12/2020 09:00." in said


def test_unusual_times_are_refused_with_the_date_that_was_read(signed: CommandLine) -> None:
    asked = (*EVENT, "--start", "hier 18h", "--end", "20h")
    said = signed.refused(2, *asked)
    assert "Give --yes to save them anyway." in said
    assert "it ended on Sunday 29 November 2020, 20:00." in said
    far = signed.refused(2, *EVENT, "--start", "+3 years 18h", "--end", "+3 years 20h", "--json")
    assert "it starts on Thursday 30 November 2023, 18:00." in json.loads(far)["problems"][0]["message"]
    long = signed.refused(2, *EVENT, "--start", "demain 18h", "--end", "+20 days 18h")
    assert "lasts 19 days: it ends on Sunday 20 December 2020, 18:00." in long
    assert signed.done("list-events", "--json") == []
    assert signed.done(*asked, "--yes", "--json")["end"] == "2020-11-29T19:00:00Z"


def test_an_end_follows_the_start_that_is_asked_for(
    signed: CommandLine, terminal: Callable[..., None]
) -> None:
    terminal()
    result = signed.run(*EVENT, "--end", "2h", "--json", stdin="18h\ndemain 18h\n")
    assert result.exit_code == 0, result.output
    assert "Add the day, like 30/11/2020 18:00." in result.stderr
    assert times(json.loads(result.stdout)) == ("2020-12-01T17:00:00Z", "2020-12-02T01:00:00Z")
    said = signed.refused(2, *EVENT, "--end", "25h")
    assert "--end: This is not a date and time" in said
    assert "Start: " not in said, "nothing is asked while what was given is wrong"
