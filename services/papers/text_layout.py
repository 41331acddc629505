"""Lays out plain text for a page of fixed width: wrapping, aligned facts and tables."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from services.papers.paper import Fact, Section

WIDTH: Final = 72
"""The cells of a line, which fit into a mail and into the box of the application at 80 columns."""
_GAP: Final = 2
_NARROWEST: Final = 8


def cells(text: str) -> int:
    """The cells that a text takes in a font of fixed width."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrap(text: str, width: int = WIDTH) -> list[str]:
    """The text in lines of at most ``width`` cells, broken at spaces where it can be; at least one line."""
    lines, line = [], ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cells(joined) <= width:
            line = joined
            continue
        *full, line = [*([line] if line else []), *_pieces(word, width)]
        lines += full
    return [*lines, line]


def _pieces(word: str, width: int) -> Iterator[str]:
    piece = ""
    for character in word:
        if piece and cells(piece + character) > width:
            yield piece
            piece = ""
        piece += character
    yield piece


def wrapped(text: str, width: int = WIDTH) -> str:
    """The text, wrapped."""
    return "\n".join(wrap(text, width))


def heading(text: str, underline: str = "-") -> str:
    """The text with a line of this character beneath."""
    lines = wrap(text)
    return "\n".join([*lines, underline * max(map(cells, lines))])


def aligned(facts: Sequence[Fact]) -> str:
    """A line for each fact, the values beneath each other; a long value goes on under its own begin."""
    labels = min(WIDTH // 2, max((cells(fact.label) for fact in facts), default=0))
    lines: list[str] = []
    for fact in facts:
        values = wrap(fact.value, WIDTH - labels - _GAP)
        names = wrap(fact.label, labels)
        lines += _side_by_side([names, values], [labels, 0], [False, False])
    return "\n".join(lines)


def grid(section: Section) -> str:
    """The table of a section; where it is wider than the page, the widest columns are wrapped."""
    rows = [[column.label for column in section.columns], *section.rows]
    widths = _widths(rows)
    numeric = [column.numeric for column in section.columns]
    lines: list[str] = []
    for row in rows:
        lines += _side_by_side(
            [wrap(value, width) for value, width in zip(row, widths, strict=True)], widths, numeric
        )
    return "\n".join(lines)


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    room = WIDTH - _GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _side_by_side(
    texts: Sequence[Sequence[str]], widths: Sequence[int], numeric: Sequence[bool]
) -> Iterator[str]:
    for place in range(max(map(len, texts))):
        parts = [text[place] if place < len(text) else "" for text in texts]
        filled = [_fill(*each) for each in zip(parts, widths, numeric, strict=True)]
        yield (" " * _GAP).join(filled).rstrip(" ")


def _fill(text: str, width: int, to_the_right: bool) -> str:
    space = " " * max(0, width - cells(text))
    return space + text if to_the_right else text + space


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "wrapped": wrapped,
    "heading": heading,
    "aligned": aligned,
    "grid": grid,
}
"""The filters of text templates, by name."""
