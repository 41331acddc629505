"""Replaces the matches of a pattern that a second check confirms."""

import re
from collections.abc import Callable

MaskOf = Callable[[re.Match[str]], "str | None"]


def replace_confirmed(pattern: re.Pattern[str], text: str, mask_of: MaskOf) -> str:
    """Replace each match with the mask that ``mask_of`` returns for it; ``None`` keeps the match.

    After a kept match the search continues one character later. ``re.sub`` would skip the whole match, and so
    miss another match that begins inside it.
    """
    parts: list[str] = []
    done = at = 0
    while match := pattern.search(text, at):
        mask = mask_of(match)
        if mask is None:
            at = match.start() + 1
            continue
        parts += (text[done : match.start()], mask)
        done = at = max(match.end(), match.start() + 1)
    return "".join(parts) + text[done:] if parts else text


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it (ISO/IEC 7812)."""
    total = sum(int(digit) for digit in digits[-1::-2])
    total += sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return total % 10 == 0


def digits_of(text: str) -> str:
    """The digits of the text."""
    return "".join(character for character in text if character.isdigit())
