"""A command loads the module that holds it, and no other command's."""

import pytest

from cli import dispatch
from cli.commands import app
from cli.main import COMPLETION_VARIABLE
from tests.support.loaded import modules_loaded_by

RUN = "import sys; sys.argv[1:] = {arguments}; import cli.main; cli.main.main()"


def test_each_command_is_known_by_the_module_that_registers_it() -> None:
    registered = {
        (command.callback.__module__, command.name)
        for command in app.registered_commands
        if command.callback is not None
    }
    known = {(f"cli.{module}", name) for module, names in dispatch.MODULES.items() for name in names}
    assert known == registered


@pytest.mark.parametrize(
    ("line", "modules"),
    [
        ("whoami", ("opening", "account")),
        ("-q list-clients --limit 3", ("opening", "clients")),
        ("--version", ("opening",)),
        ("--help", ("commands",)),
        ("list-clinets", ("commands",)),
        ("", ("commands",)),
    ],
)
def test_a_command_line_needs_the_module_that_it_names(line: str, modules: tuple[str, ...]) -> None:
    assert tuple(dispatch.modules_for(line.split())) == modules


def test_completion_knows_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COMPLETION_VARIABLE, "complete_bash")
    assert tuple(dispatch.modules_for(["whoami"])) == ("commands",)


@pytest.mark.parametrize("arguments", [["config", "--help"], ["--version"]])
def test_no_other_command_is_loaded(arguments: list[str]) -> None:
    loaded = modules_loaded_by(RUN.format(arguments=arguments))
    assert not loaded & {"cli.clients", "cli.team", "cli.demo", "cli.commands"}
