"""Parses and formats amounts and whole numbers in the active language.

Money is always ``Decimal`` with the decimals of its currency, never a float.
"""

import re
from decimal import Context, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from models.text import plain_number
from services import i18n
from services.errors import Invalid
from services.formats.locale_rules import babel_locale, decimal_mark, terminal_spaces
from services.formats.words import decimals_before_word, names_of, refused_words, split_multiplier
from services.i18n import N_
from services.iso_codes import currency_digits

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

_MAX_LENGTH: Final = 60
# A user can type more than Decimal's default of 28 digits; a later check refuses amounts that are too large.
_EXACT: Final = Context(prec=_MAX_LENGTH + 12)
_SPACES = re.compile("[\\s\u00a0\u2009\u202f]+")
_SIGN = re.compile("^([+\\-\u2212]?) ?")
# Groups of three digits with one separator, then perhaps a fraction that begins with its decimal mark.
_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<separator>[ .,'\u2019])[0-9]{3}(?:(?P=separator)[0-9]{3})*)"
    r"(?P<fraction>[.,][0-9]*)?"
)
_PLAIN = re.compile(r"(?P<whole>[0-9]*)(?P<fraction>[.,][0-9]*)?")

_NO_AMOUNT = N_("This is not an amount; write it like {example}.")
_TWO_READINGS = N_("This can be read in two ways; write it like {example}, without a mark between thousands.")
_WHOLE = N_("Amounts in {currency} have no decimals.")
_DECIMALS = N_("Amounts in {currency} have at most {digits} decimals.")
_IN_FULL = N_("Write the amount in full: {example}.")
_NO_INTEGER = N_("This is not a whole number; write it like {example}.")


def parse_money(text: str, field: str, currency: str = "EUR") -> Decimal:
    """Parse a typed amount: ``1 234,50``, ``1234.5``, ``1,234.50``, with or without the currency.

    Point and comma are both accepted as the decimal mark. If the mark may also separate thousands, the active
    language decides, or the amount is refused. The result has as many decimals as its currency. Raises
    :class:`Invalid` naming ``field``.
    """
    number, multiplier = _split_words_off(_tidy(text), field, currency)
    if multiplier == 1:
        return _parse_amount(number, field, currency, currency_digits(currency))
    # Of 1.2345 thousand the currency needs no such decimals, but the amount in full.
    part = _parse_amount(number, field, currency, _MAX_LENGTH)
    amount = check_decimals(_EXACT.multiply(part, multiplier), field, currency)
    raise Invalid.of(field, _IN_FULL, example=_without_zero_fraction(amount))


def check_decimals(amount: Decimal, field: str, currency: str) -> Decimal:
    """The amount with the decimals of its currency. Raises :class:`Invalid` if it has more."""
    digits = currency_digits(currency)
    exact = amount.quantize(Decimal(1).scaleb(-digits), context=_EXACT)
    if exact != amount:
        raise _too_many_decimals(field, currency)
    return exact


def _parse_amount(number: str, field: str, currency: str, digits: int) -> Decimal:
    """The amount of at most so many decimals."""
    sign = _SIGN.match(number)
    bare = number[sign.end() :] if sign else number
    whole, decimals = _split_decimals(bare, field, currency, digits)
    unit = Decimal(1).scaleb(-min(digits, max(len(decimals), currency_digits(currency))))
    amount = Decimal(f"{whole or '0'}.{decimals or '0'}").quantize(unit, context=_EXACT)
    return amount.copy_negate() if sign and sign[1] in ("-", "\u2212") else amount


def parse_integer(text: str, field: str) -> int:
    """Parse a typed whole number, with or without separators between thousands.

    Raises :class:`Invalid` naming ``field``.
    """
    match = re.fullmatch(r"(-?)([0-9]{1,3}(?:[ '\u2019][0-9]{3})+|[0-9]{1,18})", _tidy(text))
    if match is None and decimal_mark() == ".":
        match = re.fullmatch(r"(-?)([1-9][0-9]{0,2}(?:,[0-9]{3})+)", _tidy(text))
    if match is None or len(match[2]) > _MAX_LENGTH:
        raise Invalid.of(field, _NO_INTEGER, example="75")
    return int(match[1] + re.sub("[^0-9]", "", match[2]))


def show_money(amount: Decimal, currency: str) -> str:
    """Format the amount with its currency: ``1 234,50 €``, ``€1,234.50``, ``¥1,234``."""
    name = i18n.locale_name()
    digits = max(currency_digits(currency), _decimals_of(amount))
    pattern = _money_pattern(name, digits)
    return terminal_spaces(
        pattern.apply(amount, babel_locale(name), currency=currency, currency_digits=False)
    )


