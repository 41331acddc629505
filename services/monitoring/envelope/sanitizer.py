"""Every outgoing envelope is rebuilt here from allowlisted fields.

Hooks of the SDK see only some kinds of items, and send or lose an item if they fail. This module handles
every item of every envelope: a table or the scrubber has seen each field.
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
"""Characters: the scrubber cuts longer texts."""
_PEM: Final = re.compile(r"-----BEGIN [^-\n]{1,60}-----.*?(?:-----END [^-\n]{1,60}-----|\Z)", re.DOTALL)
_TOLD: Final = frozenset({"event", "feedback"})
"""The kinds of item that tell in words what happened; the others hold names of ours, times and numbers."""
_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
_ITEM_HEADERS: Final[Mapping[str, Rule]] = {
    "item_count": number, "platform": text, "content_type": media_type, "attachment_type": text,
}  # fmt: skip
# What a masked picture of a screen is drawn with: nothing can be read in it, whatever its signs look like.
_WIREFRAME: Final = re.compile("[xX0.? \\n\u2500-\u257f▁▔▏▕▎▊▌▐▒]+")
# Tabs and line ends are text; so is the escape character, which colours what a terminal shows.
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def sanitize_envelope(
    envelope: Envelope, lost: Callable[[str, Item], None] = lambda reason, item: None
) -> Envelope | None:
    """The envelope without anything personal; ``None`` where nothing of it can be made so.

    An event at which the scrubbing fails goes as its bare frames; any other item is left out and told to
    ``lost``, with the reason. Never raises.
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
    """Headers anew: those of the SDK hold the DSN's key and the first name of a renamed transaction."""
    headers: dict[str, Any] = {"sdk": {"name": "sentry.python", "version": VERSION}}
    headers["sent_at"] = format_timestamp(datetime.now(UTC))
    event_id = envelope.headers.get("event_id")
    with suppress(Exception):
        if event_id is not None:
            headers["event_id"] = identifier(event_id, {})
    return headers


def _safe_item(item: Item) -> Item:
    """The item, rebuilt. Raises whatever goes wrong."""
    kind = item.headers.get("type")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise ValueError("an item of no kind")
    if kind == "attachment":
        return _attachment(item)
    data = _data_of(item)
    try:
        safe = _with_objects(cleaned(data, KINDS.get(kind, ANYWHERE)))
        return _item(kind, item, without_private_values(safe) if kind in _TOLD else safe)
    except Exception:
        if kind not in ("event", "feedback"):
            raise
        return _item(kind, item, minimal_event(data))


def _with_objects(data: Any) -> Any:
    """With each context an object, as Sentry asks, where all of it went behind one mask."""
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
        # Even where the scrubber fails the item may go, as far as it can; none of these is needed.
        with suppress(Exception):
            if key in item.headers and (value := rule(item.headers[key], item.headers)) is not DROPPED:
                headers[key] = value
    return headers


def cleaned(value: Any, table: Table) -> Any:
    """A copy of the value in which each field has gone through its rule, or else through the scrubber."""
    if isinstance(value, Mapping):
        return _object(value, table)
    if isinstance(value, list | tuple) and EACH in table:
        passed = [_field(each, table[EACH], {}) for each in value]
        return [each for each in passed if each is not DROPPED]
    return scrub(value)


def _object(value: Mapping[Any, Any], table: Table) -> dict[Any, Any]:
    others = table.get(ANY)
    rules = {key: table.get(key, others) for key in value if isinstance(key, str)}
    # In one go, with the names of the fields: these may say that a value is a secret.
    safe = scrub({key: field for key, field in value.items() if rules.get(key) is None})
    for key, rule in rules.items():
        if rule is not None and (field := _field(value[key], rule, value)) is not DROPPED:
            safe[key if key in table else scrub_text(key)] = field
    return safe  # type: ignore[no-any-return]


def _field(value: Any, rule: Rule | Table, holder: Mapping[str, Any]) -> Any:
    return cleaned(value, rule) if isinstance(rule, Mapping) else rule(value, holder)


def _attachment(item: Item) -> Item:
    """A file: as text, scrubbed; otherwise a note in its place."""
    headers = _item_headers(item)
    masked = value_redaction.masker()
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
        # A line that is cut through goes whole: the half of a secret is not known for what it is.
        whole_lines = content[:MAX_ATTACHMENT].rpartition("\n")[0]
        return _scrubbed_lines(whole_lines or content[:MAX_ATTACHMENT]) + CUT
    try:
        data = json.loads(content)
    except ValueError:
        return _scrubbed_lines(content)
    # A bare number or word is a text like any other; in an object, the names say more.
    return json_dumps(scrub(data)).decode() if isinstance(data, dict | list) else _scrubbed_lines(content)


def _scrubbed_lines(content: str) -> str:
    blocks, block = [], ""
    # The one secret that goes over many lines first, so that none is parted.
    for line in _PEM.sub(REDACTED, content).splitlines(keepends=True):
        if len(block) + len(line) > _BLOCK:
            blocks.append(block)
            block = ""
        block += line
    return "".join(map(scrub_text, [*blocks, block]))
