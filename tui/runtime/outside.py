"""What leaves the terminal: links for mail, phone and map, and the program of the desktop that opens them.

A link is made of an own scheme and of text that is percent-encoded, whatever the record holds.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from models.text import clean_typed

_MAP: Final = "https://www.openstreetmap.org/search?query="
_SCHEMES: Final = ("mailto:", "tel:", "https://")
_PATIENCE: Final = 3.0
"""Seconds within which an opener says that it cannot; some stay for as long as what they opened."""


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
    """Whether a program of the person's own desktop can open a link.

    Over SSH it would open on the other computer; without a display a browser would draw into this terminal.
    """
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return False
    if platform in ("darwin", "win32"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def open_outside(link: str) -> bool:
    """Have the desktop open a link. Return whether it could. Blocks: for threads."""
    if not link.startswith(_SCHEMES):
        return False
    try:
        return _given_to_desktop(link)
    except OSError:
        return False


def _given_to_desktop(link: str) -> bool:
    if sys.platform == "win32":
        os.startfile(link)  # noqa: S606 - a link of ours, no command
        return True
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    # Its own group and no terminal: it must neither write into ours nor end with it.
    process = subprocess.Popen(  # noqa: S603 - a link of ours
        [opener, link], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    with suppress(subprocess.TimeoutExpired):
        return process.wait(_PATIENCE) == 0
    process.returncode = 0  # it stays as long as what it opened, and is not ours to wait for
    return True
