"""The time zones of the sample events: that of the CRM, and one event abroad."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from models.enums import Operation
from models.tables import Event
from services.demo.dates import moment
from services.demo.history import History
from services.rights import Action

_ABROAD: Final = "America/New_York"
_PLACE: Final = "The River Room, 89 South Street, New York"
_JOURNEY: Final = timedelta(days=2)


def settle_zones(history: History, zone_name: str, today: date) -> None:
    """Give each event its time zone; call this before the replay, so that the journal has it too.

    The first upcoming event whose support contact has time for the journey is in New York, at the same time
    of day.
    """
    for step in history.steps:
        if isinstance(step.record, Event) and step.operation is Operation.CREATED:
            step.record.time_zone = zone_name
    abroad = _with_time_around(_bookings(history), moment(today, time(12)))
    if abroad is not None:
        abroad.time_zone, abroad.location = _ABROAD, _PLACE
        abroad.start, abroad.end = (_same_time_there(each) for each in (abroad.start, abroad.end))


def _bookings(history: History) -> Mapping[str, list[Event]]:
    """The events of each support contact by their starts."""
    found: dict[str, list[Event]] = {}
    for step in history.steps:
        if step.action is Action.EVENT_ASSIGN and isinstance(step.record, Event):
            found.setdefault(step.values["support_contact_id"].username, []).append(step.record)
    return {name: sorted(own, key=lambda each: each.start) for name, own in found.items()}


def _with_time_around(bookings: Mapping[str, list[Event]], now: datetime) -> Event | None:
    lonely = [
        event
        for own in bookings.values()
        for event in own
        if event.start > now
        and not any(
            other.start < event.end + _JOURNEY and event.start - _JOURNEY < other.end
            for other in own
            if other is not event
        )
    ]
    return min(lonely, key=lambda each: (each.start, each.name), default=None)


def _same_time_there(here: datetime) -> datetime:
    """The moment at which the clocks abroad show the local time of a moment."""
    return here.astimezone().replace(tzinfo=ZoneInfo(_ABROAD)).astimezone(UTC)
