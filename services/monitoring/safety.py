"""What may leave the process until texts are scrubbed: what this program wrote itself, and nothing else.

An event is built anew from the keys named here, so that what a later SDK adds stays at home. Values of
exceptions, notes and local variables never pass: they may hold what somebody typed.
"""

import os
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from services.errors import CrmError

if TYPE_CHECKING:
    from sentry_sdk.types import Breadcrumb, BreadcrumbHint, Event, Hint

REDACTED: Final = "[REDACTED]"
OURS: Final = "epicevents"
"""Key of the hint that marks a message or a breadcrumb as written by this program."""

EVENT_ID: Final = "_epicevents_event_id"
"""Attribute of an exception that was sent: the SDK's own deduplication does not reach across tasks."""

_USERNAME = re.compile(r"[A-Za-z0-9_-]{4,50}")
_WORD = re.compile(r"[A-Za-z0-9_.:→ -]{1,200}")
_KEPT_KEYS = frozenset({
    "event_id", "timestamp", "level", "platform", "release", "environment", "server_name", "sdk",
    "fingerprint", "tags", "breadcrumbs", "type",
})  # fmt: skip
_KEPT_FRAME = frozenset({"filename", "function", "module", "lineno", "in_app"})
_KEPT_MECHANISM = ("type", "handled", "exception_id", "parent_id", "is_exception_group")


class Reported(Exception):
    """Something that is reported as an exception though none was raised; its text is ours and may leave."""


def typed_username(text: str) -> str:
    """A typed username where it can be one; it may as well be a password typed into the wrong box."""
    return text if _USERNAME.fullmatch(text) else REDACTED


def plain_values(values: Mapping[str, object] | None) -> dict[str, object]:
    """The values that cannot be personal text: numbers, and words without marks of an address."""
    return {key: _plain(value) for key, value in (values or {}).items()}


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if _WORD.fullmatch(text) else REDACTED


def safe_event(event: "Event", hint: "Hint") -> "Event | None":
    """Sentry's ``before_send``: the event without anything that may be personal, once for each exception.

    Where a part cannot be made safe it stays out; the SDK would drop the event whole.
    """
    error = (hint.get("exc_info") or (None, None, None))[1]
    if getattr(error, EVENT_ID, None) is not None:
        return None
    whole: dict[str, Any] = dict(event)
    kept: dict[str, Any] = {key: value for key, value in whole.items() if key in _KEPT_KEYS}
    for key, make_safe in _SAFE_PARTS.items():
        if key in whole:
            try:
                kept[key] = make_safe(whole[key], hint)
            except Exception:
                kept[key] = REDACTED if key == "message" else {}
    return kept  # type: ignore[return-value]


def _user(user: dict[str, Any], hint: "Hint") -> dict[str, Any]:
    return {key: user[key] for key in ("id", "username", "department") if key in user}


def _contexts(contexts: dict[str, Any], hint: "Hint") -> dict[str, Any]:
    return {name: value for name, value in contexts.items() if name in (OURS, "runtime", "trace")}


def _message(message: object, hint: "Hint") -> object:
    return message if hint.get(OURS) else REDACTED


def _exceptions(exception: dict[str, Any], hint: "Hint") -> dict[str, Any]:
    kept = [_exception(value) for value in exception["values"]]
    error = (hint.get("exc_info") or (None, None, None))[1]
    # The SDK puts the outermost exception last. The templates of refusals hold no values.
    if kept and isinstance(error, Reported | CrmError) and kept[-1]["type"] == type(error).__name__:
        kept[-1]["value"] = str(error)
    return {"values": kept}


def _exception(value: dict[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    mechanism = value.get("mechanism") or {}
    kept = {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": REDACTED,
        "mechanism": {key: mechanism[key] for key in _KEPT_MECHANISM if key in mechanism},
    }
    return {**kept, "stacktrace": {"frames": [_frame(frame) for frame in frames]}} if frames else kept


def _frame(frame: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in frame.items() if key in _KEPT_FRAME}
    if os.path.isabs(kept.get("filename") or ""):  # would name the home folder
        kept["filename"] = os.path.basename(kept["filename"])
    return kept


_SAFE_PARTS: Mapping[str, Callable[[Any, "Hint"], object]] = {
    "user": _user,
    "contexts": _contexts,
    "message": _message,
    "exception": _exceptions,
}


def safe_breadcrumb(crumb: "Breadcrumb", hint: "BreadcrumbHint") -> "Breadcrumb | None":
    """Sentry's ``before_breadcrumb``: those of this program pass, those of libraries do not."""
    return crumb if hint.get(OURS) else None


def no_transaction(event: "Event", hint: "Hint") -> "Event | None":
    """Sentry's ``before_send_transaction``: spans hold statements and names that nothing scrubs yet."""
    return None
