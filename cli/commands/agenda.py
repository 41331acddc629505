"""The command that prints the agenda."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import completion, console
from cli.app import command
from cli.context import signed_in
from cli.options import Json
from cli.parsing import FieldParser
from services.i18n import N_, _

if TYPE_CHECKING:
    from datetime import date

    from services.agenda import Agenda, AgendaFilter, Entry, View
    from services.crm import Crm


@command(
    "agenda",
    N_("Show the events of a day, a week or a month, and the conflicts of those who run them."),
    example="epicevents agenda --week next monday --person support1",
)
def agenda(
    day: Annotated[
        list[str] | None,
        typer.Argument(metavar="DAY", help=N_("A day of the period, as people type it; today by default.")),
    ] = None,
    by_day: Annotated[bool, typer.Option("--day", help=N_("That day only."))] = False,
    by_week: Annotated[bool, typer.Option("--week", help=N_("The week of that day, the default."))] = False,
    by_month: Annotated[bool, typer.Option("--month", help=N_("The month of that day."))] = False,
    person: Annotated[
        str | None,
        typer.Option(
            metavar="USERNAME",
            autocompletion=completion.usernames(),
            help=N_("Only the events that this person runs, or of their clients."),
        ),
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help=N_("Only my own."))] = False,
    without_support: Annotated[
        bool, typer.Option("--without-support", help=N_("Only events without a support contact."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the events of each day; under an event, its conflicts."""
    with signed_in() as (crm, actor):
        from cli.output import show_json, show_lines
        from services.agenda import View, read_agenda
        from services.agenda_texts import say_left_out

        views = {View.DAY: by_day, View.WEEK: by_week, View.MONTH: by_month}
        parser = FieldParser().take("day", " ".join(day) if day else None, partial(_day, crm))
        if sum(views.values()) > 1:
            parser.refuse("week", N_("Give one of --day, --week and --month."))
        asked = _filter(parser, person, mine=mine, without_support=without_support)
        view = next((view for view, is_chosen in views.items() if is_chosen), View.WEEK)
        chosen = parser.values().get("day") or _today(crm)
        first, last = view.days_around(chosen)
        found = read_agenda(crm, actor, first, last, asked)
        if as_json:
            show_json(_as_json(found, first, last))
            return
        show_lines(_lines(found, view, first, last))
        if found.left_out:
            console.warning(say_left_out(found.left_out))


def _today(crm: Crm) -> date:
    return crm.database.clock.estimate().astimezone().date()


def _day(crm: Crm, text: str, field: str) -> date:
    from services.agenda import FIRST_DAY, LAST_DAY
    from services.errors import Invalid
    from services.formats import Reference, parse_date, show_date

    day = parse_date(text, field, Reference(crm.database.clock.estimate()))
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid.of(
            field,
            N_("Give a day from {first} to {last}."),
            first=show_date(FIRST_DAY),
            last=show_date(LAST_DAY),
        )
    return day


def _filter(parser: FieldParser, person: str | None, *, mine: bool, without_support: bool) -> AgendaFilter:
    from services.agenda import AgendaFilter, Whose
    from services.errors import Invalid

    def username(text: str, field: str) -> str:
        if not text.strip():
            raise Invalid.of(field, N_("Give the username of a collaborator."))
        return text.strip()

    if (person is not None) + mine + without_support > 1:
        parser.refuse("whose", N_("Give one of --person, --mine and --without-support."))
    parser.take("whose", person, username)
    if person is not None:
        return AgendaFilter(Whose.PERSON, parser.known("whose") or "")
    if mine:
        return AgendaFilter(Whose.MINE)
    return AgendaFilter(Whose.WITHOUT_SUPPORT if without_support else Whose.EVERYBODY)


def _lines(found: Agenda, view: View, first: date, last: date) -> Iterator[str]:
    """Each day with its events; in a month, only the days that have one."""
    from services.agenda import View
    from services.agenda_texts import say_period
    from services.formats import say_date

    if not found.entries:
        yield _("{period}: no event.").format(period=say_period(view, first, last))
        return
    is_first = True
    for day, entries in found.days.items():
        if not entries and view is View.MONTH:
            continue
        if not is_first:
            yield ""
        is_first = False
        yield say_date(day)
        yield from _lines_of_day(entries, day)


def _lines_of_day(entries: Any, day: date) -> Iterator[str]:
    from services.agenda_texts import CONFLICT_MARK, say_hours, say_reasons

    if not entries:
        yield "  " + _("no event")
    hours = [say_hours(entry.event, day) for entry in entries]
    width = max(map(len, hours), default=0)
    for entry, text in zip(entries, hours, strict=True):
        mark = CONFLICT_MARK if entry.has_conflict else " "
        yield f"{mark} {text.ljust(width)}  {console.printable(_said(entry))}"
        for reason in say_reasons(entry):
            yield f"{' ' * (width + 4)}{CONFLICT_MARK} {console.printable(reason)}"


def _said(entry: Entry) -> str:
    from services.agenda_texts import say_support

    event = entry.event
    parts = (f"{event.id} {event.name}", event.client_name, say_support(event), event.location)
    return " · ".join(filter(None, parts))


def _as_json(found: Agenda, first: date, last: date) -> dict[str, Any]:
    return {
        "first": first,
        "last": last,
        "events": [_fields(entry) for entry in found.entries],
        "days": {day.isoformat(): [entry.event.id for entry in on] for day, on in found.days.items()},
        "left_out": found.left_out,
    }


def _fields(entry: Entry) -> dict[str, Any]:
    from dataclasses import asdict

    booked = entry.availability
    overlaps = [] if booked is None else booked.overlaps
    too_close = [] if booked is None else booked.too_close
    return asdict(entry.event) | {
        "overlaps": [{"id": each.id, "name": each.name} for each in overlaps],
        "too_close": [
            {
                "id": gap.booking.id,
                "name": gap.booking.name,
                "minutes": int(gap.length.total_seconds() // 60),
                "needed": int((gap.needed or gap.length).total_seconds() // 60),
            }
            for gap in too_close
        ],
    }
