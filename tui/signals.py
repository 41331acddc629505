"""An orderly end when the system asks for it: a terminal left in raw mode is of no use to anybody."""

import asyncio
import sys
from functools import partial
from typing import Any

from textual.app import App


def leave_on_signals(app: App[Any]) -> None:
    """End the application on SIGTERM and SIGHUP; to be called on the event loop.

    The exit code is the shells' own: 128 and the signal's number.
    """
    if sys.platform == "win32":
        return
    import signal

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, partial(app.exit, return_code=128 + number))
