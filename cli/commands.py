"""Every command, registered by the import of its module."""

import typer.main

from cli import (  # noqa: F401  (imported for the commands that they register)
    account,
    check,
    clients,
    configuration,
    contracts,
    demo,
    events,
    journal,
    opening,
    setup,
    team,
    telemetry,
    undoing,
)
from cli.app import PROGRAM, app

__all__ = ["app", "run"]


def run() -> None:
    """Run the command line and leave with its exit code."""
    typer.main.get_command(app)(prog_name=PROGRAM)
