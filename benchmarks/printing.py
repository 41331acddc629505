"""Prints figures as one table: subject, reference, ours, ratio, target, and whether it is met."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.measuring import Series


@dataclass(frozen=True)
class Figure:
    """A line of the table."""

    what: str
    reference: str
    """The figure of the reference, with its unit."""
    ours: str
    ratio: str
    aim: str
    met: bool | None
    """``None`` where there is no aim: a figure beside the others."""


def compared(
    what: str, reference: Series, ours: Series, *, at_most: float, unit: str = "ms", at: str = "p50"
) -> Figure:
    """Ours compared with the reference, by the medians or another percentile of both."""
    theirs, own = getattr(reference, at), getattr(ours, at)
    ratio = own / theirs
    return Figure(
        what, spread(reference, unit), spread(ours, unit), f"{ratio:.2f} ×",
        f"{'' if at == 'p50' else at + ' '}≤ {at_most:g} ×", ratio <= at_most,
    )  # fmt: skip


def beside(what: str, reference: Series, ours: Series, unit: str = "ms") -> Figure:
    """Ours compared with a reference, without a target."""
    ratio = f"{ours.p50 / reference.p50:.2f} ×"
    return Figure(what, spread(reference, unit), spread(ours, unit), ratio, "", None)


def spread(series: Series, unit: str = "ms") -> str:
    """Median and 95th percentile."""
    return f"{number(series.p50)} / {number(series.p95)} {unit}"


def number(value: float) -> str:
    """The number with three significant digits."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def print_figures(figures: Sequence[Figure]) -> None:
    """Print the figures as a Markdown table."""
    print_table(
        ("what", "reference p50 / p95", "ours p50 / p95", "ratio", "aim", "met"),
        [
            (f.what, f.reference, f.ours, f.ratio, f.aim, {True: "yes", False: "NO", None: ""}[f.met])
            for f in figures
        ],
    )


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print aligned columns in the form of a Markdown table."""
    widths = [max(len(line[at]) for line in (heads, *rows)) for at in range(len(heads))]
    for line in (heads, ["-" * width for width in widths], *rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")


def print_machine() -> None:
    """Print the machine of the measurements, and its load."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}\n"
    )
