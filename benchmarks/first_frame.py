"""Launch to the login form painted, beside a Textual application with one label, launched in turn.

Prints medians and the ratio. Both run in a real pseudo-terminal of 80x24; the clock stops at the first
byte of the text that the last widget of the form draws.

    python -m benchmarks.first_frame [--runs 15]
"""

import argparse
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

ROOT = Path(__file__).parent.parent
REFERENCE = """
from textual.app import App
from textual.widgets import Label
class One(App):
    def compose(self):
        yield Label("Sign in")
One().run()
"""


def launch(command: Sequence[str], environment: Mapping[str, str], awaited: bytes) -> float:
    """Seconds until the program has painted ``awaited``."""
    started = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        os.execve(command[0], list(command), dict(environment))  # noqa: S606 - the program under test
    ioctl(terminal, TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    try:
        return _until(terminal, awaited) - started
    finally:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)


def _until(terminal: int, awaited: bytes) -> float:
    seen = b""
    deadline = time.perf_counter() + 30
    while time.perf_counter() < deadline:
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 65536)
            if awaited in seen:
                return time.perf_counter()
    raise TimeoutError(f"{awaited!r} was not painted; the last bytes were {seen[-200:]!r}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as home:
        database = Path(home) / "crm.db"
        database.touch()
        environment = {
            "HOME": home, "PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLORTERM": "truecolor",
            "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "EPICEVENTS_LANGUAGE": "en",
            "EPICEVENTS_DATABASE_URL": f"sqlite:///{database}", "EPICEVENTS_SECRET_KEY": "k" * 40,
        }  # fmt: skip
        commands = {"label": [sys.executable, "-c", REFERENCE], "login": [sys.executable, "-m", "cli"]}
        times: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(runs + 1):
            for name, command in commands.items():
                seconds = launch(command, environment, b"Sign in")
                if run:  # the first one fills the caches of the disk
                    times[name].append(seconds * 1000)
    medians = {name: statistics.median(values) for name, values in times.items()}
    worst = {name: sorted(values)[int(len(values) * 0.95)] for name, values in times.items()}
    print(f"{'':24}{'p50 ms':>10}{'p95 ms':>10}{'ratio':>8}")
    print(f"{'one label (reference)':24}{medians['label']:>10.0f}{worst['label']:>10.0f}{1:>8.2f}")
    ratio = medians["login"] / medians["label"]
    print(f"{'login form':24}{medians['login']:>10.0f}{worst['login']:>10.0f}{ratio:>8.2f}")


if __name__ == "__main__":
    main()
