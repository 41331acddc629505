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
    assert f"\n{option}: Name a collaborator by the username." in line.refused(2, *command)


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
    assert "--reassign-to: claire_d is the one who leaves. Name somebody else." in said
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
