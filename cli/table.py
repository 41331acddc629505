"""Plain aligned text: by the width of the characters on screen, without colour or markup."""

import os
import sys
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size

from cli.console import printable

_GAP = "  "
_NARROWEST = 6


def terminal_width() -> int | None:
    """The columns of the terminal; ``None`` where the output is read by a program, and never cut."""
    if not sys.stdout.isatty():
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except (OSError, ValueError):
        return None


def grid(
    heading: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[bool], width: int | None
) -> Iterator[str]:
    """The lines of a table: heading, rule, rows. ``numeric`` columns stand to the right and are never cut."""
    cells = [[printable(text) for text in row] for row in rows]
    widths = _widths([heading, *cells], numeric, width)
    yield _line(heading, widths, numeric)
    yield _GAP.join("-" * size for size in widths)
    for row in cells:
        yield _line(row, widths, numeric)


def pairs(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The lines of one record: each label, and its text beside it, over several lines where it has them."""
    label_width = max(cell_len(label) for label, _ in rows)
    indent = " " * (label_width + len(_GAP))
    for label, text in rows:
        first, *others = printable(text, multiline=True).split("\n")
        yield f"{set_cell_size(label, label_width)}{_GAP}{first}".rstrip()
        for line in others:
            yield f"{indent}{line}".rstrip()


def _widths(rows: Sequence[Sequence[str]], numeric: Sequence[bool], width: int | None) -> list[int]:
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    if width is None:
        return widths
    excess = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    while excess > 0:
        # The widest text gives way, one cell at a time, so that the short ones stay whole.
        flexible = [index for index, size in enumerate(widths) if not numeric[index] and size > _NARROWEST]
        if not flexible:
            break
        widths[max(flexible, key=widths.__getitem__)] -= 1
        excess -= 1
    return widths


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    return _GAP.join(map(_cell, row, widths, numeric)).rstrip()


def _cell(text: str, width: int, numeric: bool) -> str:
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…"
    padding = " " * (width - length)
    return padding + text if numeric else text + padding
