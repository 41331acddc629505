"""Masks phone numbers in their usual notations, except for their last four digits."""

import re
from functools import lru_cache
from typing import Final

from services.monitoring.scrubbing.pattern_replace import digits_of, replace_where

_GAP: Final = r"[ \t.\-/()\[\]·]{0,3}"
# In this order: +33 6 12 34 56 78, 0033 6 12 34 56 78, 06.12.34.56.78, 020 7946 0018, 0 612 345 678,
# 555-123-4567, 612 34 56 78, (11) 96123-4567.
_SHAPES = re.compile(
    rf"""
    (?<![^\W\d]) (?<!\+) \+ [ ]? \(?[1-9] (?:{_GAP}\d){{6,14}} (?!\d)
  | (?<![\w.,+-]) 00 [ .\-]? [1-9] (?:{_GAP}\d){{8,13}} (?!\w)
  | (?<![\d+]) (?<!\d\.) (?<!\b\d,) (?<!\b\d\d,) (?<!\b\d\d\d,)
    \(?0[1-9]\)? (?:[ \t.·_\-/]{{0,3}}\d\d){{4}} (?!\w)
  | (?<![\w.,+-]) 0[1-9]\d{{9,10}} (?!\w|[.,]\d)
  | (?<![\w.,+-]) (?<!\d[ :]) 0 [ ] [1-9]\d\d (?:[ .]\d\d){{3}} (?!\w|[ .,]\d)
  | (?<![\w.,+-]) (?<!\d[ :]) [1-9]\d [ ] 9?\d{{4}}-\d{{4}} (?!\w|-)
  | (?<![\w.,+-]) (?<!\d[ :]) [1-9]\d [ ] \d{{3}} [ ] \d\d [ ] \d\d (?!\w|[ .,]\d)
  | (?<![\w.,+-]) (?<!\d[ :]) 3[2-9]\d-\d{{6,7}} (?!\w|-)
  | (?<![\w.,+-]) (?<!\d[ :]) 8 [ ] \(?9\d\d\)? [ ] \d{{3}} [ -] \d\d [ -] \d\d (?!\w)
  | (?<![\w.,+-]) (?<!\d[ :]) (?:1[3-9]\d [ ] \d{{4}} [ ] \d{{4}}|[6-9]\d{{4}} [ ] \d{{5}}) (?!\w|[ .,]\d)
  | (?<![\w.,+-]) (?<!\d[ :]) \(?0\d{{1,4}}\)? (?:[ .\-/]{{1,3}}\d{{2,9}}){{1,4}} (?!\w)
  | (?<![\w.,+-]) (?<!\d[ :]) 0 [ ] [1-9]\d\d [ ] \d{{3}} [ ] \d{{3}} (?!\w)
  | (?<![\w+]) (?<!\d[.,\-]) (?:1[ .\-])? (?:\(\d{{3}}\)[ .\-]?|\d{{3}}[ .\-]) \d{{3}}[ .\-]\d{{4}} (?!\w)
  | (?<![\w+]) (?<!\d[.,\- ]) [2-9]\d\d (?P<gap>[ .\-]) \d\d (?P=gap)\d\d (?P=gap)\d\d (?!\w|[ .,\-]\d)
  | (?<![\w+]) (?<!\d[.,\-]) (?:\d[ \-]?)? \(\d{{2,5}}\)[ ]? \d(?:[ \-]?\d){{5,8}} (?!\w|[.,]\d)
    """,
    re.VERBOSE,
)
_LABEL: Final = r"(?:t[eé]l|t[eé]l[eé]phone|phone|mobile|portable|gsm|fax|whatsapp)"
_FIELD = re.compile(
    rf"(?:(?:^|[\W_])(?i:{_LABEL})|[Pp]hone|[a-z](?:Tel|Mobile|Fax))"
    r"(?i:[ _-]?(?:number|num[eé]ro|num|no|\d))?$"
)
_LABELLED = re.compile(
    rf"(?i)(?<![^\W_]){_LABEL}(?:[ _]?(?:number|num[eé]ro|no|n°))?[\"']?[ .:=n°-]{{1,4}}[\"']?"
    r"(\+?\(?\d(?:[ .\-/()]{0,3}\d){6,14})(?!\w)"
)
_LABEL_BEHIND = re.compile(
    r"(?i)(?<![\w.,])(\+?\(?\d(?:[ .\-/()]{0,3}\d){6,14})(?=[ ,]{1,2}\(?"
    r"(?:t[eé]l|tlf|phone|mobile|m[oó]vil|telem[oó]vel|portable|gsm|whatsapp|handy|cell)(?![^\W_]))"
)
_AMOUNT = re.compile(
    r"\+ ?\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?(?= ?(?:€|EUR|\$|USD|£)|[.,]\d)|\+\d+[.,]\d{1,2}$"
)
_LONGEST_NAME: Final = 80
_FEWEST: Final = 7
_SHORTEST_NATIONAL: Final = 9
_LONGEST_NATIONAL: Final = 12


def mask_phones(text: str) -> str:
    """The text with each phone number replaced by ``XXX-XXX-`` and its last four digits."""
    text = replace_where(_LABELLED, text, _judge_labelled)
    text = _LABEL_BEHIND.sub(lambda match: masked(match[1]), text)
    return replace_where(_SHAPES, text, _judge)


@lru_cache(maxsize=4096)
def is_phone_field(name: str) -> bool:
    """Whether a field of this name holds phone numbers, in any notation."""
    return len(name) <= _LONGEST_NAME and _FIELD.search(name) is not None


def masked_field(value: str) -> str | None:
    """The mask of the value of a phone field; ``None`` if it has too few digits."""
    return masked(value) if len(digits_of(value)) >= _FEWEST else None


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
