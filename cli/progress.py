"""Progress of long work on standard error: a bar on a terminal, elsewhere one line per step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from cli import console
from services.i18n import _


@contextmanager
def show_progress(labels: Mapping[str, str]) -> Iterator[Callable[[str, float], None]]:
    """Show the progress of this block, which reports each step and the share done, 0 to 1.

    ``labels`` name the steps; they are marked with ``N_``.
    """
    if sys.stderr.isatty():
        with _bar(labels) as fill:
            yield fill
    else:
        told: set[str] = set()

        def tell(step: str, share: float) -> None:
            if step not in told:
                told.add(step)
                console.info(f"{share:4.0%} {_(labels[step])}")

        yield tell


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

        def report(step: str, share: float) -> None:
            progress.update(task, description=texts[step].ljust(width), completed=share)

        yield report
