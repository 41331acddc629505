"""When Python collects garbage. A collection stops every thread, so it runs while no one waits.

- A command collects nothing while it loads modules and works, which would cost a tenth of its time, unless it
  may read a whole database. At its end everything is exempt from the last collections, a fifth of its time.
- The application collects nothing until its modules are loaded. Objects of that time stay: they are exempt.
- A full collection scans all later objects for tens of milliseconds, at times in the middle of a key press.
  The application puts it off until a pause in typing. The objects of a section are exempt until sign-out.
- Nothing is collected while Sentry's profiler reads the frames of all threads, which may stop Python 3.11.
"""

import gc
import sys
from types import FrameType
from typing import Final

_DUE: Final = 5
"""Collections of younger objects before a full one: the more often, the less there is to scan."""
_OVERDUE: Final = 100
"""The same without a pause, so that memory does not fill."""
_read_frames: Final = sys._current_frames


def pause() -> None:
    """Collect nothing from now on."""
    gc.disable()


def resume() -> None:
    """Collect from now on."""
    gc.enable()


def pause_while_frames_are_read() -> None:
    """Collect nothing during ``sys._current_frames``, which a profiler calls a hundred times a second.

    It locks the list of threads. On Python 3.11 a collection in it may run Python code, which waits for the
    interpreter; a thread that starts another one holds the interpreter and waits for the list. The process
    then stands still for good (CPython issue 106883).
    """
    if sys.version_info < (3, 12):
        sys._current_frames = _frames


def _frames() -> dict[int, FrameType]:
    if not gc.isenabled():
        return _read_frames()
    gc.disable()
    try:
        return _read_frames()
    finally:
        gc.enable()


def exempt_all() -> None:
    """Exempt all objects of now from later collections."""
    gc.freeze()


def exempt_new() -> None:
    """Exempt all objects too, after a collection that skips the oldest ones: older garbage stays for now."""
    gc.collect(1)
    gc.freeze()


def collect_exempt() -> None:
    """Collect the garbage among the exempt objects too."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def collect_if_due() -> bool:
    """Run a full collection if it is due. Whether it ran."""
    if gc.get_count()[2] < _DUE:
        return False
    gc.collect()
    return True


class FullCollections:
    """The full collections that Python runs by itself."""

    def __init__(self) -> None:
        self._thresholds = gc.get_threshold()

    def put_off(self) -> None:
        """Make them rare: :func:`collect_if_due` runs them in pauses."""
        gc.set_threshold(*self._thresholds[:2], _OVERDUE)

    def restore(self) -> None:
        """Leave them to Python again."""
        gc.set_threshold(*self._thresholds)
