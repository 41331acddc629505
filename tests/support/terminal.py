"""Runs a program under tmux, sends real keys and reads the screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

from tests.support.dispositions import default_signals
from tests.support.isolation import ROOT

PATIENCE: Final = 20.0
"""Seconds after which a wait fails; a slow machine under load needs a few."""


def has_tmux() -> bool:
    """Whether tmux is installed."""
    return shutil.which("tmux") is not None


class Terminal:
    """A private tmux server with one pane."""

    def __init__(self, socket: str, folder: Path) -> None:
        self._tmux = ("tmux", "-L", socket, "-f", os.devnull)
        self._exit_code = folder / "exit-code"

    def run(self, *arguments: str, before: Callable[[], None] | None = None) -> str:
        """Run a tmux command, and return its output; ``before`` is called in the forked child."""
        command = (*self._tmux, *arguments)
        return subprocess.run(command, capture_output=True, text=True, timeout=10, preexec_fn=before).stdout

    def start(self, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int]) -> None:
        """Start the program; the pane stays when it ends."""
        width, height = size
        pairs = [item for name, value in environment.items() for item in ("-e", f"{name}={value}")]
        # The option that keeps the window needs a running server, so start with another program. The programs
        # in the pane inherit the signal dispositions of the server.
        opening = ("new-session", "-d", "-s", "main", "-x", str(width), "-y", str(height), *pairs, "cat")
        self.run(*opening, before=default_signals)
        self.run("set-option", "-g", "remain-on-exit", "on")
        # tmux does not always report the exit code, so a shell writes it to a file.
        noted = 'file=$1; shift; "$@"; echo $? >"$file.part"; mv "$file.part" "$file"'
        self.run(
            "respawn-pane",
            "-k",
            "-t",
            "main",
            *pairs,
            "sh",
            "-c",
            noted,
            "sh",
            str(self._exit_code),
            *command,
        )

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names: ``Enter``, ``Tab``, ``C-s``, ``Down``, ``n``."""
        self.run("send-keys", "-t", "main", *names)

    def escape(self) -> None:
        """Press Esc and pause: a key directly after it would form an escape sequence."""
        self.keys("Escape")
        time.sleep(0.2)

    def type(self, text: str) -> None:
        """Type characters literally."""
        self.run("send-keys", "-t", "main", "-l", text)

    def resize(self, width: int, height: int) -> None:
        """Resize the window."""
        self.run("resize-window", "-t", "main", "-x", str(width), "-y", str(height))

    def screen(self) -> str:
        """The text of the screen."""
        return self.run("capture-pane", "-p", "-t", "main")

    def shows(self, *texts: str) -> bool:
        """Whether the screen shows all these texts, without regard to line breaks."""
        flat = " ".join(self.screen().replace("│", " ").replace("▌", " ").split())
        return all(" ".join(text.split()) in flat for text in texts)

    def wait_for(self, *texts: str) -> str:
        """Wait until the screen shows all these texts. Return the screen."""
        return self._wait(lambda: self.shows(*texts), f"no {texts}")

    def wait_until_gone(self, text: str) -> str:
        """Wait until the screen no longer shows this text. Return the screen."""
        return self._wait(lambda: not self.shows(text), f"still {text!r}")

    def process_id(self) -> int:
        """The process id of the program, a child of the shell in the pane."""
        shell = self.run("display-message", "-p", "-t", "main", "#{pane_pid}").strip()
        found = subprocess.run(("pgrep", "-P", shell), capture_output=True, text=True, timeout=10)
        return int(found.stdout)

    def wait_for_end(self) -> int:
        """Wait for the end of the program. Return its exit code."""
        self._wait(self._exit_code.exists, "still running")
        return int(self._exit_code.read_text())

    def _wait(self, condition: object, complaint: str) -> str:
        assert callable(condition)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if condition():
                return self.screen()
            time.sleep(0.05)
        raise AssertionError(f"{complaint} on:\n{self.screen()}")


@contextmanager
def terminal() -> Iterator[Terminal]:
    """A terminal that is killed after the block, with all its programs."""
    with TemporaryDirectory() as folder:
        pane = Terminal(f"epicevents-{uuid4().hex[:12]}", Path(folder))
        try:
            yield pane
        finally:
            pane.run("kill-server")


def program(*arguments: str) -> list[str]:
    """The command that runs this checkout with the Python of the tests."""
    import sys

    return [sys.executable, "-m", "cli", *arguments]


def environment(home: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of the program: its own home folder, a UTF-8 terminal, and ``variables``."""
    return {
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "EPICEVENTS_DEBUG": "1",
        "LANG": "C.UTF-8",
        "TZ": "Europe/Paris",
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        **variables,
    }
