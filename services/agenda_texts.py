"""The agenda in words of the active language and in local times."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Final

from models.read_models import EventRead
from services import formats, time_zones
from services.agenda import AgendaFilter, Entry, View, Whose
from services.i18n import N_, _, ngettext
from services.lists.query import COUNT_CAP
from services.scheduling_texts import say_conflicts

CONFLICT_MARK: Final = "!"
FILTERS: Final[Mapping[Whose, str]] = {
    Whose.EVERYBODY: N_("Everybody"),
    Whose.MINE: N_("My events"),
    Whose.WITHOUT_SUPPORT: N_("Without support"),
}


def say_period(view: View, first: date, last: date) -> str:
    """The period: ``Tuesday 15 June 2027``, ``14/06/2027 – 20/06/2027``, ``June 2027``."""
    if view is View.MONTH:
        return formats.say_month(first)
    if view is View.DAY:
        return formats.say_date(first)
    return _("{first} – {last}").format(first=formats.show_date(first), last=formats.show_date(last))


def say_filter(asked: AgendaFilter) -> str:
    """Whose events these are: the username of a person, or the name of the filter."""
    return _(FILTERS[asked.whose]) if asked.whose in FILTERS else asked.username


def say_hours(event: EventRead, day: date) -> str:
    """The part of a day that an event takes: ``18:00–23:00``, ``from 18:00``, ``until 02:00``, ``all day``.

    The name of the local zone follows where a time is ambiguous, or is not that of the event's own clocks.
    """
    zone = time_zones.event_zone(event.time_zone)
    start, end = event.start.astimezone(), event.end.astimezone()
    begins = start.date() == day
    ends = end.date() == day or (end - datetime.resolution).date() == day
    if begins and ends:
        one, two = (time_zones.name_where_not_plain(each, zone) for each in (start, end))
        first = f"{start:%H:%M}" if one == two else _clock(start, zone)
        return f"{first}–{_clock(end, zone)}"
    if begins:
        return _("from {time}").format(time=_clock(start, zone))
    return _("until {time}").format(time=_clock(end, zone)) if ends else _("all day")


def say_start(event: EventRead, day: date) -> str:
    """When an event starts on a day, ``18:00``, or that it goes on from the day before, ``…``."""
    start = event.start.astimezone()
    return _clock(start, time_zones.event_zone(event.time_zone)) if start.date() == day else "…"


def say_support(event: EventRead) -> str:
    """The name of the support contact."""
    return event.support_contact_name or _("no support")


def say_reasons(entry: Entry) -> list[str]:
    """The conflicts of the support contact around the event; usually none."""
    return [] if entry.availability is None else say_conflicts(entry.availability)


def say_left_out(count: int) -> str:
    """How many later events of the period an agenda does not show."""
    shown = formats.show_integer(count) if count < COUNT_CAP else formats.show_integer(COUNT_CAP - 1) + "+"
    text = ngettext(
        "{count} later event is not shown: choose a shorter period, or one person.",
        "{count} later events are not shown: choose a shorter period, or one person.",
        count,
    )
    return text.format(count=shown)


def _clock(local: datetime, zone: tzinfo | None) -> str:
    return " ".join(filter(None, (f"{local:%H:%M}", time_zones.name_where_not_plain(local, zone))))
