"""Measures works in turn, and computes medians and percentiles."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class Series:
    """The values of a repeated measurement, by default in milliseconds."""

    values: list[float] = field(default_factory=list)

    def add(self, value: float) -> None:
        """Add a value."""
        self.values.append(value)

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """The 95th percentile."""
        return self.percentile(95)

    @property
    def worst(self) -> float:
        """The highest value."""
        return max(self.values)

    def percentile(self, share: float) -> float:
        """The percentile ``share``, from 0 to 100."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]


def in_turn(rounds: int, works: Mapping[str, Callable[[], float]], *, warm_up: int = 1) -> dict[str, Series]:
    """Run the works alternately, so that a busy machine affects all alike. Return their results by name.

    The ``warm_up`` rounds, which fill caches, do not count.
    """
    found = {name: Series() for name in works}
    for run in range(rounds + warm_up):
        for name, work in works.items():
            value = work()
            if run >= warm_up:
                found[name].add(value)
    return found


def milliseconds(work: Callable[[], object]) -> float:
    """The duration of a call in milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """A work for :func:`in_turn` that returns the duration of this call."""
    return lambda: milliseconds(work)
