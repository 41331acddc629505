"""The command that opens a CRM of sample data."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import console
from cli.app import INSTALLATION, command
from cli.context import start_command
from cli.launch_app import open_app
from cli.options import DatabaseStdin, DatabaseUrl
from cli.output import show_lines
from cli.parsing import FieldParser, up_to, whole_number
from cli.prompts import NO_DATABASE_URL, lines_from_stdin
from cli.sample_crm import how_to_sign_in, prepare_sample_crm
from services import garbage_collection
from services.i18n import N_, _


@command(
    "demo",
    N_("Look around with sample data, in a temporary database."),
    panel=INSTALLATION,
    example="epicevents demo --seed 7",
)
def demo(
    database: DatabaseUrl = "",
    database_stdin: DatabaseStdin = False,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help=N_("Seed: the same number gives the same data."))
    ] = None,
    clients: Annotated[
        str | None,
        typer.Option(metavar="N", help=N_("Number of clients, with contracts, payments and events.")),
    ] = None,
    no_open: Annotated[
        bool,
        typer.Option(
            "--no-open",
            help=N_("Fill the database and print how to sign in, without opening the application."),
        ),
    ] = False,
) -> None:
    """Fill a database with sample data, unless it holds them already, and open it."""
    garbage_collection.resume()
    from services.demo.definitions import DEFAULT_SEED, MAX_CLIENTS, SAMPLE_ACCOUNTS

    if database_stdin:
        (database,) = lines_from_stdin([("database_url_stdin", NO_DATABASE_URL)])
    typed = FieldParser().take("seed", seed, whole_number).take("clients", clients, up_to(MAX_CLIENTS))
    given = typed.values()
    number, crowd = given.get("seed", DEFAULT_SEED), given.get("clients", 0)
    settings, fresh = prepare_sample_crm(start_command(), database, number, crowd)
    if fresh:
        console.success(_("The sample data are ready."))
    if no_open:
        show_lines(how_to_sign_in(settings))
        return
    raise typer.Exit(open_app(settings, sample_accounts=SAMPLE_ACCOUNTS))
