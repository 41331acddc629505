"""Masks IBANs and numbers of national registers, such as social security numbers."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from services.monitoring.scrubbing.pattern_replace import digits_of, luhn, replace_confirmed
from services.monitoring.scrubbing.placeholders import REDACTED

# Length of an IBAN by country (registry of ISO 13616).
_IBAN_LENGTHS: Final = {
    code: length
    for length, codes in {
        15: "NO", 16: "BE", 18: "DK FO FI GL NL SD FK", 19: "MK SI", 20: "AT BA EE KZ LT LU XK MN",
        21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG DZ", 25: "AO CV LY MZ PT ST", 26: "IS TR IR",
        27: "FR GR IT MC MR SM BI DJ CF CG CM GA GQ KM MG TD",
        28: "AL AZ BJ BF CI CY DO GT HN HU LB ML NE NI PL SN SV TG MA",
        29: "BR EG PS QA UA BY", 30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for code in codes.split()
}  # fmt: skip
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ .\-_/\t]?\d{2}(?:[ .\-_/\t]?[A-Za-z0-9]){11,30}")
_MOSTLY_DIGITS: Final = 10
_NIR = re.compile(
    r"(?<![\dA-Za-z])([12])([ .-]?)(\d\d)\2(0[1-9]|1[0-2]|[2-9]\d)\2(\d\d|2[ABab])\2(\d{3})\2(\d{3})"
    r"(?:[ .-]?(\d\d))?(?![\dA-Za-z])"
)
_SSN = re.compile(r"(?<![\w-])(?<!\d[.,])\d{3}([- .])\d{2}\1\d{4}(?!\w|[-.,]\d)")


def mask_ibans(text: str) -> str:
    """The text without IBANs, in upper or lower case, with or without groups."""
    parts: list[str] = []
    done = at = 0
    while match := _IBAN.search(text, at):
        end = _iban_end(match)
        if end is None:
            at = match.start() + 1
            continue
        parts += (text[done : match.start()], REDACTED)
        done = at = end
    return "".join(parts) + text[done:] if parts else text


def _iban_end(match: re.Match[str]) -> int | None:
    """The end of the IBAN at the start of this match, which may include later words; ``None`` if invalid."""
    length = _IBAN_LENGTHS.get(match[0][:2].upper())
    squashed = ""
    for at, character in enumerate(match[0]):
        squashed += character if character.isalnum() else ""
        if len(squashed) == length:
            following = match[0][at + 1 : at + 2]
            is_one = not following.isalnum() and (_checks(squashed) or _is_written_as_one(match[0][: at + 1]))
            return match.start() + at + 1 if is_one else None
    return None


def _is_written_as_one(text: str) -> bool:
    """Whether it may be an IBAN with a typing error: it is in capitals and mostly digits."""
    return text.isalnum() and text.isupper() and len(digits_of(text)) >= _MOSTLY_DIGITS


def _checks(iban: str) -> bool:
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1


def mask_identities(text: str) -> str:
    """The text without the numbers of national registers."""
    text = _SSN.sub(REDACTED, text)
    for pattern, is_id in _REGISTERS:
        text = replace_confirmed(pattern, text, partial(_mask_if, is_id))
    return text


def _mask_if(is_id: Callable[[re.Match[str]], bool], match: re.Match[str]) -> str | None:
    return REDACTED if is_id(match) else None


def _is_nir(match: re.Match[str]) -> bool:
    """Whether this is a French number: written in groups, or as a bare run with a valid key."""
    key = match[8]
    if match[2]:
        return True
    if key is None:
        return False
    number = "".join(match.group(1, 3, 4, 5, 6, 7)).upper().replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(key)


def _is_nif(match: re.Match[str]) -> bool:
    number = match[0].upper().replace("-", "").translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number[:8]) % 23] == match[0][-1].upper()


def _is_swedish(match: re.Match[str]) -> bool:
    return luhn(digits_of(match[0])[-10:])


def _is_luhn(match: re.Match[str]) -> bool:
    return luhn(digits_of(match[0]))


def _always(match: re.Match[str]) -> bool:
    return True


def _register(
    pattern: str, is_id: Callable[[re.Match[str]], bool]
) -> tuple[re.Pattern[str], Callable[..., bool]]:
    return re.compile(rf"(?<![\w.-])(?:{pattern})(?![\w-])"), is_id


_REGISTERS: Final = (
    (_NIR, _is_nir),
    _register(r"(?![DFIQUV])[A-Z](?![DFIOQUV])[A-Z] ?\d\d ?\d\d ?\d\d ?[A-D]", _always),  # British NINO
    _register(r"\d{8}-?[A-Z]|[XYZ]-?\d{7}-?[A-Z]", _is_nif),  # Spanish NIF and NIE
    _register(r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]", _always),  # Italian codice fiscale
    _register(r"\d\d\.\d\d\.\d\d-\d{3}[.-]\d\d", _always),  # Belgian national number
    _register(r"756\.\d{4}\.\d{4}\.\d\d", _always),  # Swiss AHV
    _register(r"\d{3}\.\d{3}\.\d{3}-\d\d", _always),  # Brazilian CPF
    _register(r"\d{3}-\d{3}-\d{3}", _is_luhn),  # Canadian SIN
    _register(r"(?:\d\d)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]\d{4}", _is_swedish),
    _register(
        r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", _always
    ),  # Finnish
)
