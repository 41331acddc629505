"""The commands for the trash, and the undo and redo of the actor's last change."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Annotated

import typer

from cli import console
from cli.app import command
from cli.context import signed_in
from cli.parsing import record_id
from models.enums import RecordKind
from services.i18n import N_, _

_TRASH_HELP = {
    RecordKind.CLIENT: N_("Put a client in the trash."),
    RecordKind.CONTRACT: N_("Put a contract in the trash."),
    RecordKind.EVENT: N_("Put an event in the trash."),
    RecordKind.NOTE: N_("Put a note of your own in the trash."),
    RecordKind.TASK: N_("Put a task in the trash."),
    RecordKind.VIEW: N_("Put a saved view in the trash."),
}
_RESTORE_HELP = {
    RecordKind.CLIENT: N_("Take a client out of the trash."),
    RecordKind.CONTRACT: N_("Take a contract out of the trash."),
    RecordKind.EVENT: N_("Take an event out of the trash."),
    RecordKind.NOTE: N_("Take a note of your own out of the trash."),
    RecordKind.TASK: N_("Take a task out of the trash."),
    RecordKind.VIEW: N_("Take a saved view out of the trash."),
}
RecordId = Annotated[str, typer.Argument(metavar="ID", help=N_("The record's id."))]

# The field of the read model that names a record of each kind.
_NAME_FIELDS = {
    RecordKind.CLIENT: "full_name",
    RecordKind.CONTRACT: "number",
    RecordKind.EVENT: "name",
    RecordKind.NOTE: "summary",
    RecordKind.TASK: "title",
    RecordKind.VIEW: "name",
}

_SERVICES = {RecordKind.VIEW: "services.saved_views"}


def _record_command(verb: str, kind: RecordKind, success: str) -> Callable[..., None]:
    """Return a command that calls ``<verb>_<kind>`` of its services with one id and prints ``success``."""

    def run(record: RecordId) -> None:
        id_ = record_id(record)
        with signed_in() as (crm, actor):
            from services.labels import record_label

            services = import_module(_SERVICES.get(kind, f"services.{kind}s"))
            getattr(services, f"{verb}_{kind}")(crm, actor, id_)
            name = getattr(getattr(services, f"get_{kind}")(crm, actor, id_), _NAME_FIELDS[kind])
            label = record_label(kind, id_, name)
            console.success(_(success).format(record=label[0].upper() + label[1:]))

    return run


for _verb, _texts, _done in (
    ("trash", _TRASH_HELP, N_("{record} moved to the trash.")),
    ("restore", _RESTORE_HELP, N_("{record} is back from the trash.")),
):
    for _kind, _text in _texts.items():
        _name = f"{_verb}-{_kind}"
        command(_name, _text, example=f"epicevents {_name} 12")(_record_command(_verb, _kind, _done))


@command("undo", N_("Undo your own last change."))
def undo() -> None:
    """Undo the last change of the actor."""
    with signed_in() as (crm, actor):
        from services.labels import undone_label
        from services.undo import undo_last

        console.success(undone_label(undo_last(crm, actor)))


@command("redo", N_("Redo what you undid last."))
def redo() -> None:
    """Make the change again that the actor undid last."""
    with signed_in() as (crm, actor):
        from services.labels import redone_label
        from services.undo import redo_last

        console.success(redone_label(redo_last(crm, actor)))
