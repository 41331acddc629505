"""The commands of the account: login, logout, whoami and change-password."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import completion, console, prompts
from cli.app import ACCOUNT, command
from cli.context import opened, signed_in, start_command
from cli.options import Json, PasswordStdin
from cli.output import show_json
from cli.parsing import FieldParser, collaborator_id
from cli.prompts import ask_password, new_password, password, passwords_from_stdin
from services.i18n import N_, _
from services.rights import Action


@command(
    "login",
    N_("Sign in on this machine."),
    panel=ACCOUNT,
    example="epicevents login --username admin",
)
def login(
    username: Annotated[
        str | None, typer.Option("--username", "-u", metavar="NAME", help=N_("Your username."))
    ] = None,
    password_stdin: PasswordStdin = False,
    keep_in: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help=N_("Keep the session in this file, for scripts that set EPICEVENTS_TOKEN_FILE to it."),
        ),
    ] = None,
) -> None:
    """Sign in and keep the session for the next commands and for the application."""
    settings = start_command()
    from services.auth import token_store

    place = token_store.place(settings, keep_in)
    parser = FieldParser().require("username", N_("Username"), username)
    values = parser.compute("password", lambda: password(password_stdin, N_("Password"))).values()
    with opened(settings) as crm:
        from services.auth import sessions

        signed = sessions.sign_in(crm, values["username"], values["password"])
        try:
            token_store.save(settings, signed.token, place)
        except token_store.SessionNotKept:
            sessions.sign_out(crm, signed.actor)  # no later command could use it
            raise
        console.success(
            _("Signed in as {username} ({department}).").format(
                username=signed.actor.username, department=signed.actor.department
            )
        )


@command("logout", N_("Sign out, everywhere this session is used."), panel=ACCOUNT)
def logout() -> None:
    """Revoke the session and forget it."""
    with signed_in() as (crm, actor):
        from services.auth import sessions, token_store

        sessions.sign_out(crm, actor)
        token_store.clear(crm.settings)
        console.success(_("Signed out."))


@command("whoami", N_("Show who is signed in."), panel=ACCOUNT)
def whoami(as_json: Json = False) -> None:
    """Print the username, name and department."""
    with signed_in() as (_crm, actor):
        if as_json:
            show_json(
                {
                    "id": actor.id,
                    "username": actor.username,
                    "full_name": actor.full_name,
                    "department": actor.department,
                }
            )
        else:
            typer.echo(console.printable(f"{actor.username} - {actor.full_name} ({actor.department})"))


@command(
    "change-password",
    N_("Change your password, or that of a collaborator in Gestion; ends the sessions."),
    panel=ACCOUNT,
    example="epicevents change-password",
)
def change_password(
    person: Annotated[
        str | None,
        typer.Argument(
            metavar="USERNAME",
            autocompletion=completion.usernames(active=False),
            help=N_("Username, if the password is not your own."),
        ),
    ] = None,
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin",
            help=N_("Read from standard input: your current password, then the new one on the next line."),
        ),
    ] = False,
) -> None:
    """Change the password of the actor, or of the collaborator that is named."""
    with signed_in() as (crm, actor):
        from services import collaborators
        from services.auth import sessions, token_store

        if person is not None and person != actor.username:
            record = collaborator_id(crm, actor, Action.COLLABORATOR_UPDATE)(person, "person")
            new = new_password(password_stdin, person, N_("New password"))
            collaborators.set_password(crm, actor, record, new)
            console.success(_("The password of {username} was changed.").format(username=person))
            return
        current, new = _current_and_new(password_stdin, actor.username)
        sessions.change_password(crm, actor, current, new)
        token_store.clear(crm.settings)
        console.success(_("Your password was changed. Sign in again with the new one."))


def _current_and_new(from_stdin: bool, username: str) -> tuple[str, str]:
    if from_stdin:
        current, new = passwords_from_stdin(2)
        return current, new
    current = ask_password(N_("Current password")) if prompts.can_ask() else ""
    return current, new_password(False, username, N_("New password"))
