"""Measures the time of a command beyond its unavoidable imports.

    python -m benchmarks.commands [--clients N] [--database FILE] [--rounds 15]

Each command runs in its own process, in turn with ``python -c "import sqlite3"`` and with a process that
imports the ORM. The target applies to the difference from the import of the ORM. The difference from the
import of the ORM with the tables of this program is shown too.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from benchmarks.command import run
from benchmarks.data import EPICEVENTS, Data
from benchmarks.measuring import Series, in_turn, timed
from benchmarks.printing import Figure, beside, number, spread
from benchmarks.terminal import ROOT

ABOVE: Final = 50
"""Milliseconds that a command may take beyond the imports."""
ON_THE_ORM: Final = {
    "epicevents whoami": ("whoami",),
    "epicevents list-clients --limit 50 --json": ("list-clients", "--limit", "50", "--json"),
}
WITHOUT: Final = {"epicevents --help": ("--help",), "epicevents --version": ("--version",)}
BARE: Final = [sys.executable, "-c", "import sqlite3"]
ORM: Final = [sys.executable, "-c", "import sqlite3, sqlmodel"]
TABLES: Final = [sys.executable, "-c", "import sqlite3, models.tables"]


def ended(command: Sequence[str], outside: Mapping[str, str]) -> Callable[[], float]:
    """A work for :func:`in_turn` that runs a program and returns its duration in milliseconds."""

    def once() -> None:
        subprocess.run(  # noqa: S603 - named here
            command, env=dict(outside), cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    return timed(once)


def figures(data: Data, rounds: int) -> Iterator[Figure]:
    """Each command compared with the imports."""
    outside = data.place(data.many).environment
    works = {
        name: ended(command, outside) for name, command in (("bare", BARE), ("orm", ORM), ("tables", TABLES))
    }
    works |= {name: ended([*EPICEVENTS, *given], outside) for name, given in (ON_THE_ORM | WITHOUT).items()}
    found = in_turn(rounds, works)
    yield beside("import of the ORM, beside that of sqlite3", found["bare"], found["orm"])
    for name in ON_THE_ORM:
        yield above(name, found["orm"], found[name], ABOVE)
    for name in ON_THE_ORM:
        yield above(f"{name}, beside the ORM with the tables", found["tables"], found[name])
    for name in WITHOUT:
        yield above(name, found["bare"], found[name])


def above(what: str, reference: Series, ours: Series, at_most: float | None = None) -> Figure:
    """The difference of the medians."""
    more = ours.p50 - reference.p50
    aim = f"≤ +{at_most:g} ms" if at_most else ""
    met = more <= at_most if at_most else None
    sign = "+" if more >= 0 else ""
    return Figure(what, spread(reference), spread(ours), f"{sign}{number(more)} ms", aim, met)


if __name__ == "__main__":
    run(__doc__, figures, rounds=15)
