"""Exit codes and the last words of a command."""

import pytest
import typer

from cli import console
from cli.exit_codes import exit_code_of
from services import errors


def refusing(error: BaseException) -> int:
    def run() -> None:
        raise error

    return exit_code_of(run)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (typer.Exit(0), 0),
        (typer.Exit(7), 7),
        (ValueError("jean@private.example"), 1),
        (errors.DatabaseUnavailable(), 1),
        (errors.Invalid.of("email", "This field is required."), 2),
        (errors.SettingsError("X", "{variable} is bad."), 2),
        (errors.NotSignedIn(), 3),
        (errors.SignInRefused(), 3),
        (errors.Forbidden("client.create", "No."), 4),
        (errors.NotFound("client", 12, "There is no client {key}."), 5),
        (errors.Conflict("client", 12, 3, []), 6),
        (errors.Duplicate("email", "This value is used already."), 6),
        (KeyboardInterrupt(), 130),
        (typer.Abort(), 130),
    ],
)
def test_the_exit_code_says_how_it_ended(error: BaseException, code: int) -> None:
    assert refusing(error) == code


def test_a_command_that_is_done_ends_with_zero() -> None:
    assert exit_code_of(lambda: None) == 0


@pytest.mark.parametrize("error", [KeyboardInterrupt(), typer.Abort(), typer.Exit(3)])
def test_who_leaves_is_told_nothing(error: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    refusing(error)
    assert capsys.readouterr() == ("", "")


def test_an_unexpected_error_keeps_its_text_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    refusing(ValueError("jean@private.example"))
    said = capsys.readouterr().err
    assert said.startswith("[ERROR] Unexpected error: ValueError (test_exit_codes.py:")
    assert "private" not in said


@pytest.mark.parametrize(
    ("field", "option"),
    [
        ("email", "--email"),
        ("full_name", "--full-name"),
        ("client_id", "--client"),
        ("total_amount", "--total"),
        ("contract_id", "--contract"),
        ("sales_contact_id", "--sales-contact"),
        ("support_contact_id", "--support"),
        ("reassign_to", "--reassign-to"),
        ("password", "--password-stdin"),
    ],
)
def test_a_field_at_fault_is_named_as_its_option(
    field: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refusing(errors.Invalid.of(field, "This field is required."))
    assert f"\n{option}: This field is required.\n" in capsys.readouterr().err


def test_a_value_in_a_refusal_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    refusing(errors.NotFound("client", "\x1b[2J\u202e", "There is no client {key}."))
    assert not set("\x1b\u202e") & set(capsys.readouterr().err)


def test_quiet_keeps_warnings_and_errors(capsys: pytest.CaptureFixture[str]) -> None:
    console.set_quiet(True)
    try:
        console.info("a")
        console.success("b")
        console.line("[INFO] c")
        console.line("[WARNING] d")
        console.warning("e")
        console.error("f")
    finally:
        console.set_quiet(False)
    assert capsys.readouterr().err == "[WARNING] d\n[WARNING] e\n[ERROR] f\n"
