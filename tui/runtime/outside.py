"""What leaves the terminal: links for mail, phone and map, and the desktop that opens them.

A link is made of an own scheme and of text that is percent-encoded, whatever the record holds.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from models.text import clean_typed
from tui.runtime.desktop_portal import bus_address, open_by_portal

_MAP: Final = "https://www.openstreetmap.org/search?query="
_SCHEMES: Final = ("mailto:", "tel:", "https://")
_OSASCRIPT: Final = "/usr/bin/osascript"
_PATIENCE: Final = 3.0
"""Seconds for an opener to hand the link on."""


def mail_link(email: str) -> str:
    """The link that writes to an address; empty if the text is none."""
    name, at, host = clean_typed(email).strip().rpartition("@")
    return f"mailto:{quote(name, safe='')}@{quote(host, safe='')}" if name and at and host else ""


def phone_link(phone: str) -> str:
    """The link that calls a number; empty if the text has no digit."""
    text = clean_typed(phone).strip()
    digits = "".join(character for character in text if "0" <= character <= "9")
    return f"tel:{'+' if text.startswith('+') else ''}{digits}" if digits else ""


def map_link(place: str) -> str:
    """The link that looks for a place on a map; empty if there is no text."""
    text = " ".join(clean_typed(place).split())
    return _MAP + quote(text, safe="") if text else ""


def has_desktop(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether the person's own desktop may be able to open a link.

    Over SSH it would open on the other computer. On Linux it takes a display and a session bus.
    """
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return False
    if platform in ("darwin", "win32"):
        return True
    has_display = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    return bool(has_display and bus_address(environment))


def open_outside(link: str) -> bool:
    """Have the desktop open a link. Return whether it could. Blocks: for threads.

    The link is never an argument of a program: those can be read by every user of the machine.
    """
    if not link.startswith(_SCHEMES):
        return False
    try:
        return _given_to_desktop(link)
    except (OSError, subprocess.SubprocessError):
        return False


def _given_to_desktop(link: str) -> bool:
    if sys.platform == "win32":
        os.startfile(link)  # noqa: S606 - a link of ours, no command
        return True
    if sys.platform == "darwin":
        return _given_to_macos(link)
    return open_by_portal(link, os.environ)


def _given_to_macos(link: str) -> bool:
    quoted = link.replace("\\", "\\\\").replace('"', '\\"')
    # Its own group and no terminal: it must neither write into ours nor end with it.
    ended = subprocess.run(  # noqa: S603 - a script of ours
        [_OSASCRIPT, "-"], input=f'open location "{quoted}"\n'.encode(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, timeout=_PATIENCE,
        check=False,
    )  # fmt: skip
    return ended.returncode == 0
