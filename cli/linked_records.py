"""The options that name the record that a note or task is on, or to which its list is narrowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cli import completion
from cli.context import require
from cli.parsing import FieldParser, collaborator_id, whole_number
from models.enums import RecordKind
from services.errors import Invalid
from services.i18n import N_
from services.lists.query import ListQuery
from services.rights import Action

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm

OnClient = Annotated[str | None, typer.Option("--client", metavar="ID", help=N_("The client's id."))]
OnContract = Annotated[str | None, typer.Option("--contract", metavar="ID", help=N_("The contract's id."))]
OnEvent = Annotated[str | None, typer.Option("--event", metavar="ID", help=N_("The event's id."))]
OfCollaborator = Annotated[
    str | None,
    typer.Option(
        "--collaborator",
        metavar="USERNAME",
        autocompletion=completion.usernames(),
        help=N_("The collaborator (Gestion)."),
    ),
]


def take_links(
    parser: FieldParser, client: str | None, contract: str | None, event: str | None
) -> FieldParser:
    """Read the ids into the fields of a write model."""
    for field, text in (("client_id", client), ("contract_id", contract), ("event_id", event)):
        parser.take(field, text, whole_number)
    return parser


def parent_of(
    client: str | None, contract: str | None, event: str | None, *others: str | None
) -> tuple[RecordKind, int] | None:
    """The record that a list is narrowed to. Raises :class:`Invalid` if several are named."""
    parser = FieldParser()
    for field, text in (("client", client), ("contract", contract), ("event", event)):
        parser.take(field, text, whole_number)
    named = parser.values()
    if len(named) + sum(other is not None for other in others) > 1:
        raise Invalid.of(list(named)[-1], N_("Name one record only."))
    return next(((RecordKind(name), key) for name, key in named.items()), None)


def of_collaborator(username: str | None) -> Callable[[Crm, Actor, ListQuery], ListQuery]:
    """A function that narrows a query to a collaborator. It raises :class:`Forbidden` but for Gestion."""

    def narrow(crm: Crm, actor: Actor, query: ListQuery) -> ListQuery:
        if username is None:
            return query
        require(crm, actor, Action.COLLABORATOR_READ)
        find = collaborator_id(crm, actor, Action.COLLABORATOR_READ)
        return replace(query, parent=(RecordKind.COLLABORATOR, find(username, "collaborator")))

    return narrow
