"""Number and date rules of the active language; Babel is not loaded while someone types.

The first shown value loads Babel, and each pattern is cached from then on.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from services import i18n

if TYPE_CHECKING:
    from babel import Locale

# Where 6/15/2027 is the fifteenth of June (CLDR short dates that begin with the month). Plain "en" is not
# among them, though CLDR says so: it is also the language of every system that names none (C.UTF-8).
_MONTH_FIRST: Final = frozenset(
    ("en_US", "en_AS", "en_BI", "en_GU", "en_MH", "en_MP", "en_PH", "en_PR", "en_UM", "en_VI")
)


def decimal_mark() -> str:
    """The mark before the cents, as people type it in the active language."""
    return "," if i18n.language() == "fr" else "."


def month_first() -> bool:
    """Whether people type the month before the day."""
    return i18n.locale_name() in _MONTH_FIRST


@lru_cache(maxsize=16)
def babel_locale(name: str) -> "Locale":
    """Babel's data of a language; of the language alone where its country is unknown."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(name.split("_")[0])


def date_locale() -> "Locale":
    """Babel's data for dates of the active language, in the order in which they are read."""
    locale = babel_locale(i18n.locale_name())
    return babel_locale("en_GB") if str(locale) == "en" else locale


def terminal_spaces(text: str) -> str:
    """The text with one kind of unbreakable space: many terminal fonts lack the narrow one."""
    return text.replace("\u202f", "\u00a0")
