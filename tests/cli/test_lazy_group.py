"""A command loads the module that holds it, and no other command's."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cli import lazy_group
from cli.all_commands import app
from cli.main import COMPLETION_VARIABLE
from tests.support.loaded_modules import modules_loaded_by

RUN = "import sys; sys.argv[1:] = {arguments}; import cli.main; cli.main.main()"


def test_each_command_is_known_by_the_module_that_registers_it() -> None:
    registered = {
        (command.callback.__module__, command.name)
        for command in app.registered_commands
        if command.callback is not None
    }
    known = {
        (f"cli.commands.{module}", name) for module, names in lazy_group.MODULES.items() for name in names
    }
    assert known == registered


@pytest.mark.parametrize(
    ("line", "modules"),
    [
        ("whoami", ("cli.root_command", "cli.commands.account")),
        ("-q list-clients --limit 3", ("cli.root_command", "cli.commands.clients")),
        ("--help", ("cli.all_commands",)),
        ("list-clinets", ("cli.all_commands",)),
        ("", ("cli.all_commands",)),
    ],
)
def test_a_command_line_needs_the_module_that_it_names(line: str, modules: tuple[str, ...]) -> None:
    assert tuple(lazy_group.modules_for(line.split())) == modules


def test_completion_knows_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COMPLETION_VARIABLE, "complete_bash")
    assert tuple(lazy_group.modules_for(["whoami"])) == ("cli.all_commands",)


@pytest.mark.parametrize("arguments", lazy_group.HELP)
def test_the_general_help_is_that_of_the_whole_program(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "cli", *arguments]
    quick = subprocess.run(command, capture_output=True, text=True, check=True)
    whole = CliRunner().invoke(app, arguments)
    assert quick.stdout.split() == whole.stdout.split()  # the runner's lines are two cells longer


@pytest.mark.parametrize("arguments", [["config", "--help"], ["--version"]])
def test_no_other_command_is_loaded(arguments: list[str]) -> None:
    loaded = modules_loaded_by(RUN.format(arguments=arguments))
    assert not loaded & {
        "cli.commands.clients",
        "cli.commands.collaborators",
        "cli.commands.demo",
        "cli.all_commands",
    }


@pytest.mark.parametrize(("line", "collected"), [("whoami", False), ("demo --help", True)])
def test_garbage_is_collected_only_where_a_command_may_go_through_a_whole_database(
    line: str, collected: bool
) -> None:
    program = (
        "import gc, sys; import cli.lazy_group, cli.main; cli.lazy_group._program = lambda words: "
        f"lambda prog_name: sys.exit(gc.isenabled()); sys.argv[1:] = {line.split()}; cli.main.main()"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == collected
