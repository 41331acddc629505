"""The commands for clients."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import completion
from cli.app import command
from cli.context import require, signed_in
from cli.field_options import field_options, take_fields
from cli.list_options import MINE, TRASH, list_command
from cli.options import Json
from cli.output import show_record
from cli.parsing import FieldParser, collaborator_id, record_id
from models.enums import Department, RecordKind
from services.i18n import N_, _
from services.record_fields import CLIENT
from services.rights import Action

ClientId = Annotated[str, typer.Argument(metavar="ID", help=N_("The client's id."))]
SalesContact = Annotated[
    str | None,
    typer.Option(
        metavar="USERNAME",
        autocompletion=completion.usernames(Department.COMMERCIAL),
        help=N_("Sales contact of the client (Commercial)."),
    ),
]


@command(
    "create-client",
    N_("Create a client: your own in Commercial; in Gestion, name its sales contact."),
    example="epicevents create-client --full-name 'Kevin Casey' --email kevin@startup.io",
)
@field_options(CLIENT)
def create_client(sales_contact: SalesContact = None, as_json: Json = False, **typed: str | None) -> None:
    """Create a client and print it."""
    with signed_in() as (crm, actor):
        from models.write_models import ClientCreate
        from services import clients

        require(crm, actor, Action.CLIENT_CREATE)
        now = crm.database.clock.estimate()
        parser = take_fields(FieldParser(), CLIENT, typed, is_new=True, now=now)
        parser.take("sales_contact_id", sales_contact, collaborator_id(crm, actor, Action.CLIENT_REASSIGN))
        client = clients.create_client(crm, actor, parser.build(ClientCreate))
        show_record(crm, client, _("Client {id} created."), as_json=as_json)


@command(
    "update-client",
    N_("Change one of your clients; Gestion can give a client another sales contact."),
    example="epicevents update-client 12 --phone '+33 6 12 34 56 78' --last-contact-date 2027-06-15",
)
@field_options(CLIENT)
def update_client(
    client: ClientId, sales_contact: SalesContact = None, as_json: Json = False, **typed: str | None
) -> None:
    """Change the fields that are given and print the client."""
    with signed_in() as (crm, actor):
        from models.write_models import ClientUpdate
        from services import clients

        now = crm.database.clock.estimate()
        parser = take_fields(FieldParser(), CLIENT, typed, is_new=False, now=now)
        parser.take("sales_contact_id", sales_contact, collaborator_id(crm, actor, Action.CLIENT_REASSIGN))
        changes = parser.changes(ClientUpdate)
        updated = clients.update_client(crm, actor, record_id(client), changes)
        show_record(crm, updated, _("Client {id} updated."), as_json=as_json)


list_command(
    "list-clients", N_("List the clients."), RecordKind.CLIENT, (MINE, TRASH),
    example="epicevents list-clients --mine --search 'dupont paris'",
)  # fmt: skip
