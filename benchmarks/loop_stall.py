"""Measures how long the event loop is blocked in a scripted session: sign in, search, scroll, sort, save.

    python -m benchmarks.loop_stall [--clients N] [--database FILE] [--rounds 3]

Each iteration of the loop is timed inside the program after the login form is shown; during an iteration no
key is handled and nothing is painted. The targets apply to all iterations. Since most are short, the 99th
percentile of those over a millisecond and the longest of each step are shown too.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.command import run
from benchmarks.data import Data, Place
from benchmarks.keys import open_clients, shows_today
from benchmarks.measuring import Series
from benchmarks.printing import Figure, number, print_table
from benchmarks.terminal import (
    DOWN,
    END,
    ENTER,
    ESCAPE,
    HOME,
    PAGE_DOWN,
    TAB,
    Terminal,
    program,
)

LONGEST, P99 = 50, 16
"""Milliseconds."""
_COUNTED: Final = 1
_CTRL_S, _CTRL_Q = "\x13", "\x11"

Step = tuple[str, Callable[[Terminal], object]]


def day(place: Place, number: int) -> list[Step]:
    """The named steps of a session."""
    email = f"zoe.zola{number}@benchmark.example"
    client = f"n|Zoé Zola{TAB}Zola SA{TAB}{email}{TAB}06 12 34 56 78|{_CTRL_S}"
    return [
        ("sign in", lambda t: t.type(f"{place.username}{TAB}{place.password}")),
        ("today", lambda t: t.press(ENTER, shows_today)),
        ("clients", open_clients),
        ("rest", lambda t: t.rest(2)),
        ("search", lambda t: slowly(t, "/|d|u|p|o|n|t| |p|a|r")),
        ("back", lambda t: slowly(t, f"{ESCAPE}|{ESCAPE}")),
        ("scroll", lambda t: slowly(t, "|".join([PAGE_DOWN] * 30 + [DOWN] * 30))),
        ("hold page down", lambda t: t.type(PAGE_DOWN * 60)),
        ("end, middle, home", lambda t: slowly(t, f"{END}|:50%|{ENTER}|{HOME}")),
        ("sort", lambda t: slowly(t, "s|2|s|3|s|1")),
        ("save", lambda t: slowly(t, client)),
        ("contracts, events", lambda t: slowly(t, f"2|{PAGE_DOWN}|3|{PAGE_DOWN}|1")),
        ("rest again", lambda t: t.rest(3)),
    ]


def slowly(terminal: Terminal, keys: str) -> None:
    """Type keys one by one, and wait after each until the screen is quiet."""
    for each in keys.split("|"):
        terminal.type(each)


@dataclass
class Turns:
    """The wall time and the processor time of loop iterations, in milliseconds."""

    lasted: Series = field(default_factory=Series)
    worked: Series = field(default_factory=Series)

    def extend(self, other: "Turns") -> None:
        """Append the iterations of another series."""
        self.lasted.values.extend(other.lasted.values)
        self.worked.values.extend(other.worked.values)

    def over(self, least: float) -> "Turns":
        """The iterations of at least this duration."""
        pairs = zip(self.lasted.values, self.worked.values, strict=True)
        long = [(lasted, worked) for lasted, worked in pairs if lasted >= least]
        return Turns(Series([lasted for lasted, _ in long]), Series([worked for _, worked in long]))


def lived(place: Place, number: int, file: Path) -> dict[str, Turns]:
    """Run one session, and return its loop iterations by step."""
    begun: list[tuple[float, str]] = []
    with Terminal(program("watched_program", str(file)), place.environment) as terminal:
        terminal.launch("Username", "Password")
        for name, step in day(place, number):
            begun.append((time.monotonic(), name))
            step(terminal)
        end = time.monotonic()
        terminal.type(_CTRL_Q)
        wait_for(file)
    found = {name: Turns() for _, name in begun}
    for line in file.read_text().splitlines():
        moment, lasted, worked = (float(each) for each in line.split())
        if begun[0][0] <= moment <= end:
            turns = found[[name for start, name in begun if start <= moment][-1]]
            turns.lasted.add(lasted * 1000)
            turns.worked.add(worked * 1000)
    return found


def wait_for(file: Path) -> None:
    """Wait until the program has written its measurements."""
    deadline = time.monotonic() + 30
    while not (file.exists() and file.stat().st_size):
        assert time.monotonic() < deadline, "the program has not ended"
        time.sleep(0.05)
    time.sleep(0.2)


def figures(data: Data, rounds: int) -> Iterator[Figure]:
    """The figures of all iterations of some sessions."""
    copy = data.copy(data.many)
    steps: dict[str, Turns] = {}
    for at in range(rounds):
        place = Place(f"sqlite:///{copy}", data.home(), "commercial1", "Commercial123!")
        for name, turns in lived(place, at, data.home() / "turns").items():
            steps.setdefault(name, Turns()).extend(turns)
    print_steps(steps)
    everything = Turns()
    for turns in steps.values():
        everything.extend(turns)
    yield at_most("p99", everything.lasted.percentile(99), P99)
    yield at_most("longest", everything.lasted.worst, LONGEST)
    yield at_most("p99 of turns over 1 ms", everything.over(_COUNTED).lasted.percentile(99))


def at_most(what: str, value: float, limit: float | None = None) -> Figure:
    """One figure of the loop."""
    aim = f"≤ {limit:g} ms" if limit else ""
    met = value <= limit if limit else None
    return Figure(f"stall of the event loop, {what}", "", f"{number(value)} ms", "", aim, met)


def print_steps(steps: dict[str, Turns]) -> None:
    """Print the longest iterations of each step."""
    counted = {name: turns.over(_COUNTED) for name, turns in steps.items()}
    print_table(
        ("step", "turns", "over 1 ms", "p99 ms", "longest ms", "of processor time: p99 ms", "longest ms"),
        [
            (
                name, str(len(steps[name].lasted.values)), str(len(turns.lasted.values)),
                *(
                    number(value)
                    for series in (turns.lasted, turns.worked)
                    for value in (series.percentile(99), series.worst)
                ),
            )
            for name, turns in counted.items()
            if turns.lasted.values
        ],
    )  # fmt: skip
    print()


if __name__ == "__main__":
    run(__doc__, figures, rounds=3)
