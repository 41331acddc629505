"""The short notices in the corner of the screen, which never cover more than a few lines."""

from typing import Any

from rich.cells import cell_len
from textual.app import App
from textual.notifications import Notification

MOST_LINES = 4
"""Lines that notices cover at the most, unless one alone is longer."""
WIDTH = 53
"""Cells of a line within a notice, as the style sheet has it."""
SAID_SECONDS, REFUSED_SECONDS = 4, 8
"""How long a notice stays: that something was done, and why something was not."""


class Notices:
    """Shows notices; older ones give way to a new one."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app

    def say(self, text: str) -> None:
        """Say shortly that something was done."""
        self._app.notify(text, markup=False, timeout=SAID_SECONDS)

    def is_shown(self, text: str) -> bool:
        """Whether a notice with this text is shown now."""
        return any(notice.message == text for notice in self._app._notifications)

    def refuse(self, reason: str) -> None:
        """Say why something was not done. A reason that is still shown is replaced, not shown twice."""
        for notice in [shown for shown in self._app._notifications if shown.message == reason]:
            self._app._unnotify(notice)
        self._app.notify(reason, markup=False, severity="warning", timeout=REFUSED_SECONDS)

    def make_room(self, coming: Notification) -> None:
        """Take away the oldest notices for which there is no room beside the one that comes."""
        room = MOST_LINES - _lines(coming)
        for notice in reversed(list(self._app._notifications)):
            room -= _lines(notice)
            if room < 0:
                self._app._unnotify(notice, refresh=False)


def _lines(notice: Notification) -> int:
    return -(-cell_len(notice.message) // WIDTH)
