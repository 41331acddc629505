"""Masks phone numbers in their usual notations, except for their last four digits."""

import re
from functools import lru_cache
from typing import Final

from services.monitoring.scrubbing.pattern_replace import digits_of, replace_confirmed

_GAP: Final = r"[ \t.\-/()\[\]·]{0,3}"
_NOTATIONS = re.compile(
    rf"""
    # +33 6 12 34 56 78
    (?<![^\W\d]) (?<!\+) \+ [ ]? \(?[1-9] (?:{_GAP}\d){{6,14}} (?!\d)
    # 0033 6 12 34 56 78
  | (?<![\w.,+-]) 00 [ .\-]? [1-9] (?:{_GAP}\d){{8,13}} (?!\w)
    # 06.12.34.56.78
  | (?<![\d+]) (?<!\d\.) (?<!\b\d,) (?<!\b\d\d,) (?<!\b\d\d\d,)
    \(?0[1-9]\)? (?:[ \t.·_\-/]{{0,3}}\d\d){{4}} (?!\w)
    # 07911123456
  | (?<![\w.,+-]) 0[1-9]\d{{9,10}} (?!\w|[.,]\d)
    # 0 612 34 56 78
  | (?<![\w.,+-]) (?<!\d[ :]) 0 [ ] [1-9]\d\d (?:[ .]\d\d){{3}} (?!\w|[ .,]\d)
    # 11 96123-4567
  | (?<![\w.,+-]) (?<!\d[ :]) [1-9]\d [ ] 9?\d{{4}}-\d{{4}} (?!\w|-)
    # 44 668 18 00
  | (?<![\w.,+-]) (?<!\d[ :]) [1-9]\d [ ] \d{{3}} [ ] \d\d [ ] \d\d (?!\w|[ .,]\d)
    # 347-1234567
  | (?<![\w.,+-]) (?<!\d[ :]) 3[2-9]\d-\d{{6,7}} (?!\w|-)
    # 8 (912) 345-67-89
  | (?<![\w.,+-]) (?<!\d[ :]) 8 [ ] \(?9\d\d\)? [ ] \d{{3}} [ -] \d\d [ -] \d\d (?!\w)
    # 138 1234 5678, 98765 43210
  | (?<![\w.,+-]) (?<!\d[ :]) (?:1[3-9]\d [ ] \d{{4}} [ ] \d{{4}}|[6-9]\d{{4}} [ ] \d{{5}}) (?!\w|[ .,]\d)
    # 020 7946 0018
  | (?<![\w.,+-]) (?<!\d[ :]) \(?0\d{{1,4}}\)? (?:[ .\-/]{{1,3}}\d{{2,9}}){{1,4}} (?!\w)
    # 0 612 345 678
  | (?<![\w.,+-]) (?<!\d[ :]) 0 [ ] [1-9]\d\d [ ] \d{{3}} [ ] \d{{3}} (?!\w)
    # 555-123-4567
  | (?<![\w+]) (?<!\d[.,\-]) (?:1[ .\-])? (?:\(\d{{3}}\)[ .\-]?|\d{{3}}[ .\-]) \d{{3}}[ .\-]\d{{4}} (?!\w)
    # 612 34 56 78
  | (?<![\w+]) (?<!\d[.,\- ]) [2-9]\d\d (?P<gap>[ .\-]) \d\d (?P=gap)\d\d (?P=gap)\d\d (?!\w|[ .,\-]\d)
    # (11) 96123-4567
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
_LABEL_AFTER = re.compile(
    r"(?i)(?<![\w.,])(\+?\(?\d(?:[ .\-/()]{0,3}\d){6,14})(?=[ ,]{1,2}\(?"
    r"(?:t[eé]l|tlf|phone|mobile|m[oó]vil|telem[oó]vel|portable|gsm|whatsapp|handy|cell)(?![^\W_]))"
)
# A balance such as "+1 234,50 €" looks like an international number.
_AMOUNT = re.compile(
    r"\+ ?\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?(?= ?(?:€|EUR|\$|USD|£)|[.,]\d)|\+\d+[.,]\d{1,2}$"
)
_LONGEST_NAME: Final = 80
_MIN_DIGITS: Final = 7
_MIN_NATIONAL_DIGITS: Final = 9
_MAX_NATIONAL_DIGITS: Final = 12


def mask_phones(text: str) -> str:
    """The text with each phone number replaced by ``XXX-XXX-`` and its last four digits."""
    text = replace_confirmed(_LABELLED, text, _mask_labelled)
    text = _LABEL_AFTER.sub(lambda match: mask_number(match[1]), text)
    return replace_confirmed(_NOTATIONS, text, _mask_unless_amount)


@lru_cache(maxsize=4096)
def is_phone_field(name: str) -> bool:
    """Whether a field of this name holds phone numbers, in any notation."""
    return len(name) <= _LONGEST_NAME and _FIELD.search(name) is not None


def mask_field(value: str) -> str | None:
    """The mask of the value of a phone field; ``None`` if it has too few digits."""
    return mask_number(value) if len(digits_of(value)) >= _MIN_DIGITS else None


def mask_number(number: str) -> str:
    """The mask of one number."""
    return f"XXX-XXX-{digits_of(number)[-4:]}"


def _mask_labelled(match: re.Match[str]) -> str:
    return match[0][: match.start(1) - match.start()] + mask_number(match[1])


def _mask_unless_amount(match: re.Match[str]) -> str | None:
    number = match[0]
    if number.startswith("+") and _AMOUNT.match(match.string, match.start()):
        return None
    if number.startswith(("0", "(0")) and not number.startswith("00"):
        count = len(digits_of(number))
        if not _MIN_NATIONAL_DIGITS <= count <= _MAX_NATIONAL_DIGITS:
            return None
    return mask_number(number)
