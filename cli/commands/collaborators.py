"""The commands for collaborators. All of them are reserved to Gestion."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from cli import completion, console
from cli.app import TEAM, command
from cli.context import opened, require, signed_in, start_command
from cli.field_options import field_options, take_fields
from cli.list_options import Flag, list_command
from cli.options import Json, PasswordStdin
from cli.output import show_record
from cli.parsing import FieldParser, collaborator_id, department
from cli.prompts import new_password
from models import enums
from models.enums import RecordKind
from services.errors import FieldProblem, Invalid
from services.i18n import N_, _
from services.lists.query import Filter
from services.record_fields import EMPLOYEE_NUMBER, PERSON
from services.rights import Action

Person = Annotated[
    str,
    typer.Argument(
        metavar="USERNAME",
        autocompletion=completion.usernames(active=False),
        help=N_("The collaborator's username."),
    ),
]
Department = Annotated[
    str | None,
    typer.Option(
        "--department",
        metavar="NAME",
        autocompletion=completion.words([each.lower() for each in enums.Department]),
        help=N_("commercial, support or gestion."),
    ),
]
_FIELDS = (*PERSON, EMPLOYEE_NUMBER)


@command(
    "create-user",
    N_("Create a collaborator."),
    panel=TEAM,
    example="epicevents create-user --username bill_b --first-name Bill --last-name Boquet"
    " --email bill@epicevents.example --department commercial",
)
@field_options(_FIELDS)
def create_user(
    department_name: Department = None,
    password_stdin: PasswordStdin = False,
    as_json: Json = False,
    **typed: str | None,
) -> None:
    """Create a collaborator and print it, without the password."""
    with signed_in() as (crm, actor):
        from models.write_models import CollaboratorCreate
        from services import collaborators

        require(crm, actor, Action.COLLABORATOR_CREATE)
        parser = take_fields(FieldParser(CollaboratorCreate), _FIELDS, typed, is_new=True)
        parser.require("department", N_("Department"), department_name, department)
        parser.compute("password", lambda: new_password(password_stdin, parser.known("username")))
        created = collaborators.create_collaborator(crm, actor, parser.build(CollaboratorCreate))
        show_record(crm, created, _("Collaborator {username} created."), as_json=as_json)


@command(
    "update-user",
    N_("Change a collaborator; a new department ends their sessions."),
    panel=TEAM,
    example="epicevents update-user bill_b --phone '+33 6 12 34 56 78'",
)
@field_options(_FIELDS)
def update_user(
    person: Person, department_name: Department = None, as_json: Json = False, **typed: str | None
) -> None:
    """Change the fields that are given and print the collaborator."""
    with signed_in() as (crm, actor):
        from models.write_models import CollaboratorUpdate
        from services import collaborators

        parser = take_fields(FieldParser(), _FIELDS, typed, is_new=False)
        parser.take("department", department_name, department)
        changes = parser.changes(CollaboratorUpdate)
        record = collaborator_id(crm, actor, Action.COLLABORATOR_UPDATE)(person, "person")
        updated = collaborators.update_collaborator(crm, actor, record, changes)
        show_record(crm, updated, _("Collaborator {username} updated."), as_json=as_json)


class OwnerMissing(Invalid):
    """The collaborator to deactivate owns records, and no new owner is named."""

    template = N_("{username} owns {records}. Name the new owner with --reassign-to.")

    def __init__(self, refused: Invalid) -> None:
        (problem,) = refused.problems
        super().__init__(FieldProblem(problem.field, self.template, problem.params))
        self.params = dict(problem.params)


@command(
    "deactivate-user",
    N_("Deactivate a collaborator and reassign their records."),
    panel=TEAM,
    example="epicevents deactivate-user bill_b --reassign-to commercial1",
)
def deactivate_user(
    person: Person,
    reassign_to: Annotated[
        str | None,
        typer.Option(
            metavar="USERNAME",
            autocompletion=completion.usernames(),
            help=N_("New owner of the clients or events."),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Deactivate a collaborator and print it."""
    with signed_in() as (crm, actor):
        from services import collaborators

        find = collaborator_id(crm, actor, Action.COLLABORATOR_DEACTIVATE)
        record = find(person, "person")
        values = FieldParser().take("reassign_to", reassign_to, find).values()
        try:
            found = collaborators.deactivate_collaborator(crm, actor, record, **values)
        except Invalid as refused:
            raise OwnerMissing(refused) if reassign_to is None else refused from None
        show_record(crm, found, _("Collaborator {username} deactivated."), as_json=as_json)


@command(
    "reactivate-user",
    N_("Let a deactivated collaborator sign in again."),
    panel=TEAM,
    example="epicevents reactivate-user bill_b",
)
def reactivate_user(person: Person, as_json: Json = False) -> None:
    """Reactivate a collaborator and print it."""
    with signed_in() as (crm, actor):
        from services import collaborators

        record = collaborator_id(crm, actor, Action.COLLABORATOR_REACTIVATE)(person, "person")
        found = collaborators.reactivate_collaborator(crm, actor, record)
        show_record(crm, found, _("Collaborator {username} reactivated."), as_json=as_json)


@command(
    "delete-user",
    N_("Delete a collaborator who owns no client and no event."),
    panel=TEAM,
    example="epicevents delete-user bill_b",
)
def delete_user(person: Person) -> None:
    """Delete a collaborator."""
    with signed_in() as (crm, actor):
        from services import collaborators

        collaborators.delete_collaborator(
            crm, actor, collaborator_id(crm, actor, Action.COLLABORATOR_DELETE)(person, "person")
        )
        console.success(_("Collaborator {username} deleted.").format(username=person))


@command(
    "unlock-user",
    N_("Unlock an account that too many wrong passwords locked."),
    panel=TEAM,
    example="epicevents unlock-user bill_b",
)
def unlock_user(
    person: Person,
    local: Annotated[
        bool,
        typer.Option(
            "--local",
            help=N_("Without signing in, with the signing key: for when every Gestion account is locked."),
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Unlock an account and print the collaborator."""
    if local:
        _unlock_locally(person, as_json)
        return
    with signed_in() as (crm, actor):
        from services import collaborators

        record = collaborator_id(crm, actor, Action.COLLABORATOR_UNLOCK)(person, "person")
        found = collaborators.unlock_collaborator(crm, actor, record)
        show_record(crm, found, _("Collaborator {username} unlocked."), as_json=as_json)


def _unlock_locally(person: str, as_json: bool) -> None:
    settings = start_command()
    settings.require_secret_key()
    with opened(settings) as crm:
        from services.local_unlock import unlock_locally

        found = unlock_locally(crm, person, _account())
        show_record(crm, found, _("Collaborator {username} unlocked."), as_json=as_json)


def _account() -> str:
    """The operating system account that runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have no name for its user
        return "?"


list_command(
    "list-users",
    N_("List the collaborators and their load."),
    RecordKind.COLLABORATOR,
    (Flag(Filter.ACTIVE, "--active", N_("Only active accounts.")),),
    panel=TEAM,
    example="epicevents list-users --sort -clients",
)
