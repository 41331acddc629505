"""The command that compares what is kept beside the records with the records themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli import console
from cli.app import INSTALLATION, command
from cli.output import show_grid
from cli.session import configured, opened
from cli.setup import DatabaseUrl
from services.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from services.upkeep import Difference

_DIFFERENT: Final = 1
_SHOWN: Final = 50
_HEADING: Final = (N_("Table"), N_("Record"), N_("Column"), N_("Kept"), N_("Live"))


@command(
    "check",
    N_("Compare the counters and copies that lists use with the records; exit code 1 if they differ."),
    panel=INSTALLATION,
    example="epicevents check --repair",
)
def check(
    database: DatabaseUrl = "",
    repair: Annotated[
        bool, typer.Option("--repair", help=N_("Rebuild them from the records; other writers wait."))
    ] = False,
) -> None:
    """Say what differs, in numbers and ids alone, and repair it where that is asked for."""
    settings = configured()
    if database:
        from services.settings import with_database

        settings = with_database(settings, database)
    with opened(settings) as crm:
        from services import upkeep

        found = upkeep.repair(crm) if repair else upkeep.check(crm)
        most = upkeep.MOST
    if not found:
        console.success(_("Counters and copies match the records."))
        return
    _show(found)
    number = f"{most:,}+" if len(found) == most else str(len(found))
    if repair:
        said = ngettext(
            "{number} difference was repaired.", "{number} differences were repaired.", len(found)
        )
        console.success(said.format(number=number))
        return
    said = ngettext("{number} difference. ", "{number} differences. ", len(found)).format(number=number)
    console.error(said + _("Repair with: {command}").format(command="epicevents check --repair"))
    raise typer.Exit(_DIFFERENT)


def _show(found: Sequence[Difference]) -> None:
    from cli.table import Layout

    text, figure = Layout(whole=True), Layout(numeric=True)
    rows = [(each.table, str(each.key), each.column, each.kept, each.live) for each in found[:_SHOWN]]
    show_grid([_(label) for label in _HEADING], rows, [text, figure, text, figure, figure])
