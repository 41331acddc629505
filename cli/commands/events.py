"""The commands for events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli import completion
from cli.app import command
from cli.context import require, signed_in
from cli.field_options import field_options, take_fields
from cli.list_options import MINE, TRASH, Flag, list_command
from cli.options import Json
from cli.output import show_record
from cli.parsing import FieldParser, collaborator_id, record_id, whole_number
from models.enums import Department, RecordKind
from services.errors import Invalid
from services.i18n import N_, _
from services.lists.query import Filter
from services.record_fields import EVENT
from services.rights import Action

if TYPE_CHECKING:
    from datetime import datetime

    from models.read_models import EventRead
    from services.crm import Crm

EventId = Annotated[str, typer.Argument(metavar="ID", help=N_("The event's id."))]
Yes = Annotated[bool, typer.Option("--yes", help=N_("Save unusual times without a question."))]


@command(
    "create-event",
    N_("Create the event of a signed contract of your client (Commercial)."),
    example="epicevents create-event --contract 7 --name 'Wedding' --start '2027-06-04 13:00'"
    " --end '2027-06-05 02:00' --time-zone Paris --location 'Candé-sur-Beuvron' --attendees 75",
)
@field_options(EVENT)
def create_event(
    contract: Annotated[str | None, typer.Option(metavar="ID", help=N_("The contract's id."))] = None,
    yes: Yes = False,
    as_json: Json = False,
    **typed: str | None,
) -> None:
    """Create an event and print it."""
    with signed_in() as (crm, actor):
        from models.write_models import EventCreate
        from services import events

        require(crm, actor, Action.EVENT_CREATE)
        parser = FieldParser().require("contract_id", N_("Contract's id"), contract, whole_number)
        now = crm.database.clock.estimate()
        new = take_fields(parser, EVENT, typed, is_new=True, now=now).build(EventCreate)
        if not yes:
            _refuse_unusual(crm, new.start, new.end, new.time_zone)
        event = events.create_event(crm, actor, new)
        show_record(crm, event, _("Event {id} created."), as_json=as_json)


@command(
    "update-event",
    N_("Change an event that is assigned to you (Support)."),
    example="epicevents update-event 9 --notes 'The hall opens at 17:00.' --attendees 80",
)
@field_options(EVENT)
def update_event(event: EventId, yes: Yes = False, as_json: Json = False, **typed: str | None) -> None:
    """Change the fields that are given and print the event."""
    with signed_in() as (crm, actor):
        from models.write_models import EventUpdate
        from services import events

        key, now = record_id(event), crm.database.clock.estimate()
        moves = any(typed[name] is not None for name in ("start", "end", "time_zone"))
        present = events.get_event(crm, actor, key) if moves else None
        start, zone = (None, "") if present is None else (present.start, present.time_zone)
        if present is not None and typed["time_zone"] is not None:
            typed |= _times_of_day(present, typed)
        parser = take_fields(FieldParser(), EVENT, typed, is_new=False, now=now, start=start, zone=zone)
        changes = parser.changes(EventUpdate)
        if not yes and present is not None:
            given = changes.changes()
            times = given.get("start", present.start), given.get("end", present.end)
            _refuse_unusual(crm, *times, given.get("time_zone", zone))
        updated = events.update_event(crm, actor, key, changes)
        show_record(crm, updated, _("Event {id} updated."), as_json=as_json)


@command(
    "assign-support",
    N_("Assign the support contact of an event; an empty name removes it (Gestion)."),
    example="epicevents assign-support 9 --support support1",
)
def assign_support(
    event: EventId,
    support: Annotated[
        str | None,
        typer.Option(
            metavar="USERNAME",
            autocompletion=completion.usernames(Department.SUPPORT),
            help=N_("Support contact of the event."),
        ),
    ] = None,
    force: Annotated[
        str,
        typer.Option(
            metavar="REASON", help=N_("Assign in spite of a conflict; the journal keeps the reason.")
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Assign the support contact and print the event."""
    with signed_in() as (crm, actor):
        from models.write_models import EventAssign
        from services import events

        key = record_id(event)
        require(crm, actor, Action.EVENT_ASSIGN)
        if support is None:
            events.get_event(crm, actor, key)  # fails for a missing event before any question
        find = collaborator_id(crm, actor, Action.EVENT_ASSIGN)
        parser = FieldParser().require(
            "support_contact_id", N_("Support contact"), support,
            lambda name, field: find(name, field) if name.strip() else None,
        )  # fmt: skip
        command = parser.texts({"support_note": force}).build(EventAssign)
        assigned = events.assign_support(
            crm, actor, key, command.support_contact_id, note=command.support_note
        )
        show_record(crm, assigned, _("Event {id} updated."), as_json=as_json)


list_command(
    "list-events",
    N_("List the events."),
    RecordKind.EVENT,
    (
        MINE,
        Flag(Filter.WITHOUT_SUPPORT, "--without-support", N_("Only events without a support contact.")),
        TRASH,
    ),
    example="epicevents list-events --without-support --sort start",
)


def _times_of_day(present: EventRead, typed: dict[str, str | None]) -> dict[str, str | None]:
    """The start and the end as if they were typed again: in another zone, an event keeps its times of day."""
    from services import formats, time_zones

    zone = time_zones.event_zone(present.time_zone)
    return {
        name: typed[name] or formats.edit_datetime(moment, zone)
        for name, moment in (("start", present.start), ("end", present.end))
    }


def _refuse_unusual(crm: Crm, start: datetime, end: datetime, zone: str) -> None:
    from services import events

    problems = events.doubts(start, end, crm.database.clock.estimate(), zone)
    if problems:
        raise Unusual(*problems)


class Unusual(Invalid):
    """The times of an event are unlikely, perhaps mistyped."""

    template = N_("These times are unusual. Give --yes to save them anyway.")
