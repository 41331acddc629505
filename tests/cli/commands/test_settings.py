"""The settings that the database keeps, by command: shown, changed, and stronger than the variables."""

import re
import time

import pytest

from tests.support.command_line import CommandLine


def test_everybody_reads_the_settings_and_gestion_changes_them(line: CommandLine) -> None:
    with line.signed_in_as("claire_d"):
        shown = line.done("settings", "--json")
        assert (shown["currency"], shown["phone_region"]) == ("EUR", "FR")
        assert "Gestion" in line.refused(4, "settings", "--currency", "CHF")
    with line.signed_in_as("gwenaelle"):
        changed = line.done("settings", "--currency", "chf", "--phone-region", "ch", "--json")
        assert (changed["currency"], changed["phone_region"]) == ("CHF", "CH")
        assert "ISO 4217" in line.refused(2, "settings", "--currency", "francs")
        assert line.done("settings").split()[:2] == ["Currency", "CHF"]
        line.done("undo")
        assert line.done("settings", "--json")["currency"] == "EUR"


def test_a_variable_that_differs_is_warned_of_once_and_changes_nothing(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with line.signed_in_as("claire_d"):
        client = line.done(
            "create-client", "--full-name", "Zoé", "--email", "zoe@example.com", "--json"
        )  # fmt: skip
    line.sign_in("gwenaelle")
    monkeypatch.setenv("EPICEVENTS_CURRENCY", "USD")
    result = line.run("create-contract", "--client", str(client["id"]), "--total", "4200")
    assert result.stderr.count("EPICEVENTS_CURRENCY") == 1
    assert "EUR" in result.stderr
    assert "€4,200.00" in result.stdout
    assert "$" not in result.stdout
    monkeypatch.setenv("EPICEVENTS_CURRENCY", "EUR")
    assert "EPICEVENTS_CURRENCY" not in line.run("list-contracts").stderr


def test_json_names_the_currency_beside_the_amounts(line: CommandLine) -> None:
    with line.signed_in_as("claire_d"):
        client = line.done("create-client", "--full-name", "Zoé", "--email", "zoe@example.com", "--json")
        assert client["currency"] == "EUR"
    line.sign_in("gwenaelle")
    line.done("settings", "--currency", "JPY")
    given = ("create-contract", "--client", str(client["id"]), "--total")
    assert "no decimals" in line.refused(2, *given, "1234.56")
    contract = line.done(*given, "¥1,234", "--json")
    assert (contract["total_amount"], contract["currency"]) == ("1234", "JPY")
    (listed,) = line.done("list-contracts", "--json")
    assert (listed["amount_remaining"], listed["currency"]) == ("1234", "JPY")
    assert "currency" not in line.done("list-events", "--json")
    assert "only while the CRM has no contract" in line.refused(6, "settings", "--currency", "EUR")


def test_dates_are_answered_in_words_and_name_the_zone_where_it_is_not_plain(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.sign_in("claire_d")
    made = line.done(
        "create-client",
        "--full-name",
        "Zoé",
        "--email",
        "zoe@example.com",
        "--last-contact-date",
        "05/06/2023",
    )
    assert "Monday 5 June 2023" in made
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    shown = line.done("update-client", "1", "--company", "Tents")
    assert re.search(r"Created +\w+ \d+ \w+ \d{4}, \d\d:\d\d E[SD]T", shown)


def test_unusual_times_of_an_event_need_yes(line: CommandLine) -> None:
    with line.signed_in_as("claire_d"):
        client = line.done("create-client", "--full-name", "Zoé", "--email", "zoe@example.com", "--json")
    with line.signed_in_as("gwenaelle"):
        contract = line.done("create-contract", "--client", str(client["id"]), "--total", "5000", "--json")
        line.done("sign-contract", str(contract["id"]))
    line.sign_in("claire_d")
    asked = (
        "create-event", "--contract", str(contract["id"]), "--name", "Ball",
        "--start", "1950-06-04 13:00", "--end", "1950-08-05 02:00",
    )  # fmt: skip
    said = line.refused(2, *asked)
    assert "--yes" in said
    assert "over already" in said
    assert "61 days" in said
    assert line.done("list-events", "--json") == []
    assert line.done(*asked, "--yes", "--json")["start"] == "1950-06-04T12:00:00Z"
    assert "--last-contact-date" in line.refused(2, "update-client", "1", "--last-contact-date", "2099-01-01")
