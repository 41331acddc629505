"""Today in words of the active language, as cells that screens and commands fit into their width."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from models.read_models import EventRead
from services import formats
from services.formats import charts
from services.i18n import N_, _, ngettext
from services.lists.query import COUNT_CAP
from services.today import Block, Figure, Today
from services.today_targets import preset_named

BAR_WIDTH: Final = 12
"""The cells of the longest bar of a block."""

TITLES: Final[Mapping[str, str]] = {
    "to_do": N_("To do"),
    "unsigned": N_("Unsigned contracts by age"),
    "due": N_("Amounts due by age"),
    "months": N_("This month, and the same month of last year"),
    "week": N_("My week"),
    "lacking": N_("My events of the next 4 weeks"),
    "next_without_support": N_("Next events without support"),
    "loads": N_("Events of each support contact, next 8 weeks"),
}
LABELS: Final[Mapping[str, str]] = {
    "clients_to_call": N_("Clients to call (30 days)"),
    "events_without_support": N_("Events without support"),
    "tasks_overdue": N_("Tasks overdue"),
    "tasks_today": N_("Tasks of today"),
    "past_without_notes": N_("Past events without notes"),
    "unsigned_over_14": N_("Unsigned for over 14 days"),
    "refused_sign_ins": N_("Refused sign-ins, 7 days"),
    "unsigned_over_60": N_("over 60 days"),
    "unsigned_31_to_60": N_("30 to 60 days"),
    "unsigned_15_to_30": N_("14 to 30 days"),
    "unsigned_up_to_14": N_("up to 14 days"),
    "due_over_90": N_("overdue over 90 days"),
    "due_31_to_90": N_("overdue 30 to 90 days"),
    "due_up_to_30": N_("overdue up to 30 days"),
    "due_later": N_("event not over yet"),
    "signed": N_("Contracts signed"),
    "paid": N_("Payments"),
    "events": N_("Events"),
    "events_of_week": N_("Events of 7 days"),
    "without_address": N_("Without a location"),
    "without_phone": N_("Client without a phone"),
    "without_notes": N_("Without notes"),
}
EMPTY: Final[Mapping[str, str]] = {
    "week": N_("No event in the next 7 days."),
    "next_without_support": N_("Every coming event has its support contact."),
    "loads": N_("There is nobody in Support yet."),
}
"""What a block without a line says."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A line in parts: its label, its number, its amount, its chart, and what is said beside them.

    Label and note may hold user text.
    """

    label: str
    number: str = ""
    amount: str = ""
    chart: str = ""
    note: str = ""


def say_title(block: Block, currency: str) -> str:
    """The heading of a block; that of ages has their sum."""
    title = _(TITLES[block.key])
    if block.key not in ("unsigned", "due"):
        return title
    number = sum(figure.number for figure in block.figures)
    amount = sum((figure.amount or Decimal(0) for figure in block.figures), Decimal(0))
    return _("{title}: {number} · {amount}").format(
        title=title, number=formats.show_integer(number), amount=formats.show_money(amount, currency)
    )


def cells_of(block: Block, today: Today, currency: str) -> Iterator[tuple[Figure, Cells]]:
    """The lines of a block."""
    most = max((figure.amount or 0 for figure in block.figures), default=0)
    busiest = max((point.number for figure in block.figures for point in figure.points), default=0)
    for figure in block.figures:
        if figure.event is not None:
            yield figure, _of_event(figure.event, has_support=block.key != "next_without_support")
        elif block.key == "months":
            yield figure, _over_time(figure, currency)
        elif block.key == "loads":
            yield figure, _of_person(figure, busiest)
        else:
            yield figure, _plain(figure, most, currency)


def say_target(figure: Figure) -> str:
    """The name of the list, the event or the agenda that a figure opens."""
    target = figure.target
    if target.refusal:
        return _(target.refusal)
    if target.kind is None:
        return _("Telemetry")
    if figure.event is not None:
        return figure.event.name
    if target.agenda:
        return _("Agenda of {name}").format(name=figure.name)
    if not target.own:
        return _(preset_named(target.kind, target.preset).label)
    label = _(LABELS[figure.key])
    if figure.points:
        return _("{list}: {part}").format(list=label, part=formats.say_month(figure.points[-1].first))
    whole = _(preset_named(target.kind, target.preset).label)
    return _("{list}: {part}").format(list=whole, part=label)


def say_left_out(block: Block) -> str:
    """How many lines of a block are not shown; empty if all are."""
    if not block.left_out:
        return ""
    return ngettext("and {count} more", "and {count} more", block.left_out).format(
        count=formats.show_integer(block.left_out)
    )


def say_number(number: int) -> str:
    """A number; ``10,000+`` for one that is not counted farther."""
    if number >= COUNT_CAP:
        return formats.show_integer(COUNT_CAP - 1) + "+"
    return formats.show_integer(number)


def _plain(figure: Figure, most: Decimal | int, currency: str) -> Cells:
    label, number = _(LABELS[figure.key]), say_number(figure.number)
    if figure.amount is not None:
        amount = formats.show_money(figure.amount, currency)
        return Cells(label, number, amount, charts.bar(figure.amount, most, BAR_WIDTH))
    if not figure.points:
        return Cells(label, number)
    chart = charts.columns([point.number for point in figure.points])
    days = (figure.points[0].first, figure.points[-1].first)
    first, last = (f"{formats.short_weekday(day)} {day.day}" for day in days)
    counts = " ".join(formats.show_integer(point.number) for point in figure.points)
    return Cells(label, number, "", chart, _("{counts} ({first} – {last})").format(
        counts=counts, first=first, last=last
    ))  # fmt: skip


def _over_time(figure: Figure, currency: str) -> Cells:
    """The figure of this month beside that of the same month of last year, and the months between."""
    before = figure.points[0]
    values = [point.number if point.amount is None else point.amount for point in figure.points]
    amount = "" if figure.amount is None else formats.show_money(figure.amount, currency)
    past = formats.show_integer(before.number)
    if before.amount is not None:
        past = f"{past} · {formats.show_money(before.amount, currency)}"
    note = _("{month}: {figure}").format(month=f"{before.first:%m/%Y}", figure=past)
    return Cells(
        _(LABELS[figure.key]), formats.show_integer(figure.number), amount, charts.columns(values), note
    )


def _of_person(figure: Figure, busiest: int) -> Cells:
    numbers = [point.number for point in figure.points]
    note = " ".join(formats.show_integer(number) for number in numbers)
    return Cells(figure.name, formats.show_integer(figure.number), "", charts.columns(numbers, busiest), note)


def _of_event(event: EventRead, *, has_support: bool) -> Cells:
    """An event: its start, its name, and where it is."""
    place = event.location or (_("no location") if has_support else "")
    return Cells(formats.list_datetime(event.start), note=" · ".join(filter(None, (event.name, place))))
