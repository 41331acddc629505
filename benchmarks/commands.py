"""What a command costs above the imports that it cannot do without.

    python -m benchmarks.commands [--clients N] [--database FILE] [--rounds 15]

Each command runs as a program of its own, in turn with ``python -c "import sqlite3"`` and with one that
imports the ORM, as the shell would start them. The aim is for what is left when the ORM's import is taken
away.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from benchmarks.command import run
from benchmarks.data import EPICEVENTS, Data
from benchmarks.measuring import in_turn, timed
from benchmarks.printing import Figure, number, spread
from benchmarks.terminal import ROOT

ABOVE: Final = 50
"""Milliseconds that a command may take above the imports."""
COMMANDS: Final = {
    "epicevents whoami": ("whoami",),
    "epicevents list-clients --limit 50 --json": ("list-clients", "--limit", "50", "--json"),
    "epicevents --help": ("--help",),
    "epicevents --version": ("--version",),
}
NO_ORM: Final = frozenset({"epicevents --help", "epicevents --version"})
BARE: Final = [sys.executable, "-c", "import sqlite3"]
ORM: Final = [sys.executable, "-c", "import sqlite3, sqlmodel"]


def ended(command: Sequence[str], outside: Mapping[str, str]) -> Callable[[], float]:
    """Milliseconds from the start of a program to its end, as a work for :func:`in_turn`."""

    def once() -> None:
        subprocess.run(  # noqa: S603 - named here
            command, env=dict(outside), cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    return timed(once)


def figures(data: Data, rounds: int) -> Iterator[Figure]:
    """Each command beside the imports."""
    outside = data.place(data.many).environment
    works = {"bare": ended(BARE, outside), "orm": ended(ORM, outside)}
    works |= {name: ended([*EPICEVENTS, *arguments], outside) for name, arguments in COMMANDS.items()}
    found = in_turn(rounds, works)
    yield Figure(
        "import of the ORM", f"{spread(found['bare'])} (sqlite3)", spread(found["orm"]),
        f"{found['orm'].p50 / found['bare'].p50:.2f} ×", "", None,
    )  # fmt: skip
    for name in COMMANDS:
        reference = found["bare" if name in NO_ORM else "orm"]
        above = found[name].p50 - reference.p50
        yield Figure(
            name, spread(reference), spread(found[name]), f"+{number(above)} ms", f"≤ +{ABOVE} ms",
            above <= ABOVE,
        )  # fmt: skip


if __name__ == "__main__":
    run(__doc__, figures, rounds=15)
