"""Fits text to a number of terminal cells; wide, combining and joined characters count as drawn."""

import re
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len, set_cell_size

from models.text import clean_typed

Align = Literal["left", "right"]
ELLIPSIS = "…"
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
