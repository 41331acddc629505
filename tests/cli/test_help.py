"""Help, version, completion, and a command line that cannot be understood."""

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.lazy_group import MODULE_OF
from cli.usage_errors import translated

ISSUE_COMMANDS = (
    "login logout whoami create-user update-user deactivate-user delete-user unlock-user change-password "
    "create-client update-client list-clients create-contract update-contract sign-contract record-payment "
    "cancel-payment list-payments list-contracts create-event update-event assign-support list-events "
    "add-note update-note list-notes create-task update-task done-task list-tasks reminders "
    "list-users journal init demo config migrate sentry-test sentry-preview"
)


@pytest.mark.parametrize("name", ISSUE_COMMANDS.split())
def test_every_command_of_the_specification_has_help(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    assert f"epicevents {name}" in shown.stdout


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("login", "--username --password-stdin"),
        ("create-user", "--username --first-name --last-name --email --phone --department --password-stdin"),
        ("create-client", "--full-name --email --phone --company --sales-contact"),
        ("create-contract", "--client --total"),
        ("record-payment", "--amount"),
        ("create-event", "--contract --name --start --end --location --attendees --notes"),
        ("assign-support", "--support"),
        ("deactivate-user", "--reassign-to"),
        ("list-clients", "--mine --search --limit --after --sort --preset --trash --json"),
        ("list-contracts", "--mine --unsigned --unpaid --search --limit --after --json"),
        ("list-events", "--mine --without-support --search --limit --after --json"),
        ("init", "--database --env-file --username --password-stdin"),
        ("demo", "--database --seed --no-open"),
        ("config", "--json"),
    ],
)
def test_the_options_are_those_of_the_specification(name: str, options: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"]).stdout
    missing = [option for option in options.split() if f"{option} " not in shown]
    assert missing == []


def test_the_help_lists_every_command_under_a_heading() -> None:
    shown = CliRunner().invoke(app, ["--help"]).stdout
    listed = [line.split()[0] for line in shown.splitlines() if line.startswith("  ") and line.split()]
    assert [name for name in MODULE_OF if name not in listed] == []


def test_the_help_of_an_argument_is_in_the_language_of_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    english = CliRunner().invoke(app, ["run-sheet", "--help"]).stdout
    assert "EVENT  The event's id.  [required]" in english
    monkeypatch.setenv("EPICEVENTS_LANGUAGE", "fr")
    french = CliRunner().invoke(app, ["run-sheet", "--help"]).stdout
    assert "EVENT  L’id de l’événement.  [obligatoire]" in french


@pytest.mark.parametrize("broken", ["EPICEVENTS_CURRENCY", "EPICEVENTS_LANGUAGE", "EPICEVENTS_DATABASE_URL"])
def test_a_broken_setting_does_not_break_the_help(broken: str) -> None:
    shown = CliRunner().invoke(app, ["--help"], env={broken: "\t nonsense"})
    assert shown.exit_code == 0


def test_version_names_the_program() -> None:
    shown = CliRunner().invoke(app, ["--version"])
    assert shown.exit_code == 0
    assert shown.stdout.startswith("epicevents ")


def test_the_shell_completes_commands() -> None:
    environment = {
        "_EPICEVENTS_COMPLETE": "complete_bash",
        "COMP_WORDS": "epicevents list-",
        "COMP_CWORD": "1",
    }
    shown = CliRunner().invoke(app, [], env=environment)
    assert shown.stdout.split() == [
        "list-clients", "list-users", "list-payments", "list-contracts", "list-events",
        "list-notes", "list-tasks", "list-views",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["crate-client"], "There is no command crate-client."),
        (["list-clients", "--colour"], "There is no option --colour."),
        (["list-clients", "--limit"], "--limit needs a value."),
        (["list-clients", "--mine=yes"], "--mine takes no value."),
        (["update-client"], "ID is missing."),
        (["whoami", "me"], "Unexpected argument: me"),
    ],
)
def test_a_command_line_that_cannot_be_understood_is_bad_input(arguments: list[str], said: str) -> None:
    shown = CliRunner().invoke(app, arguments, env={"EPICEVENTS_LANGUAGE": "en"})
    assert shown.exit_code == 2
    assert shown.stdout == ""
    assert f"[ERROR] {said}" in shown.stderr


def test_an_unknown_complaint_of_typer_passes_through() -> None:
    assert translated("Something new.") == "Something new."


def test_no_command_takes_a_password_as_an_argument() -> None:
    takers = [
        option
        for name in ISSUE_COMMANDS.split()
        for option in CliRunner().invoke(app, [name, "--help"]).stdout.split()
        if option.startswith("--") and "password" in option
    ]
    assert set(takers) == {"--password-stdin"}
