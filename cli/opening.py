"""The program without a command, and the options that stand before one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli import console
from cli.app import app
from services.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.settings import Settings

    Accounts = Sequence[tuple[str, str, str]]


def _show_version(wanted: bool) -> None:
    if wanted:
        from services.settings_variables import default_release

        typer.echo(default_release().replace("@", " "))
        raise typer.Exit


@app.callback(invoke_without_command=True)
def program(
    context: typer.Context,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help=N_("Say nothing but warnings and errors."))
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help=N_("Show the version and exit.")
        ),
    ] = False,
) -> None:
    """Open the application where no command is given."""
    console.be_quiet(quiet)
    if context.invoked_subcommand is None:
        from services import token_store
        from services.settings import load_settings

        settings = load_settings()
        raise typer.Exit(
            open_app(settings, token=token_store.load(settings), look_around=lambda: _sample_data(settings))
        )


def _sample_data(settings: Settings) -> tuple[Settings, Accounts]:
    """What the first-run screen shows to somebody who only looks around."""
    from cli.demo import sample_crm
    from services.demo import SAMPLE_ACCOUNTS

    return sample_crm(settings)[0], SAMPLE_ACCOUNTS


def open_app(
    settings: Settings,
    *,
    token: str | None = None,
    sample_accounts: Accounts = (),
    look_around: Callable[[], tuple[Settings, Accounts]] | None = None,
) -> int:
    """Open the application, and return its exit code. The one place where the commands know the screens."""
    from tui.run import run_app

    return run_app(settings, token=token, sample_accounts=sample_accounts, look_around=look_around)
