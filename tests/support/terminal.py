"""A real terminal: a program under tmux, real keys in, the characters on the screen out."""

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
"""Seconds until what is waited for has to be there; a slow machine under load takes a few."""


def has_tmux() -> bool:
    """Whether there is a tmux to drive."""
    return shutil.which("tmux") is not None


class Terminal:
    """One tmux server of its own with one pane."""

    def __init__(self, socket: str, folder: Path) -> None:
        self._tmux = ("tmux", "-L", socket, "-f", os.devnull)
        self._exit_code = folder / "exit-code"

    def run(self, *arguments: str, before: Callable[[], None] | None = None) -> str:
        """A tmux command, and what it printed; ``before`` is called in the child, which costs a fork."""
        command = (*self._tmux, *arguments)
        return subprocess.run(command, capture_output=True, text=True, timeout=10, preexec_fn=before).stdout

    def start(self, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int]) -> None:
        """Start the program; the pane stays when it ends."""
        width, height = size
        pairs = [item for name, value in environment.items() for item in ("-e", f"{name}={value}")]
        # The window is kept by an option of a server that runs, so a shell opens it first.
        # It starts the server, from which every program in the pane inherits.
        opening = ("new-session", "-d", "-s", "main", "-x", str(width), "-y", str(height), *pairs, "cat")
        self.run(*opening, before=default_signals)
        self.run("set-option", "-g", "remain-on-exit", "on")
        # tmux does not always learn how a program ended; the shell that started it does.
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
        """Press Esc by itself: a key close behind would make one sequence of the two."""
        self.keys("Escape")
        time.sleep(0.2)

    def type(self, text: str) -> None:
        """Type characters as they are."""
        self.run("send-keys", "-t", "main", "-l", text)

    def resize(self, width: int, height: int) -> None:
        """Another size of the window."""
        self.run("resize-window", "-t", "main", "-x", str(width), "-y", str(height))

    def screen(self) -> str:
        """What stands on the screen."""
        return self.run("capture-pane", "-p", "-t", "main")

    def shows(self, *texts: str) -> bool:
        """Whether all of these stand on the screen, line breaks in the middle of a sentence apart."""
        flat = " ".join(self.screen().replace("│", " ").replace("▌", " ").split())
        return all(" ".join(text.split()) in flat for text in texts)

    def wait_for(self, *texts: str) -> str:
        """The screen, once all of these stand on it."""
        return self._wait(lambda: self.shows(*texts), f"no {texts}")

    def wait_until_gone(self, text: str) -> str:
        """The screen, once this no longer stands on it."""
        return self._wait(lambda: not self.shows(text), f"still {text!r}")

    def process_id(self) -> int:
        """The process of the program, a child of the shell in the pane."""
        shell = self.run("display-message", "-p", "-t", "main", "#{pane_pid}").strip()
        found = subprocess.run(("pgrep", "-P", shell), capture_output=True, text=True, timeout=10)
        return int(found.stdout)

    def wait_for_end(self) -> int:
        """The exit code of the program, once it has ended."""
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
    """A terminal that is gone afterwards, with all that ran in it."""
    with TemporaryDirectory() as folder:
        pane = Terminal(f"epicevents-{uuid4().hex[:12]}", Path(folder))
        try:
            yield pane
        finally:
            pane.run("kill-server")


def program(*arguments: str) -> list[str]:
    """The command of this checkout, whichever environment the tests run in."""
    import sys

    return [sys.executable, "-m", "cli", *arguments]


def environment(home: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """What the program may know: a home of its own, a UTF-8 terminal of 256 colours, and ``variables``."""
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
