"""Compares the time to the figures of Today, and the memory, with many clients and with few.

    python -m benchmarks.opening [--clients N] [--database FILE] [--rounds 10]

The user is signed in. The time ends at the last byte of the first frame with the figures. The memory
is the resident size of the process after a walk through the list: pages down, end, middle, a search, home.
"""

from collections.abc import Callable, Iterator, Mapping

from benchmarks.command import run
from benchmarks.data import EPICEVENTS, Data
from benchmarks.keys import open_clients, shows_today
from benchmarks.measuring import Series, in_turn
from benchmarks.printing import Figure, compared, number, spread
from benchmarks.terminal import END, ENTER, ESCAPE, HOME, PAGE_DOWN, Terminal

MORE_MEMORY = 10
"""MiB that many clients may take beyond few."""
WALK = (*[PAGE_DOWN] * 20, END, *["\x1b[5~"] * 20, f":50%{ENTER}", "/dupont pa", ENTER, ESCAPE, HOME)


def first_page(outside: Mapping[str, str]) -> Callable[[], float]:
    """A work for :func:`in_turn`: the milliseconds from the launch to the figures of Today."""

    def work() -> float:
        with Terminal(EPICEVENTS, outside) as terminal:
            return terminal.wait(shows_today, since=terminal.started).shown

    return work


def memory(outside: Mapping[str, str]) -> Callable[[], float]:
    """A work for :func:`in_turn`: the memory after the walk in MiB."""

    def work() -> float:
        with Terminal(EPICEVENTS, outside) as terminal:
            open_clients(terminal)
            terminal.rest(1)
            for keys in WALK:
                terminal.type(keys)
            terminal.rest(1)
            return terminal.memory()[0]

    return work


def figures(data: Data, rounds: int) -> Iterator[Figure]:
    """The time of the launch, and the memory."""
    few, many = (data.place(database).environment for database in (data.few, data.many))
    launched = in_turn(rounds, {"few": first_page(few), "many": first_page(many)})
    yield compared(
        f"launch, signed in, to Today with {data.clients:,} clients",
        launched["few"], launched["many"], at_most=1.1,
    )  # fmt: skip
    held = in_turn(max(rounds // 3, 1), {"few": memory(few), "many": memory(many)}, warm_up=0)
    yield more_memory(held["few"], held["many"], data.clients)


def more_memory(few: Series, many: Series, clients: int) -> Figure:
    """The additional memory with many clients."""
    more = many.p50 - few.p50
    return Figure(
        f"memory with {clients:,} clients open", spread(few, "MiB"), spread(many, "MiB"),
        f"{'+' if more >= 0 else '−'}{number(abs(more))} MiB", f"≤ +{MORE_MEMORY} MiB", more <= MORE_MEMORY,
    )  # fmt: skip


if __name__ == "__main__":
    run(__doc__, figures, rounds=10)
