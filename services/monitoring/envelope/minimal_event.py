"""The minimal event that is sent if scrubbing fails: the place in the code, and no text.

It does not use the scrubber, and keeps only values whose form proves them harmless.
"""

import re
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

MARK: Final = {"scrubbing": "failed"}
"""The tag by which such events are found."""
_LEVELS: Final = frozenset({"fatal", "error", "warning", "info", "debug"})
_EVENT_ID: Final = re.compile(r"[0-9a-f]{32}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?")
_RELEASE: Final = re.compile(r"[A-Za-z0-9_-]{1,60}@[0-9][A-Za-z0-9_.+-]{0,60}")
_ENVIRONMENT: Final = re.compile(r"development|staging|production|test")
_CODE: Final = re.compile(r"[A-Za-z_<][A-Za-z0-9_.<>]{0,200}")
_MOST: Final = 100


def minimal_event(event: Any) -> dict[str, Any]:
    """Id, time, level, release, environment, exception types and bare frames. Raises if this is no event."""
    kept: dict[str, Any] = {
        "event_id": _word(event.get("event_id"), _EVENT_ID),
        "timestamp": _word(event.get("timestamp"), _INSTANT) or time.time(),
        "platform": "python",
        "level": event.get("level") if event.get("level") in _LEVELS else "error",
        "release": _word(event.get("release"), _RELEASE),
        "environment": _word(event.get("environment"), _ENVIRONMENT),
        "tags": MARK,
    }
    exceptions = [_exception(each) for each in _values(event.get("exception"))]
    if exceptions:
        kept["exception"] = {"values": exceptions}
    return {key: value for key, value in kept.items() if value is not None}


def _exception(value: Mapping[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    kept = {
        "type": _word(value.get("type"), _CODE) or "Exception",
        "module": _word(value.get("module"), _CODE),
        "stacktrace": {"frames": [_frame(frame) for frame in frames[-_MOST:]]} if frames else None,
    }
    return {key: part for key, part in kept.items() if part is not None}


def _frame(frame: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"module": _word(frame.get("module"), _CODE), "function": _word(frame.get("function"), _CODE)}
    line = frame.get("lineno")
    known: dict[str, Any] = {key: part for key, part in kept.items() if part is not None}
    # Sentry refuses an empty frame, so there is always a line number.
    return {**known, "lineno": line if isinstance(line, int) else 0}


def _values(exception: Any) -> Iterable[Mapping[str, Any]]:
    values = exception.get("values") if isinstance(exception, Mapping) else exception
    return [each for each in values or [] if isinstance(each, Mapping)][-_MOST:]


def _word(value: Any, pattern: re.Pattern[str]) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None
