"""The rule of each field of each kind of item; a field without a rule is scrubbed.

``EACH`` means every element of a list, ``ANY`` every field of an object. The fields are those of
https://develop.sentry.dev/sdk/data-model/ and of the SDK's own source.
"""

from collections.abc import Mapping
from typing import Final, Union

from services.monitoring.envelope.field_rules import (
    Rule,
    attributes,
    digits,
    drop,
    exception_text,
    filename,
    flag,
    identifier,
    identity,
    instant,
    number,
    numbers,
    one_of,
    pairs,
    release,
    server,
    text,
    username,
)

Table = Mapping[str, Union[Rule, "Table"]]

EACH: Final = "[]"
ANY: Final = "*"

_LEVEL: Final = one_of("fatal", "critical", "error", "warning", "warn", "log", "info", "debug", "trace")
_PLATFORM: Final = one_of("python", "other", "native")
_STATUS: Final = one_of(
    "ok", "error", "cancelled", "unknown", "unknown_error", "invalid_argument", "deadline_exceeded",
    "not_found",
    "already_exists", "permission_denied", "resource_exhausted", "failed_precondition", "aborted",
    "out_of_range", "unimplemented", "internal_error", "unavailable", "data_loss", "unauthenticated",
    "exited", "crashed", "abnormal", "errored", "in_progress",
)  # fmt: skip
_TYPE: Final = one_of("transaction", "feedback", "check_in", "event", "error", "default", "generic")

_FRAME: Final[Table] = {
    "filename": filename, "abs_path": drop, "vars": drop,
    "pre_context": drop, "context_line": drop, "post_context": drop,
    "module": text, "function": text, "raw_function": text, "package": filename,
    "lineno": number, "colno": number, "in_app": flag,
}  # fmt: skip
_STACK: Final[Table] = {"frames": {EACH: _FRAME}, "registers": drop}
_USER: Final[Table] = {"id": identity, "username": username, "department": identity, ANY: drop}
_TRACE: Final[Table] = {
    "trace_id": identifier, "span_id": identifier, "parent_span_id": identifier,
    "op": text, "origin": text, "status": _STATUS, "description": text, "sampled": flag,
    "client_sample_rate": number, "exclusive_time": number, "dynamic_sampling_context": drop,
}  # fmt: skip
_SPAN_V1: Final[Table] = {
    **_TRACE,
    "start_timestamp": instant, "timestamp": instant, "segment_id": identifier, "profile_id": identifier,
    "is_segment": flag, "same_process_as_parent": flag, "tags": pairs,
}  # fmt: skip
_ATTRIBUTES: Final = attributes({
    "user.id": identity, "user.name": username, "user.email": drop, "user.ip_address": drop,
    "server.address": server, "code.file.path": filename, "code.filepath": filename,
    "code.function.name": text, "code.line.number": number, "process.pid": number,
    "sentry.release": release, "sentry.segment.id": identifier, "sentry.trace.parent_span_id": identifier,
    "sentry.severity_number": number,
})  # fmt: skip
_LINK: Final[Table] = {
    "trace_id": identifier, "span_id": identifier, "sampled": flag, "attributes": _ATTRIBUTES,
}  # fmt: skip
_BATCHED: Final[Table] = {
    "trace_id": identifier, "span_id": identifier, "parent_span_id": identifier,
    "timestamp": instant, "start_timestamp": instant, "end_timestamp": instant,
    "level": _LEVEL, "severity_text": _LEVEL, "severity_number": number, "body": text,
    "status": _STATUS, "is_segment": flag, "links": {EACH: _LINK},
    "name": text, "type": one_of("counter", "gauge", "distribution", "set"), "value": number,
    "attributes": _ATTRIBUTES,
}  # fmt: skip
_MECHANISM: Final[Table] = {
    "type": text, "source": text, "handled": flag, "synthetic": flag, "is_exception_group": flag,
    "exception_id": number, "parent_id": number,
}  # fmt: skip
_EXCEPTION: Final[Table] = {
    "type": text, "module": text, "value": exception_text, "thread_id": digits,
    "mechanism": _MECHANISM, "stacktrace": _STACK, "raw_stacktrace": _STACK,
}  # fmt: skip
_THREAD: Final[Table] = {
    "id": digits, "name": text, "crashed": flag, "current": flag, "main": flag,
    "stacktrace": _STACK, "raw_stacktrace": _STACK,
}  # fmt: skip
_BREADCRUMB: Final[Table] = {
    "type": text,
    "category": text,
    "level": _LEVEL,
    "timestamp": instant,
    "message": text,
}
_FEEDBACK: Final[Table] = {
    "message": text, "contact_email": text, "name": username, "url": drop, "source": text,
    "associated_event_id": identifier, "replay_id": identifier,
}  # fmt: skip
_CONTEXTS: Final[Table] = {
    "trace": _TRACE, "feedback": _FEEDBACK, "profile": {"profiler_id": identifier},
    "replay": {"replay_id": identifier}, "device": {"name": drop}, "storm": {"suppressed": number},
    "response": {"cookies": drop},
}  # fmt: skip


