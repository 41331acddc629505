"""Text in a fixed number of terminal cells: wide, combining and joined characters counted as drawn."""

import re
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len, set_cell_size

from models.text import clean_typed

Align = Literal["left", "right"]
ELLIPSIS = "…"
_STRAY_JOINER = re.compile("(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d")
"""A joiner that joins no emoji: it would take the next letter out of the count of cells."""


def drawable(text: str) -> str:
    """The text on one line without anything that moves the cursor or reorders its neighbours."""
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
