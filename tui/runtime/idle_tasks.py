"""Work that waits for a pause in typing: reading the style sheets of screens to come, collecting garbage."""

import time
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from textual.screen import Screen
from textual.timer import Timer

from services import garbage_collection
from tui.protocols import the_app
from tui.runtime.key_queue import KeyQueueApp

SHEETS: Final = ("screens/base/section.tcss", "screens/base/form.tcss", "screens/telemetry.tcss")
"""Those which the application does not read for its first screen."""

_PAUSE: Final = 0.5
"""Seconds without a key that count as a pause."""
_LOOK: Final = 0.25


class AtRest:
    """Does one such thing at a time, where no key came for a while."""

    def __init__(self, app: KeyQueueApp[Any]) -> None:
        self._app = app
        self._services = the_app(app)
        self._timer: Timer | None = None
        self._full_collections = garbage_collection.FullCollections()
        self._left_out: WeakSet[Screen[Any]] = WeakSet()

    def start(self) -> None:
        """From now on, until :meth:`stop`."""
        self._timer = self._app.set_interval(_LOOK, self._look)
        self._full_collections.put_off()

    def stop(self) -> None:
        """Leave the collector as it was."""
        if self._timer is not None:
            self._timer.stop()
            self._full_collections.restore()

    def _look(self) -> None:
        if time.monotonic() - self._app.last_key >= _PAUSE:
            self.use()

    def use(self) -> None:
        """Do the next thing that is due, if there is one."""
        _ = self._read_sheet() or self._let_go() or self._collect()

    def _read_sheet(self) -> bool:
        styles = self._app.stylesheet
        for name in SHEETS:
            path = Path(__file__).resolve().parents[1] / name
            if not styles.has_source(str(path)):
                styles.read(path)
                styles.parse()  # a sheet that was read before is not read again
                return True
        return False

    def _let_go(self) -> bool:
        """The next collection frees the objects of the person who signed out."""
        if self._services.session.actor is not None or not self._left_out:
            return False
        self._left_out.clear()
        garbage_collection.collect_exempt()
        return True

    def _collect(self) -> bool:
        if self._newly_stands():
            garbage_collection.exempt_new()
            self._left_out.add(self._app.screen)
            return True
        return garbage_collection.collect_if_due()

    def _newly_stands(self) -> bool:
        """Whether a section is shown that was built since all was looked through."""
        screen = self._app.screen
        signed_in = self._services.session.actor is not None
        return signed_in and self._services.navigator.is_section(screen) and screen not in self._left_out