def _values(table: Table) -> Table:
    """The table of a list that an event holds either plain or below the field ``values``."""
    return {EACH: table, "values": {EACH: table}, **table}


ANYWHERE: Final[Table] = {
    "exception": _values(_EXCEPTION), "stacktrace": _STACK, "user": _USER, "server_name": server,
    "request": drop, "modules": drop, "debug_meta": drop, "_meta": drop, "extra": {"sys.argv": drop},
}  # fmt: skip
"""The rules of these fields in items of every kind, including unknown kinds."""

EVENT: Final[Table] = {
    **ANYWHERE,
    "event_id": identifier, "timestamp": instant, "start_timestamp": instant, "received": instant,
    "type": _TYPE, "level": _LEVEL, "platform": _PLATFORM, "release": release, "environment": text,
    "dist": text, "logger": text, "message": text, "culprit": text, "transaction": text,
    "transaction_info": {"source": text}, "tags": pairs, "contexts": _CONTEXTS,
    "threads": _values(_THREAD), "breadcrumbs": _values(_BREADCRUMB), "spans": {EACH: _SPAN_V1},
    "logentry": {"message": text, "formatted": text},
    "sdk": {"name": text, "version": text, "integrations": {EACH: text}, "packages": {EACH: {ANY: text}}},
    # fields of a check-in, which the SDK prepares like an event
    "check_in_id": identifier, "monitor_slug": text, "status": _STATUS, "duration": number,
}  # fmt: skip

_SESSION_ATTRIBUTES: Final[Table] = {
    "release": release,
    "environment": text,
    "ip_address": drop,
    "user_agent": drop,
}
_COUNTS: Final[Table] = {
    "started": instant, "exited": number, "errored": number, "crashed": number, "abnormal": number,
    "did": drop,
}  # fmt: skip
_SESSION: Final[Table] = {
    **ANYWHERE,
    "sid": identifier, "did": identity, "init": flag, "started": instant, "timestamp": instant,
    "status": _STATUS, "errors": number, "duration": number, "seq": number, "attrs": _SESSION_ATTRIBUTES,
    "aggregates": {EACH: _COUNTS},
}  # fmt: skip
_SAMPLE: Final[Table] = {
    "elapsed_since_start_ns": digits,
    "timestamp": instant,
    "thread_id": digits,
    "stack_id": number,
}
_PROFILED: Final[Table] = {
    "id": identifier, "name": text, "trace_id": identifier, "active_thread_id": digits,
    "relative_start_ns": digits, "relative_end_ns": digits,
}  # fmt: skip
_PROFILE: Final[Table] = {
    **ANYWHERE,
    "event_id": identifier, "chunk_id": identifier, "profiler_id": identifier, "platform": _PLATFORM,
    "release": release, "environment": text, "timestamp": instant, "version": text,
    "profile": {
        "frames": {EACH: _FRAME}, "stacks": numbers, "samples": {EACH: _SAMPLE},
        "thread_metadata": {ANY: {"name": text, "priority": number}},
    },
    "transaction": _PROFILED, "transactions": {EACH: _PROFILED}, "device": {"name": drop},
}  # fmt: skip
_CLIENT_REPORT: Final[Table] = {
    **ANYWHERE,
    "timestamp": instant,
    "discarded_events": {EACH: {"reason": text, "category": text, "quantity": number}},
}
_BATCH: Final[Table] = {**ANYWHERE, **_SPAN_V1, "version": number, "items": {EACH: _BATCHED}}
_USER_REPORT: Final[Table] = {
    **ANYWHERE,
    "event_id": identifier, "name": username, "email": text, "comments": text,
}  # fmt: skip

KINDS: Final[Mapping[str, Table]] = {
    "event": EVENT, "transaction": EVENT, "feedback": EVENT, "check_in": EVENT,
    "session": _SESSION, "sessions": _SESSION,
    "log": _BATCH, "trace_metric": _BATCH, "span": _BATCH,
    "profile": _PROFILE, "profile_chunk": _PROFILE,
    "user_report": _USER_REPORT,
    "client_report": _CLIENT_REPORT,
}  # fmt: skip
"""The table of each kind of item."""
