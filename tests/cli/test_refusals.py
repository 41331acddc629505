"""A refusal comes from the rule of the act itself, is said once, and names what would be right."""

import pytest

from tests.support.command_line import CommandLine

KEVIN = ("create-client", "--full-name", "Kevin Casey", "--email", "kevin@startup.io")


@pytest.mark.parametrize(
    ("who", "command", "rule"),
    [
        ("claire_d", (*KEVIN, "--sales-contact", "benoit_l"), "Only Gestion reassigns a client"),
        ("claire_d", ("update-client", "1", "--sales-contact", "nobody9"), "Only Gestion reassigns a client"),
        ("sofia-m", (*KEVIN, "--sales-contact", "benoit_l"), "Only Commercial and Gestion create clients."),
        ("claire_d", ("assign-support", "1", "--support", "sofia-m"), "Only Gestion assigns the support"),
        ("sofia-m", ("assign-support", "1", "--support", "sofia-m"), "Only Gestion assigns the support"),
        ("claire_d", ("deactivate-user", "benoit_l"), "Only Gestion manages the team."),
    ],
)
def test_naming_somebody_is_refused_by_the_rule_of_the_act(
    line: CommandLine, who: str, command: tuple[str, ...], rule: str
) -> None:
    with line.signed_in_as("claire_d"):
        line.done("create-client", "--full-name", "Ada", "--email", "ada@client.example")
    line.sign_in(who)
    assert f"[ERROR] {rule}" in line.refused(4, *command)


def test_commercial_may_name_themselves(line: CommandLine) -> None:
    line.sign_in("claire_d")
    assert line.done(*KEVIN, "--sales-contact", "CLAIRE_D", "--json")["sales_contact"] == "claire_d"


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ((*KEVIN, "--sales-contact", ""), "--sales-contact"),
        ((*KEVIN, "--sales-contact", "  "), "--sales-contact"),
        (("deactivate-user", ""), "USERNAME"),
        (("deactivate-user", "benoit_l", "--reassign-to", ""), "--reassign-to"),
    ],
)
def test_nobody_is_no_collaborator(line: CommandLine, command: tuple[str, ...], option: str) -> None:
    line.sign_in("gwenaelle")
    assert f"\n{option}: Give the username of a collaborator." in line.refused(2, *command)


def test_a_duplicate_is_said_once(line: CommandLine) -> None:
    line.sign_in("claire_d")
    line.done(*KEVIN)
    said = line.refused(6, *KEVIN).splitlines()
    assert len([row for row in said if "Another client has this email" in row]) == 1
    assert said[-1].startswith("--email: ")


def test_who_leaves_cannot_take_over_their_own_records(line: CommandLine) -> None:
    with line.signed_in_as("claire_d"):
        line.done(*KEVIN)
    line.sign_in("gwenaelle")
    said = line.refused(2, "deactivate-user", "claire_d", "--reassign-to", "claire_d")
    assert "--reassign-to: claire_d is the account being deactivated. Name another collaborator." in said
    line.refused(2, "deactivate-user", "benoit_l", "--reassign-to", "Benoit_L")


def test_an_owner_who_leaves_needs_another_in_one_sentence(line: CommandLine) -> None:
    with line.signed_in_as("claire_d"):
        line.done(*KEVIN)
    line.sign_in("gwenaelle")
    said = line.refused(2, "deactivate-user", "claire_d").splitlines()
    assert said[-1] == "[ERROR] claire_d owns 1 client. Name the new owner with --reassign-to."


def test_the_trash_names_the_record(line: CommandLine) -> None:
    line.sign_in("claire_d")
    line.done(*KEVIN)
    assert "[SUCCESS] Client 1 (Kevin Casey) moved to the trash." in line.run("trash-client", "1").stderr
    restored = line.run("restore-client", "1").stderr
    assert "[SUCCESS] Client 1 (Kevin Casey) is back from the trash." in restored
    assert "client 1" in line.run("undo").stderr


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("list-clients", "--limit", "-1"), "--limit: This must not be negative."),
        (("list-clients", "--after", "9" * 30), "--after: This number is too large."),
        (("list-clients", "--after", "many"), "--after: Write a whole number in digits, such as 12."),
        (("update-client", "9223372036854775808", "--phone", ""), "ID: This number is too large."),
        (("update-client", "", "--phone", ""), "ID: Write a whole number in digits, such as 12."),
        (("create-contract", "--client", "-3", "--total", "5"), "--client: This must not be negative."),
        (("journal", "--record", "client:"), "--record: Write a whole number in digits, such as 12."),
    ],
)
def test_a_number_that_will_not_do_is_told_why(
    line: CommandLine, command: tuple[str, ...], sentence: str
) -> None:
    line.sign_in("gwenaelle")
    assert f"\n{sentence}\n" in line.refused(2, *command)


def test_every_option_of_a_list_at_fault_is_named(line: CommandLine) -> None:
    line.sign_in("claire_d")
    said = line.refused(2, "list-clients", "--limit", "x", "--after", "y", "--sort", "-z", "--preset", "q")
    named = [row.split(":")[0] for row in said.splitlines() if row.startswith("--")]
    assert named == ["--limit", "--after", "--sort", "--preset"]


def test_what_is_not_in_the_trash_is_not_said_to_be_missing(line: CommandLine) -> None:
    line.sign_in("claire_d")
    line.done(*KEVIN)
    assert "[ERROR] Client 1 is not in the trash." in line.refused(5, "restore-client", "1")
    assert "[ERROR] There is no client 2" in line.refused(5, "restore-client", "2")
    line.done("trash-client", "1")
    line.done("restore-client", "1")
    assert "[ERROR] Client 1 is not in the trash." in line.refused(5, "restore-client", "1")
