"""Maps each command to its module, so that a command loads no other.

Typer inspects the signature of every registered command, and each module imports others: together a fifth of
the time of a short command.
"""

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import typer.main

from cli.app import PROGRAM, app, outline
from cli.main import COMPLETION_VARIABLE

MODULES: Final[Mapping[str, Sequence[str]]] = {
    "account": ("login", "logout", "whoami", "change-password"),
    "clients": ("create-client", "update-client", "list-clients"),
    "contracts": (
        "create-contract", "update-contract", "sign-contract", "record-payment",
        "cancel-payment", "list-payments", "list-contracts",
    ),
    "events": ("create-event", "update-event", "assign-support", "list-events"),
    "trash": (
        "trash-client", "trash-contract", "trash-event", "restore-client", "restore-contract",
        "restore-event", "undo",
    ),
    "audit_log": ("journal",),
    "collaborators": (
        "create-user", "update-user", "deactivate-user", "reactivate-user", "delete-user", "unlock-user",
        "list-users",
    ),
    "setup": ("init", "migrate"),
    "check": ("check",),
    "demo": ("demo",),
    "configuration": ("config",),
    "settings": ("settings",),
    "telemetry": ("sentry-test", "sentry-preview"),
}  # fmt: skip
"""The commands of each module of ``cli.commands``."""

LONG: Final = frozenset({"cli.commands.setup", "cli.commands.check", "cli.commands.demo"})
"""The modules whose commands may go through a whole database, so that their garbage must be collected.

What other commands make is little, and goes with them.
"""

HELP: Final = (["--help"], ["-h"])
"""The command lines that ask for the general help alone."""

_ROOT: Final = "cli.root_command"
_EVERYTHING: Final = "cli.all_commands"
_MODULE_OF: Final = {name: f"cli.commands.{module}" for module, names in MODULES.items() for name in names}


def run() -> None:
    """Run the command line and leave with its exit code."""
    modules = modules_for(sys.argv[1:])
    if LONG.intersection(modules):
        gc.enable()
    for module in modules:
        import_module(module)
    _program(sys.argv[1:])(prog_name=PROGRAM)


def _program(arguments: Sequence[str]) -> Any:
    """The program with no more commands than are needed: Typer reads the signature of each."""
    if COMPLETION_VARIABLE in os.environ:
        return typer.main.get_command(app)
    if list(arguments) in HELP:
        return outline()
    named = named_in(arguments)
    if named in _MODULE_OF:
        app.registered_commands = [each for each in app.registered_commands if each.name == named]
    return typer.main.get_command(app)


def modules_for(arguments: Sequence[str]) -> Sequence[str]:
    """What has to be loaded for a command line; everything where it names no command."""
    if COMPLETION_VARIABLE in os.environ:
        return (_EVERYTHING,)
    named = named_in(arguments)
    return (_ROOT, _MODULE_OF[named]) if named in _MODULE_OF else (_EVERYTHING,)


def named_in(arguments: Sequence[str]) -> str:
    """The first word that is no option: the command, for no option before it takes a value."""
    return next((word for word in arguments if not word.startswith("-")), "")
