"""Progress of long work on standard error: a bar on a terminal, elsewhere one line per step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from cli import console
from services.i18n import _


@contextmanager
def shown(labels: Mapping[str, str]) -> Iterator[Callable[[str, float], None]]:
    """Show the progress of this block, which reports each step and the share done, 0 to 1.

    ``labels`` name the steps; they are marked with ``N_``.
    """
    if sys.stderr.isatty():
        with _bar(labels) as tell:
            yield tell
    else:
        yield _Lines(labels)


class _Lines:
    """Prints each step once."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._step = ""

    def __call__(self, step: str, share: float) -> None:
        if step != self._step:
            self._step = step
            console.info(f"{share:4.0%} {_(self._labels[step])}")


@contextmanager
def _bar(labels: Mapping[str, str]) -> Iterator[Callable[[str, float], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(),
        TextColumn("{task.percentage:>3.0f}%", markup=False), TimeElapsedColumn(),
    )  # fmt: skip
    # The same width for each step keeps the bar in place.
    texts = {step: _(label) for step, label in labels.items()}
    width = max(len(text) for text in texts.values())
    # Without colour like all messages; erased when the work is done.
    output = Console(stderr=True, color_system=None)
    with Progress(*columns, console=output, transient=True, refresh_per_second=4) as progress:
        task = progress.add_task("", total=1.0)

        def tell(step: str, share: float) -> None:
            progress.update(task, description=texts[step].ljust(width), completed=share)

        yield tell
