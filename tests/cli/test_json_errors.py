"""With ``--json`` an error is one JSON object on standard error, whatever it is about."""

import json
from typing import Any

import pytest

from cli import console
from cli.exit_codes import exit_code_of
from services import errors
from tests.cli.test_streams import shell
from tests.support.command_line import CommandLine


def error(result: Any) -> dict[str, Any]:
    """The only thing on standard error."""
    (line,) = result.stderr.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.parametrize(
    ("command", "code", "field", "message"),
    [
        (("create-client", "--full-name", "Ada"), 2, "email", "This field is required."),
        (("create-client", "--full-name", "Ada", "--email", "x"), 2, "email", None),
        (("list-clients", "--after", "x"), 2, "after", "Write a whole number in digits, such as 12."),
        (("update-client", "x", "--phone", ""), 2, "id", "Write a whole number in digits, such as 12."),
        (("update-client", "1"), 2, None, "Nothing to change: give at least one field as an option."),
        (("update-client",), 2, "id", "ID is missing."),
        (("list-clients", "--colour"), 2, "colour", None),
        (("list-clients", "extra"), 2, None, "Unexpected argument: extra"),
        (("list-client",), 2, None, "There is no command list-client."),
        (("list-users",), 4, None, "Only Gestion manages the team."),
        (("update-client", "99", "--phone", ""), 5, None, "There is no client 99, or it is in the trash."),
    ],
)
def test_every_refusal_is_an_object(
    line: CommandLine, command: tuple[str, ...], code: int, field: str | None, message: str | None
) -> None:
    line.sign_in("claire_d")
    result = line.run(*command, "--json")
    found = error(result)
    assert (result.exit_code, result.stdout) == (code, "")
    assert (found["code"], found["field"]) == (code, field)
    assert message is None or found["message"].startswith(message)


def test_several_fields_at_fault_are_all_in_it(line: CommandLine) -> None:
    line.sign_in("claire_d")
    found = error(line.run("create-client", "--json"))
    assert found["field"] == "full_name"
    assert [problem["field"] for problem in found["problems"]] == ["full_name", "email"]


def test_a_duplicate_names_its_field(line: CommandLine) -> None:
    line.sign_in("claire_d")
    command = ("create-client", "--full-name", "Ada", "--email", "ada@client.example", "--json")
    line.done(*command)
    result = line.run(*command)
    assert result.exit_code == 6
    assert error(result)["field"] == "email"


def test_who_is_not_signed_in_reads_an_object(line: CommandLine) -> None:
    found = error(line.run("whoami", "--json"))
    assert (found["code"], found["field"]) == (3, None)


def test_a_bad_setting_is_an_object_of_a_real_process(line: CommandLine) -> None:
    shown = shell("EPICEVENTS_BCRYPT_COST=99 PROGRAM list-clients --json")
    found = error(shown)
    assert (shown.returncode, found["code"]) == (2, 2)
    assert found["message"].startswith("EPICEVENTS_BCRYPT_COST ")


def test_an_unexpected_error_is_an_object_that_keeps_its_text_to_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise ValueError("jean@private.example")

    console.use_json_errors(True)
    try:
        assert exit_code_of(fail) == 1
    finally:
        console.use_json_errors(False)
    said = capsys.readouterr().err
    assert json.loads(said)["message"].startswith("Unexpected error: ValueError")
    assert "private" not in said


def test_what_was_said_before_the_error_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        console.warning("The disk is nearly full.")
        raise errors.NotSignedIn

    console.use_json_errors(True)
    try:
        assert exit_code_of(fail) == 3
    finally:
        console.use_json_errors(False)
    assert json.loads(capsys.readouterr().err)["messages"] == ["[WARNING] The disk is nearly full."]


def test_where_all_went_well_messages_are_lines(line: CommandLine) -> None:
    line.sign_in("claire_d")
    result = line.run("create-client", "--full-name", "Ada", "--email", "ada@client.example", "--json")
    assert "[SUCCESS] Client 1 created." in result.stderr.splitlines()
    assert json.loads(result.stdout)["id"] == 1


def test_without_json_an_error_is_a_sentence(line: CommandLine) -> None:
    assert "[ERROR] You are not signed in." in line.refused(3, "whoami")
