"""Positions in a list: how they are shown, and how typed ones are read."""

import re
from typing import Final

from services.i18n import _, language
from services.lists.query import COUNT_CAP

GROUPING: Final = " .,'’_\u00a0\u202f"
"""Characters that people write between thousands."""


def position_text(cursor: int, total: int | None, *, exact: bool = False) -> str:
    """The position of the cursor: ``12 of 345``, ``12 of 10,000+``, or ``12`` while the total is unknown.

    With ``exact`` a total of ``COUNT_CAP`` is the number of rows, and not a lower bound.
    """
    if total == 0:
        return "0"
    if total is None:
        return grouped(cursor + 1)
    capped = total == COUNT_CAP and not exact
    shown = grouped(COUNT_CAP - 1) + "+" if capped else grouped(total)
    return _("{position} of {total}").format(position=grouped(cursor + 1), total=shown)


def grouped(number: int) -> str:
    """A whole number with its digits grouped as in the active language."""
    # Babel knows every locale, but adds a second to the start-up for two languages.
    return f"{number:,}".replace(",", "\u202f" if language() == "fr" else ",")


def parse_position(typed: str, total: int) -> int | None:
    """The index of the row that the text names, at most the last one; ``None`` if it names no row."""
    text = typed.strip()
    share = text.removesuffix("%")
    if share != text:
        return _row_at_percentage(share.strip().replace(",", "."), total)
    number = "".join(c for c in text if c not in GROUPING)
    return min(max(int(number), 1), total) - 1 if number.isdecimal() else None


def _row_at_percentage(share: str, total: int) -> int | None:
    if not re.fullmatch(r"\d+(\.\d*)?|\.\d+", share) or float(share) > 100:
        return None
    return round((total - 1) * float(share) / 100)
