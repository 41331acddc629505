"""Runs the program with an exception on the event loop some milliseconds after its start.

python -m tests.support.crash_at MILLISECONDS
"""

import sys
import threading
import time
from typing import Any, NoReturn

from cli.main import main

STARTED = time.monotonic()


class BrokenByTest(Exception):
    """The exception that crashes this program."""


def _fail() -> NoReturn:
    raise BrokenByTest


def _watch(app: Any, moment: float) -> None:
    time.sleep(max(moment - (time.monotonic() - STARTED), 0))
    app._loop.call_soon_threadsafe(app.call_later, _fail)


if __name__ == "__main__":
    moment = int(sys.argv.pop(1)) / 1000
    from tui.app import EpicEventsApp

    run = EpicEventsApp._build_driver

    def began(app: Any, *given: Any, **named: Any) -> Any:
        threading.Thread(target=_watch, args=(app, moment), daemon=True).start()
        return run(app, *given, **named)

    setattr(EpicEventsApp, "_build_driver", began)  # noqa: B010
    main()
