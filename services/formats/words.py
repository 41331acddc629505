"""Words beside a typed amount: names and signs of currencies, and multipliers such as "k"."""

import re
from functools import lru_cache

from services.errors import Invalid
from services.formats.locale_rules import babel_locale, decimal_mark
from services.i18n import LANGUAGES, N_
from services.iso_codes import CURRENCIES

_SPACES = re.compile("[\\s\u00a0\u2009\u202f]+")
_MULTIPLIER = re.compile(
    r"(?:(?P<thousand>k|mille|thousand)|(?P<million>m|mn|mio|millions?)|(?P<milliard>mds?|mrds?|bn|milliards?))"
    r"(?![^\W\d_])\.?(?: ?(?:d'|de |of )?)(?P<rest>.*)|(?P<short>k|m)(?P<sign>[^\w\s].*|[a-z]{3})",
    re.IGNORECASE,
)
_BEFORE_DECIMALS = re.compile(
    r"(?P<number>.*[0-9]) ?(?P<word>[km])(?P<decimals>[0-9]|[0-9]{3})(?P<rest>[^0-9]*)", re.I
)

_NO_AMOUNT = N_("This is not an amount; write it like {example}.")
_OTHER_CURRENCY = N_("Amounts are in {currency} here, not in {other}; write it like {example}.")


def split_multiplier(words: str) -> tuple[int, str]:
    """The multiplier in the words after a number, and the remaining words: ``k€`` gives 1000 and ``€``."""
    match = _MULTIPLIER.fullmatch(words)
    if match is None:
        return 1, words
    rest = (match["rest"] or match["sign"] or "").strip()
    if match["milliard"]:
        return 1_000_000_000, rest
    thousand = match["thousand"] or (match["short"] or "").casefold() == "k"
    return 1_000 if thousand else 1_000_000, rest


def decimals_before_word(text: str) -> str:
    """The text with the decimals of ``1k5`` before their word, as in ``1.5k``; any other text as it is."""
    match = _BEFORE_DECIMALS.fullmatch(text)
    if match is None or any(mark in match["number"] for mark in ".,"):
        return text
    return f"{match['number']}{decimal_mark()}{match['decimals']}{match['word']}{match['rest']}"


@lru_cache(maxsize=512)
def names_of(currency: str, locale_name: str) -> frozenset[str]:
    """The spellings of a currency in lower case: its code, its signs, its names in our languages."""
    names = {currency}
    for locale in (babel_locale(locale_name), *map(babel_locale, (*LANGUAGES, "en_US", "fr_FR"))):
        names |= _names_in(currency, str(locale))
    return frozenset(_SPACES.sub(" ", name).casefold() for name in names)


@lru_cache(maxsize=1024)
def _names_in(currency: str, locale_name: str) -> frozenset[str]:
    from babel.numbers import get_currency_name, get_currency_symbol

    locale = babel_locale(locale_name)
    full = {get_currency_name(currency, count, locale) for count in (1, 2)}
    # "US dollars", "dollars des États-Unis": the noun alone is accepted too.
    noun = -1 if locale.language == "en" else 0
    nouns = {name.split()[noun] for name in full}
    return frozenset({get_currency_symbol(currency, locale), *full, *nouns, *_narrow_sign(currency)})


def _narrow_sign(currency: str) -> set[str]:
    # "$" for US$ and CA$; it is unambiguous, since a CRM has one currency.
    from babel.numbers import get_currency_symbol

    sign = re.sub("[A-Za-z]", "", get_currency_symbol(currency, "en"))
    return {sign} if sign else set()


@lru_cache(maxsize=1)
def _all_names() -> frozenset[str]:
    return frozenset[str]().union(*(names_of(code, "en") for code in CURRENCIES))


def refused_words(words: str, field: str, currency: str, example: str) -> Invalid:
    """Why an amount with these words beside it is refused: another currency is named, as it was typed."""
    if words.casefold() in _all_names():
        return Invalid.of(field, _OTHER_CURRENCY, currency=currency, other=words, example=example)
    return Invalid.of(field, _NO_AMOUNT, example=example)