def show_amount(amount: Decimal) -> str:
    """Format the amount without its currency, for columns: ``1 234,50``, ``1,234.50``.

    The text has the decimals of the amount. An amount from the database has those of its currency.
    """
    from babel.numbers import format_decimal

    digits = _decimals_of(amount)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return terminal_spaces(format_decimal(amount, format=pattern, locale=babel_locale(i18n.locale_name())))


def edit_money(amount: Decimal) -> str:
    """Format the amount for an input field: ``1234,50`` in French, ``1234.50`` in English."""
    return f"{amount:f}".replace(".", decimal_mark())


def example_money(currency: str) -> str:
    """An example amount in the currency, as written in an input field."""
    return edit_money(Decimal("1234.50").quantize(Decimal(1).scaleb(-currency_digits(currency))))


def show_integer(number: int) -> str:
    """Format the whole number with separators between thousands."""
    # Neither language writes a number below a thousand otherwise, and Babel takes 40 microseconds for each.
    if 0 <= number < 1_000:
        return f"{number:d}"
    from babel.numbers import format_decimal

    return terminal_spaces(format_decimal(number, locale=babel_locale(i18n.locale_name())))


def _tidy(text: str) -> str:
    """The text with plain digits and single spaces; for one that is too long, ``"?"``, which is no number."""
    return _SPACES.sub(" ", plain_number(text).strip()) if len(text) <= _MAX_LENGTH else "?"


def _without_zero_fraction(amount: Decimal) -> str:
    return edit_money(
        amount.quantize(Decimal(1), context=_EXACT) if amount == amount.to_integral_value() else amount
    )


def _decimals_of(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _too_many_decimals(field: str, currency: str) -> Invalid:
    digits = currency_digits(currency)
    return Invalid.of(field, _DECIMALS if digits else _WHOLE, currency=currency, digits=digits)


def _split_words_off(text: str, field: str, currency: str) -> tuple[str, int]:
    """The number without the words around it, and the multiplier that a word after it names."""
    match = re.fullmatch(r"([^0-9.,+\-\u2212]*)(.*?[0-9.,])([^0-9.,]*)", decimals_before_word(text))
    if match is None:
        raise Invalid.of(field, _NO_AMOUNT, example=example_money(currency))
    before, after = match[1].strip(), match[3].strip()
    multiplier, after = split_multiplier(after)
    words = [word for word in (before, after) if word]
    if not words:
        return match[2], multiplier
    names = names_of(currency, i18n.locale_name())
    foreign = [word for word in words if word.casefold() not in names]
    if not foreign and len(words) == 1:
        return match[2], multiplier
    raise refused_words(" ".join(foreign or words), field, currency, example_money(currency))


def _split_decimals(number: str, field: str, currency: str, digits: int) -> tuple[str, str]:
    """The digits before and after the decimal mark."""
    grouped = _GROUPED.fullmatch(number)
    if grouped is not None:
        return _split_grouped(grouped, field, currency, digits)
    plain = _PLAIN.fullmatch(number)
    fraction = (plain["fraction"] or "") if plain else ""
    if plain is None or fraction in (".", ",") or not (plain["whole"] or fraction):
        raise Invalid.of(field, _NO_AMOUNT, example=example_money(currency))
    return plain["whole"], _check_digits(fraction[1:], field, currency, digits)


def _split_grouped(grouped: re.Match[str], field: str, currency: str, digits: int) -> tuple[str, str]:
    separator, fraction = grouped["separator"], grouped["fraction"] or ""
    if (separator in ".," and fraction[:1] == separator) or fraction in (".", ","):
        raise Invalid.of(field, _NO_AMOUNT, example=example_money(currency))
    # One point or comma before three digits, as in "1,234", may be the decimal mark instead.
    if separator in ".," and not fraction and grouped["whole"].count(separator) == 1:
        if separator == decimal_mark():
            whole, _, decimals = grouped["whole"].partition(separator)
            return whole, _check_digits(decimals, field, currency, digits)
        if separator == "." and currency_digits(currency):
            raise Invalid.of(field, _TWO_READINGS, example=example_money(currency))
    return re.sub("[^0-9]", "", grouped["whole"]), _check_digits(fraction[1:], field, currency, digits)


def _check_digits(decimals: str, field: str, currency: str, digits: int) -> str:
    """The decimals. Raises :class:`Invalid` if they are more than these digits."""
    if len(decimals) > digits:
        raise _too_many_decimals(field, currency)
    return decimals


@lru_cache(maxsize=64)
def _money_pattern(locale_name: str, digits: int) -> "NumberPattern":
    from copy import copy

    pattern: NumberPattern = copy(babel_locale(locale_name).currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    return pattern
