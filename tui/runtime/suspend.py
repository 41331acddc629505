"""Ctrl+Z: back to the shell, which brings the program back with ``fg``."""

import os
import signal
import sys
import time
from types import FrameType
from typing import Any

from textual.app import App


def suspend(app: App[Any]) -> bool:
    """Give the terminal back and stop until the shell resumes the program. Return whether it could stop.

    To be called in the main thread.
    """
    if sys.platform == "win32" or app._driver is None or not app._driver.can_suspend:
        return False
    if os.getsid(0) == os.getpid():  # the terminal belongs to this program alone: no shell would wake it
        return False
    with app.suspend():
        return _stop_group()


def _stop_group() -> bool:
    # As the terminal itself would: to all programs of the job, a script around this one too. The system
    # ignores the signal if no shell could continue them; SIGSTOP would stop them for ever.
    woken = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal woken
        woken = True

    stop, wake = signal.signal(signal.SIGTSTP, signal.SIG_DFL), signal.signal(signal.SIGCONT, note)
    try:
        os.kill(0, signal.SIGTSTP)
        time.sleep(0.01)  # another thread may be the one that is told
    finally:
        signal.signal(signal.SIGTSTP, stop)
        signal.signal(signal.SIGCONT, wake)
    return woken
