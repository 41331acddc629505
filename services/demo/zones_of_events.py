"""The time zones of the sample events: that of the CRM, and one event abroad."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from models.enums import Operation
from models.tables import Event
from services.demo.dates import moment
from services.demo.history import History
from services.rights import Action

_ABROAD: Final = "America/New_York"
_PLACE: Final = "The River Room, 89 South Street, New York"


def settle_zones(history: History, zone_name: str, today: date) -> None:
    """Give each event its time zone; call this before the replay, so that the journal has it too.

    The second upcoming event with a support contact is in New York, at the same time of day.
    """
    created = [
        step.record for step in history.steps
        if isinstance(step.record, Event) and step.operation is Operation.CREATED
    ]  # fmt: skip
    assigned = [step.record for step in history.steps if step.action is Action.EVENT_ASSIGN]
    for event in created:
        event.time_zone = zone_name
    noon = moment(today, datetime.min.time().replace(hour=12))
    ahead = [event for event in created if event in assigned and event.start > noon]
    for event in sorted(ahead, key=lambda each: (each.start, each.name))[1:2]:
        event.time_zone, event.location = _ABROAD, _PLACE
        event.start, event.end = (_same_time_there(each) for each in (event.start, event.end))


def _same_time_there(here: datetime) -> datetime:
    """The moment at which the clocks abroad show the local time of a moment."""
    return here.astimezone().replace(tzinfo=ZoneInfo(_ABROAD)).astimezone(UTC)
