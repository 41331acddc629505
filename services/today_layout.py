"""Arranges the lines of Today in a width; the screen and the command show the same lines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.i18n import _
from services.today import Block, Figure, Today
from services.today_texts import EMPTY, Cells, cells_of, say_left_out, say_title

Align = Literal["left", "right"]
Fit = Callable[[str, int, Align], str]
"""Gives a text exactly so many cells: padded, or cut."""
Width = Callable[[str], int]
"""The cells that a text takes."""

_INDENT: Final = "  "
_GAP: Final = "  "
_LEAST_NOTE: Final = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line of Today: the heading of a block, a figure, or what is said of a block without figures."""

    text: str
    figure: Figure | None = None
    is_heading: bool = False


def lines_of(today: Today, currency: str, width: int, fit: Fit, width_of: Width) -> Iterator[Line]:
    """The lines of all blocks, each with its heading."""
    for block in today.blocks:
        yield Line(fit(say_title(block, currency), width, "left").rstrip(), is_heading=True)
        yield from _lines_of_block(block, today, currency, _Columns(width - len(_INDENT), fit, width_of))


def _lines_of_block(block: Block, today: Today, currency: str, columns: "_Columns") -> Iterator[Line]:
    rows = list(cells_of(block, today, currency))
    if not any(figure.event for figure, _cells in rows) and block.key in EMPTY and not _counts(rows):
        yield Line(_INDENT + _(EMPTY[block.key]))
        return
    columns.measure([cells for figure, cells in rows if figure.event is None])
    for figure, cells in rows:
        drawn = columns.draw(cells) if figure.event is None else columns.draw_event(cells)
        yield Line((_INDENT + drawn).rstrip(), figure)
    if more := say_left_out(block):
        yield Line(_INDENT + more)


def _counts(rows: Sequence[tuple[Figure, Cells]]) -> bool:
    return any(figure.number or figure.key == "load" for figure, _cells in rows)


class _Columns:
    """The widths of the columns of one block."""

    def __init__(self, width: int, fit: Fit, width_of: Width) -> None:
        self._width = width
        self._fit = fit
        self._width_of = width_of
        self._sizes = [0, 0, 0, 0]

    def measure(self, rows: Sequence[Cells]) -> None:
        """Give each column the width of its longest text; on a narrow screen labels are cut."""
        parts = [(row.label, row.number, row.amount, row.chart) for row in rows]
        self._sizes = [
            max((self._width_of(text) for text in column), default=0) for column in zip(*parts, strict=True)
        ]
        if not parts:
            self._sizes = [0, 0, 0, 0]
        others = sum(size + len(_GAP) for size in self._sizes[1:] if size)
        self._sizes[0] = max(0, min(self._sizes[0], self._width - others, max(16, self._width // 2)))

    def draw(self, cells: Cells) -> str:
        """A line in these columns; the note takes what is left, and is left out where that is little."""
        texts = (cells.label, cells.number, cells.amount, cells.chart)
        aligned: tuple[Align, ...] = ("left", "right", "right", "left")
        line = _GAP.join(
            self._fit(text, size, align)
            for text, size, align in zip(texts, self._sizes, aligned, strict=True)
            if size
        )
        room = self._width - self._width_of(line) - len(_GAP)
        if not cells.note or room < min(_LEAST_NOTE, self._width_of(cells.note)):
            return line
        return f"{line}{_GAP}{self._fit(cells.note, min(room, self._width_of(cells.note)), 'left')}"

    def draw_event(self, cells: Cells) -> str:
        """An event: its start, and beside it the rest."""
        room = self._width - self._width_of(cells.label) - len(_GAP)
        return f"{cells.label}{_GAP}{self._fit(cells.note, room, 'left')}"
