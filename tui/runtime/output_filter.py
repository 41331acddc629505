"""Filters every line before it reaches the terminal.

Records may hold more than the services accept today: an old import, another program's row. After the filter
no character moves the cursor, and every terminal draws a line as wide as it was laid out. For this reason,
joined emoji are drawn as the first of them: half of all terminals draw all of them, side by side, and push
the cells to the right out of their place.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size, split_graphemes
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_JOINER = "\u200d"
_JOINERS = "\u200d\ufe0f"
_UNLIKE = re.compile("[\u200d\u20e3\ufe0e\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")
"""Characters with a width that depends on their neighbours in some terminals."""
_LETTER_OF_FLAG = {chr(0x1F1E6 + place): chr(ord("A") + place) for place in range(26)}
_UNKNOWN = "\ufffd"
_DROPPED = frozenset({"Cc", "Cf", "Zl", "Zp", "Sk", "Mn", "Me"})


class SafeOutputFilter(LineFilter):
    """Keeps every line as wide as it is and removes characters that the terminal would not merely draw."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The filtered segments; the same list if there is nothing to filter."""
        if all(_is_plain(segment.text) for segment in segments):
            return segments
        texts = plain_pieces(tuple(segment.text for segment in segments))
        return [
            Segment(text, segment.style, segment.control)
            for text, segment in zip(texts, segments, strict=True)
        ]


def _is_plain(text: str) -> bool:
    return text.isprintable() and (text.isascii() or _UNLIKE.search(text) is None)


@lru_cache(maxsize=1024)
def plain_pieces(pieces: tuple[str, ...]) -> list[str]:
    """The pieces of a line in as many cells, without control characters and ambiguous widths.

    A joined emoji with the cursor of a field in it was measured whole, but comes in two pieces.
    """
    pieces = tuple(_without_stray_joiners(pieces))
    spans, _width = split_graphemes("".join(pieces))
    clusters = deque((start, end - start, width) for start, end, width in spans)
    drawn, place = [], 0
    for piece in pieces:
        place += len(piece)
        drawn.append("")
        while clusters and clusters[0][0] < place:
            start, length, width = clusters.popleft()
            first = start - place + len(piece)
            drawn[-1] += _draw_cluster(piece[first : first + length], width)
    return drawn


def _without_stray_joiners(pieces: Iterable[str]) -> Iterator[str]:
    # A text that begins with a joiner was measured without the frame or the space before it.
    before = " "
    for piece in pieces:
        joins = before != " " and not "\u2500" <= before <= "\u259f"
        kept = piece if joins else piece.lstrip(_JOINERS)
        before = kept[-1:] or before
        yield kept


def _draw_cluster(cluster: str, width: int) -> str:
    first = cluster.split(_JOINER)[0]
    shown = "".join(_character(character) for character in first)
    return shown + " " * (width - cell_len(shown))


def _character(character: str) -> str:
    if character.isprintable() and not _UNLIKE.match(character):
        return character
    if character in _LETTER_OF_FLAG:
        return _LETTER_OF_FLAG[character]
    kind = unicodedata.category(character)
    if kind in ("Zs", "Co"):
        return character
    return "" if kind in _DROPPED else _UNKNOWN * get_character_cell_size(character)
