"""The command line that all benchmarks of the large database share."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.data import Data
from benchmarks.printing import Figure, print_figures, print_machine

Figures = Callable[[Data, int], Iterator[Figure]]
"""Yields the figures of one benchmark, measured in so many rounds."""


def run(description: str | None, figures: Figures, *, rounds: int) -> None:
    """Parse the command line, measure and print."""
    parser = parser_of(description)
    parser.add_argument("--rounds", type=int, default=rounds, metavar="N")
    given = parser.parse_args()
    data = data_of(given)
    print_machine()
    try:
        print_figures(list(figures(data, given.rounds)))
    finally:
        data.close()


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """A parser with the options of the database."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=1_000_000, metavar="N", help="how many are made up")
    parser.add_argument(
        "--database", type=Path, metavar="FILE", help="an SQLite database of 'epicevents demo --clients N'"
    )
    parser.add_argument("--no-postgresql", action="store_true", help="SQLite alone")
    return parser


def data_of(given: argparse.Namespace) -> Data:
    """The databases that the options select."""
    return Data(given.clients, given.database and given.database.resolve(), not given.no_postgresql)
