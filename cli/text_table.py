"""Plain tables, aligned by the width of the characters on screen, without colour or markup."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, set_cell_size

from cli.console import printable

_GAP = "  "
_NARROWEST = 12
"""The narrowest width of a text column; below it, a column is dropped instead."""


@dataclass(frozen=True)
class Layout:
    """How a column shrinks on a narrow terminal; in a pipe it never does.

    ``numeric`` columns are aligned to the right. ``numeric`` and ``whole`` columns are never cut. The column
    of the highest ``rank`` is dropped first, one of rank 0 never.
    """

    numeric: bool = False
    whole: bool = False
    rank: int = 0

    def least(self, size: int) -> int:
        """The fewest cells for texts of up to ``size`` cells."""
        return size if self.numeric or self.whole else min(size, _NARROWEST)


def terminal_width() -> int | None:
    """The width of the terminal; ``None`` for a pipe, in which nothing is cut."""
    if not sys.stdout.isatty():
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except (OSError, ValueError):
        return None


def grid(
    heading: Sequence[str],
    pages: Iterator[Sequence[Sequence[str]]],
    layouts: Sequence[Layout],
    width: int | None,
) -> Iterator[str]:
    """The lines of a table: heading, rule, rows; at most ``width`` cells wide.

    The first page decides which columns are shown; a later one may widen them if there is room.
    """
    sizes = [cell_len(text) for text in heading]
    kept: list[int] = []
    for number, page in enumerate(pages):
        cells = [[printable(text) for text in row] for row in page]
        full = [
            max(column)
            for column in zip(sizes, *([cell_len(text) for text in row] for row in cells), strict=True)
        ]
        if not number:
            kept = list(range(len(full))) if width is None else _columns_that_fit(full, layouts, width)
        if width is not None:
            _narrow(full, kept, layouts, width)
        sizes = full
        if not number:
            yield _line(heading, sizes, kept, layouts)
            yield _GAP.join("-" * sizes[index] for index in kept)
        for row in cells:
            yield _line(row, sizes, kept, layouts)


def _line(row: Sequence[str], sizes: Sequence[int], kept: Sequence[int], layouts: Sequence[Layout]) -> str:
    return _GAP.join(_cell(row[index], sizes[index], layouts[index].numeric) for index in kept).rstrip()


def fit(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """A text of one line in exactly so many cells: padded, or cut."""
    return _cell(printable(text), width, numeric=align == "right") if width > 0 else ""


def pairs(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The lines of one record: each label with its text, which may span several lines."""
    label_width = max(cell_len(label) for label, _ in rows)
    indent = " " * (label_width + len(_GAP))
    for label, text in rows:
        first, *others = printable(text, multiline=True).split("\n")
        yield f"{set_cell_size(label, label_width)}{_GAP}{first}".rstrip()
        for line in others:
            yield f"{indent}{line}".rstrip()


def _columns_that_fit(sizes: Sequence[int], layouts: Sequence[Layout], width: int) -> list[int]:
    kept = list(range(len(sizes)))
    while sum(layouts[index].least(sizes[index]) for index in kept) + _gaps(kept) > width:
        dropped = max(kept, key=lambda index: (layouts[index].rank, index))
        if layouts[dropped].rank == 0:
            break
        kept.remove(dropped)
    return kept


def _narrow(sizes: list[int], kept: Sequence[int], layouts: Sequence[Layout], width: int) -> None:
    excess = sum(sizes[index] for index in kept) + _gaps(kept) - width
    while excess > 0:
        # The widest column shrinks, one cell at a time, so that short texts are not cut.
        flexible = [index for index in kept if sizes[index] > layouts[index].least(sizes[index])]
        if not flexible:
            break
        sizes[max(flexible, key=sizes.__getitem__)] -= 1
        excess -= 1


def _gaps(kept: Sequence[int]) -> int:
    return len(_GAP) * (len(kept) - 1)


def _cell(text: str, width: int, numeric: bool) -> str:
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…"
    padding = " " * (width - length)
    return padding + text if numeric else text + padding
