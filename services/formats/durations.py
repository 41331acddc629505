"""Formats lengths of time in the active language."""

from datetime import timedelta

from services.i18n import _, ngettext

_DAYS = timedelta(days=2)


def show_duration(length: timedelta) -> str:
    """The length to the minute: ``45 min``, ``2 h``, ``2 h 30 min``; from two days on in whole days."""
    minutes = int(length.total_seconds() // 60)
    if length >= _DAYS:
        days = length.days
        return ngettext("{count} day", "{count} days", days).format(count=days)
    hours, minutes = divmod(minutes, 60)
    parts = ([_("{count} h").format(count=hours)] if hours else []) + (
        [_("{count} min").format(count=minutes)] if minutes or not hours else []
    )
    return " ".join(parts)
