"""Validation rules of the agency's legal numbers and address, and of languages; see ``models.field_types``.

Numbers are kept without the spaces, points and dashes with which people group them.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator

from models.enums import LANGUAGES
from models.field_types import problem
from models.text import has_unsafe, normalise, plain_number

ADDRESS_LENGTH: Final = 500
ADDRESS_LINES: Final = 8
_GROUPING: Final = re.compile("[ ./-]")
_SIRET: Final = re.compile("[0-9]{14}")
_VAT: Final = re.compile("[A-Z]{2}[0-9A-Z+*]{2,13}")


def _compact(value: str) -> str:
    return _GROUPING.sub("", plain_number(value)).strip()


def _siret(value: str) -> str:
    number = _compact(value)
    if number and not _SIRET.fullmatch(number):
        raise problem("siret", "A SIRET has 14 digits, such as 732 829 320 00074.")
    if not _has_luhn_sum(number):
        raise problem("siret", "This is not a SIRET: its check digit is wrong. Compare each digit.")
    return number


def _has_luhn_sum(digits: str) -> bool:
    """Whether the digits pass the check of Luhn: every second one from the right counts twice."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _vat(value: str) -> str:
    number = _compact(value).upper()
    if number and not (_VAT.fullmatch(number) and any(each.isdigit() for each in number)):
        raise problem(
            "vat", "A VAT number has the two letters of its country, then 2 to 13 characters: FR40303265045."
        )
    return number


def _address(value: str) -> str:
    text = normalise(value.replace("\r\n", "\n"))
    if has_unsafe(text, multiline=True):
        raise problem("unsafe", "Control characters are not allowed here.")
    if len(text) > ADDRESS_LENGTH:
        raise problem(
            "too_long", "At most {max} characters; this has {length}.", max=ADDRESS_LENGTH, length=len(text)
        )
    lines = text.split("\n")
    if len(lines) > ADDRESS_LINES:
        raise problem("lines", "At most {max} lines; this has {lines}.", max=ADDRESS_LINES, lines=len(lines))
    return text


def _language(value: str) -> str:
    code = plain_number(value).strip().lower()
    if code and code not in LANGUAGES:
        raise problem("language", "One of these: {names}.", names=", ".join(LANGUAGES))
    return code


def _or_empty(value: object) -> object:
    return "" if value is None else value  # a form has no value where nothing is chosen


def _required_language(value: str) -> str:
    code = _language(value)
    if not code:
        raise problem("required", "This field is required.")
    return code


Siret = Annotated[str, AfterValidator(_siret)]
"""The 14 digits of a French establishment, or an empty text."""
VatNumber = Annotated[str, AfterValidator(_vat)]
"""A VAT number in capitals; only its form is checked, since each country has rules of its own."""
Address = Annotated[str, AfterValidator(_address)]
"""A postal address of several lines, or an empty text."""
Language = Annotated[str, BeforeValidator(_or_empty), AfterValidator(_language)]
"""The code of a language of this program, or an empty text."""
RequiredLanguage = Annotated[str, AfterValidator(_required_language)]
