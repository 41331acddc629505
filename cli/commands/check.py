"""The command that checks the database, and its copies, counters and computed columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli import console
from cli.app import INSTALLATION, command
from cli.context import opened, start_command
from cli.options import DatabaseUrl
from cli.output import show_grid
from services import garbage_collection
from services.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from services.crm import Crm
    from services.denormalized.consistency import Difference
    from services.integrity import Damage
    from services.settings import Settings

_DIFFERENT: Final = 1
_SHOWN: Final = 50
_HEADING: Final = (N_("Table"), N_("Record"), N_("Column"), N_("Stored"), N_("Actual"))
_DAMAGES: Final = (N_("Damaged"), N_("Place"), N_("Count"), N_("Records"))
_LONG: Final = 100_000_000
"""Bytes of a file that takes seconds to check: SQLite reads about thirty million a second."""

# By the values of services.integrity.Part.
_PARTS: Final[Mapping[str, str]] = {
    "file": N_("page of the file"),
    "table": N_("table"),
    "index": N_("index"),
    "constraint": N_("constraint"),
    "link": N_("link to a missing record"),
    "word index": N_("word index"),
}
_ADVICE_SERVER: Final[Mapping[str, str]] = {
    "table": N_("PostgreSQL cannot read a table: its administrator must restore a backup."),
    "index": N_("The owner of an index can rebuild it with: REINDEX INDEX name;"),
    "constraint": N_(
        "To check a constraint that was never validated: ALTER TABLE name VALIDATE CONSTRAINT name;"
    ),
}
_ADVICE: Final[Mapping[str, str]] = {
    "link": N_("A missing record can only be restored from a backup; 'check --repair' does not create any."),
    "word index": N_("Rebuild the word index with: epicevents check --repair"),
}


@command(
    "check",
    N_(
        "Check the database for damage, then compare the counters and copies that lists use with "
        "the records; exit code 1 if anything is wrong."
    ),
    panel=INSTALLATION,
    example="epicevents check --repair",
)
def check(
    database: DatabaseUrl = "",
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help=N_(
                "Rebuild the counters, the copies and the word index from the records; other "
                "programs wait to write."
            ),
        ),
    ] = False,
) -> None:
    """Report damage and differences in numbers and ids alone, and repair them on request."""
    garbage_collection.resume()
    settings = start_command(database)
    _require_sound(settings)
    with opened(settings) as crm:
        from services.denormalized import consistency

        damaged = _damage(crm)
        found = consistency.repair(crm) if repair else consistency.check(crm)
        most = consistency.MAX_REPORTED
    if not (damaged or found):
        console.success(_("Counters and copies match the records, and the database is sound."))
        return
    left = _tell_damage(damaged, repair=repair)
    if found:
        _tell_differences(found, f"{most:,}+" if len(found) == most else str(len(found)), repair=repair)
    if left or (found and not repair):
        raise typer.Exit(_DIFFERENT)


def _require_sound(settings: Settings) -> None:
    """Exit if the engine itself finds damage: nothing is written to such a database, not even a repair."""
    from services import integrity
    from services.persistence.database import Database
    from services.persistence.diagnosis import of_file
    from services.persistence.faults import Cause

    database = Database(settings.database_url)
    try:
        path = database.path
        if path is not None and path.is_file() and path.stat().st_size > _LONG:
            console.info(_("SQLite reads the whole file; 300 MB take about ten seconds."))
        damaged = [each for each in integrity.check_engine(database) if not each.mendable]
        complete = path is not None or integrity.has_amcheck(database)
    finally:
        database.dispose()
    if not complete:
        console.info(
            _("The indexes are checked only if the extension amcheck is installed: CREATE EXTENSION amcheck;")
        )
    if not damaged:
        return
    _show_damage(damaged)
    if path is not None:
        console.error(of_file(path, Cause.MALFORMED).message())
    else:
        _advise(damaged, _ADVICE_SERVER)
    console.note(_("'epicevents check --repair' cannot repair this."))
    raise typer.Exit(_DIFFERENT)


def _damage(crm: Crm) -> list[Damage]:
    from services import integrity

    words = integrity.check_words(crm)
    if words is None:
        console.warning(_("The word index was not checked: SQLite checks it only where it may write."))
    return integrity.check_links(crm) + (words or [])


def _tell_damage(damaged: Sequence[Damage], *, repair: bool) -> bool:
    """Report the damage, and return whether any of it is left."""
    if not damaged:
        return False
    _show_damage(damaged)
    left = [each for each in damaged if not (repair and each.mendable)]
    if len(left) < len(damaged):
        console.success(_("The word index was rebuilt."))
    if left:
        number = sum(each.count for each in left)
        said = ngettext("{number} defect.", "{number} defects.", number).format(number=number)
        console.error(said)
        _advise(left, _ADVICE)
    return bool(left)


def _advise(damaged: Sequence[Damage], advice: Mapping[str, str]) -> None:
    for part in dict.fromkeys(each.part for each in damaged):
        if part in advice:
            console.note(_(advice[part]))


def _tell_differences(found: Sequence[Difference], number: str, *, repair: bool) -> None:
    rows = [(each.table, str(each.key), each.column, each.stored, each.expected) for each in found[:_SHOWN]]
    _show(_HEADING, rows, figures={1, 3, 4})
    if repair:
        said = ngettext(
            "{number} difference was repaired.", "{number} differences were repaired.", len(found)
        )
        console.success(said.format(number=number))
        return
    said = ngettext("{number} difference. ", "{number} differences. ", len(found)).format(number=number)
    console.error(said + _("Repair with: {command}").format(command="epicevents check --repair"))


def _show_damage(damaged: Sequence[Damage]) -> None:
    rows = [
        (_(_PARTS[each.part]), each.name, str(each.count), ", ".join(map(str, each.ids)))
        for each in damaged[:_SHOWN]
    ]
    _show(_DAMAGES, rows, figures={2})


def _show(heading: Sequence[str], rows: Sequence[Sequence[str]], figures: Set[int]) -> None:
    from cli.text_table import Layout

    layouts = [Layout(numeric=number in figures, whole=True) for number in range(len(heading))]
    show_grid([_(label) for label in heading], rows, layouts)
