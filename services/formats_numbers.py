"""Amounts and whole numbers: read as people type them, shown in the active language.

Money is ``Decimal`` of two digits throughout; no float ever comes near it.
"""

import re
from decimal import Context, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from services import i18n
from services.errors import Invalid
from services.formats_locale import babel_locale, decimal_mark, terminal_spaces
from services.i18n import N_

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

CENT: Final = Decimal("0.01")
_LONGEST: Final = 60
# Decimal's own 28 digits are fewer than somebody can type; what is too much is refused as such, further on.
_EXACT: Final = Context(prec=_LONGEST + 2)
_SPACES = re.compile("[\\s\u00a0\u2009\u202f]+")
_SIGN = re.compile("^([+\\-\u2212]?) ?")
# Thousands in threes behind one and the same mark; the mark of the cents is the other of point and comma.
_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<mark>[ .,'\u2019])[0-9]{3}(?:(?P=mark)[0-9]{3})*)(?P<cents>[.,][0-9]*)?"
)
_PLAIN = re.compile(r"(?P<whole>[0-9]*)(?P<cents>[.,][0-9]*)?")

_NO_AMOUNT = N_("This is not an amount; write it like {example}.")
_TWO_READINGS = N_("This can be read in two ways; write it like {example}, without a mark between thousands.")
_TWO_DECIMALS = N_("An amount has at most two decimals.")
_OTHER_CURRENCY = N_("Amounts are in {currency} here; write it like {example}.")
_NO_INTEGER = N_("This is not a whole number; write it like {example}.")


def parse_money(text: str, field: str, currency: str = "EUR") -> Decimal:
    """The amount that somebody typed: ``1 234,50``, ``1234.5``, ``1,234.50``, with or without the currency.

    Point and comma both serve as the mark of the cents. Where one of them could as well divide thousands,
    the active language decides, or the amount is refused. Raises :class:`Invalid` naming ``field``.
    """
    number = _without_currency(_tidy(text), field, currency)
    sign = _SIGN.match(number)
    bare = number[sign.end() :] if sign else number
    whole, cents = _split(bare, field)
    amount = Decimal(f"{whole or '0'}.{cents or '0'}").quantize(CENT, context=_EXACT)
    return amount.copy_negate() if sign and sign[1] in ("-", "\u2212") else amount


def parse_integer(text: str, field: str) -> int:
    """The whole number that somebody typed, thousands divided or not.

    Raises :class:`Invalid` naming ``field``.
    """
    match = re.fullmatch(r"(-?)([0-9]{1,3}(?:[ '\u2019][0-9]{3})+|[0-9]{1,18})", _tidy(text))
    if match is None and decimal_mark() == ".":
        match = re.fullmatch(r"(-?)([1-9][0-9]{0,2}(?:,[0-9]{3})+)", _tidy(text))
    if match is None or len(match[2]) > _LONGEST:
        raise Invalid.of(field, _NO_INTEGER, example="75")
    return int(match[1] + re.sub("[^0-9]", "", match[2]))


def show_money(amount: Decimal, currency: str) -> str:
    """The amount for the eye, with its currency: ``1 234,50 €``, ``€1,234.50``. Always two decimals."""
    name = i18n.locale_name()
    return terminal_spaces(
        _money_pattern(name).apply(amount, babel_locale(name), currency=currency, currency_digits=False)
    )


def show_amount(amount: Decimal) -> str:
    """The amount for the eye without its currency, for columns: ``1 234,50``, ``1,234.50``."""
    from babel.numbers import format_decimal

    locale = babel_locale(i18n.locale_name())
    return terminal_spaces(format_decimal(amount, format="#,##0.00", locale=locale))


def edit_money(amount: Decimal) -> str:
    """The amount as one would type it: ``1234,50`` in French, ``1234.50`` in English."""
    return f"{amount:.2f}".replace(".", decimal_mark())


def show_integer(number: int) -> str:
    """The whole number for the eye, its thousands divided."""
    from babel.numbers import format_decimal

    return terminal_spaces(format_decimal(number, locale=babel_locale(i18n.locale_name())))


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text.strip()) if len(text) <= _LONGEST else "?"


def _example() -> str:
    return edit_money(Decimal("1234.50"))


def _without_currency(text: str, field: str, currency: str) -> str:
    match = re.fullmatch(r"([^0-9.,+\-\u2212]*)(.*?[0-9.,])([^0-9.,]*)", text)
    if match is None:
        raise Invalid.of(field, _NO_AMOUNT, example=_example())
    signs = {part.strip() for part in (match[1], match[3]) if part.strip()}
    if not signs:
        return match[2]
    if len(signs) == 1 and signs.pop().casefold() in _currency_names(currency, i18n.locale_name()):
        return match[2]
    if re.search(r"[^\W\d_]{4}|[\x00-\x1f]", text):
        raise Invalid.of(field, _NO_AMOUNT, example=_example())
    raise Invalid.of(field, _OTHER_CURRENCY, currency=currency, example=_example())


@lru_cache(maxsize=64)
def _currency_names(currency: str, locale_name: str) -> frozenset[str]:
    from babel.numbers import get_currency_symbol

    symbols = {
        get_currency_symbol(currency, locale) for locale in (babel_locale(locale_name), "en_US", "fr_FR")
    }
    return frozenset(_SPACES.sub(" ", name).casefold() for name in {currency, *symbols})


def _split(number: str, field: str) -> tuple[str, str]:
    """The digits before and after the mark of the cents."""
    grouped = _GROUPED.fullmatch(number)
    if grouped is not None:
        return _split_grouped(grouped, field)
    plain = _PLAIN.fullmatch(number)
    cents = (plain["cents"] or "") if plain else ""
    if plain is None or cents in (".", ",") or not (plain["whole"] or cents):
        raise Invalid.of(field, _NO_AMOUNT, example=_example())
    return plain["whole"], _checked_cents(cents[1:], field)


def _split_grouped(grouped: re.Match[str], field: str) -> tuple[str, str]:
    mark, cents = grouped["mark"], grouped["cents"] or ""
    if (mark in ".," and cents[:1] == mark) or cents in (".", ","):
        raise Invalid.of(field, _NO_AMOUNT, example=_example())
    if mark in ".," and not cents and grouped["whole"].count(mark) == 1:
        if mark == decimal_mark():
            raise Invalid.of(field, _TWO_DECIMALS)
        if mark == ".":
            raise Invalid.of(field, _TWO_READINGS, example=_example())
    return re.sub("[^0-9]", "", grouped["whole"]), _checked_cents(cents[1:], field)


def _checked_cents(cents: str, field: str) -> str:
    if len(cents) > 2:
        raise Invalid.of(field, _TWO_DECIMALS)
    return cents


@lru_cache(maxsize=16)
def _money_pattern(locale_name: str) -> "NumberPattern":
    pattern: NumberPattern = babel_locale(locale_name).currency_formats["standard"]
    return pattern
