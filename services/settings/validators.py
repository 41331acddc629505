"""The validation rules of the settings. Every rule takes the raw value and the settings read before it.

A rule raises :class:`SettingsError`, which names the variable, the problem and the right form. The error
never shows the value, which may be a secret.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from services.errors import SettingsError
from services.files import absolute
from services.i18n import LANGUAGES, N_
from services.iso_codes import CURRENCIES, PHONE_REGIONS
from services.settings.database_urls import canonical_url
from services.settings.sources import Raw

MINIMUM_KEY_BYTES: Final = 32
MINIMUM_BCRYPT_COST: Final = 4
MAXIMUM_BCRYPT_COST: Final = 16

# Keys printed in the guides and in .env.example, with which anyone could sign a token.
SAMPLE_KEYS: Final = frozenset({
    "40f04230e0ec57233c6ebb873c1142b7f86047a6bbd21c8f1d01a262a90651ba",
    "sample-key-for-trying-out-only-replace-it-by-a-fresh-one",
    "<votre_cle_production_super_securisee>",
})  # fmt: skip

Values = Mapping[str, Any]
"""The settings read so far, by field; a later rule may depend on an earlier one."""

_LOCALE_PATTERN = re.compile(r"([a-z]{2})(?:[_-]([a-z]{2}))?(?:[.@].*)?", re.IGNORECASE)
# Sentry silently drops an event with an invalid release.
_RELEASE_PATTERN = re.compile(r"(?!(?:\.{1,2}|latest)$)[^/\\\s]{1,200}")

_SHORT_KEY = N_(
    "{variable} is too short: at least {minimum} bytes. Create a new one with: openssl rand -hex 32"
)
_SAMPLE_KEY = N_(
    "{variable} is a published sample, which production refuses. Create a new one with: openssl rand -hex 32"
)
_NO_LANGUAGE = N_(
    "{variable} names no language of this program. Choose one of: {choices}; with a country, as in en_GB."
)
_NO_CURRENCY = N_("{variable} is not the code of a currency (ISO 4217), such as EUR or CHF.")
_NO_COUNTRY = N_("{variable} is not the code of a country (ISO 3166), such as FR or BE.")
_NO_ZONE = N_("{variable} is not the name of a time zone, such as Europe/Paris.")
_NO_NUMBER = N_("{variable} must be a whole number from {low} to {high}.")
_NO_CHOICE = N_("{variable} must be one of: {choices}.")
_NO_SWITCH = N_("{variable} must be 1 or 0.")
_SWITCH: Final = {
    "1": True, "true": True, "yes": True, "on": True,
    "0": False, "false": False, "no": False, "off": False,
}  # fmt: skip
_NO_DSN = N_(
    "{variable} is not a DSN. Copy it from the project's page in Sentry; it looks like https://key@host/number."
)
_NO_RATE = N_("{variable} must be a number from 0.0 to 1.0.")
_NO_PATH = N_("{variable} must be the path of a file.")
_NO_FOLDER = N_("{variable} must be the path of a folder.")
_NO_RELEASE = N_("{variable} must be at most 200 characters, without spaces or slashes.")


def secret_key(raw: Raw, values: Values) -> str:
    """A key of at least 32 bytes; production refuses published keys."""
    key = raw.text.strip()
    if len(key.encode(errors="surrogateescape")) < MINIMUM_KEY_BYTES:
        raise SettingsError(raw.variable, _SHORT_KEY, minimum=MINIMUM_KEY_BYTES)
    if values["environment"] == "production" and key in SAMPLE_KEYS:
        raise SettingsError(raw.variable, _SAMPLE_KEY)
    return key


def database_url(raw: Raw, values: Values) -> str:
    """The address of an SQLite file or of a PostgreSQL database."""
    return canonical_url(raw.text, folder=raw.folder, variable=raw.variable)


def locale_name(raw: Raw, values: Values) -> str:
    """A supported language with an optional country."""
    name = known_locale(raw.text)
    if name is None:
        raise SettingsError(raw.variable, _NO_LANGUAGE, choices=", ".join(LANGUAGES))
    return name


def known_locale(text: str) -> str | None:
    """The locale in canonical form: ``fr_CA`` for ``fr-ca.UTF-8``; ``None`` for an unsupported language."""
    match = _LOCALE_PATTERN.fullmatch(text.strip())
    if match is None or match[1].lower() not in LANGUAGES:
        return None
    return match[1].lower() + (f"_{match[2].upper()}" if match[2] else "")


def one_of(
    choices: Collection[str], refusal: str = _NO_CHOICE, fold: Callable[[str], str] = str.lower
) -> Callable[[Raw, Values], str]:
    """The rule that a value is one of these words, in any case."""

    def choice(raw: Raw, values: Values) -> str:
        text = fold(raw.text.strip())
        if text not in choices:
            raise SettingsError(raw.variable, refusal, choices=", ".join(choices))
        return text

    return choice


currency: Final = one_of(CURRENCIES, _NO_CURRENCY, str.upper)
phone_region: Final = one_of(PHONE_REGIONS, _NO_COUNTRY, str.upper)


def time_zone(raw: Raw, values: Values) -> str:
    """The name of a time zone of which this machine has the data."""
    from services.time_zones import zone_named

    name = raw.text.strip()
    if zone_named(name) is None:
        raise SettingsError(raw.variable, _NO_ZONE)
    return name


def bcrypt_cost(raw: Raw, values: Values) -> int:
    """A cost that bcrypt takes, and that a person waits for."""
    text = raw.text.strip()
    if re.fullmatch("[0-9]{1,2}", text) and MINIMUM_BCRYPT_COST <= int(text) <= MAXIMUM_BCRYPT_COST:
        return int(text)
    raise SettingsError(raw.variable, _NO_NUMBER, low=MINIMUM_BCRYPT_COST, high=MAXIMUM_BCRYPT_COST)


def file_path(raw: Raw, values: Values) -> Path:
    """The absolute path of a file; a relative one starts beside the ``.env`` that names it."""
    return _path(raw, _NO_PATH)


def folder_path(raw: Raw, values: Values) -> Path:
    """The absolute path of a folder; a relative one starts beside the ``.env`` that names it."""
    return _path(raw, _NO_FOLDER)


def _path(raw: Raw, refusal: str) -> Path:
    text = raw.text.strip()
    if text.isprintable():
        with suppress(RuntimeError):  # ``~name`` of an unknown user
            return absolute(text, raw.folder)
    raise SettingsError(raw.variable, refusal)


def switch(raw: Raw, values: Values) -> bool:
    """True or false, written as 1, true, yes or on, or as 0, false, no or off."""
    text = raw.text.strip().lower()
    if text not in _SWITCH:
        raise SettingsError(raw.variable, _NO_SWITCH)
    return _SWITCH[text]


def dsn(raw: Raw, values: Values) -> str:
    """A valid Sentry DSN; the check does not load the SDK."""
    text = raw.text.strip()
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.username and parts.port != 0
    except ValueError:
        whole = None
    if not whole or not re.search(r"/[0-9]+$", text) or not text.isprintable() or " " in text:
        raise SettingsError(raw.variable, _NO_DSN) from None
    return text


def rate(raw: Raw, values: Values) -> float:
    """A share from 0.0 to 1.0."""
    try:
        share = float(raw.text)
    except ValueError:
        share = math.nan
    if not 0.0 <= share <= 1.0:  # also refuses NaN
        raise SettingsError(raw.variable, _NO_RATE) from None
    return share


def release(raw: Raw, values: Values) -> str:
    """A release name that Sentry accepts."""
    text = raw.text.strip()
    if not _RELEASE_PATTERN.fullmatch(text) or not text.isprintable():
        raise SettingsError(raw.variable, _NO_RELEASE)
    return text
