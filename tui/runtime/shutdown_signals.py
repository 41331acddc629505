"""An orderly end when the system asks for it, so that the terminal does not stay in raw mode."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from textual.app import App

_LONGEST_LEAVE: Final = 2.0
"""Seconds that an orderly end may take once the system has asked for it."""


def leave_on_signals(app: App[Any], before: Callable[[], object] = bool) -> None:
    """End the application on SIGTERM and SIGHUP, after ``before``; to be called on the event loop.

    The exit code is the shells' own: 128 and the signal's number. If the terminal is gone, the orderly end
    may wait for it for ever; a timer then ends the process.
    """
    if sys.platform == "win32":
        return
    import signal

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, partial(_leave, app, 128 + number, before))


def _leave(app: App[Any], exit_code: int, before: Callable[[], object]) -> None:
    at_last = threading.Timer(_LONGEST_LEAVE, os._exit, [exit_code])
    at_last.daemon = True
    at_last.start()
    before()
    app.exit(return_code=exit_code)
