"""Who is free for an event: the events of support contacts around it, and the time between them.

Two events of one person overlap, or the gap between them is too small for the way. The way is estimated from
the postcodes of the locations: none within one postcode, a short one within one area (the first two digits),
else a long one; the times are shared settings. A location without a postcode leaves the way unknown.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, select

from models.read_models import SharedSettingsRead
from models.tables import Event, table_of
from services.errors import FieldProblem
from services.formats import show_datetime
from services.formats.durations import show_duration
from services.i18n import N_
from services.time_zones import event_zone, local_midnight

_POSTCODE: Final = re.compile(r"(?<![0-9])[0-9]{4,5}(?![0-9])")
_WEEK: Final = timedelta(days=7)


REASON: Final = "support_note"
"""The field of an event with the reason to assign its support contact in spite of a conflict."""
_OVERLAP: Final = N_(
    "{name} runs “{event}” then, from {start} to {end}. Choose another person, or give a reason."
)
_TOO_CLOSE: Final = N_(
    "Between this event and “{event}”, {name} has {length} for a way of {needed}. Choose another person, or"
    " give a reason."
)


@dataclass(frozen=True, slots=True)
class Booking:
    """A time at a place: an event to be assigned, or one that a person runs. Times are UTC.

    ``id`` is that of the event; 0 if it does not matter. ``time_zone`` is that of the event.
    """

    start: datetime
    end: datetime
    location: str = ""
    name: str = ""
    id: int = 0
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """The time between two bookings, and the time that the way takes; ``None`` if that is unknown."""

    booking: Booking
    length: timedelta
    needed: timedelta | None

    @property
    def is_too_small(self) -> bool:
        """Whether the way takes longer."""
        return self.needed is not None and self.length < self.needed


@dataclass(frozen=True, slots=True)
class Availability:
    """How one person is booked around an event; ``load`` is the number of their events in its week."""

    overlaps: Sequence[Booking]
    before: Gap | None
    after: Gap | None
    load: int

    @property
    def too_close(self) -> Sequence[Gap]:
        """The gaps that are too small for the way."""
        return [gap for gap in (self.before, self.after) if gap is not None and gap.is_too_small]

    @property
    def is_free(self) -> bool:
        """Whether the person can run the event without a conflict."""
        return not self.overlaps and not self.too_close


def availability(event: Booking, own: Iterable[Booking], settings: SharedSettingsRead) -> Availability:
    """The bookings of a person around an event that is not one of them."""
    bookings = sorted(own, key=lambda each: each.start)
    overlaps = [each for each in bookings if each.start < event.end and event.start < each.end]
    earlier = [each for each in bookings if each.end <= event.start]
    later = [each for each in bookings if each.start >= event.end]
    before = [Gap(each, event.start - each.end, _way(event, each, settings)) for each in earlier]
    after = [Gap(each, each.start - event.end, _way(event, each, settings)) for each in later]
    first, last = _week_of(event)
    load = sum(each.start < last and first < each.end for each in bookings)
    return Availability(overlaps, _tightest(before), _tightest(after), load)


def _tightest(gaps: Sequence[Gap]) -> Gap | None:
    """The gap that is too small, else the shortest: a farther event may be the one that is out of reach."""
    return min(gaps, key=lambda gap: (not gap.is_too_small, gap.length), default=None)


def conflicts(name: str, found: Availability) -> list[FieldProblem]:
    """What speaks against giving a person the event, for the field in which a reason can be given."""
    problems = [
        FieldProblem(
            REASON, _OVERLAP,
            {"name": name, "event": each.name, **times_of(each)},
        )
        for each in found.overlaps
    ]  # fmt: skip
    for gap in found.too_close:
        length, needed = (show_duration(each or timedelta(0)) for each in (gap.length, gap.needed))
        values = {"name": name, "event": gap.booking.name, "length": length, "needed": needed}
        problems.append(FieldProblem(REASON, _TOO_CLOSE, values))
    return problems


def times_of(booking: Booking) -> Mapping[str, str]:
    """The start and the end of a booking, in local times."""
    zone = event_zone(booking.time_zone)
    return {"start": show_datetime(booking.start, zone), "end": show_datetime(booking.end, zone)}


def read_bookings(
    connection: Connection, people: Sequence[int], event: Booking, settings: SharedSettingsRead, *, but: int
) -> Mapping[int, Sequence[Booking]]:
    """The live events of these people in the week of an event and around it, without the event ``but``."""
    found = bookings_between(connection, people, *period_around(event, settings))
    return {person: [each for each in own if each.id != but] for person, own in found.items()}


def bookings_between(
    connection: Connection, people: Sequence[int], first: datetime, last: datetime
) -> Mapping[int, Sequence[Booking]]:
    """The live events of these people that touch a period, by person."""
    found: defaultdict[int, list[Booking]] = defaultdict(list)
    query = (
        select(
            _event.support_contact_id, _event.starts_at, _event.ends_at, _event.location, _event.name,
            _event.id, _event.time_zone,
        )
        .where(_event.support_contact_id.in_(people), _event.deleted_at.is_(None))
        .where(_event.starts_at < last, _event.ends_at > first)
    )  # fmt: skip
    for person, *booking in connection.execute(query):
        found[person].append(Booking(*booking))
    return found


def period_around(event: Booking, settings: SharedSettingsRead) -> tuple[datetime, datetime]:
    """The period whose bookings :func:`availability` needs: the week of the event, and the longest way."""
    first, last = _week_of(event)
    ways = (settings.travel_same_place, settings.travel_same_area, settings.travel_elsewhere)
    margin = timedelta(minutes=max(ways))
    return min(first, event.start - margin), max(last, event.end + margin)


def _week_of(event: Booking) -> tuple[datetime, datetime]:
    """The local week of a start, from Monday to Monday."""
    day = event.start.astimezone().date()
    monday = day - timedelta(days=day.weekday())
    return local_midnight(monday), local_midnight(monday + _WEEK)


def _way(one: Booking, other: Booking, settings: SharedSettingsRead) -> timedelta | None:
    here, there = _postcode(one.location), _postcode(other.location)
    if not here or not there:
        return None
    if here == there:
        return timedelta(minutes=settings.travel_same_place)
    is_near = here[:2] == there[:2]
    return timedelta(minutes=settings.travel_same_area if is_near else settings.travel_elsewhere)


@lru_cache(maxsize=4096)
def _postcode(location: str) -> str:
    """The last group of four or five digits: a house number comes before it."""
    found = _POSTCODE.findall(location)
    return found[-1] if found else ""


_event = table_of(Event).c
