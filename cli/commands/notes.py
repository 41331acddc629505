"""The commands for notes."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import completion
from cli.app import command
from cli.context import require, signed_in
from cli.field_options import field_options, take_fields
from cli.linked_records import (
    OfCollaborator,
    OnClient,
    OnContract,
    OnEvent,
    of_collaborator,
    parent_of,
    take_links,
)
from cli.list_options import After, All, Limit, Preset, Search, Sort, View, Where, show_list, window
from cli.options import Json
from cli.output import show_record
from cli.parsing import FieldParser, collaborator_id, record_id
from models.enums import NoteKind, RecordKind
from services.errors import Invalid
from services.i18n import N_, _
from services.lists.query import Filter
from services.record_fields import NOTE
from services.rights import Action

_FIELDS = tuple(field for field in NOTE if field.name != "kind")

NoteId = Annotated[str, typer.Argument(metavar="ID", help=N_("The note's id."))]
Kind = Annotated[
    str | None,
    typer.Option(
        metavar="KIND",
        autocompletion=completion.words(list(NoteKind)),
        help=N_("note, call or mail; note by default."),
    ),
]


@command(
    "add-note",
    N_("Note something on a client, contract, event or collaborator; a call or mail is a contact."),
    example="epicevents add-note --client 12 --kind call --text 'Wants a quieter hall.'",
)
@field_options(_FIELDS)
def add_note(
    client: OnClient = None,
    contract: OnContract = None,
    event: OnEvent = None,
    collaborator: OfCollaborator = None,
    kind: Kind = None,
    as_json: Json = False,
    **typed: str | None,
) -> None:
    """Write a note and print it."""
    with signed_in() as (crm, actor):
        from models.write_models import NoteCreate
        from services import notes

        require(crm, actor, Action.NOTE_CREATE)
        parser = FieldParser().take("kind", kind, _kind)
        take_links(parser, client, contract, event)
        find = collaborator_id(crm, actor, Action.COLLABORATOR_READ)
        parser.take("collaborator_id", collaborator, find)
        new = take_fields(parser, _FIELDS, typed, is_new=True, now=crm.database.clock.estimate()).build(
            NoteCreate
        )
        note = notes.create_note(crm, actor, new)
        show_record(crm, note, _("Note {id} written."), as_json=as_json)


@command(
    "update-note",
    N_("Change a note of your own."),
    example="epicevents update-note 3 --text 'Wants the quieter hall.'",
)
@field_options(_FIELDS)
def update_note(note: NoteId, kind: Kind = None, as_json: Json = False, **typed: str | None) -> None:
    """Change the fields that are given and print the note."""
    with signed_in() as (crm, actor):
        from models.write_models import NoteUpdate
        from services import notes

        parser = FieldParser().take("kind", kind, _kind)
        now = crm.database.clock.estimate()
        changes = take_fields(parser, _FIELDS, typed, is_new=False, now=now).changes(NoteUpdate)
        updated = notes.update_note(crm, actor, record_id(note), changes)
        show_record(crm, updated, _("Note {id} updated."), as_json=as_json)


@command(
    "list-notes",
    N_("List the notes, newest first; of a client with those of its contracts and events."),
    example="epicevents list-notes --client 12",
)
def list_notes(
    client: OnClient = None,
    contract: OnContract = None,
    event: OnEvent = None,
    collaborator: OfCollaborator = None,
    mine: Annotated[bool, typer.Option("--mine", help=N_("Only my own."))] = False,
    trash: Annotated[bool, typer.Option("--trash", help=N_("Show the trash instead."))] = False,
    search: Search = "",
    preset: Preset = "",
    view: View = "",
    where: Where = None,
    sort: Sort = "-at",
    limit: Limit = None,
    after: After = None,
    everything: All = False,
    as_json: Json = False,
) -> None:
    """Print the notes."""
    filters = [name for name, wanted in ((Filter.MINE, mine), (Filter.TRASHED, trash)) if wanted]
    parent = parent_of(client, contract, event, collaborator)
    asked = window(
        RecordKind.NOTE, filters, parent, search=search, preset=preset, view=view, where=where,
        sort="" if view and sort == "-at" else sort, limit=limit, after=after, everything=everything,
    )  # fmt: skip
    show_list(RecordKind.NOTE, asked, as_json=as_json, narrow=of_collaborator(collaborator))


def _kind(text: str, field: str) -> str:
    name = text.strip().lower()
    if name not in list(NoteKind):
        raise Invalid.of(field, N_("One of these: {names}."), names=", ".join(NoteKind))
    return name
