"""What a form does while it saves: it takes no key, and says so once that takes longer than a moment."""

from typing import Any, Final

from textual.screen import Screen, ScreenResultType
from textual.timer import Timer
from textual.widgets import Button

from services.i18n import _
from tui.protocols import the_app
from tui.widgets.banner import Banner

SLOW_SAVE: Final = 0.5
"""Seconds after which a form says that it is still saving."""


class Saves(Screen[ScreenResultType]):
    """A screen with a :class:`Banner` and a button ``#save``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._saving = False
        self._slow_save: Timer | None = None

    @property
    def holds_keys(self) -> bool:
        """While it saves: what is typed then is meant for the screen beneath."""
        return self._saving

    @property
    def drops_keys(self) -> bool:
        """While it saves: a key that has waited for too long goes into no field."""
        return self._saving

    def show_waiting(self, text: str) -> None:
        """Say what the save waits for, until it has ended."""
        if self._saving:
            self.query_one(Banner).show(text, waiting=True)

    def _begin_saving(self) -> None:
        self._saving = True
        self.query_one("#save", Button).disabled = True
        self._slow_save = self.set_timer(SLOW_SAVE, lambda: self.show_waiting(_("Saving…")))

    def _end_saving(self) -> None:
        """The save was refused: whoever typed on while it lasted did not mean these fields."""
        self._saving = False
        self.query_one("#save", Button).disabled = False
        self.query_one(Banner).clear()
        if self._slow_save is not None:
            self._slow_save.stop()
        the_app(self).forget_keys()
