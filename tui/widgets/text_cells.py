"""Fits text to a number of terminal cells; wide, combining and joined characters count as drawn."""

import re
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len, set_cell_size, split_graphemes

from models.text import clean_typed

Align = Literal["left", "right"]
Cut = Literal["end", "middle", "never"]
"""Where a text that is too long is cut: names often differ only at their end, and a number never is."""
ELLIPSIS = "…"
_LEAST_FOR_TWO = 6
"""Cells below which nothing can be read at both ends."""
_STRAY_JOINER = re.compile("(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d")
"""A joiner outside an emoji, which would make Rich ignore the width of the next letter."""


def drawable(text: str) -> str:
    """The text on one line, without characters that move the cursor or reorder the text around them."""
    return text if text.isprintable() else _STRAY_JOINER.sub("", clean_typed(text))


@lru_cache(maxsize=8192)
def fit(text: str, width: int, align: Align = "left") -> str:
    """The text in exactly ``width`` cells: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    text = drawable(text)
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + ELLIPSIS, width)
    padding = " " * (width - length)
    return padding + text if align == "right" else text + padding


@lru_cache(maxsize=8192)
def fit_name(text: str, width: int) -> str:
    """As :func:`fit`, but cut in the middle: ``Wedding of…ul 12`` keeps what tells it from the next one."""
    text = drawable(text)
    if width < _LEAST_FOR_TWO or (len(text) if text.isascii() else cell_len(text)) <= width:
        return fit(text, width)
    room = max(width // 3, min(5, width // 2))
    end = len(text)
    for start, _stop, cells in reversed(split_graphemes(text)[0]):
        if cells > room:
            break
        room, end = room - cells, start
    tail = text[end:].lstrip()
    head = set_cell_size(text, width - 1 - cell_len(tail)).rstrip()
    return set_cell_size(head + ELLIPSIS + tail, width)
