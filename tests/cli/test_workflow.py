"""The brief's workflow through the commands, with the refusals on the way."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import CommandLine
from tests.support.crm import environment_for
from tests.support.databases import Databases

KEVIN = (
    "create-client", "--full-name", "Kevin Casey", "--email", "Kevin@Startup.io",
    "--phone", "+678 123 456 78", "--company", "Cool Startup LLC", "--first-contact-date", "2021-04-18",
    "--last-contact-date", "29/03/2023",
)  # fmt: skip


def draw_up(line: CommandLine) -> dict[str, Any]:
    """A client of claire_d and its signed contract."""
    with line.signed_in_as("claire_d"):
        client = line.done(*KEVIN, "--json")
    with line.signed_in_as("gwenaelle"):
        contract = line.done(
            "create-contract", "--client", str(client["id"]), "--total", "1 200,50", "--json"
        )
    with line.signed_in_as("claire_d"):
        return line.done("sign-contract", str(contract["id"]), "--json")  # type: ignore[no-any-return]


@pytest.fixture
def signed(databases: Databases, home: Path) -> Iterator[CommandLine]:
    """The command line where client 1 of claire_d has the signed contract 1."""

    def fill(url: str) -> None:
        os.environ.update(environment_for(url))
        assert draw_up(CommandLine(home))["id"] == 1

    with databases.copied(databases.filled("signed", databases.templates.staffed, fill)) as url:
        os.environ.update(environment_for(url))
        yield CommandLine(home)


def event_of(contract: int, *more: str) -> tuple[str, ...]:
    return (
        "create-event", "--contract", str(contract), "--name", "John Ouick Wedding",
        "--start", "2027-06-04 13:00", "--end", "2027-06-05 02:00",
        "--location", "53 Rue du Château, 41120 Candé-sur-Beuvron", "--attendees", "75", *more,
    )  # fmt: skip


def test_a_client_is_printed_as_written(line: CommandLine) -> None:
    line.sign_in("claire_d")
    client = line.done(*KEVIN, "--json")
    expected = {
        "full_name": "Kevin Casey",
        "email": "kevin@startup.io",
        "phone": "+678 123 456 78",
        "company": "Cool Startup LLC",
        "first_contact_date": "2021-04-18",
        "last_contact_date": "2023-03-29",
        "sales_contact": "claire_d",
    }
    assert {name: client[name] for name in expected} == expected


def test_people_read_labels_and_local_dates(line: CommandLine) -> None:
    line.sign_in("claire_d")
    result = line.run(*KEVIN)
    assert "[SUCCESS] Client 1 created." in result.stderr
    assert any(row.split() == ["Full", "name", "Kevin", "Casey"] for row in result.stdout.splitlines())
    assert "2021-04-18" not in result.stdout


def test_from_first_contact_to_the_last_payment(line: CommandLine) -> None:
    signed = draw_up(line)
    assert (signed["status"], signed["total_amount"]) == ("signed", "1200.50")
    with line.signed_in_as("claire_d"):
        event = line.done(*event_of(signed["id"]), "--json")
        assert (event["start"], event["end"]) == ("2027-06-04T11:00:00Z", "2027-06-05T00:00:00Z")
        assert event["support_contact"] == ""
    key = str(event["id"])
    with line.signed_in_as("gwenaelle"):
        assert (
            line.done("assign-support", key, "--support", "sofia-m", "--json")["support_contact"] == "sofia-m"
        )
    with line.signed_in_as("sofia-m"):
        noted = line.done("update-event", key, "--notes", "By the river.\nBring boots.", "--json")
        assert noted["notes"] == "By the river.\nBring boots."
    with line.signed_in_as("gwenaelle"):
        payment = line.done("record-payment", str(signed["id"]), "--amount", "1200.50", "--json")
        assert (payment["amount"], payment["recorded_by"]) == ("1200.50", "gwenaelle")
        assert line.done("list-contracts", "--unpaid", "--json") == []
        assert line.done("list-contracts", "--json")[0]["amount_remaining"] == "0.00"


@pytest.mark.parametrize(
    ("who", "command", "rule"),
    [
        ("sofia-m", KEVIN, "Only Commercial and Gestion create clients."),
        ("claire_d", ("create-contract", "--client", "1", "--total", "5"), "Only Gestion creates contracts."),
        ("benoit_l", ("update-client", "1", "--phone", "0102030405"), "Only the client's sales contact"),
        ("benoit_l", ("sign-contract", "1"), "Only the client's sales contact and Gestion"),
        ("sofia-m", ("record-payment", "1", "--amount", "5"), "Only the client's sales contact and Gestion"),
        ("gwenaelle", event_of(1), "Only the client's sales contact in Commercial creates events"),
        ("claire_d", ("list-users",), "Only Gestion"),
        ("sofia-m", ("journal",), "Only Gestion reads the audit journal."),
        ("claire_d", ("unlock-user", "sofia-m"), "Only Gestion"),
        ("gwenaelle", ("update-client", "1", "--phone", "0102030405"), "Only the client's sales contact"),
    ],
)
def test_a_refusal_names_its_rule(signed: CommandLine, who: str, command: tuple[str, ...], rule: str) -> None:
    signed.sign_in(who)
    assert f"[ERROR] {rule}" in signed.refused(4, *command)


def test_an_event_needs_a_signed_contract(line: CommandLine) -> None:
    with line.signed_in_as("claire_d"):
        client = line.done(*KEVIN, "--json")
    with line.signed_in_as("gwenaelle"):
        contract = line.done("create-contract", "--client", str(client["id"]), "--total", "5", "--json")
    line.sign_in("claire_d")
    assert "signed contract" in line.refused(4, *event_of(contract["id"]))


@pytest.mark.parametrize(
    ("command", "options"),
    [
        (("create-client",), ["--full-name", "--email"]),
        (("create-client", "--full-name", " ", "--email", "nobody"), ["--full-name", "--email"]),
        ((*KEVIN[:5], "--first-contact-date", "31/02/2027"), ["--first-contact-date"]),
        (("create-event", "--contract", "x"), ["--contract", "--name", "--start", "--end"]),
        (
            ("create-event", *event_of(1)[1:7], "--start", "noon", "--end", "late"),
            ["--start", "--end"],
        ),
        (("record-payment", "1", "--amount", "a lot"), ["--amount"]),
        (("record-payment", "one", "--amount", "5"), ["ID"]),
        (("update-contract", "1", "--total", "1.234"), ["--total"]),
        (("update-client", "1", "--email", ""), ["--email"]),
        (("update-client", "1", "--full-name", "a\x1b[31mb"), ["--full-name"]),
        (("list-clients", "--limit", "0", "--after", "x"), ["--limit", "--after"]),
        (("list-clients", "--sort", "colour"), ["--sort"]),
        (("list-events", "--preset", "nonsense"), ["--preset"]),
    ],
)
def test_bad_input_names_every_option_at_fault(
    signed: CommandLine, command: tuple[str, ...], options: list[str]
) -> None:
    signed.sign_in("claire_d")
    said = signed.refused(2, *command)
    assert "[ERROR] " in said
    assert [row.split(":")[0] for row in said.splitlines() if row.startswith(("--", "ID"))] == options


def test_an_update_that_changes_nothing_is_bad_input(signed: CommandLine) -> None:
    signed.sign_in("claire_d")
    assert "Nothing to change" in signed.refused(2, "update-client", "1")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("update-client", "99", "--phone", "0102030405"), "There is no client 99"),
        (("sign-contract", "99"), "There is no contract 99"),
        (("update-event", "99", "--notes", "x"), "There is no event 99"),
        (("trash-client", "99"), "There is no client 99"),
    ],
)
def test_a_record_that_is_not_there_is_not_found(
    line: CommandLine, command: tuple[str, ...], sentence: str
) -> None:
    line.sign_in("claire_d")
    assert sentence in line.refused(5, *command)


def test_an_unknown_username_is_not_found(signed: CommandLine) -> None:
    signed.sign_in("gwenaelle")
    signed.refused(5, "update-client", "1", "--sales-contact", "nobody9")


def test_an_email_in_use_is_a_duplicate_of_its_field(line: CommandLine) -> None:
    line.sign_in("claire_d")
    line.done(*KEVIN)
    said = line.refused(6, *KEVIN)
    assert [row for row in said.splitlines() if row.startswith("--email: ")]


def test_an_empty_option_clears_its_field(line: CommandLine) -> None:
    line.sign_in("claire_d")
    line.done(*KEVIN)
    cleared = line.done("update-client", "1", "--phone", "", "--last-contact-date", "", "--json")
    assert (cleared["phone"], cleared["last_contact_date"]) == ("", None)


def test_gestion_reassigns_a_client(signed: CommandLine) -> None:
    signed.sign_in("gwenaelle")
    assert (
        signed.done("update-client", "1", "--sales-contact", "benoit_l", "--json")["sales_contact"]
        == "benoit_l"
    )


def test_a_payment_beyond_what_remains_is_refused_by_its_field(signed: CommandLine) -> None:
    signed.sign_in("claire_d")
    assert "--amount: " in signed.refused(2, "record-payment", "1", "--amount", "1200.51")


def test_an_event_is_taken_from_its_support_contact(signed: CommandLine) -> None:
    with signed.signed_in_as("claire_d"):
        key = str(signed.done(*event_of(1), "--json")["id"])
    signed.sign_in("gwenaelle")
    signed.done("assign-support", key, "--support", "sofia-m")
    assert signed.done("list-events", "--without-support", "--json") == []
    assert signed.done("assign-support", key, "--support", "", "--json")["support_contact"] == ""
    assert "--support: " in signed.refused(2, "assign-support", key, "--support", "claire_d")
    assert "--support: " in signed.refused(2, "assign-support", key)


def test_the_trash_and_back(line: CommandLine) -> None:
    line.sign_in("claire_d")
    line.done(*KEVIN)
    line.done("trash-client", "1")
    assert line.done("list-clients", "--json") == []
    assert [client["id"] for client in line.done("list-clients", "--trash", "--json")] == [1]
    line.done("restore-client", "1")
    assert len(line.done("list-clients", "--json")) == 1


def test_undo_takes_the_last_change_back(line: CommandLine) -> None:
    line.sign_in("claire_d")
    line.done(*KEVIN)
    line.done("update-client", "1", "--company", "Warm Startup")
    line.done("undo")
    assert line.done("list-clients", "--json")[0]["company"] == "Cool Startup LLC"


def test_missing_fields_are_asked_for_on_a_terminal(line: CommandLine, terminal: Any) -> None:
    line.sign_in("claire_d")
    terminal()
    result = line.run("create-client", "--full-name", "Ada", "--json", stdin="ada@lovelace.example\n")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["email"] == "ada@lovelace.example"
    assert "Email: " in result.stderr


def test_the_journal_of_the_command_line_is_for_people_and_its_json_for_scripts(line: CommandLine) -> None:
    line.sign_in("gwenaelle")
    made = line.done(
        "create-client", "--full-name", "Zoé Bar", "--email", "zoe@example.com",
        "--sales-contact", "claire_d", "--json",
    )  # fmt: skip
    line.done("update-client", str(made["id"]), "--sales-contact", "benoit_l")
    shown = line.done("journal", "--record", f"client:{made['id']}")
    assert "Sales contact: Claire Dubois → Benoît Lefèvre" in shown
    assert "Client Zoé Bar" in shown
    assert "Gwenaëlle Le Goff" in shown
    assert "sales_contact_id" not in shown
    [changed, _created] = line.done("journal", "--record", f"client:{made['id']}", "--json")
    assert changed["changes"] == {"sales_contact_id": [1, 2]}
    assert (changed["actor"], changed["record_name"]) == ("gwenaelle", "Zoé Bar")


def test_a_person_who_is_booked_is_assigned_with_force_and_a_reason(signed: CommandLine) -> None:
    with signed.signed_in_as("claire_d"):
        first, second = (signed.done(*event_of(1), "--json")["id"] for _ in range(2))
    with signed.signed_in_as("gwenaelle"):
        signed.done("assign-support", str(first), "--support", "sofia-m", "--json")
        said = signed.refused(2, "assign-support", str(second), "--support", "sofia-m")
        assert "--force: Sofia Martínez runs “John Ouick Wedding” then" in said
        forced = ("assign-support", str(second), "--support", "sofia-m", "--force", "Next door", "--json")
        assert signed.done(*forced)["support_note"] == "Next door"
