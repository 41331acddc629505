"""The words of typed dates and times, in each language, and what each means to the grammar.

Texts are folded first: no case, no accents. Each phrase becomes a code in capital letters, so that one
grammar serves all languages. The words of all languages are understood on every screen.

``mar`` is Tuesday in French and March in English. The language of the screen decides; the other meaning
counts only if the text is no date otherwise: ``15 mar`` is 15 March in French too.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

_MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
        "september sept sep", "october oct", "november nov", "december dec",
    ),
    "fr": (
        "janvier janv jan", "fevrier fevr fev", "mars", "avril avr", "mai", "juin", "juillet juill juil",
        "aout aou", "septembre sept sep", "octobre oct", "novembre nov", "decembre dec",
    ),
}  # fmt: skip
_WEEKDAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "monday mon", "tuesday tues tue", "wednesday weds wed", "thursday thurs thur thu", "friday fri",
        "saturday sat", "sunday sun",
    ),
    "fr": (
        "lundi lun", "mardi mar", "mercredi mer", "jeudi jeu", "vendredi vendr ven", "samedi sam",
        "dimanche dim",
    ),
}  # fmt: skip
_PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "DAY0": "today",
        "DAY+1": "tomorrow, tmrw, tmr",
        "DAY+2": "the day after tomorrow, day after tomorrow",
        "DAY-1": "yesterday",
        "DAY-2": "the day before yesterday, day before yesterday",
        "NOW": "now, right now",
        "NOON": "noon, midday",
        "MIDNIGHT": "midnight",
        "AM": "am", "PM": "pm",
        "H": "h, hour, hours, hr, hrs",
        "30 MIN": "half an hour", "15 MIN": "a quarter of an hour", "1 H 30": "an hour and a half",
        "MIN": "min, mins, minute, minutes",
        "UNIT-D": "d, day, days",
        "UNIT-W": "w, wk, wks, week, weeks",
        "UNIT-M": "m, month, months",
        "UNIT-Y": "y, yr, yrs, year, years",
        "2 UNIT-W": "a fortnight",
        "NEXT": "next", "LAST": "last", "THIS": "this",
        "IN": "in", "AGO": "ago", "FROM-NOW": "from now, from today",
        "END": "end, the end",
        "THE": "the", "ON": "on", "OF": "of", "AT": "at", "T": "t",
        "A": "a, an", "NUM1": "one", "NUM2": "two", "NUM3": "three", "NUM4": "four", "NUM5": "five",
        "NUM6": "six", "NUM10": "ten",
        "TH": "st, nd, rd, th", "1 TH": "first",
        "WEEKEND": "weekend, week end", "PART-OF": "start, beginning, early, mid, middle, late",
        "MORNING": "morning, in the morning", "DAY0 MORNING": "this morning",
        "AFTERNOON": "afternoon, in the afternoon", "DAY0 AFTERNOON": "this afternoon",
        "EVENING": "evening, in the evening, night, at night", "DAY0 EVENING": "this evening, tonight",
        "DAY-1 EVENING": "last night",
    },
    "fr": {
        "DAY0": "aujourd hui, aujourdhui, auj",
        "DAY+1": "demain",
        "DAY+2": "apres demain",
        "DAY-1": "hier",
        "DAY-2": "avant hier",
        "NOW": "maintenant",
        "NOON": "midi",
        "MIDNIGHT": "minuit",
        "H": "heure, heures",
        "30 MIN": "une demi heure", "15 MIN": "un quart d heure", "1 H 30": "une heure et demie",
        "MIN": "mn",
        "UNIT-D": "j, jr, jrs, jour, jours",
        "UNIT-W": "s, sem, semaine, semaines",
        "UNIT-M": "mois",
        "UNIT-Y": "an, ans, annee, annees",
        "NEXT": "prochain, prochaine", "LAST": "dernier, derniere, passe, passee", "THIS": "ce, cette",
        "IN": "dans", "BEFORE-NOW": "il y a, y a",
        "END": "fin, la fin",
        "THE": "le, la, l", "OF": "de, du, d",
        "A": "a", "NUM1": "un, une", "NUM2": "deux", "NUM3": "trois", "NUM4": "quatre", "NUM5": "cinq",
        "NUM6": "six", "NUM10": "dix",
        "TH": "er", "1 TH": "premier",
        "PART-OF": "debut, mi, milieu",
        "MORNING": "matin, du matin, le matin", "DAY0 MORNING": "ce matin",
        "AFTERNOON": "apres midi, de l apres midi, l apres midi", "DAY0 AFTERNOON": "cet apres midi",
        "EVENING": "soir, du soir, le soir", "DAY0 EVENING": "ce soir",
    },
}  # fmt: skip
"""Codes and their phrases.

Left out are ``sept``, which is a month too, ``huit``, since *huit jours* are a week, and ``cet``, which is a
time zone.
"""

LANGUAGES: Final = tuple(_MONTHS)


def _names(words: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(name for each in words.values() for names in each for name in names.split())


MONTH_NAMES: Final = _names(_MONTHS)
"""The folded names of the months in all languages, and their abbreviations."""
WEEKDAY_NAMES: Final = _names(_WEEKDAYS)
"""Those of the weekdays."""

_WORD = "(?<![a-z])(?:{})(?![a-z])"


def readings_of(text: str, language: str) -> Iterator[str]:
    """The folded text with codes for its words, as the language reads them, then as each other one does."""
    seen = set()
    for first in sorted(LANGUAGES, key=lambda each: each != language):
        codes, pattern = _vocabulary(first)
        coded = pattern.sub(lambda match, codes=codes: f" {codes[match[0]]} ", text)  # type: ignore[misc]
        if coded not in seen:
            seen.add(coded)
            yield " ".join(coded.split())


@lru_cache(maxsize=8)
def _vocabulary(language: str) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """The codes of the phrases of all languages, this one's own on top, and a pattern that finds them."""
    codes: dict[str, str] = {}
    for each in sorted(LANGUAGES, key=lambda other: other == language):
        codes |= _codes_of(each)
    longest_first = sorted(codes, key=len, reverse=True)
    return codes, re.compile(_WORD.format("|".join(map(re.escape, longest_first))))


def _codes_of(language: str) -> dict[str, str]:
    codes = {phrase: code for code, text in _PHRASES[language].items() for phrase in text.split(", ")}
    for number, words in enumerate(_MONTHS[language], start=1):
        codes |= dict.fromkeys(words.split(), f"MONTH{number}")
    for number, words in enumerate(_WEEKDAYS[language]):
        codes |= dict.fromkeys(words.split(), f"WEEKDAY{number}")
    return codes
