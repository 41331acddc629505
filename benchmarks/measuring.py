"""Figures: medians and 95th percentiles of what was measured in turn."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class Series:
    """Values of one thing measured again and again, in milliseconds unless said otherwise."""

    values: list[float] = field(default_factory=list)

    def add(self, value: float) -> None:
        """One more."""
        self.values.append(value)

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """The value under which 95 of 100 lie."""
        return self.percentile(95)

    @property
    def worst(self) -> float:
        """The highest."""
        return max(self.values)

    def percentile(self, share: float) -> float:
        """The value under which so many of 100 lie."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]


def in_turn(rounds: int, works: Mapping[str, Callable[[], float]], *, warm_up: int = 1) -> dict[str, Series]:
    """What each work returns, one after the other, so that whatever slows the machine slows all of them.

    The first rounds, which fill caches, do not count.
    """
    found = {name: Series() for name in works}
    for run in range(rounds + warm_up):
        for name, work in works.items():
            value = work()
            if run >= warm_up:
                found[name].add(value)
    return found


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """The work as one for :func:`in_turn`."""
    return lambda: milliseconds(work)
