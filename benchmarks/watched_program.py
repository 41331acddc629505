"""Runs the unchanged program and records the duration of every iteration of its event loop.

    python -m benchmarks.watched_program FILE

The file is written when the program ends. Each line holds the end of the iteration, its duration, and the
processor time of the loop's thread, in seconds. The difference of the last two is time spent waiting for
other threads or other programs.
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
    """Measure the time between two calls of the selector of the running loop."""
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
    """Start the measurement with the application."""
    on_mount(app)
    watch()


if __name__ == "__main__":
    file = Path(sys.argv.pop(1))
    atexit.register(lambda: file.write_text("".join(f"{a} {b} {c}\n" for a, b, c in turns)))
    EpicEventsApp.on_mount = watched  # type: ignore[method-assign, assignment]
    main()
