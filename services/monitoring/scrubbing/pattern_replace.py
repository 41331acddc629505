"""Replacing the matches of a pattern that a second check confirms."""

import re
from collections.abc import Callable

Judge = Callable[[re.Match[str]], "str | None"]


def replace_where(pattern: re.Pattern[str], text: str, judge: Judge) -> str:
    """The text with the judge's mask for each match; where it gives none, the search goes on one further.

    ``re.sub`` would skip the whole of a refused match, and with it what begins inside.
    """
    parts: list[str] = []
    done = at = 0
    while match := pattern.search(text, at):
        mask = judge(match)
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
    """Its digits alone."""
    return "".join(character for character in text if character.isdigit())
