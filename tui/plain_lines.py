"""The last look at every line before it reaches the terminal.

Records may hold more than the services accept today: an old import, another program's row. Whatever
stands in them, no character moves the cursor, and every terminal draws a line as wide as it was laid out.
That is why joined emoji are drawn as the first of them: half of all terminals draw all of them, side by side,
and push what is to the right out of its place.
"""

import re
import unicodedata
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size, split_graphemes
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_JOINER, _NON_JOINER = "\u200d", "\u200c"
_UNLIKE = re.compile("[\u200d\ufe0e\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")
"""Characters whose width depends on their neighbours, in some terminals."""
_LETTER_OF_FLAG = {chr(0x1F1E6 + place): chr(ord("A") + place) for place in range(26)}
_UNKNOWN = "\ufffd"
_DROPPED = frozenset({"Cc", "Cf", "Zl", "Zp", "Sk", "Mn"})


class PlainLines(LineFilter):
    """Keeps every line as wide as it is and takes out what the terminal would not merely draw."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments, the same ones where there is nothing to take out."""
        if all(_is_plain(segment.text) for segment in segments):
            return segments
        return [Segment(plain(text), style, control) for text, style, control in segments]


def _is_plain(text: str) -> bool:
    return text.isprintable() and (text.isascii() or _UNLIKE.search(text) is None)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text in as many cells, without control characters and without what terminals measure unlike."""
    if _is_plain(text):
        return text
    spans, _width = split_graphemes(text)
    return "".join(_drawn(text[start:end], width) for start, end, width in spans)


def _drawn(cluster: str, width: int) -> str:
    first = cluster.split(_JOINER)[0]
    shown = "".join(_character(character) for character in first)
    return shown + " " * (width - cell_len(shown))


def _character(character: str) -> str:
    if (character.isprintable() and not _UNLIKE.match(character)) or character == _NON_JOINER:
        return character
    if character in _LETTER_OF_FLAG:
        return _LETTER_OF_FLAG[character]
    kind = unicodedata.category(character)
    if kind in ("Zs", "Co"):
        return character
    return "" if kind in _DROPPED else _UNKNOWN * get_character_cell_size(character)
