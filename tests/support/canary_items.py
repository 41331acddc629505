"""Every kind of Sentry item, with a place for a canary in each field.

The fields are those of https://develop.sentry.dev/sdk/data-model/ and of Relay's ``relay-event-schema``.
``HERE`` means a text. ``Fixed`` means a field in which Sentry accepts only one form; it holds a canary only
if the item may be invalid.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sentry_sdk.envelope import Envelope, Item, PayloadRef

from tests.support.canaries import Plant

HERE: Final = "@here"
WHO: Final = "@who"
"""Stands for a name by which somebody signs in here, which the contract tells."""
SECRETS: Final = "@secrets"
"""Stands for an object with a secret under each sensitive name."""

_HEX: Final = r"[0-9a-fA-F]{8,32}"
_DIGITS: Final = r"[0-9]{1,20}"


@dataclass(frozen=True)
class Fixed:
    """A field of one form, with a value that Sentry accepts; a text of the form ``form`` is kept there."""

    value: Any
    form: str = r"(?!)"


TRACE_ID: Final = Fixed("0af7651916cd43dd8448eb211c80319c", _HEX)
SPAN_ID: Final = Fixed("b7ad6b7169203331", _HEX)
EVENT_ID: Final = Fixed("9ec79c33ec9942ab8353589fcb2e04dc", _HEX)
THREAD_ID: Final = Fixed("8589934592", _DIGITS)
LEVEL: Final = Fixed("error")
TIME: Final = Fixed(1_768_000_000.5)
ISO: Final = Fixed("2026-01-09T23:06:40.500000Z")
NUMBER: Final = Fixed(7)
YES: Final = Fixed(True)
ANYTHING: Final = {
    HERE: HERE,
    "text": HERE,
    "list": [HERE, {"deep": [HERE]}, 7, None, True],
    "secrets": SECRETS,
}

FRAME: Final = {
    "filename": HERE, "abs_path": HERE, "function": HERE, "raw_function": HERE, "module": HERE,
    "lineno": NUMBER,
    "colno": NUMBER, "context_line": HERE, "pre_context": [HERE], "post_context": [HERE], "source_link": HERE,
    "in_app": YES, "vars": ANYTHING, "package": HERE, "platform": Fixed("python"), "symbol": HERE,
    "instruction_addr": Fixed("0x1"), "image_addr": Fixed("0x1"), "trust": HERE, "data": ANYTHING,
    "lock": {"type": Fixed(1), "address": HERE, "package_name": HERE, "class_name": HERE,
    "thread_id": THREAD_ID},
}  # fmt: skip
STACK: Final = {
    "frames": [{"function": HERE, "vars": {HERE: HERE}}, FRAME],
    "registers": {"rip": Fixed("0x1")},
}
EXCEPTION: Final = {
    "type": HERE, "value": HERE, "module": HERE, "thread_id": THREAD_ID, "stacktrace": STACK,
    "raw_stacktrace": {"frames": [{"filename": HERE, "function": HERE, "vars": {HERE: HERE}}]},
    "mechanism": {
        "type": HERE, "description": HERE, "help_link": Fixed("https://example.com/help"), "handled": YES,
        "synthetic": YES, "source": Fixed("__cause__"),
        "exception_id": NUMBER, "parent_id": Fixed(0), "is_exception_group": YES, "data": ANYTHING,
        "meta": {"errno": {"number": NUMBER, "name": HERE}, "signal": {"number": NUMBER, "code": NUMBER,
        "name": HERE}},
    },
}  # fmt: skip
BREADCRUMB: Final = {
    "type": HERE, "category": HERE, "level": LEVEL, "timestamp": TIME, "message": HERE,
    "origin": Fixed("auto.db"),
    "data": ANYTHING, "event_id": EVENT_ID,
}  # fmt: skip
USER: Final = {
    "id": WHO, "username": WHO, "email": HERE, "ip_address": Fixed("127.0.0.1"), "name": HERE,
    "segment": HERE,
    "geo": {"city": HERE, "country_code": HERE, "region": HERE}, "data": ANYTHING, "department": WHO,
    HERE: HERE,
}  # fmt: skip
SPAN: Final = {
    "span_id": SPAN_ID, "parent_span_id": SPAN_ID, "trace_id": TRACE_ID, "op": HERE, "description": HERE,
    "origin": Fixed("auto.db"), "status": Fixed("ok"), "start_timestamp": TIME, "timestamp": TIME,
    "tags": {HERE: HERE, "t": HERE},
    "data": ANYTHING, "measurements": {"m": {"value": NUMBER, "unit": Fixed("none")}},
}  # fmt: skip
CONTEXTS: Final = {
    "trace": {
        "trace_id": TRACE_ID, "span_id": SPAN_ID, "parent_span_id": SPAN_ID, "op": HERE,
        "status": Fixed("ok"),
        "origin": Fixed("auto.db"), "description": HERE, "data": ANYTHING,
        "dynamic_sampling_context": {HERE: HERE, "user": HERE},
    },
    "device": {"name": HERE, "model": HERE, "device_unique_identifier": HERE, "brand": HERE},
    "os": {"name": HERE, "version": HERE, "raw_description": HERE, "kernel_version": HERE},
    "runtime": {"name": HERE, "version": HERE, "build": HERE},
    "app": {"app_name": HERE, "app_identifier": HERE, "device_app_hash": HERE},
    "browser": {"name": HERE, "version": HERE}, "culture": {"locale": HERE, "timezone": HERE},
    "response": {"cookies": {"sid": HERE}, "headers": {"Set-Cookie": HERE, "X-Place": HERE}, "data": HERE},
    "epicevents": ANYTHING, HERE: ANYTHING,
}  # fmt: skip
REQUEST: Final = {
    "url": HERE, "method": HERE, "data": ANYTHING, "query_string": HERE, "cookies": HERE, "fragment": HERE,
    "headers": {"Authorization": HERE, "X-Forwarded-For": HERE}, "env": {"REMOTE_ADDR": HERE, HERE: HERE},
}  # fmt: skip
SDK: Final = {
    "name": HERE,
    "version": HERE,
    "integrations": [HERE],
    "packages": [{"name": HERE, "version": HERE}],
}
COMMON: Final = {
    "event_id": EVENT_ID, "timestamp": TIME, "level": LEVEL, "platform": Fixed("python"), "logger": HERE,
    "transaction": HERE, "server_name": HERE, "release": Fixed("epicevents@0.1.0"),
    "environment": Fixed("staging"), "dist": Fixed("7"), "tags": {"place": HERE, HERE: HERE},
    "modules": {"m": HERE},
    "extra": {**ANYTHING, "sys.argv": [HERE], "number": NUMBER}, "user": USER, "request": REQUEST,
    "contexts": CONTEXTS, "breadcrumbs": {"values": [{"message": HERE}, BREADCRUMB]}, "sdk": SDK,
    "debug_meta": {"images": [{"type": "sourcemap", "code_file": HERE, "debug_id": EVENT_ID}]},
    "culprit": HERE,
}  # fmt: skip
SOME: Final = {
    name: COMMON[name] for name in ("event_id", "timestamp", "level", "tags", "extra", "user", "request")
}
EVENT: Final = {
    **COMMON, "message": HERE, "fingerprint": [HERE, "{{ default }}"],
    "logentry": {"message": HERE, "formatted": HERE, "params": [HERE, {"deep": HERE}]},
    "exception": {"values": [{"type": "ValueError", "value": HERE}, EXCEPTION]},
    "threads": {"values": [{"id": THREAD_ID, "name": HERE, "crashed": YES, "stacktrace": STACK,
    "state": HERE}]},
    "errors": [{"type": HERE, "name": HERE, "value": HERE}],
}  # fmt: skip
OTHER_SHAPES: Final = {
    "tags": [["place", HERE], [HERE, HERE]], "breadcrumbs": [BREADCRUMB], "exception": [EXCEPTION],
    "threads": [{"name": HERE, "stacktrace": {"frames": [{"vars": {HERE: HERE}}]}}],
    "logentry": {"message": HERE, "params": {"who": HERE}},
    "stacktrace": {"frames": [FRAME]}, "template": {"filename": HERE, "context_line": HERE,
    "pre_context": [HERE]},
    "_meta": {"message": {"": {"rem": [[HERE, "x"]], "val": HERE}}},
}  # fmt: skip
TRANSACTION: Final = {
    **COMMON, "type": Fixed("transaction"), "start_timestamp": TIME, "spans": [SPAN, SPAN],
    "transaction_info": {"source": Fixed("custom"), "original": HERE},
    "measurements": {"m": {"value": NUMBER, "unit": Fixed("none")}},
}  # fmt: skip
ATTRIBUTES: Final = {
    "user.id": {"value": WHO, "type": "string"}, "user.name": {"value": WHO, "type": "string"},
    "user.email": {"value": HERE, "type": "string"}, "server.address": {"value": HERE, "type": "string"},
    "code.file.path": {"value": HERE, "type": "string"}, "sentry.message.template": {"value": HERE,
    "type": "string"},
    "sentry.message.parameter.0": {"value": HERE, "type": "string"}, "db.query.text": {"value": HERE,
    "type": "string"},
    "list": {"value": [HERE, HERE], "type": "array"}, "bare": HERE, HERE: {"value": HERE, "type": HERE},
    "user_password": {"value": HERE, "type": "string"}, "clientSecret": HERE,
}  # fmt: skip
LOG: Final = {
    "timestamp": TIME, "trace_id": TRACE_ID, "span_id": SPAN_ID, "level": Fixed("info"),
    "severity_number": NUMBER,
    "severity_text": Fixed("info"), "body": HERE, "attributes": ATTRIBUTES,
}  # fmt: skip
METRIC: Final = {
    "timestamp": TIME, "trace_id": TRACE_ID, "span_id": SPAN_ID, "name": HERE, "type": Fixed("counter"),
    "value": NUMBER, "unit": Fixed("none"), "attributes": ATTRIBUTES,
}  # fmt: skip
SPAN_V2: Final = {
    "trace_id": TRACE_ID, "span_id": SPAN_ID, "parent_span_id": SPAN_ID, "name": HERE, "status": Fixed("ok"),
    "is_segment": YES, "start_timestamp": TIME, "end_timestamp": TIME, "attributes": ATTRIBUTES,
    "links": [{"trace_id": TRACE_ID, "span_id": SPAN_ID, "attributes": ATTRIBUTES}],
}  # fmt: skip
SESSION: Final = {
    "sid": EVENT_ID, "did": WHO, "init": YES, "started": ISO, "timestamp": ISO, "status": Fixed("exited"),
    "errors": Fixed(0), "duration": NUMBER, "abnormal_mechanism": HERE,
    "attrs": {"release": Fixed("epicevents@0.1.0"), "environment": HERE, "ip_address": HERE,
    "user_agent": HERE},
}  # fmt: skip
SESSIONS: Final = {
    "aggregates": [{"started": ISO, "did": WHO, "exited": NUMBER, "errored": Fixed(0)}],
    "attrs": SESSION["attrs"],
}  # fmt: skip
FEEDBACK: Final = {
    **SOME, "type": Fixed("feedback"),
    "contexts": {"feedback": {
        "message": HERE, "contact_email": HERE, "name": WHO, "url": HERE, "source": HERE,
        "associated_event_id": EVENT_ID, HERE: HERE,
    }},
}  # fmt: skip
USER_REPORT: Final = {"event_id": EVENT_ID, "name": WHO, "email": HERE, "comments": HERE, HERE: HERE}
CHECK_IN: Final = {
    **SOME, "type": Fixed("check_in"), "check_in_id": EVENT_ID, "monitor_slug": HERE, "status": Fixed("ok"),
    "duration": NUMBER, "monitor_config": {"schedule": {"type": "crontab", "value": HERE}, "owner": HERE,
    "timezone": HERE},
}  # fmt: skip
PROFILED: Final = {
    "id": EVENT_ID, "name": HERE, "trace_id": TRACE_ID, "active_thread_id": THREAD_ID,
    "relative_start_ns": THREAD_ID, "relative_end_ns": THREAD_ID,
}  # fmt: skip
PROFILE: Final = {
    "event_id": EVENT_ID, "chunk_id": EVENT_ID, "profiler_id": EVENT_ID, "platform": Fixed("python"),
    "release": Fixed("epicevents@0.1.0"), "environment": HERE, "timestamp": ISO, "version": Fixed("2"),
    "device": {"architecture": HERE, "name": HERE, "model": HERE}, "os": {"name": HERE, "version": HERE},
    "runtime": {"name": HERE, "version": HERE}, "transaction": PROFILED, "transactions": [PROFILED],
    "client_sdk": {"name": HERE, "version": HERE}, "measurements": {HERE: {"unit": Fixed("none"),
    "values": [{"value": NUMBER}]}},
    "profile": {
        "frames": [FRAME], "stacks": [[Fixed(0)]],
        "samples": [{"elapsed_since_start_ns": THREAD_ID, "thread_id": THREAD_ID, "stack_id": Fixed(0),
        "timestamp": TIME}],
        "thread_metadata": {"1": {"name": HERE, "priority": NUMBER}, HERE: {"name": HERE}},
        "queue_metadata": {HERE: {"label": HERE}},
    },
}  # fmt: skip
CLIENT_REPORT: Final = {
    "timestamp": ISO, "discarded_events": [{"reason": HERE, "category": HERE, "quantity": NUMBER,
    HERE: HERE}],
}  # fmt: skip
REPLAY: Final = {"type": "replay_event", "urls": [HERE], "trace_ids": [TRACE_ID], "user": USER, **ANYTHING}

_BATCH: Final = {"version": Fixed(2)}
ITEMS: Final[Mapping[str, tuple[str, Any]]] = {
    "event": ("event", EVENT),
    "event, its other shapes": ("event", OTHER_SHAPES),
    "transaction": ("transaction", TRANSACTION),
    "span": ("span", {**_BATCH, "items": [SPAN_V2]}),
    "span alone": ("span", SPAN),
    "log": ("log", {"items": [LOG]}),
    "metric": ("trace_metric", {"items": [METRIC]}),
    "session": ("session", SESSION),
    "sessions": ("sessions", SESSIONS),
    "feedback": ("feedback", FEEDBACK),
    "user report": ("user_report", USER_REPORT),
    "check-in": ("check_in", CHECK_IN),
    "profile": ("profile", PROFILE),
    "profile chunk": ("profile_chunk", PROFILE),
    "client report": ("client_report", CLIENT_REPORT),
    "an item of tomorrow": ("replay_event", REPLAY),
}
"""Items that are JSON, by what they are called here: their type and their fields."""

ENVELOPE_HEADERS: Final = {
    "event_id": EVENT_ID, "sent_at": ISO, "dsn": HERE, "sdk": SDK, HERE: HERE,
    "trace": {
        "trace_id": TRACE_ID, "public_key": HERE, "transaction": HERE, "release": HERE, "environment": HERE,
        "user_id": HERE, "user_segment": HERE, "sample_rate": HERE, HERE: HERE,
    },
}  # fmt: skip
ITEM_HEADERS: Final = {
    "item_count": NUMBER, "platform": HERE, "content_type": HERE, "attachment_type": HERE, HERE: HERE,
}  # fmt: skip


@dataclass(frozen=True)
class Filling:
    """The values for the places. ``broken`` also fills ``Fixed`` fields, which makes the items invalid.

    ``who`` means that the fields of usernames are filled.
    """

    plant: Plant
    secrets: Callable[[str], Any] | None = None
    broken: bool = False
    who: bool = True

    def fill(self, template: Any, place: str) -> Any:
        """Copy the template with a canary in each place."""
        if template == HERE or (template == WHO and self.who):
            return self.plant(place)
        if template == WHO:
            return "jdupont"
        if template == SECRETS:
            return self.secrets(place) if self.secrets is not None else {}
        if isinstance(template, Fixed):
            return self._fixed(template, place)
        if isinstance(template, dict):
            return {
                (self.plant(f"{place}.<name>") if name == HERE else name): self.fill(each, f"{place}.{name}")
                for name, each in template.items()
            }
        if isinstance(template, list):
            return [self.fill(each, f"{place}[{at}]") for at, each in enumerate(template)]
        return template

    def _fixed(self, template: Fixed, place: str) -> Any:
        if not self.broken:
            return template.value
        text = self.plant(place)
        return template.value if re.fullmatch(template.form, text) else text


def envelope(filling: Filling, names: Iterator[str] | None = None) -> Envelope:
    """An envelope with one item of each kind and attachments; the headers are filled too."""
    headers = filling.fill(ENVELOPE_HEADERS, "envelope header")
    items = [_item(name, filling) for name in names or ITEMS]
    return Envelope(headers, [*items, *attachments(filling)])


def _item(name: str, filling: Filling) -> Item:
    kind, template = ITEMS[name]
    data = filling.fill(template, name)
    headers = filling.fill(ITEM_HEADERS, f"{name}, item header")
    # By turns as JSON, as in the SDK, and as serialised bytes.
    payload = PayloadRef(json=data) if len(name) % 2 else PayloadRef(bytes=json.dumps(data).encode())
    return Item(payload, headers=headers, type=kind)


def attachments(filling: Filling) -> list[Item]:
    """Text, JSON and binary attachments; the names include folders."""

    def attached(name: str, content: bytes) -> Item:
        headers = filling.fill(
            {**ITEM_HEADERS, "filename": f"{filling.plant(f'{name}, its name')}/x.txt"}, name
        )
        return Item(content, headers=headers, type="attachment")

    plant = filling.plant
    document = json.dumps(filling.fill(ANYTHING, "attached JSON"), ensure_ascii=False).encode()
    return [
        attached("attached text", f"a line\nhere: {plant('attached text')}\nanother".encode()),
        attached("attached JSON", document),
        attached("attached binary", b"\x89PNG\x00" + plant("attached binary").encode() + b"\xff\x00"),
        attached("attached UTF-16", plant("attached UTF-16").encode("utf-16")),
        Item(plant("an item of no kind").encode(), type=plant("type of an item")),
        Item(f"{plant('statsd')}:1|c".encode(), type="statsd"),
    ]
