"""Time zones: that of this machine, in which moments are shown and typed, that of the CRM, those of events.

A zone is a ``tzinfo``, or ``None`` for that of this machine.
"""

import os
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as clock_time
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from services.i18n import N_

NO_ZONE: Final = N_("This is not the name of a time zone, such as Europe/Paris or America/New_York.")

_LOCALTIME: Final = Path("/etc/localtime")
_TIMEZONE: Final = Path("/etc/timezone")
_FOLDER: Final = "zoneinfo/"


_crm_zone: tzinfo | None = None


def use_crm_zone(name: str) -> None:
    """Take this for the CRM's zone from now on: moments at which the local clocks differ name theirs."""
    global _crm_zone
    _crm_zone = zone_named(name)


def on_crm_clocks(moment: datetime) -> datetime:
    """A moment on the clocks of the CRM's zone; of the local one if this machine has no data of it."""
    return moment.astimezone(_crm_zone)


def crm_moment(day: date, time: str) -> datetime:
    """The moment, in UTC, at which the clocks of the CRM's zone show a time such as ``18:30`` on a day."""
    hour, minute = time.split(":")
    naive = datetime.combine(day, clock_time(int(hour), int(minute)))
    return naive.replace(tzinfo=_crm_zone).astimezone(UTC)


def event_zone(name: str) -> tzinfo | None:
    """The zone of an event: that of the CRM if the event names none, or one unknown to this machine."""
    return (zone_named(name) if name else None) or _crm_zone


def crm_zone() -> tzinfo | None:
    """The zone of the CRM."""
    return _crm_zone


def aware(naive: datetime, zone: tzinfo | None, fold: int = 0) -> datetime:
    """A time on the clocks of a zone; the second one if they show it twice and ``fold`` is 1."""
    folded = naive.replace(fold=fold)
    return folded.astimezone() if zone is None else folded.replace(tzinfo=zone)


def name_of(local: datetime) -> str:
    """The abbreviation of a local moment's zone: ``CEST``; ``UTC+03`` if the zone has only a number."""
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in ("+", "-") else name


def name_where_not_plain(local: datetime, expected: tzinfo | None = None) -> str:
    """The name of a moment's zone; empty if the expected clocks show the same time, and show it once.

    ``expected`` is the zone of an event, by default that of the CRM.
    """
    zone = expected or _crm_zone
    differs = zone is not None and local.astimezone(zone).utcoffset() != local.utcoffset()
    return name_of(local) if differs or _other_of_two(local) is not None else ""


def second_of_two(local: datetime) -> str | None:
    """The zone's name when the clocks show this time again; ``None`` if they show it once."""
    pair = (local, _other_of_two(local))
    moments = sorted((each for each in pair if each is not None), key=lambda each: each.astimezone(UTC))
    return name_of(moments[-1]) if len(moments) == 2 else None


def zone_width(expected: tzinfo | None = None) -> int:
    """The cells that a column of moments needs for the zone; 0 if the local clocks are the expected ones.

    ``expected`` is the zone of an event, by default that of the CRM.
    """
    now = datetime.now(UTC)
    moments = [now + timedelta(days=days) for days in (0, 91, 182, 273)]
    names = [name_where_not_plain(moment.astimezone(), expected) for moment in moments]
    longest = max(map(len, names))
    return longest + 1 if longest else 0


def local_midnight(day: date) -> datetime:
    """The moment at which a local day begins; if the clocks skip midnight, the first one after it."""
    return datetime.combine(day, clock_time()).astimezone()


def _other_of_two(local: datetime) -> datetime | None:
    """The other moment at which the clocks show the same time, in the autumn."""
    # A moment on the clocks of this machine has a fixed offset instead of a zone.
    zone = local.tzinfo if isinstance(local.tzinfo, ZoneInfo) else None
    naive, moment = local.replace(tzinfo=None, fold=0), local.astimezone(UTC)
    for fold in (0, 1):
        other = aware(naive, zone, fold)
        there = other.astimezone(UTC)
        if there != moment and there.astimezone(zone).replace(tzinfo=None, fold=0) == naive:
            return other
    return None


@lru_cache(maxsize=32)
def zone_named(name: str) -> tzinfo | None:
    """The time zone of this name; ``None`` if it does not exist or this machine has no data of it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, the name of a folder
        return None


def local_zone_name() -> str:
    """The name of this machine's time zone; ``UTC`` if the machine does not name it."""
    candidates = (_from_environment(), _from_link(_LOCALTIME), _from_file(_TIMEZONE))
    return next((name for name in candidates if name and zone_named(name) is not None), "UTC")


def _from_environment() -> str:
    text = os.environ.get("TZ", "").removeprefix(":")
    return text.rpartition(_FOLDER)[2] if text.startswith("/") else text


def _from_link(path: Path) -> str:
    try:
        return str(path.resolve(strict=True)).partition(_FOLDER)[2]
    except OSError:
        return ""


def _from_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
