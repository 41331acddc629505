"""Redaction by value: text that was typed or is shown on a screen is removed from every outgoing item.

A pattern recognises an email by its form, but no pattern recognises a name or a note. The screens therefore
register the values that they hold. A value matches in any case, without accents, and with the separators of
addresses and logins between its words: ``KEVIN CASEY``, ``kevin.casey``, ``casey_kevin``.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from time import monotonic
from typing import Final

from models.text import fold

REDACTED: Final = "[REDACTED]"
REMEMBERED: Final = 500
"""The number of newest values that :func:`remember` keeps."""
LASTING: Final = 10.0
"""Seconds for which :func:`remember` keeps a value, so that later, unrelated exceptions stay legible."""
SHORTEST: Final = 4
"""Shorter words are also parts of ordinary words and identify no person."""
WIDEST_GAP: Final = 3
"""Maximum number of characters between two words of one value."""
_MOST_WORDS: Final = 8
"""A longer value is matched by this many first words only."""

Source = Callable[[], Iterable[str]]

_WORD = re.compile(r"[^\W_]+")
_sources: list[Source] = []
_remembered: deque[tuple[float, str]] = deque(maxlen=REMEMBERED)
_kept: set[str] = set()


def add_source(source: Source) -> Callable[[], None]:
    """Call this source, from any thread, before an item leaves. Return a function that unregisters it."""
    _sources.append(source)
    return lambda: _sources.remove(source) if source in _sources else None


def remember(values: Iterable[str]) -> None:
    """Redact these values for ``LASTING`` seconds: they are available only while an exception propagates."""
    now = monotonic()
    _remembered.extend((now, value) for value in values)


def keep(values: Iterable[str]) -> None:
    """Redact these values until :func:`clear`, such as those a crashed application showed."""
    _kept.update(values)


def clear() -> None:
    """Delete the values of :func:`remember` and :func:`keep`."""
    _remembered.clear()
    _kept.clear()


def redact(text: str) -> str:
    """The text of an exception without the registered values and without each of their words.

    If a source raises, the whole text is redacted.
    """
    try:
        return _Redactor(_values(), by_word=True)(text)
    except Exception:
        return REDACTED


def redactor() -> Callable[[str], str]:
    """A function that redacts whole values in a text. If a source raises, it redacts the whole text."""
    try:
        return _Redactor(_values(), by_word=False)
    except Exception:
        return lambda text: REDACTED


def _values() -> set[str]:
    shown = [value for source in list(_sources) for value in source()]
    recent = [value for moment, value in list(_remembered) if monotonic() - moment < LASTING]
    return {*shown, *recent, *_kept}


class _Redactor:
    """Finds values by their folded words."""

    def __init__(self, values: Iterable[str], *, by_word: bool) -> None:
        self._by_first: dict[str, set[tuple[str, ...]]] = {}
        for value in values:
            for words in _spellings(value, by_word=by_word):
                self._by_first.setdefault(words[0], set()).add(words)

    def __call__(self, text: str) -> str:
        if not self._by_first:
            return text
        found = [(fold(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]
        parts: list[str] = []
        done = at = 0
        while at < len(found):
            length = self._length_at(found, at)
            if length:
                parts += (text[done : found[at][1]], REDACTED)
                done = found[at + length - 1][2]
            at += length or 1
        return "".join(parts) + text[done:] if parts else text

    def _length_at(self, found: list[tuple[str, int, int]], at: int) -> int:
        """The number of words of the longest value that starts at this word; 0 if none does."""
        candidates = self._by_first.get(found[at][0], ())
        return max((len(words) for words in candidates if _matches_at(words, found, at)), default=0)


def _matches_at(words: tuple[str, ...], found: list[tuple[str, int, int]], at: int) -> bool:
    matched = found[at : at + len(words)]
    return tuple(word for word, _, _ in matched) == words and all(
        later[1] - earlier[2] <= WIDEST_GAP for earlier, later in pairwise(matched)
    )


def _spellings(value: str, *, by_word: bool) -> Iterator[tuple[str, ...]]:
    """The spellings of a value as folded words. Numbers and the program's own words are left out."""
    # Imported here, not at the top: the first screen does not need it.
    from services.monitoring import program_names

    words = tuple(fold(word) for word in _WORD.findall(value))[:_MOST_WORDS]
    if not any(character.isalpha() for word in words for character in word):
        return
    if len(words) > 1:
        yield words
        if len(words) == 2:  # a first and a last name, also reversed or joined as in logins
            yield words[::-1]
            yield ("".join(words),)
            yield ("".join(words[::-1]),)
    for word in words if by_word or len(words) == 1 else ():
        if len(word) >= SHORTEST and not word.isdigit() and not program_names.is_ours(word):
            yield (word,)
