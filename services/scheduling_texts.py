"""How a person is booked around an event, in words of the active language."""

from collections.abc import Callable
from datetime import timedelta

from services import formats
from services.formats.durations import show_duration
from services.i18n import _, ngettext
from services.scheduling import Availability, Gap


def say_availability(found: Availability) -> str:
    """Whether the person is free, the gaps to the events around it, and the load of that week."""
    load = ngettext("{count} event that week", "{count} events that week", found.load)
    return " · ".join([*_reasons(found), load.format(count=formats.show_integer(found.load))])


def _reasons(found: Availability) -> list[str]:
    if found.overlaps:
        return [_("busy: {event}").format(event=found.overlaps[0].name)]
    gaps = [
        _say_gap(gap, say)
        for gap, say in ((found.before, _after), (found.after, _before))
        if gap is not None and (gap.is_too_small or gap.length < timedelta(days=1))
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
