"""Phone numbers in the shapes that people write; the last four digits stay."""

import re
from typing import Final

from services.monitoring.scrubbing.replacing import digits_of, replace_where

_GAP: Final = r"[ \t.\-/()]{0,3}"
_SHAPES = re.compile(
    rf"""
    (?<![\w+]) \+ [ ]? \(?[1-9] (?:{_GAP}\d){{6,14}} (?!\d)                       # +33 6 12 34 56 78
  | (?<![\w.,+-]) 00 [ .\-]? [1-9] (?:{_GAP}\d){{8,13}} (?!\w)                    # 0033 6 12 34 56 78
  | (?<![\d+]) (?<!\d[.,]) \(?0[1-9]\)? (?:[ .\-/]{{0,3}}\d\d){{4}} (?![\w])       # 06.12.34.56.78
  | (?<![\w.,+-]) (?<!\d[ :]) \(?0\d{{1,4}}\)? (?:[ .\-/]{{1,3}}\d{{2,9}}){{1,4}} (?![\w])  # 020 7946 0018
  | (?<![\w.,+-]) (?<!\d[ :]) 0 [ ] [1-9]\d\d [ ] \d{{3}} [ ] \d{{3}} (?![\w])                       # 0 612 345 678
  | (?<![\w+]) (?<!\d[.,\-]) (?:1[ .\-])? (?:\(\d{{3}}\)[ .\-]?|\d{{3}}[ .\-]) \d{{3}}[ .\-]\d{{4}} (?![\w])  # 555-123-4567
    """,
    re.VERBOSE,
)
_LABELLED = re.compile(
    r"(?i)(?<![^\W_])(?:t[eé]l|t[eé]l[eé]phone|phone|mobile|portable|gsm|fax|whatsapp)"
    r"(?:[ _]?(?:number|num[eé]ro|no|n°))?[\"']?[ .:=n°-]{1,4}[\"']?(\+?\(?\d(?:[ .\-/()]{0,3}\d){6,14})(?![\w])"
)
_AMOUNT = re.compile(
    r"\+ ?\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?(?= ?(?:€|EUR|\$|USD|£)|[.,]\d)|\+\d+[.,]\d{1,2}$"
)
_SHORTEST_NATIONAL: Final = 9
_LONGEST_NATIONAL: Final = 12


def mask_phones(text: str) -> str:
    """The text with ``XXX-XXX-`` and the last four digits for each phone number."""
    text = replace_where(_LABELLED, text, _judge_labelled)
    return replace_where(_SHAPES, text, _judge)


def masked(number: str) -> str:
    """The mask of one number."""
    return f"XXX-XXX-{digits_of(number)[-4:]}"


def _judge_labelled(match: re.Match[str]) -> str:
    return match[0][: match.start(1) - match.start()] + masked(match[1])


def _judge(match: re.Match[str]) -> str | None:
    number = match[0]
    if number.startswith("+") and _AMOUNT.match(match.string, match.start()):
        return None
    if number.startswith(("0", "(0")) and not number.startswith("00"):
        count = len(digits_of(number))
        if not _SHORTEST_NATIONAL <= count <= _LONGEST_NATIONAL:
            return None
    return masked(number)
