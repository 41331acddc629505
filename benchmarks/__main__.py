"""Everything, in one table: what, its reference, ours, the ratio, the aim, and whether it is met.

    python -m benchmarks [--clients N] [--database FILE] [--only NAME ...] [--no-postgresql]

``make bench`` builds what it takes and runs this. With fewer than 100,000 clients there are fewer rounds as
well, for a quick look. What one benchmark cannot do is said in its line, and the others go on.
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
"""From so many clients on, the rounds are those of a run that is worth writing down."""


@dataclass(frozen=True)
class Benchmark:
    """A module with ``figures(data, rounds)``, and how many rounds."""

    name: str
    rounds: int
    quick: int

    def figures(self, data: Data) -> list[Figure]:
        """Run it. What it raises is a figure too, of an aim that is not met."""
        measure: Callable[[Data, int], Iterable[Figure]] = import_module(f"benchmarks.{self.name}").figures
        try:
            return list(measure(data, self.rounds if data.clients >= FULL else self.quick))
        except Exception as error:
            traceback.print_exc()
            return [Figure(self.name, "", f"failed: {type(error).__name__}", "", "", False)]


# What changes the large database on PostgreSQL comes last.
ALL: Final = (
    Benchmark("first_frame", 25, 7),
    Benchmark("opening", 11, 3),
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
    """Measure and print; 0 where every aim is met."""
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
    """Each benchmark in turn, then the table."""
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
