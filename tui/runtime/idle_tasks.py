"""Work done in the pauses of typing: parsing the style sheets of later screens, collecting garbage."""

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
"""The style sheets that the first screen does not need."""

_PAUSE: Final = 0.5
"""Seconds without a key that count as a pause."""
_INTERVAL: Final = 0.25


class IdleTasks:
    """Runs one task at a time once no key was pressed for a while."""

    def __init__(self, app: KeyQueueApp[Any]) -> None:
        self._app = app
        self._services = the_app(app)
        self._timer: Timer | None = None
        self._full_collections = garbage_collection.FullCollections()
        self._exempt: WeakSet[Screen[Any]] = WeakSet()

    def start(self) -> None:
        """Run tasks in pauses until :meth:`stop`."""
        self._timer = self._app.set_interval(_INTERVAL, self._run_in_pause)
        self._full_collections.put_off()

    def stop(self) -> None:
        """Stop, and restore the thresholds of the garbage collector."""
        if self._timer is not None:
            self._timer.stop()
            self._full_collections.restore()

    def _run_in_pause(self) -> None:
        if time.monotonic() - self._app.last_key >= _PAUSE:
            self.run_next()

    def run_next(self) -> None:
        """Run the next task that is due, if any."""
        _ = self._read_sheet() or self._free_after_sign_out() or self._collect()

    def _read_sheet(self) -> bool:
        styles = self._app.stylesheet
        for name in SHEETS:
            path = Path(__file__).resolve().parents[1] / name
            if not styles.has_source(str(path)):
                styles.read(path)
                styles.parse()  # a sheet that was read before is not read again
                return True
        return False

    def _free_after_sign_out(self) -> bool:
        """Free the exempt objects of the person who signed out."""
        if self._services.session.actor is not None or not self._exempt:
            return False
        self._exempt.clear()
        garbage_collection.collect_exempt()
        return True

    def _collect(self) -> bool:
        if self._shows_new_section():
            garbage_collection.exempt_new()
            self._exempt.add(self._app.screen)
            return True
        return garbage_collection.collect_if_due()

    def _shows_new_section(self) -> bool:
        """Whether a section is shown with objects that are not exempt yet."""
        screen = self._app.screen
        signed_in = self._services.session.actor is not None
        return signed_in and self._services.navigator.is_section(screen) and screen not in self._exempt
