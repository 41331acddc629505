"""Every outgoing envelope is rebuilt here from allowlisted fields.

The SDK's hooks see only some kinds of items, and send or lose an item if they fail. This module handles every
item of every envelope: each field passes through a rule of its table or through the scrubber.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from sentry_sdk.consts import VERSION
from sentry_sdk.envelope import Envelope, Item, PayloadRef
from sentry_sdk.utils import format_timestamp, json_dumps

from services.monitoring import value_redaction
from services.monitoring.envelope.field_rules import DROPPED, Rule, identifier, media_type, number, text
from services.monitoring.envelope.field_tables import ANY, ANYWHERE, EACH, KINDS, Table
from services.monitoring.envelope.minimal_event import minimal_event
from services.monitoring.envelope.visible_values import without_private_values
from services.monitoring.scrubbing import REDACTED, scrub, scrub_text

BINARY: Final = b"[binary attachment left out]"
CUT: Final = "\n[CUT]"
MAX_ATTACHMENT: Final = 100_000
_BLOCK: Final = 8000
"""Characters scrubbed at once; the scrubber would cut a longer text."""
_PEM: Final = re.compile(r"-----BEGIN [^-\n]{1,60}-----.*?(?:-----END [^-\n]{1,60}-----|\Z)", re.DOTALL)
_WITH_FREE_TEXT: Final = frozenset({"event", "feedback"})
"""The kinds of item with free text; the others hold times, numbers and the program's own names."""
_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
_ITEM_HEADERS: Final[Mapping[str, Rule]] = {
    "item_count": number, "platform": text, "content_type": media_type, "attachment_type": text,
}  # fmt: skip
# The characters of a masked screen picture, which is not scrubbed: it holds no readable text.
_WIREFRAME: Final = re.compile("[xX0.? \\n\u2500-\u257f▁▔▏▕▎▊▌▐▒]+")
# Tabs, line ends and the escape character of terminal colours may occur in text.
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def sanitize_envelope(
    envelope: Envelope, lost: Callable[[str, Item], None] = lambda reason, item: None
) -> Envelope | None:
    """The envelope without personal data; ``None`` if no item is left.

    If scrubbing fails, an event is reduced to its bare frames; any other item is left out and reported to
    ``lost`` with the reason. Never raises.
    """
    items = []
    for item in envelope.items:
        try:
            items.append(_safe_item(item))
        except Exception:
            with suppress(Exception):
                lost("internal_sdk_error", item)
    return Envelope(headers=_headers(envelope), items=items) if items else None


def _headers(envelope: Envelope) -> dict[str, Any]:
    """New headers: those of the SDK hold the DSN key and the unscrubbed first name of the transaction."""
    headers: dict[str, Any] = {"sdk": {"name": "sentry.python", "version": VERSION}}
    headers["sent_at"] = format_timestamp(datetime.now(UTC))
    event_id = envelope.headers.get("event_id")
    with suppress(Exception):
        if event_id is not None:
            headers["event_id"] = identifier(event_id, {})
    return headers


def _safe_item(item: Item) -> Item:
    """The item, rebuilt. Any exception means that the item must not be sent."""
    kind = item.headers.get("type")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise ValueError("an item of no kind")
    if kind == "attachment":
        return _attachment(item)
    data = _data_of(item)
    try:
        safe = _with_objects(cleaned(data, KINDS.get(kind, ANYWHERE)))
        return _item(kind, item, without_private_values(safe) if kind in _WITH_FREE_TEXT else safe)
    except Exception:
        if kind not in ("event", "feedback"):
            raise
        return _item(kind, item, minimal_event(data))


def _with_objects(data: Any) -> Any:
    """Wrap each context that was masked as a whole in an object, since Sentry accepts objects only."""
    contexts = data.get("contexts") if isinstance(data, dict) else None
    if isinstance(contexts, dict):
        data["contexts"] = {
            name: {"value": context} if isinstance(context, str) else context
            for name, context in contexts.items()
        }
    return data


def _data_of(item: Item) -> Any:
    return json.loads(item.get_bytes()) if item.payload.json is None else item.payload.json


def _item(kind: str, item: Item, data: Any) -> Item:
    payload = PayloadRef(bytes=json_dumps(data), json=data)
    return Item(payload, headers=_item_headers(item), type=kind)


def _item_headers(item: Item) -> dict[str, Any]:
    headers = {}
    for key, rule in _ITEM_HEADERS.items():
        # These headers are optional: if a rule fails, the item is sent without the header.
        with suppress(Exception):
            if key in item.headers and (value := rule(item.headers[key], item.headers)) is not DROPPED:
                headers[key] = value
    return headers


def cleaned(value: Any, table: Table) -> Any:
    """A copy of the value; each field passes through its rule, or through the scrubber if it has none."""
    if isinstance(value, Mapping):
        return _object(value, table)
    if isinstance(value, list | tuple) and EACH in table:
        passed = [_field(each, table[EACH], {}) for each in value]
        return [each for each in passed if each is not DROPPED]
    return scrub(value)


def _object(value: Mapping[Any, Any], table: Table) -> dict[Any, Any]:
    others = table.get(ANY)
    rules = {key: table.get(key, others) for key in value if isinstance(key, str)}
    # Scrubbed as one object, since the name of a field may mark its value as a secret.
    safe = scrub({key: field for key, field in value.items() if rules.get(key) is None})
    for key, rule in rules.items():
        if rule is not None and (field := _field(value[key], rule, value)) is not DROPPED:
            safe[key if key in table else scrub_text(key)] = field
    return safe  # type: ignore[no-any-return]


def _field(value: Any, rule: Rule | Table, holder: Mapping[str, Any]) -> Any:
    return cleaned(value, rule) if isinstance(rule, Mapping) else rule(value, holder)


def _attachment(item: Item) -> Item:
    """Scrub a text attachment; replace any other attachment with a note."""
    headers = _item_headers(item)
    masked = value_redaction.redactor()
    if isinstance(given := item.headers.get("filename"), str):
        headers["filename"] = masked(scrub_text(re.split(r"[/\\]", given)[-1]))
    try:
        content = item.get_bytes().decode()
    except UnicodeDecodeError:
        content = "\0"
    if _WIREFRAME.fullmatch(content):
        return Item(content.encode(), headers=headers, type="attachment")
    if _NO_TEXT.search(content):
        return Item(BINARY, headers={**headers, "content_type": "text/plain"}, type="attachment")
    return Item(masked(_scrubbed_file(content)).encode(errors="replace"), headers=headers, type="attachment")


def _scrubbed_file(content: str) -> str:
    if len(content) > MAX_ATTACHMENT:
        # Drop the last, truncated line: the scrubber does not recognise half a secret.
        whole_lines = content[:MAX_ATTACHMENT].rpartition("\n")[0]
        return _scrubbed_lines(whole_lines or content[:MAX_ATTACHMENT]) + CUT
    try:
        data = json.loads(content)
    except ValueError:
        return _scrubbed_lines(content)
    # An object is scrubbed as data, since its field names mark secrets; a bare number or word as text.
    return json_dumps(scrub(data)).decode() if isinstance(data, dict | list) else _scrubbed_lines(content)


def _scrubbed_lines(content: str) -> str:
    blocks, block = [], ""
    # PEM keys span many lines, so mask them before the text is split into blocks.
    for line in _PEM.sub(REDACTED, content).splitlines(keepends=True):
        if len(block) + len(line) > _BLOCK:
            blocks.append(block)
            block = ""
        block += line
    return "".join(map(scrub_text, [*blocks, block]))
