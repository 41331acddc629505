"""Redaction by value: text that people typed or see on a screen is removed from everything that leaves.

Patterns know an email by its form, but no form tells a name or a note from any other word. The screens
register the values that they hold. These match in any case, without accents, and with the separators of
addresses and logins between their words: ``KEVIN CASEY``, ``kevin.casey``, ``casey_kevin``.
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
"""Values that :func:`remember` keeps, the newest ones."""
LASTING: Final = 10.0
"""Seconds for which it keeps them: an exception is reported at once, and later ones should stay legible."""
SHORTEST: Final = 4
"""Shorter values are parts of ordinary words, and name nobody by themselves."""
WIDEST_GAP: Final = 3
"""Characters between two words of one value."""
_MOST_WORDS: Final = 8
"""Words by which a longer value is found; the rest of it goes with them."""

Source = Callable[[], Iterable[str]]

_WORD = re.compile(r"[^\W_]+")
_sources: list[Source] = []
_remembered: deque[tuple[float, str]] = deque(maxlen=REMEMBERED)
_kept: set[str] = set()


def watch(source: Source) -> Callable[[], None]:
    """Ask this source before each item leaves; the result ends it. It may be called in any thread."""
    _sources.append(source)
    return lambda: _sources.remove(source) if source in _sources else None


def remember(values: Iterable[str]) -> None:
    """Keep these out as well: values that are at hand only while an exception passes."""
    now = monotonic()
    _remembered.extend((now, value) for value in values)


def keep(values: Iterable[str]) -> None:
    """Keep these out until :func:`forget`: what a crashed application showed, while its crash is told of."""
    _kept.update(values)


def forget() -> None:
    """Keep nothing any longer of what was to be remembered."""
    _remembered.clear()
    _kept.clear()


def mask(text: str) -> str:
    """The text of an exception without any source's value, and without each of its words.

    A source that fails costs the whole text.
    """
    try:
        return _Masker(_values(), by_word=True)(text)
    except Exception:
        return REDACTED


def masker() -> Callable[[str], str]:
    """A function that takes whole values out of a text; where a source fails, it takes out all of it."""
    try:
        return _Masker(_values(), by_word=False)
    except Exception:
        return lambda text: REDACTED


def _values() -> set[str]:
    shown = [value for source in list(_sources) for value in source()]
    recent = [value for moment, value in list(_remembered) if monotonic() - moment < LASTING]
    return {*shown, *recent, *_kept}


class _Masker:
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
        """How many words from here on are a value, the longest one."""
        candidates = self._by_first.get(found[at][0], ())
        return max((len(words) for words in candidates if _stands_here(words, found, at)), default=0)


def _stands_here(words: tuple[str, ...], found: list[tuple[str, int, int]], at: int) -> bool:
    here = found[at : at + len(words)]
    return tuple(word for word, _, _ in here) == words and all(
        later[1] - earlier[2] <= WIDEST_GAP for earlier, later in pairwise(here)
    )


def _spellings(value: str, *, by_word: bool) -> Iterator[tuple[str, ...]]:
    """The ways in which a value is written, as folded words; nothing of what names nobody."""
    # Not at the top: the first screen does without.
    from services.monitoring import program_names

    words = tuple(fold(word) for word in _WORD.findall(value))[:_MOST_WORDS]
    if not any(character.isalpha() for word in words for character in word):
        return
    if len(words) > 1:
        yield words
        if len(words) == 2:  # a first and a last name, as logins and lists write them
            yield words[::-1]
            yield ("".join(words),)
            yield ("".join(words[::-1]),)
    for word in words if by_word or len(words) == 1 else ():
        if len(word) >= SHORTEST and not word.isdigit() and not program_names.is_ours(word):
            yield (word,)
