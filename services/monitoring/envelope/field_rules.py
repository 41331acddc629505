"""Rules for one field of an item. Each takes the value and the object that holds it.

A rule keeps a value only if its form proves its meaning (an id, a time, a word of a fixed list); any other
value is scrubbed or dropped.
"""

import math
import ntpath
import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from services.monitoring import program_names
from services.monitoring.scrubbing import Surroundings, scrub, scrub_exception_text, scrub_text
from services.monitoring.scrubbing.cards import is_card_number

Rule = Callable[[Any, Mapping[str, Any]], Any]

DROPPED: Final = object()
"""The result of a rule for a field that must not leave the process."""
SERVER: Final = "epicevents"

_HEX: Final = re.compile(r"[0-9a-fA-F]{8,32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DIGITS: Final = re.compile(r"[0-9]{1,20}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_RELEASE: Final = re.compile(
    r"[A-Za-z0-9_.-]{1,60}@v?[0-9][A-Za-z0-9_.+-]{0,60}|(?=[0-9]{0,39}[a-f])[0-9a-f]{7,40}"
)
_USERNAME: Final = re.compile(r"[A-Za-z0-9_-]{4,50}")
_IDENTITY: Final = re.compile(r"[A-Za-z0-9_-]{1,50}")
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+(; ?charset=[a-zA-Z0-9-]+)?")
_MODULE: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_NO_TAG: Final = re.compile(r"[^A-Za-z0-9_.:-]")
_LARGE: Final = 1e12
_NO_SURROUNDINGS: Final = Surroundings()


def one_of(*words: str) -> Rule:
    """Keep one of these words; scrub any other value."""
    known = frozenset(words)
    return lambda value, holder: (
        value if isinstance(value, str) and value in known else anything(value, holder)
    )


def shaped(pattern: re.Pattern[str]) -> Rule:
    """Keep a text that matches the pattern; scrub any other value."""
    return lambda value, holder: (
        value if isinstance(value, str) and pattern.fullmatch(value) else anything(value, holder)
    )


def shaped_or_nothing(pattern: re.Pattern[str]) -> Rule:
    """Keep a text or whole number that matches the pattern and is not personal; drop any other value."""

    def rule(value: Any, holder: Mapping[str, Any]) -> Any:
        fits = isinstance(value, str | int) and pattern.fullmatch(str(value))
        # The login of the machine may equal the username, which the contract asks for, so it is not masked
        # here.
        return value if fits and scrub_text(str(value), _NO_SURROUNDINGS) == str(value) else DROPPED

    return rule


def drop(value: Any, holder: Mapping[str, Any]) -> Any:
    """Drop the value."""
    return DROPPED


def server(value: Any, holder: Mapping[str, Any]) -> Any:
    """Replace the host name, which is often the name of a person, with a constant."""
    return SERVER


def anything(value: Any, holder: Mapping[str, Any]) -> Any:
    """Scrub a value of any type."""
    return scrub(value)


def text(value: Any, holder: Mapping[str, Any]) -> Any:
    """Scrub a text without regard to the name of its field."""
    return scrub_text(value) if isinstance(value, str) else scrub(value)


def number(value: Any, holder: Mapping[str, Any]) -> Any:
    """Keep a finite number below ``_LARGE``, which is too small for a card number; scrub any other value."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < _LARGE:
        return value
    return scrub(value)


def numbers(value: Any, holder: Mapping[str, Any]) -> Any:
    """Keep nested lists of whole numbers; any other value becomes ``None``."""
    if isinstance(value, list | tuple):
        return [numbers(each, holder) for each in value]
    return value if isinstance(value, int) and abs(value) < _LARGE else None


def flag(value: Any, holder: Mapping[str, Any]) -> Any:
    """Keep true, false and ``None``; scrub any other value."""
    return value if value is None or isinstance(value, bool) else scrub(value)


def digits(value: Any, holder: Mapping[str, Any]) -> Any:
    """Keep up to 20 digits as a number or as text, such as a thread id, unless they are a card number."""
    if isinstance(value, str | int) and _DIGITS.fullmatch(str(value)) and not is_card_number(str(value)):
        return value
    return scrub(value)


def instant(value: Any, holder: Mapping[str, Any]) -> Any:
    """Keep a point in time, as seconds since 1970 or in ISO 8601."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return value
    return number(value, holder)


def filename(value: Any, holder: Mapping[str, Any]) -> Any:
    """Keep the path of a source file below its package: the folders above it may name the user."""
    if not isinstance(value, str):
        return scrub(value)
    if not (posixpath.isabs(value) or ntpath.isabs(value) or value.startswith("~")):
        return text(value, holder)
    last = ntpath.basename(value)
    module = holder.get("module")
    if isinstance(module, str) and _MODULE.fullmatch(module):
        path = module.replace(".", "/")
        if last == posixpath.basename(path) + ".py":
            return text(f"{path}.py", holder)
        if last == "__init__.py":
            return text(f"{path}/{last}", holder)
    return text(last, holder)


def exception_text(value: Any, holder: Mapping[str, Any]) -> Any:
    """Scrub the text of an exception, including the values that it quotes."""
    kind = holder.get("type")
    if not isinstance(value, str):
        return scrub(value)
    name = kind if isinstance(kind, str) else ""
    return scrub_exception_text(name, value, is_ours=program_names.is_ours)


def pairs(value: Any, holder: Mapping[str, Any]) -> Any:
    """Scrub tags. A list of pairs becomes an object first, so that the scrubber sees the names."""
    safe = scrub({str(pair[0]): pair[1] for pair in value} if isinstance(value, list | tuple) else value)
    # Sentry refuses names with other characters, such as the brackets of a mask.
    return {_NO_TAG.sub("_", tag): each for tag, each in safe.items()} if isinstance(safe, dict) else safe


def attributes(rules: Mapping[str, Rule]) -> Rule:
    """Scrub the attributes of logs and spans, each of which is an object of a value and its type."""

    def rule(value: Any, holder: Mapping[str, Any]) -> Any:
        if not isinstance(value, Mapping):
            return scrub(value)
        safe: dict[str, Any] = {}
        for key, attribute in value.items():
            safe.update(_attribute(rules, key, attribute))
        return safe

    return rule


def _attribute(rules: Mapping[str, Rule], key: Any, attribute: Any) -> dict[str, Any]:
    typed = isinstance(attribute, Mapping) and "value" in attribute
    raw = attribute["value"] if typed else attribute
    # Scrubbed together with the name, which may mark the value as a secret.
    (safe_key, safe), *_ = scrub({key: raw}).items()
    if key in rules:
        safe_key, safe = key, rules[key](raw, {})
    if safe is DROPPED:
        return {}
    if not typed:
        return {safe_key: safe}
    kind = "string" if isinstance(safe, str) else _attribute_type(attribute.get("type"), attribute)
    return {safe_key: {"value": safe, "type": kind}}


_attribute_type: Final = one_of("string", "boolean", "integer", "double", "array")
identifier: Final = shaped(_HEX)
_own_release: str = ""


def trust_release(name: str) -> None:
    """Keep this release unscrubbed: the settings validated it, and it may look like an email address."""
    global _own_release
    _own_release = name


def release(value: Any, holder: Mapping[str, Any]) -> Any:
    """Keep the release of this program and any text that matches ``_RELEASE``; scrub any other value."""
    return value if value == _own_release and value else shaped(_RELEASE)(value, holder)


media_type: Final = shaped_or_nothing(_MEDIA_TYPE)
username: Final = shaped_or_nothing(_USERNAME)
identity: Final = shaped_or_nothing(_IDENTITY)
