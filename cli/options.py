"""The options that several commands share."""

from typing import Annotated

import typer

from cli import completion
from services.i18n import N_
from services.iso_codes import PHONE_REGIONS

Json = Annotated[bool, typer.Option("--json", help=N_("Print JSON, for scripts."))]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help=N_("Read the password from standard input."))
]
PhoneRegion = Annotated[
    str | None,
    typer.Option(
        metavar="CODE",
        autocompletion=completion.words(PHONE_REGIONS),
        help=N_("Country of the phone numbers typed without a prefix, such as FR."),
    ),
]
TimeZone = Annotated[
    str | None,
    typer.Option(metavar="NAME", autocompletion=completion.zones, help=N_("Such as Europe/Paris.")),
]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        "--database", metavar="URL", help=N_("sqlite:////path/to/file.db or postgresql://user@host/name.")
    ),
]
DatabaseStdin = Annotated[
    bool,
    typer.Option(
        "--database-url-stdin",
        help=N_("Read the address of the database from standard input, so that its password stays hidden."),
    ),
]
