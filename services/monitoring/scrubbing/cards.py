"""Masks card numbers: in groups of four always, otherwise if check digit and issuer are valid."""

import re
from typing import Final

from services.monitoring.scrubbing.pattern_replace import digits_of, luhn, replace_confirmed
from services.monitoring.scrubbing.placeholders import CARD

_FOUR_BY_FOUR = re.compile(r"(?<!\d)\d{4}([ ._/-]{1,3})\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?(?!\d)")
# In columns or as a printed list, if the first digit is that of an issuer.
_IN_COLUMNS = re.compile(
    r"(?<!\d)[3-6]\d{3}(?:[ \t]{1,3}\d{4}){3}(?!\d)|(?<!\d)[3-6]\d{3}([:|;·\t])\d{4}\1\d{4}\1\d{4}(?!\d)"
)
_AS_A_LIST = re.compile(r"(?<!\d)[\"']?[3-6]\d{3}[\"']?(?:,\s?[\"']?\d{4}[\"']?){3}(?!\d)(?!,\s?[\"']?\d)")
_DIGIT_BY_DIGIT = re.compile(r"(?<![\d.,])[3-6](?:,\s?\d){12,18}(?![\d,])")
_FIFTEEN = re.compile(r"(?<!\d)3[47]\d\d([ :|;·\t._/-])\d{6}\1\d{5}(?!\d)")
_BARE = re.compile(r"(?<!\d)(?<!\d[.,-])\d{13,19}(?!\d)")  # other numbers may precede or follow it
_RUN = re.compile(r"(?<!\d)(?<!\d[.,])(?<!-)\d(?:[ -]?\d){12,18}(?![ -]?\d)")

# The first digits and the lengths of each issuer.
_ISSUERS: Final = (
    (re.compile(r"4"), (13, 16, 19)),  # Visa
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),  # Mastercard
    (re.compile(r"3[47]"), (15,)),  # American Express
    (re.compile(r"6011|64[4-9]|65"), (16, 19)),  # Discover
    (re.compile(r"30[0-5]|3[689]"), (14, 16, 19)),  # Diners Club
    (re.compile(r"35(?:2[89]|[3-8])"), (16, 19)),  # JCB
    (re.compile(r"62|81"), (16, 17, 18, 19)),  # UnionPay
    (re.compile(r"50|5[6-9]|6"), (16, 18, 19)),  # Maestro, in the lengths that are issued
    (re.compile(r"220[0-4]"), (16, 17, 18, 19)),  # Mir
)
_SIRET_LENGTH: Final = 14
_SIREN_LENGTH: Final = 9


def mask_cards(text: str) -> str:
    """The text with each card number masked."""
    text = replace_confirmed(_FOUR_BY_FOUR, text, _mask_groups)
    text = _IN_COLUMNS.sub(CARD, _FIFTEEN.sub(CARD, text))
    if "," in text:
        text = replace_confirmed(_AS_A_LIST, _DIGIT_BY_DIGIT.sub(CARD, text), _mask_list)
    return replace_confirmed(_RUN, replace_confirmed(_BARE, text, _mask_digits), _mask_digits)


def is_card_number(digits: str) -> bool:
    """Whether a run of digits is a card number, by check digit and issuer."""
    issued = any(prefix.match(digits) and len(digits) in lengths for prefix, lengths in _ISSUERS)
    return issued and luhn(digits) and not _is_siret(digits)


def holds_card_number(text: str) -> bool:
    """Whether the value of a card field holds a card number; in such a field the length is sufficient."""
    return CARD in text or mask_cards(text) != text or 12 <= len(digits_of(text)) <= 19


def _mask_groups(match: re.Match[str]) -> str | None:
    """The mask, unless the match continues a longer number that begins before it."""
    before = match.string[max(0, match.start() - 5) : match.start()]
    if not re.search(r"\d[ .-]$", before):
        return CARD
    is_a_group = re.search(r"\w{4} $", before) is not None
    return CARD if before[-1] == " " and (match[1] != " " or not is_a_group) else None


def _mask_list(match: re.Match[str]) -> str | None:
    """The mask for four numbers in a list, unless they are sorted: then they may be ids."""
    digits = digits_of(match[0])
    groups = [int(digits[at : at + 4]) for at in range(0, len(digits), 4)]
    return CARD if is_card_number(digits) or groups not in (sorted(groups), sorted(groups)[::-1]) else None


def _mask_digits(match: re.Match[str]) -> str | None:
    return CARD if is_card_number(digits_of(match[0])) else None


def _is_siret(digits: str) -> bool:
    """Whether this is a SIRET: 14 digits like a Diners Club card, but its first nine pass the check too."""
    return len(digits) == _SIRET_LENGTH and luhn(digits[:_SIREN_LENGTH])
