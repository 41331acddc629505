"""What people typed or look at, kept out of the texts of exceptions by value.

Patterns know an email by its shape, but no shape tells a name or a note from any other word. Whoever shows
or takes such values says here which they are at the moment, and an exception that quotes one of them leaves
without it.
"""

from collections import deque
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final

REDACTED: Final = "[REDACTED]"
REMEMBERED: Final = 500
"""Values that :func:`remember` keeps, the newest ones."""
LASTING: Final = 10.0
"""Seconds for which it keeps them: an exception is reported at once, and later ones should stay legible."""
SHORTEST: Final = 4
"""Shorter values are parts of ordinary words, and name nobody by themselves."""

Source = Callable[[], Iterable[str]]

_sources: list[Source] = []
_remembered: deque[tuple[float, str]] = deque(maxlen=REMEMBERED)


def watch(source: Source) -> Callable[[], None]:
    """Ask this source before each exception leaves; the result ends it. It may be called in any thread."""
    _sources.append(source)
    return lambda: _sources.remove(source) if source in _sources else None


def remember(values: Iterable[str]) -> None:
    """Keep these out as well: values that are at hand only while an exception passes."""
    now = monotonic()
    _remembered.extend((now, value) for value in values)


def forget() -> None:
    """Keep nothing any longer of what was to be remembered."""
    _remembered.clear()


def mask(text: str) -> str:
    """The text without what any source names. A source that fails costs the whole text."""
    try:
        shown = (source() for source in list(_sources))
        recent = [value for moment, value in list(_remembered) if monotonic() - moment < LASTING]
        values = {part for values in (*shown, recent) for part in _parts(values)}
    except Exception:
        return REDACTED
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, REDACTED)
    return text


def _parts(values: Iterable[str]) -> Iterable[str]:
    """Each value, and each of its words that may be quoted alone: a last name, a street."""
    for value in values:
        for part in (value.strip(), *value.split()):
            if len(part) >= SHORTEST and any(character.isalpha() for character in part):
                yield part
