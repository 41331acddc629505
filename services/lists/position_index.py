"""Places in a long list from which any other is near: every 1,024th key, gathered in leaps over the index."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any, Final

from services.lists.pages import Key, Pages, key_values
from services.lists.statements import Start

STEP: Final = 1_024
"""How many rows lie between two anchors."""


@dataclass(frozen=True)
class PositionIndex:
    """The keys of the rows 0, 1,024, 2,048 … and how many rows there are, at the time of the survey."""

    keys: list[Key]
    total: int
    descending: bool

    def before(self, place: int) -> tuple[Key, int]:
        """The last anchor at or before a place, and how many rows lie between."""
        nearest = min(place // STEP, len(self.keys) - 1)
        return self.keys[nearest], place - nearest * STEP

    def reaching(self, key: Key) -> tuple[Key, int] | None:
        """The last anchor at or before a key, and its place; ``None`` before the first one."""
        if self.descending:
            nearest = len(self.keys) - bisect_left(self.keys[::-1], key) - 1
        else:
            nearest = bisect_right(self.keys, key) - 1
        return None if nearest < 0 else (self.keys[nearest], nearest * STEP)


def build_position_index(pages: Pages[Any]) -> PositionIndex:
    """Leap through a list to its end; some 100 ms for a million rows."""
    keys: list[Key] = []
    key = pages.key(Start.END, 0)
    while key is not None:
        keys.append(key)
        key = pages.key(Start.KEY, STEP, **key_values("key", key))
    last = pages.number(pages.own.count_from(), **key_values("key", keys[-1])) if keys else 0
    return PositionIndex(keys, max(len(keys) - 1, 0) * STEP + last, pages.own.descending)
