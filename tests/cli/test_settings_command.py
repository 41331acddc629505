"""The settings that the database keeps, by command: shown, changed, and stronger than the variables."""

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
    assert "while there is no contract" in line.refused(6, "settings", "--currency", "EUR")
