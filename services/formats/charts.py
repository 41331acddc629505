"""Charts of block characters, which are read without colour. A chart has one line."""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Final

Value = int | Decimal

NOTHING: Final = "·"
"""The column of a period with nothing."""
_COLUMNS: Final = "▁▂▃▄▅▆▇█"
_BAR: Final = "▏▎▍▌▋▊▉█"


def columns(values: Sequence[Value], most: Value | None = None) -> str:
    """One column a value, up to ``most``, by default the largest of them."""
    top = most if most is not None else max(values, default=0)
    return "".join(_column(value, top) for value in values)


def _column(value: Value, top: Value) -> str:
    if value <= 0 or top <= 0:
        return NOTHING
    # Rounded up: only the largest value has the highest column, and a small one is still seen.
    return _COLUMNS[min(ceil(value * len(_COLUMNS) / top), len(_COLUMNS)) - 1]


def bar(value: Value, most: Value, width: int) -> str:
    """A bar of up to ``width`` cells for a share of ``most``; something is never drawn as nothing."""
    if value <= 0 or most <= 0 or width <= 0:
        return ""
    eighths = max(1, min(int(value * width * 8 // most), width * 8))
    full, rest = divmod(eighths, 8)
    return _BAR[-1] * full + (_BAR[rest - 1] if rest else "")
