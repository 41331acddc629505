"""The program as it is, with the length of every turn of its event loop written down.

    python -m benchmarks.watched_program FILE

Each line of the file, written when the program ends: when the turn ended, how long it took, and how long the
processor worked on it in the thread of the loop, in seconds. What lies between the two was spent waiting:
for another thread of the program, or for other programs.
"""

import asyncio
import atexit
import sys
import time
from pathlib import Path
from typing import Any

from cli.main import main
from tui.app import EpicEventsApp

turns: list[tuple[float, float, float]] = []
on_mount: Any = EpicEventsApp.on_mount


def watch() -> None:
    """Time what happens between two calls of the selector of the running loop."""
    selector: Any = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
    select = selector.select
    awake = (time.monotonic(), time.thread_time())

    def timed(timeout: float | None = None) -> Any:
        nonlocal awake
        end, worked = time.monotonic(), time.thread_time()
        turns.append((end, end - awake[0], worked - awake[1]))
        events = select(timeout)
        awake = (time.monotonic(), time.thread_time())
        return events

    selector.select = timed


def watched(app: EpicEventsApp) -> None:
    """The application's own start, and ours."""
    on_mount(app)
    watch()


if __name__ == "__main__":
    file = Path(sys.argv.pop(1))
    atexit.register(lambda: file.write_text("".join(f"{a} {b} {c}\n" for a, b, c in turns)))
    EpicEventsApp.on_mount = watched  # type: ignore[method-assign, assignment]
    main()
