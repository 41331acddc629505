"""Time zones by their IANA names: that of this machine, and those that a database may name."""

import os
from datetime import tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

_LOCALTIME: Final = Path("/etc/localtime")
_TIMEZONE: Final = Path("/etc/timezone")
_FOLDER: Final = "zoneinfo/"


@lru_cache(maxsize=32)
def zone_named(name: str) -> tzinfo | None:
    """The time zone of this name; ``None`` where there is none, or this machine has no data of it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, the name of a folder
        return None


def local_zone_name() -> str:
    """The name of this machine's time zone; ``UTC`` where the machine does not name it."""
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
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
