"""A command line loads the module of the command that it names, and no other command's."""

import subprocess
import sys

import pytest

from cli.lazy_group import MODULE_OF
from cli.main import COMPLETION_VARIABLE

PROGRAM = "import atexit, gc, sys; atexit.register(lambda: print({asked})); import cli.main; cli.main.main()"
DECLARING = """
from importlib import import_module
from cli.lazy_group import DECLARED, MODULE_OF
for module in dict.fromkeys(MODULE_OF.values()):
    known = set(DECLARED)
    import_module(module)
    for name in DECLARED.keys() - known:
        print(name, module)
"""


def answer_at_exit(asked: str, *arguments: str) -> str:
    """The value of an expression at the end of a program that was started with these arguments."""
    command = [sys.executable, "-c", PROGRAM.format(asked=asked), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()[-1]


def command_modules_loaded_by(*arguments: str) -> set[str]:
    loaded = answer_at_exit("*sys.modules", *arguments).split()
    return {name for name in loaded if name.startswith("cli.commands.")}


def test_each_command_is_known_by_the_module_that_declares_it() -> None:
    done = subprocess.run([sys.executable, "-c", DECLARING], capture_output=True, text=True, check=True)
    assert dict(line.split() for line in done.stdout.splitlines()) == MODULE_OF


@pytest.mark.parametrize(
    ("line", "modules"),
    [
        ("whoami", {"cli.commands.account"}),
        ("-q list-clients --limit 3", {"cli.commands.clients"}),
        ("config --help", {"cli.commands.configuration"}),
        ("demo --help", {"cli.commands.demo"}),
        ("-q --version", set()),
        ("list-clinets", set()),
        ("--help", set(MODULE_OF.values())),
        ("-h", set(MODULE_OF.values())),
    ],
)
def test_a_command_line_loads_the_module_that_it_names(line: str, modules: set[str]) -> None:
    assert command_modules_loaded_by(*line.split()) == modules


LISTED = ("clients", "collaborators", "contracts", "events", "notes", "tasks")


@pytest.mark.parametrize(
    ("words", "modules"),
    [
        ("list-clients --preset", {"cli.commands.clients"}),
        (
            "list-",
            {
                f"cli.commands.{name}"
                for name in ("clients", "collaborators", "contracts", "events", "notes", "tasks", "views")
            },
        ),
        ("", set(MODULE_OF.values())),
    ],
)
def test_completion_loads_the_modules_of_the_commands_that_it_offers(
    words: str, modules: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(COMPLETION_VARIABLE, "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"epicevents {words}")
    monkeypatch.setenv("COMP_CWORD", str(max(1, len(words.split()))))
    assert command_modules_loaded_by() == modules


@pytest.mark.parametrize(
    ("line", "collected"),
    [
        ("whoami", False),
        ("--help", False),
        ("init --env-file /", True),
        ("migrate --database nonsense", True),
        ("check --database nonsense", True),
        ("demo --seed nonsense", True),
    ],
)
def test_garbage_is_collected_only_where_a_command_may_go_through_a_whole_database(
    line: str, collected: bool
) -> None:
    assert answer_at_exit("gc.isenabled()", *line.split()) == str(collected)
