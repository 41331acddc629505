"""What the program remembers for the signed-in person: read at sign-in, written soon after a change."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from textual.app import App
from textual.timer import Timer

from services.errors import CrmError
from tui.protocols import the_app
from tui.runtime.workers import run_in_background

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm
    from services.preferences import ListPreference, Preferences

_SOON: Final = 0.8
"""Seconds without a change after which it is written."""
_LATER: Final = 10.0
"""Seconds after which a write that failed is tried again."""
_AT_THE_END: Final = 1.0
"""Seconds that the end of the program waits for the last write."""
_GENERAL: Final = ""
"""The name of what belongs to no list."""


def remembered(crm: "Crm", actor: "Actor") -> "Preferences":
    """The preferences of a person, in a thread; none if they cannot be read, since they are a comfort."""
    from services.preferences import Preferences, read_preferences

    try:
        return read_preferences(crm, actor)
    except CrmError:
        return Preferences()


class PersonMemory:
    """The preferences of the person. While the database is away they are kept here, without a word."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._services = the_app(app)
        self._whose: int | None = None
        self._known: Preferences | None = None
        self._unwritten: set[str] = set()
        self._is_writing = False
        self._timer: Timer | None = None

    # Read

    @property
    def _preferences(self) -> "Preferences":
        from services.preferences import Preferences

        return self._known or Preferences()

    @property
    def theme(self) -> str:
        """The name of the theme that the person chose, empty if they chose none."""
        return self._preferences.theme

    @property
    def start(self) -> str:
        """The name of the section in which the person wants to start, empty if they chose none."""
        return self._preferences.start

    def list_of(self, name: str) -> "ListPreference":
        """How the person left the list of a section."""
        from services.preferences import ListPreference

        return self._preferences.lists.get(name, ListPreference())

    # The person

    def take(self, actor: "Actor", preferences: "Preferences") -> None:
        """A person has come. One who signs in again keeps what they have chosen meanwhile."""
        if self._whose != actor.id:
            self._whose, self._known = actor.id, preferences
            if self.theme:
                self.show_theme()
        if self._unwritten:
            self._write_in(_SOON)

    def forget(self) -> None:
        """The person has left."""
        if self._timer is not None:
            self._timer.stop()
        had_theme = bool(self.theme)
        self._whose = self._known = self._timer = None
        self._unwritten = set()
        if had_theme:
            self.show_theme()

    def show_theme(self) -> None:
        """Show the theme of the person, or else that of the settings."""
        for name in (self.theme, self._services.settings.theme):
            if name in self._app.available_themes:
                self._app.theme = name
                return

    # Write

    def keep(self, *, theme: str | None = None, start: str | None = None) -> None:
        """Remember the theme or the start."""
        if self._whose is None:
            return  # on the first screen nothing is loaded that reads preferences
        known = self._preferences
        theme, start = known.theme if theme is None else theme, known.start if start is None else start
        self._change(replace(known, theme=theme, start=start), _GENERAL)

    def keep_list(self, name: str, left: "ListPreference") -> None:
        """Remember how the person left a list."""
        known = self._preferences
        self._change(replace(known, lists={**known.lists, name: left}), name)

    def _change(self, preferences: "Preferences", name: str) -> None:
        if self._whose is not None and preferences != self._preferences:
            self._known = preferences
            self._unwritten.add(name)
            self._write_in(_SOON)

    def _write_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._app.set_timer(seconds, self._write)

    def _write(self) -> None:
        actor = self._services.session.actor
        if actor is None or self._is_writing or not self._unwritten:
            return  # one write at a time, or an older state could come last
        names, whose, self._unwritten = self._unwritten, self._whose, set()
        work = self._writing(actor, names)

        def written(_none: None) -> None:
            self._is_writing = False
            if self._unwritten:
                self._write_in(_SOON)

        def failed(_error: CrmError) -> None:
            self._is_writing = False
            if whose == self._whose:
                self._unwritten |= names
                self._write_in(_LATER)

        self._is_writing = True
        run_in_background(self._app, work, then=written, failed=failed, group="preferences", exclusive=False)

    def _writing(self, actor: "Actor", names: set[str]) -> Any:
        preferences, crm = self._preferences, self._services.crm

        def work() -> None:
            from services.preferences import write_preferences

            write_preferences(crm, actor, preferences, *names)

        return work

    def last_write(self) -> Any:
        """What a thread has to do before the person leaves; it raises nothing."""
        actor, names = self._services.session.actor, self._unwritten
        work = None if actor is None or not names else self._writing(actor, names)

        def write() -> None:
            # The program or the person is leaving: the database may be closed already.
            with suppress(Exception):
                if work is not None:
                    work()

        return write

    async def close(self) -> None:
        """Write what is not written; wait for no longer than a moment."""
        if self._unwritten and self._services.session.actor is not None:
            thread = Thread(target=self.last_write(), daemon=True)
            thread.start()
            await asyncio.to_thread(thread.join, _AT_THE_END)
