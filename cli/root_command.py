"""The program without a command, and the options before a command."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import console
from cli import context as command_context
from cli.app import app
from cli.launch_app import open_configured
from services.i18n import N_


def _show_version(wanted: bool) -> None:
    if wanted:
        from services.settings.variables import shown_version

        typer.echo(shown_version())
        raise typer.Exit


@app.callback(invoke_without_command=True)
def program(
    context: typer.Context,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=N_("Show only warnings and errors."))] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help=N_("Show the version and exit.")
        ),
    ] = False,
) -> None:
    """Open the application where no command is given."""
    console.be_quiet(quiet)
    command_context.command = context.invoked_subcommand or ""
    if context.invoked_subcommand is None:
        raise typer.Exit(open_configured())
