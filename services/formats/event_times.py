"""The times of events: those of the event's own zone, and the local ones where they differ.

The rule for all places: lists, the agenda and sentences show the local time, and name the local zone where
the event's clocks show another time. Where there is room, the event's own time comes first, with both places.
"""

from collections.abc import Callable
from datetime import date, datetime, tzinfo

from services import time_zones
from services.formats.dates import say_date, show_date
from services.formats.zones import say_zone
from services.i18n import _

_SayDay = Callable[[date], str]


def show_event_time(moment: datetime, zone_name: str) -> str:
    """``15/06/2027 18:00 New York · 16/06/2027 00:00 here, Paris``; one time where the clocks agree."""
    return _period([moment], zone_name, lambda day: f"{show_date(day)} ")


def say_event_time(moment: datetime, zone_name: str) -> str:
    """The same with the days in words: ``Tuesday 15 June 2027, 12:00 New York · 18:00 here, Paris``."""
    return _period([moment], zone_name, lambda day: f"{say_date(day)}, ")


def show_event_period(start: datetime, end: datetime, zone_name: str) -> str:
    """From the start to the end, in the event's zone, then in the local one where the clocks differ."""
    return _period([start, end], zone_name, lambda day: f"{show_date(day)} ")


def _period(moments: list[datetime], zone_name: str, say_day: _SayDay) -> str:
    zone = time_zones.event_zone(zone_name)
    own = _said(moments, zone, say_day, None)
    if all(_offset(each, zone) == _offset(each, None) for each in moments):
        return own
    here = _said(moments, None, say_day, moments[0].astimezone(zone).date())
    place = say_zone(getattr(zone, "key", zone_name))
    return _("{own} {place} · {here} here, {local}").format(
        own=own, place=place, here=here, local=_local_place(moments[0])
    )


def _offset(moment: datetime, zone: tzinfo | None) -> object:
    return moment.astimezone(zone).utcoffset()


def _said(moments: list[datetime], zone: tzinfo | None, say_day: _SayDay, known: date | None) -> str:
    """The moments on the clocks of a zone; a day that was just said is left out."""
    said = []
    for moment in moments:
        local = moment.astimezone(zone)
        day = "" if local.date() == known else say_day(local.date())
        is_twice = time_zones.second_of_two(local) is not None
        said.append(f"{day}{local:%H:%M}{f' {time_zones.name_of(local)}' if is_twice else ''}")
        known = local.date()
    return " – ".join(said)


def _local_place(moment: datetime) -> str:
    """The city of the local zone; its abbreviation if this machine does not name the zone that it uses."""
    name = time_zones.local_zone_name()
    zone = time_zones.zone_named(name)
    is_it = zone is not None and _offset(moment, zone) == _offset(moment, None)
    return say_zone(name) if is_it else time_zones.name_of(moment.astimezone())
