"""Number and date rules of the active language; parsing input does not load Babel.

The first formatted value loads Babel, and each pattern is then cached.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from services import i18n

if TYPE_CHECKING:
    from babel import Locale

# Locales whose short date in CLDR begins with the month. Plain "en" is left out, although CLDR includes it:
# it is also the default for systems without a locale (C.UTF-8).
_MONTH_FIRST: Final = frozenset(
    ("en_US", "en_AS", "en_BI", "en_GU", "en_MH", "en_MP", "en_PH", "en_PR", "en_UM", "en_VI")
)


# The decimal mark, and the mark between thousands. Babel knows every locale, but loading it takes long.
_MARKS: Final = {"en": (".", ","), "fr": (",", "\u202f")}


def decimal_mark() -> str:
    """The decimal mark of the active language."""
    return _MARKS[i18n.language()][0]


def thousands_mark() -> str:
    """The mark between thousands of the active language."""
    return _MARKS[i18n.language()][1]


def month_first() -> bool:
    """Whether the month comes before the day in the active language."""
    language, _mark, rest = i18n.locale_name().partition("_")
    return f"{language}_{rest.partition('_')[0]}" in _MONTH_FIRST


@lru_cache(maxsize=16)
def babel_locale(name: str) -> "Locale":
    """Babel's data of a locale; of its language alone if Babel does not know the country."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(name.split("_")[0])


def date_locale() -> "Locale":
    """Babel's data for dates of the active language; plain English uses the British order."""
    locale = babel_locale(i18n.locale_name())
    return babel_locale("en_GB") if str(locale) == "en" else locale


def terminal_spaces(text: str) -> str:
    """Replace narrow no-break spaces by normal ones: many terminal fonts lack the narrow space."""
    return text.replace("\u202f", "\u00a0")
