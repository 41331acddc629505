"""How far long work is: a bar on a terminal, a line for each step elsewhere; on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from cli import console
from services.i18n import _


@contextmanager
def shown(labels: Mapping[str, str]) -> Iterator[Callable[[str, float], None]]:
    """Show the work of this block: what is given is told the step and the share that is done, 0 to 1.

    ``labels`` name the steps, in translatable English.
    """
    if sys.stderr.isatty():
        with _bar(labels) as tell:
            yield tell
    else:
        yield _Lines(labels)


class _Lines:
    """Says each step once."""

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
    # As wide for each step, so that the bar stays where it is.
    texts = {step: _(label) for step, label in labels.items()}
    width = max(len(text) for text in texts.values())
    # Without colour, as all that is said to the person; gone when the work is done.
    output = Console(stderr=True, color_system=None)
    with Progress(*columns, console=output, transient=True, refresh_per_second=4) as progress:
        task = progress.add_task("", total=1.0)

        def tell(step: str, share: float) -> None:
            progress.update(task, description=texts[step].ljust(width), completed=share)

        yield tell
