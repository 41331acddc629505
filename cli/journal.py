"""The command for the audit journal."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.app import TEAM, command
from cli.lists import After, Json, Limit, Search, window
from cli.output import show_records
from cli.session import signed_in
from cli.typed import whole_number
from models.enums import RecordKind
from services.errors import Invalid
from services.i18n import N_


@command(
    "journal",
    N_("Read the audit journal, newest first (Gestion)."),
    panel=TEAM,
    example="epicevents journal --record contract:7",
)
def journal(
    record: Annotated[
        str | None,
        typer.Option(
            "--record", metavar="KIND:ID", help=N_("Only the changes of one record, as in client:12.")
        ),
    ] = None,
    search: Search = "",
    limit: Limit = "50",
    after: After = None,
    as_json: Json = False,
) -> None:
    """Print who changed what, and when."""
    parent = _record(record) if record is not None else None
    asked = window(None, search=search, sort="-id", limit=limit, after=after, parent=parent)
    with signed_in() as (crm, actor):
        from models.shapes_read import JournalEntry
        from services.journal import list_journal

        found = list_journal(crm, actor, asked.query, **asked.bounds())
        show_records(crm, found, JournalEntry, as_json=as_json)


def _record(text: str) -> tuple[RecordKind, int]:
    kind, _separator, key = text.strip().lower().partition(":")
    if kind not in set(RecordKind):
        raise Invalid.of("record", N_("Write it as client:12."))
    return RecordKind(kind), whole_number(key, "record")
