"""Translation by gettext: English is in the code, French in a catalogue."""

import gettext
import locale
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

LANGUAGES: Final = ("en", "fr")
"""``models.enums`` repeats them for the rules of fields; a test compares the two."""
_LOCALE_FOLDER = Path(__file__).parent / "locale"
_DOMAIN = "epicevents"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_locale_name = "en"
_spoken: Final[ContextVar[str | None]] = ContextVar("spoken", default=None)
"""The locale of the block of :func:`speaking` that runs here; ``None`` outside of one."""


def N_(text: str) -> str:
    """Mark a text for extraction; it is translated when it is shown."""
    return text


def _(text: str) -> str:
    """The text in the active language. An empty one stays empty: gettext would return a file header."""
    return _active_catalogue().gettext(text) if text else ""


def in_every_language(text: str) -> list[str]:
    """The English text, and its translation into each other language."""
    return [text, *(_catalogue_of(name).gettext(text) for name in LANGUAGES if name != "en")] if text else []


@cache
def _catalogue_of(name: str) -> gettext.NullTranslations:
    return gettext.translation(_DOMAIN, _LOCALE_FOLDER, languages=[name], fallback=True)


class Plural(NamedTuple):
    """A text for one and for several, to be translated once the number is known."""

    singular: str
    plural: str


def N_plural(singular: str, plural: str) -> Plural:
    """Mark a text with its plural for extraction; :func:`counted` translates it."""
    return Plural(singular, plural)


def counted(text: Plural, count: int) -> str:
    """The form of the text that fits the number, translated; its places are still to be filled."""
    return ngettext(text.singular, text.plural, count)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The text in the active language, in the form that the count asks for."""
    return _active_catalogue().ngettext(singular, plural, count)


def activate(locale_name: str) -> None:
    """Speak this language from now on; an unknown one falls back to English.

    ``locale_name`` is a language with an optional territory (``fr``, ``en_GB``, ``fr_CA.UTF-8``).
    """
    global _catalogue, _locale_name
    _locale_name = _known(locale_name)
    _catalogue = _catalogue_of(_locale_name)


@contextmanager
def speaking(locale_name: str) -> Iterator[None]:
    """Use this language in the block, in this thread or task alone; all others keep the active one.

    ``locale_name`` is as in :func:`activate`.
    """
    before = _spoken.set(_known(locale_name))
    try:
        yield
    finally:
        _spoken.reset(before)


def _known(locale_name: str) -> str:
    name = locale_name.split(".")[0].split("@")[0].replace("-", "_")
    return name if name.split("_")[0] in LANGUAGES else "en"


def _active_catalogue() -> gettext.NullTranslations:
    spoken = _spoken.get()
    return _catalogue if spoken is None else _catalogue_of(spoken)


def language() -> str:
    """The active language, ``en`` or ``fr``."""
    return locale_name().split("_")[0]


def locale_name() -> str:
    """The active language, with its territory if one is known, for dates and amounts."""
    return _spoken.get() or _locale_name


def system_locale() -> str:
    """The language of the environment, as POSIX orders the variables; English when it names none of ours."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        value = os.environ.get(variable, "").split(":")[0]
        if value:
            return value if value.split("_")[0].split(".")[0] in LANGUAGES else "en"
    return locale.getlocale()[0] or "en"
