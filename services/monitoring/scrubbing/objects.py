"""Copies any Python object as plain data with personal data masked."""

import datetime
import decimal
import math
import pathlib
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final

from services.monitoring.scrubbing import placeholders
from services.monitoring.scrubbing.cards import holds_card_number, is_card_number
from services.monitoring.scrubbing.host_identity import Surroundings
from services.monitoring.scrubbing.phones import is_phone_field, mask_field
from services.monitoring.scrubbing.placeholders import REDACTED
from services.monitoring.scrubbing.sensitive_keys import is_card_name, is_sensitive_name
from services.monitoring.scrubbing.text import scrubber_of

_LARGEST: Final = 2**63
_SMALLEST_CARD: Final = 10**12
_SEQUENCES: Final[tuple[type, ...]] = (list, tuple, set, frozenset, deque)
_TEXTS: Final = frozenset({bytes, bytearray, memoryview})
_STRINGIFIED: Final = frozenset({
    datetime.datetime, datetime.date, datetime.time, datetime.timedelta, decimal.Decimal, uuid.UUID,
    pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath, pathlib.PureWindowsPath,
})  # fmt: skip


def scrub(value: object, surroundings: Surroundings | None = None) -> Any:
    """A copy of any object as JSON-compatible data with personal data masked.

    Numbers, lists and ``None`` keep their type, except under a sensitive name. An object of another class is
    replaced by the name of its class, and none of its methods is called. Data that is too deep, too long or
    cyclic is cut off and marked. Scrubbing the result again does not change it.
    """
    return _Copy(scrubber_of(surroundings).scrub).copy(value, 0)


class _Copy:
    """The state of one call of :func:`scrub`."""

    def __init__(self, scrub_text: Callable[[str], str]) -> None:
        self._text = scrub_text
        self._open: set[int] = set()
        self._nodes = 0

    def copy(self, value: object, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > placeholders.NODE_LIMIT:
            return placeholders.CUT
        kind = type(value)
        if kind is str:
            return self._text(value)  # type: ignore[arg-type]
        if value is None or kind is bool:
            return value
        if issubclass(kind, int):
            return _whole_number(int.__int__(value))  # type: ignore[arg-type]
        if issubclass(kind, float):
            return _fraction(float.__float__(value))  # type: ignore[arg-type]
        if issubclass(kind, (dict, *_SEQUENCES)):
            return self._container(value, depth)
        return self._text(_as_text(value))

    def _container(self, value: Any, depth: int) -> Any:
        if id(value) in self._open:
            return placeholders.CYCLE
        if depth >= placeholders.DEPTH_LIMIT:
            return placeholders.TOO_DEEP
        self._open.add(id(value))
        try:
            copy = self._mapping if issubclass(type(value), dict) else self._sequence
            return copy(value, depth)
        finally:
            self._open.discard(id(value))

    def _mapping(self, value: dict[Any, Any], depth: int) -> dict[str, Any]:
        items = _first(dict.items(value))
        copy: dict[str, Any] = {}
        for key, entry in items[: placeholders.BREADTH_LIMIT]:
            name = key if type(key) is str else _as_key(key)
            copy[_unused(self._text(name), copy)] = self._entry(name, entry, depth)
        if len(items) > placeholders.BREADTH_LIMIT:
            copy[placeholders.CUT] = placeholders.CUT
        return copy

    def _entry(self, name: str, entry: object, depth: int) -> Any:
        if is_sensitive_name(name):
            return placeholders.CARD if is_card_name(name) and _is_card(entry) else REDACTED
        if is_phone_field(name) and (number := _masked_phone(entry)):
            return number
        return self.copy(entry, depth + 1)

    def _sequence(self, value: Any, depth: int) -> list[Any]:
        kind = next(kind for kind in _SEQUENCES if issubclass(type(value), kind))
        entries = _first(kind.__iter__(value))  # type: ignore[attr-defined]
        name = _plain_text(entries[0]) if len(entries) == 2 else None
        if name is not None and is_sensitive_name(name):  # a pair, as in lists of headers
            return [self._text(name), self._entry(name, entries[1], depth)]
        copy = [self.copy(entry, depth + 1) for entry in entries[: placeholders.BREADTH_LIMIT]]
        return [*copy, placeholders.CUT] if len(entries) > placeholders.BREADTH_LIMIT else copy


def _first(entries: Iterable[Any]) -> list[Any]:
    """The first ``BREADTH_LIMIT`` entries and one more, copied at once: another thread may change them."""
    return list(islice(entries, placeholders.BREADTH_LIMIT + 1))


def _unused(name: str, copy: dict[str, Any]) -> str:
    """A name that the copy does not use yet, since two names may have the same mask."""
    count = 1
    numbered = name
    while numbered in copy:
        count += 1
        numbered = f"{name} ({count})"
    return numbered


def _whole_number(value: int) -> int | str:
    if not -_LARGEST <= value < _LARGEST:
        return placeholders.BIG_NUMBER
    return placeholders.CARD if value > _SMALLEST_CARD and is_card_number(str(value)) else value


def _fraction(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def _is_card(entry: object) -> bool:
    text = _plain_text(entry)
    return text is not None and holds_card_number(text)


def _masked_phone(entry: object) -> str | None:
    text = _plain_text(entry)
    return None if text is None else mask_field(text)


def _plain_text(entry: object) -> str | None:
    """The text of a string, of bytes (both cut to the limit) or of a whole number, else ``None``."""
    kind = type(entry)
    if kind in _TEXTS:
        return _as_text(entry)[: placeholders.TEXT_LIMIT]
    if issubclass(kind, str):
        return str.__str__(entry)[: placeholders.TEXT_LIMIT]
    if issubclass(kind, int) and kind is not bool and abs(int.__int__(entry)) < _LARGEST:  # type: ignore[arg-type]
        return str(int.__int__(entry))  # type: ignore[arg-type]
    return None


def _as_key(key: object) -> str:
    kind = type(key)
    if key is None or kind in (bool, float):
        return str(key)
    if issubclass(kind, int):
        return str(_whole_number(int.__int__(key)))  # type: ignore[arg-type]
    return _as_text(key)


def _as_text(value: object) -> str:
    """The text that replaces a value which is no plain data."""
    kind = type(value)
    if issubclass(kind, str):
        return str.__str__(value)
    if kind in _TEXTS:
        return bytes(value[: placeholders.TEXT_LIMIT + placeholders.MARGIN]).decode("utf-8", "replace")  # type: ignore[index]
    if kind in _STRINGIFIED:
        return str(value)
    return f"<{_name_of_class(kind)}>"


# Reads the real class name: a metaclass may override __name__.
_name_of_class: Final[Callable[[type], str]] = type.__dict__["__name__"].__get__
