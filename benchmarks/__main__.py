"""Runs all benchmarks and prints one table: subject, reference, ours, ratio, target, and whether it is met.

    python -m benchmarks [--clients N] [--database FILE] [--only NAME ...] [--no-postgresql]

``make bench`` installs the dependencies and runs this. With fewer than 100,000 clients there are fewer rounds
too, for a quick check. If one benchmark fails, its line says so and the others continue.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from benchmarks import peers
from benchmarks.command import data_of, parser_of
from benchmarks.data import Data
from benchmarks.printing import Figure, print_figures, print_machine, print_table

FULL: Final = 100_000
"""The minimum number of clients for the full number of rounds."""


@dataclass(frozen=True)
class Benchmark:
    """A module with ``figures(data, rounds)``, and its numbers of rounds."""

    name: str
    rounds: int
    quick: int

    def figures(self, data: Data) -> list[Figure]:
        """Run the benchmark. An exception becomes a figure with a missed target."""
        measure: Callable[[Data, int], Iterable[Figure]] = import_module(f"benchmarks.{self.name}").figures
        try:
            return list(measure(data, self.rounds if data.clients >= FULL else self.quick))
        except Exception as error:
            traceback.print_exc()
            return [Figure(self.name, "", f"failed: {type(error).__name__}", "", "", False)]


# The benchmarks that change the large PostgreSQL database come last.
ALL: Final = (
    Benchmark("first_frame", 25, 7),
    Benchmark("opening", 11, 3),
    Benchmark("today", 30, 10),
    Benchmark("keys", 60, 8),
    Benchmark("loop_stall", 3, 1),
    Benchmark("commands", 15, 5),
    Benchmark("figures", 15, 5),
    Benchmark("search", 15, 5),
    Benchmark("batches", 9, 3),
    Benchmark("writers", 3, 1),
    Benchmark("list_pages", 30, 10),
)


def main() -> int:
    """Measure and print. Return 0 if every target is met."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=[*(each.name for each in ALL), "peers"], metavar="NAME",
        help="only these: %(choices)s",
    )  # fmt: skip
    given = parser.parse_args()
    data = data_of(given)
    print_machine()
    try:
        return measured(data, given)
    finally:
        data.close()


def measured(data: Data, given: argparse.Namespace) -> int:
    """Run each benchmark, then print the table."""
    found: list[Figure] = []
    for each in ALL:
        if not given.only or each.name in given.only:
            began = time.monotonic()
            print(f"{each.name} …", file=sys.stderr, flush=True)
            found += each.figures(data)
            data.tidy()
            print(f"{each.name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    lines = peers.table(data, 10) if not given.only or "peers" in given.only else []
    print_figures(found)
    if lines:
        print("\nSide by side:\n")
        print_table(peers.HEADS, lines)
    return 0 if all(figure.met is not False for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
