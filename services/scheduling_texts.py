"""How a person is booked around an event, in words of the active language."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from services import formats
from services.formats.durations import show_duration
from services.i18n import _, ngettext
from services.scheduling import Availability, Gap, times_of

_DAY: Final = timedelta(days=1)
_MOST_OVERLAPS: Final = 5


def say_availability(found: Availability) -> str:
    """Whether the person is free, the gaps to the events around it, and the load of that week."""
    load = ngettext("{count} event that week", "{count} events that week", found.load)
    return " · ".join([*_reasons(found), load.format(count=formats.show_integer(found.load))])


def say_conflicts(found: Availability) -> list[str]:
    """The events at the same time, then those that are too near; each with its reason."""
    said = [
        _("at the same time: {event}, {start} to {end}").format(event=each.name, **times_of(each))
        for each in found.overlaps[:_MOST_OVERLAPS]
    ]
    more = len(found.overlaps) - len(said)
    if more:
        text = ngettext("{count} more at the same time", "{count} more at the same time", more)
        said.append(text.format(count=formats.show_integer(more)))
    return said + [_say_side(found, gap) for gap in found.too_close]


def say_gaps(found: Availability) -> list[str]:
    """The gaps of less than a day to the events before and after that leave time for the way."""
    gaps = [gap for gap in (found.before, found.after) if gap is not None and not gap.is_too_small]
    return [_say_side(found, gap) for gap in gaps if gap.length < _DAY]


def _say_side(found: Availability, gap: Gap) -> str:
    return _say_gap(gap, _after if gap is found.before else _before)


def _reasons(found: Availability) -> list[str]:
    if found.overlaps:
        return [_("busy: {event}").format(event=found.overlaps[0].name)]
    gaps = [
        _say_gap(gap, say)
        for gap, say in ((found.before, _after), (found.after, _before))
        if gap is not None and (gap.is_too_small or gap.length < _DAY)
    ]
    return [_("free") if found.is_free else _("too close"), *gaps]


def _say_gap(gap: Gap, say: Callable[[str, str], str]) -> str:
    text = say(show_duration(gap.length), gap.booking.name)
    if not gap.is_too_small or gap.needed is None:
        return text
    return _("{gap}, the way takes {needed}").format(gap=text, needed=show_duration(gap.needed))


def _after(length: str, event: str) -> str:
    return _("{length} after {event}").format(length=length, event=event)


def _before(length: str, event: str) -> str:
    return _("{length} before {event}").format(length=length, event=event)
