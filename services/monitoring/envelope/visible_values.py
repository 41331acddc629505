"""Redacts the values on the screens from an item, except the usernames that the contract asks for."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from services.monitoring import value_redaction, vocabulary

_OURS: Final = frozenset({
    "user", "release", "environment", "server_name", "level", "platform", "type", "event_id",
    "timestamp", "sdk", "trace", "fingerprint", "stacktrace", "debug_meta", "transaction",
    "transaction_info", "category", "module", "username", "department", "screen", "language",
    "database", "command", "from", "to", "rule", "record_kind", "runtime", "os", "device",
    "associated_event_id", "mechanism",
})  # fmt: skip
"""Fields that hold the program's own words or values that the contract asks for."""
_WITH_USERNAME: Final = re.compile(
    "|".join(re.escape(text.partition("{username}")[0]) + r"\S{1,50}" for text in vocabulary.WITH_USERNAME)
)


def without_private_values(item: Any) -> Any:
    """A copy of a cleaned item without the values of the open screens."""
    masked = value_redaction.redactor()
    return _copy(item, masked)


def _copy(value: Any, masked: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return value if _WITH_USERNAME.fullmatch(value) or vocabulary.is_ours(value) else masked(value)
    if isinstance(value, Mapping):
        return {key: each if key in _OURS else _copy(each, masked) for key, each in value.items()}
    if isinstance(value, list):
        return [_copy(each, masked) for each in value]
    return value
