"""The command for the audit journal."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import completion
from cli.app import TEAM, command
from cli.list_options import After, All, Limit, Search, View, Where, show_list, window
from cli.options import Json
from cli.parsing import whole_number
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
            metavar="KIND:ID",
            autocompletion=completion.journal_records,
            help=N_("Only the changes of one record, as in client:12."),
        ),
    ] = None,
    search: Search = "",
    view: View = "",
    where: Where = None,
    limit: Limit = None,
    after: After = None,
    everything: All = False,
    as_json: Json = False,
) -> None:
    """Print the changes with their authors and times."""
    parent = _record(record) if record is not None else None
    asked = window(
        None,
        search=search,
        view=view,
        where=where,
        sort="-id",
        limit=limit,
        after=after,
        everything=everything,
        parent=parent,
    )
    from models.read_models import ReadableEntry
    from services.audit_log import readable

    show_list(None, asked, as_json=as_json, told=(ReadableEntry, readable))


def _record(text: str) -> tuple[RecordKind, int]:
    from services import record_types

    name, _separator, key = text.strip().lower().partition(":")
    kind = next((each.kind for each in record_types.all_types() if each.kind == name), None)
    if kind is None:
        raise Invalid.of("record", N_("Write it as client:12."))
    return kind, whole_number(key, "record")
