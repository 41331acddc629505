"""The dates within the text of a search: ``15/6/2027``, ``15/6``, ``15 juin``, ``June 15, 2027``.

A date is read by the grammar of :mod:`services.formats.typed_days`, but only from what is hardly anything
else: a day and a month with a slash between them, all three numbers with the year in four digits, or a day
with the name of its month. ``lundi``, ``12``, ``06.12`` and ``may`` stay words, since they are names, numbers
and parts of phones. A day without a year is that of every year; it does not depend on the day of the search.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from models.search_words import Dated, day_word, folded_search, start_of_day
from services.formats.date_words import MONTH_NAMES, WEEKDAY_NAMES
from services.formats.typed_days import coded, day_and_month, full_year

_LONGEST: Final = 200
"""Letters of a text in which dates are looked for."""
_MOST_WORDS: Final = 6
"""In a date with the name of its month: ``the 15th of june 2027``."""

_LIKE_A_DATE: Final = re.compile(rf"[0-9][-/.][0-9]|(?<![a-z])(?:{'|'.join(sorted(MONTH_NAMES))})(?![a-z])")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_SLASHED: Final = re.compile(r"([0-9]{1,2}/[0-9]{1,2})(?:/([0-9]{0,4}))?")
_MARKED: Final = re.compile(r"([0-9]{1,2}([-.])[0-9]{1,2})\2([0-9]{4})")
_NAMED: Final = re.compile(r"(.*?[a-z0-9])(?:[ ,/.-]+([0-9]{1,4}))?", re.DOTALL)


def dates_in(text: str) -> list[Dated]:
    """The dates in the text of a search, in the order of the text; they do not overlap."""
    folded = folded_search(text)
    if len(folded) > _LONGEST or not _LIKE_A_DATE.search(folded):
        return []
    return list(_found([word.strip(",;:()") for word in folded.split()]))


def _found(words: Sequence[str]) -> Iterator[Dated]:
    at = 0
    while at < len(words):
        length, days = _longest_date(words, at)
        if days:
            # The program writes the weekday before a date; the date says which one it is.
            start = at - 1 if at and words[at - 1].rstrip(".") in WEEKDAY_NAMES else at
            yield Dated(frozenset(re.findall(r"\w+", " ".join(words[start : at + length]))), days)
        at += length


def _longest_date(words: Sequence[str], at: int) -> tuple[int, tuple[str, ...]]:
    """The number of words of the date that begins here, and its days; one word and none without a date."""
    days = _in_numbers(words[at])
    if days:
        return 1, days
    for length in range(min(_MOST_WORDS, len(words) - at), 0, -1):
        some = words[at : at + length]
        if any(name in MONTH_NAMES for word in some for name in re.findall("[a-z]+", word)):
            days = _with_name(" ".join(some))
            if days:
                return length, days
    return 1, ()


def _in_numbers(word: str) -> tuple[str, ...]:
    if match := _YEAR_FIRST.fullmatch(word):
        return _exact(int(match[4]), int(match[3]), int(match[1]))
    if match := _SLASHED.fullmatch(word):
        return _days(match[1], match[2] or "")
    match = _MARKED.fullmatch(word)
    return _days(match[1], match[3]) if match else ()


def _with_name(text: str) -> tuple[str, ...]:
    whole = _days(text, "")  # "june 15", in which the last number is the day
    if whole:
        return whole
    match = _NAMED.fullmatch(text)
    return _days(match[1], match[2]) if match and match[2] else ()


def _days(text: str, year: str) -> tuple[str, ...]:
    """The starts of the words for a day; of its year some digits may be typed yet."""
    found = next(filter(None, map(day_and_month, coded(text))), None)
    if found is None:
        return ()
    if len(year) == 4:
        return _exact(*found, int(year))
    start = start_of_day(*found)
    whole = _exact(*found, full_year(year)) if len(year) == 2 else ()
    return tuple(dict.fromkeys((start + year, *whole)))


def _exact(day: int, month: int, year: int) -> tuple[str, ...]:
    try:
        return (day_word(date(year, month, day)),)
    except ValueError:
        return ()
