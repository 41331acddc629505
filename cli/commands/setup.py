"""The commands that set up a CRM and keep its database current."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli import completion, console
from cli.app import INSTALLATION, command
from cli.context import opened, start_command
from cli.field_options import field_options, take_fields
from cli.options import DatabaseStdin, DatabaseUrl, PasswordStdin, PhoneRegion, TimeZone
from cli.parsing import FieldParser
from cli.prompts import NO_DATABASE_URL, NO_PASSWORD, lines_from_stdin, new_password
from services import garbage_collection
from services.i18n import N_, _
from services.iso_codes import CURRENCIES
from services.record_fields import PERSON


@command(
    "init",
    N_("Set up a new CRM: database, signing key and the first Gestion account."),
    panel=INSTALLATION,
    example="epicevents init --username admin_g --first-name Ada --last-name Martin --email a@b.example",
)
@field_options(PERSON)
def init(
    database: DatabaseUrl = "",
    database_stdin: DatabaseStdin = False,
    env_file: Annotated[
        str, typer.Option(metavar="PATH", help=N_("File for the settings; never overwritten."))
    ] = "",
    currency: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            autocompletion=completion.words(CURRENCIES),
            help=N_("The currency of every amount, such as EUR."),
        ),
    ] = None,
    phone_region: PhoneRegion = None,
    time_zone: TimeZone = None,
    password_stdin: PasswordStdin = False,
    **typed: str | None,
) -> None:
    """Create the database, the ``.env`` and the account; a failure leaves none of them."""
    garbage_collection.resume()
    start_command()
    from services import files
    from services.setup import SetUpCommand, require_free, set_up

    env_path = Path(env_file) if env_file else files.config_folder() / files.ENV_FILE
    require_free(env_path)
    secrets = _read_secrets(database_url_stdin=database_stdin, password=password_stdin)
    database = secrets.get("database_url_stdin", database)
    from models.write_models import CollaboratorCreate

    account = take_fields(FieldParser(CollaboratorCreate), PERSON, typed, is_new=True)
    account.compute(
        "password", lambda: secrets.get("password") or new_password(False, account.known("username"))
    )
    values = account.values()
    given = {"currency": currency, "phone_region": phone_region, "time_zone": time_zone}
    shared = {name: text for name, text in given.items() if text}
    settings = set_up(SetUpCommand(database_url=database, env_path=env_path, shared=shared, **values))
    from services.settings.database_urls import shown_url

    console.success(_("The CRM is set up in {database}.").format(database=shown_url(settings.database_url)))
    console.info(_("Its settings are in {path}.").format(path=files.absolute(env_path)))
    console.info(
        _("Sign in with: {command}").format(command=f"epicevents login --username {values['username']}")
    )


@command(
    "migrate",
    N_("Migrate the database to the version of this program; opening the application does the same."),
    panel=INSTALLATION,
)
def migrate(database: DatabaseUrl = "") -> None:
    """Run the missing migrations, and print the old and the new revision."""
    garbage_collection.resume()
    settings = start_command(database)
    steps: list[tuple[str | None, str]] = []
    with opened(settings, on_migration=lambda before, after: steps.append((before, after))):
        from services.migrations.runner import HEAD

        if not steps:
            console.success(_("The database is up to date ({revision}).").format(revision=HEAD))
        for before, after in steps:
            text = _("The database was migrated from {before} to {after}.")
            console.success(text.format(before=before or _("nothing"), after=after))


def _read_secrets(**wanted: bool) -> Mapping[str, str]:
    """Read the wanted secrets from standard input, one per line, in the order of the arguments."""
    templates = {"database_url_stdin": NO_DATABASE_URL, "password": NO_PASSWORD}
    fields = [name for name, is_wanted in wanted.items() if is_wanted]
    lines = lines_from_stdin([(name, templates[name]) for name in fields]) if fields else []
    return dict(zip(fields, lines, strict=True))
