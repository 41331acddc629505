"""The sanitiser: each kind of item is rebuilt with the fields that Sentry needs and without personal data."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from sentry_sdk.envelope import Envelope, Item, PayloadRef

from services.monitoring.envelope import sanitizer
from services.monitoring.envelope.sanitizer import sanitize_envelope

SECRET = "john.doe@example.com"
MASKED = "jo***@example.com"
ID = "0123456789abcdef0123456789abcdef"
SPAN_ID = "0123456789abcdef"
WHEN = "2026-03-01T12:00:00.000000Z"


def passed(kind: str, data: Any, **headers: Any) -> Any:
    """The JSON of an item after sanitising."""
    item = passed_item(Item(PayloadRef(json=data), type=kind, headers=headers))
    assert item is not None
    return json.loads(item.get_bytes())


def passed_item(item: Item) -> Item | None:
    envelope = sanitize_envelope(Envelope(items=[item]))
    return Envelope.deserialize(envelope.serialize()).items[0] if envelope else None


def frame(**fields: Any) -> dict[str, Any]:
    event = {"exception": {"values": [{"type": "E", "stacktrace": {"frames": [fields]}}]}}
    (kept,) = passed("event", event)["exception"]["values"][0]["stacktrace"]["frames"]
    assert isinstance(kept, dict)
    return kept


def test_envelope_headers_are_rebuilt() -> None:
    headers = {
        "event_id": ID,
        "dsn": "https://key@x/1",
        "trace": {"public_key": "key", "transaction": SECRET},
    }
    envelope = sanitize_envelope(Envelope(headers=headers, items=[Item(PayloadRef(json={}), type="event")]))
    assert envelope is not None
    assert envelope.headers.keys() == {"event_id", "sent_at", "sdk"}
    assert envelope.headers["event_id"] == ID


@pytest.mark.parametrize("event_id", [SECRET, 7, ["x"], {"a": SECRET}])
def test_an_invalid_event_id_in_the_headers_is_scrubbed(event_id: Any) -> None:
    envelope = sanitize_envelope(Envelope(headers={"event_id": event_id}, items=[Item(b"{}", type="event")]))
    assert envelope is not None
    assert SECRET.encode() not in envelope.serialize()


def test_fields_that_sentry_needs_keep_value_and_type() -> None:
    event = {
        "event_id": ID, "timestamp": WHEN, "start_timestamp": 1772366400.25, "type": "transaction",
        "level": "warning", "platform": "python", "release": "epicevents@0.1.0", "environment": "staging",
        "transaction": "ClientList", "transaction_info": {"source": "custom"},
        "contexts": {"trace": {
            "trace_id": ID, "span_id": SPAN_ID, "parent_span_id": None, "op": "ui.load", "status": "ok",
            "origin": "manual",
        }},
        "spans": [{
            "span_id": SPAN_ID, "trace_id": ID, "op": "db.query", "description": "SELECT name FROM client",
            "start_timestamp": WHEN, "timestamp": WHEN, "data": {"db.system": "sqlite", "rows": 12},
        }],
        "breadcrumbs": {"values": [
            {"timestamp": WHEN, "type": "default", "category": "auth", "level": "info", "message": "Bonjour"},
        ]},
        "tags": {"language": "fr"}, "fingerprint": ["login-refused", "wrong_password"],
    }  # fmt: skip
    assert passed("transaction", event) == event


def test_forbidden_fields_are_dropped() -> None:
    event = {
        "request": {"headers": {"Cookie": SECRET}}, "modules": {"secret-package": "1"}, "_meta": {"x": 1},
        "debug_meta": {"images": []}, "server_name": "johns-laptop", "extra": {"sys.argv": ["x"], "kept": 1},
        "contexts": {"device": {"name": "johns-laptop", "arch": "x86_64"}},
    }  # fmt: skip
    assert passed("event", event) == {
        "server_name": "epicevents", "extra": {"kept": 1}, "contexts": {"device": {"arch": "x86_64"}},
    }  # fmt: skip


def test_a_frame_keeps_only_its_place_in_the_code() -> None:
    kept = frame(
        filename="services/clients.py", abs_path="/home/john/epic/services/clients.py", lineno=12, colno=3,
        module="services.clients", function="create_client", in_app=True, vars={"password": "hunter2"},
        context_line="x = 'hunter2'", pre_context=["a"], post_context=["b"],
    )  # fmt: skip
    assert kept == {
        "filename": "services/clients.py", "lineno": 12, "colno": 3, "module": "services.clients",
        "function": "create_client", "in_app": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("filename", "module", "kept"),
    [
        ("/home/john/epic/services/clients.py", "services.clients", "services/clients.py"),
        ("/home/john/epic/services/__init__.py", "services", "services/__init__.py"),
        ("/home/john/run.py", "__main__", "run.py"),
        ("/home/john/run.py", None, "run.py"),
        ("C:\\Users\\john\\run.py", "__main__", "run.py"),
        ("\\\\host\\john\\run.py", None, "run.py"),
        ("~/run.py", None, "run.py"),
        ("<string>", None, "<string>"),
        ("/home/john/run.py", f"a/{SECRET}", "run.py"),
    ],
)
def test_a_file_name_has_no_user_folder(filename: str, module: str | None, kept: str) -> None:
    assert frame(filename=filename, module=module, lineno=1)["filename"] == kept


@pytest.mark.parametrize(
    ("user", "kept"),
    [
        ({"id": "7", "username": "support1", "department": "SUPPORT"}, None),
        ({"id": 7, "username": "support1"}, None),
        ({"id": SECRET, "username": SECRET, "department": "7 rue de la Paix"}, {}),
        ({"email": SECRET, "ip_address": "10.0.0.1", "name": "John Doe", "geo": {"city": "Paris"}}, {}),
        ({"username": "mot de passe"}, {}),
        ({"id": "4532015112830366", "username": "4532015112830366"}, {}),
    ],
)
def test_a_user_has_id_username_and_department_only(
    user: dict[str, Any], kept: dict[str, Any] | None
) -> None:
    assert passed("event", {"user": user})["user"] == (user if kept is None else kept)


def test_the_text_of_an_exception_is_scrubbed_as_exception_text() -> None:
    value = {"type": "ValueError", "module": "builtins", "value": "no client 'Kevin Casey'",
             "mechanism": {"type": "excepthook", "handled": False, "data": {"who": SECRET}}}  # fmt: skip
    (kept,) = passed("event", {"exception": {"values": [value]}})["exception"]["values"]
    assert "Kevin" not in kept["value"]
    assert kept["value"].startswith("no client ")
    assert kept["mechanism"] == {"type": "excepthook", "handled": False, "data": {"who": MASKED}}


@pytest.mark.parametrize("shape", [lambda values: {"values": values}, list, lambda values: values[0]])
def test_every_form_of_an_exception_is_scrubbed(shape: Any) -> None:
    value = {
        "type": "ValueError",
        "value": "no 'Kevin'",
        "stacktrace": {"frames": [{"vars": {"a": "Kevin"}}]},
    }
    kept = passed("event", {"exception": shape([value])})
    assert "Kevin" not in json.dumps(kept)
    assert "ValueError" in json.dumps(kept)


PLACES: list[tuple[str, Any]] = [
    ("event", {"message": SECRET}),
    ("event", {"logentry": {"message": SECRET, "formatted": SECRET, "params": [SECRET]}}),
    ("event", {"level": SECRET, "platform": SECRET, "type": SECRET, "timestamp": SECRET, "event_id": SECRET}),
    ("event", {"release": SECRET, "environment": SECRET, "dist": SECRET, "logger": SECRET}),
    ("event", {"tags": {"a": SECRET, SECRET: "a"}, "extra": {SECRET: [{"deep": (SECRET,)}]}}),
    ("event", {"tags": [["password", "hunter2"], ["a", SECRET]]}),
    ("event", {"contexts": {"any": {"thing": SECRET}, "trace": {"op": SECRET, "data": {"a": SECRET}}}}),
    ("event", {"contexts": {"feedback": {"message": SECRET, "contact_email": SECRET, "name": "John Doe"}}}),
    ("event", {"breadcrumbs": [{"message": SECRET, "category": SECRET, "data": {"a": SECRET}, SECRET: 1}]}),
    ("event", {"threads": {"values": [{"id": 1, "name": SECRET}]}}),
    ("event", {"threads": [{"id": SECRET, "stacktrace": {"frames": [{"vars": SECRET}]}}]}),
    ("event", {"fingerprint": [SECRET], "sdk": {"name": SECRET, "packages": [{"name": SECRET}]}}),
    ("event", {"unheard_of": {"thing": SECRET}, SECRET: SECRET}),
    ("transaction", {"transaction": SECRET, "spans": [{"description": SECRET, "op": SECRET}]}),
    ("transaction", {"spans": [{"tags": {"a": SECRET}, "data": {"a": SECRET}, "status": SECRET}]}),
    ("transaction", {"measurements": {SECRET: {"value": 1, "unit": SECRET}}}),
    ("session", {"sid": SECRET, "did": SECRET, "status": SECRET, "attrs": {"user_agent": SECRET}}),
    ("session", {"attrs": {"environment": SECRET, "release": SECRET, "anything": SECRET}}),
    ("sessions", {"aggregates": [{"did": SECRET, "started": SECRET}], "attrs": {"ip_address": SECRET}}),
    ("log", {"items": [{"body": SECRET, "attributes": {"a": {"value": SECRET, "type": "string"}}}]}),
    ("log", {"items": [{"attributes": {SECRET: {"value": [SECRET], "type": SECRET}, "b": SECRET}}]}),
    ("log", {"items": [{"attributes": {"user.password": {"value": "hunter2", "type": "string"}}}]}),
    ("trace_metric", {"items": [{"name": SECRET, "unit": SECRET, "value": SECRET}]}),
    ("span", {"items": [{"name": SECRET, "attributes": {"a": {"value": SECRET, "type": "string"}}}]}),
    ("span", {"description": SECRET, "data": {"a": SECRET}}),
    ("profile", {"profile": {"frames": [{"abs_path": SECRET, "function": SECRET}]}}),
    ("profile", {"profile": {"thread_metadata": {"1": {"name": SECRET}}, "stacks": [[0, SECRET]]}}),
    ("profile", {"transactions": [{"name": SECRET}], "transaction": {"id": SECRET}}),
    ("profile_chunk", {"profile": {"frames": [{"filename": f"/home/{SECRET}/x.py"}]}, "client_sdk": SECRET}),
    ("feedback", {"contexts": {"feedback": {"message": SECRET, "url": SECRET, "name": "John Doe"}}}),
    ("user_report", {"event_id": SECRET, "name": "John Doe", "email": SECRET, "comments": SECRET}),
    ("client_report", {"discarded_events": [{"reason": SECRET, "category": SECRET, "quantity": SECRET}]}),
    ("check_in", {"check_in_id": SECRET, "monitor_slug": SECRET, "monitor_config": {"a": SECRET}}),
    ("replay_event", {"urls": [SECRET], "password": "hunter2"}),
    ("otel_metric", [{"labels": {"a": SECRET}}]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data"), PLACES)
def test_personal_data_in_any_field_are_masked(kind: str, data: Any) -> None:
    item = passed_item(Item(PayloadRef(json=data), type=kind, headers={"platform": SECRET, SECRET: SECRET}))
    assert item is not None
    whole = item.serialize().decode()
    assert item.type == kind
    assert [secret for secret in (SECRET, "hunter2", "John Doe") if secret in whole] == []


def test_a_session_keeps_the_fields_of_the_crash_free_rate() -> None:
    session = {
        "sid": "0f6f1eb4-7b3a-4f0b-8a52-6a3c5f3e2d11", "did": "7", "init": True, "started": WHEN,
        "timestamp": WHEN, "status": "crashed", "errors": 1, "duration": 12.5,
        "attrs": {"release": "epicevents@0.1.0", "environment": "production"},
    }  # fmt: skip
    assert passed("session", session) == session


def test_logs_and_metrics_keep_their_shape() -> None:
    log = {"timestamp": 1772366400.5, "trace_id": ID, "level": "info", "body": "Export",
           "attributes": {"rows": {"value": 12, "type": "integer"},
                          "password": {"value": 12, "type": "integer"},
                          "server.address": {"value": "johns-laptop", "type": "string"},
                          "user.email": {"value": SECRET, "type": "string"}}}  # fmt: skip
    (kept,) = passed("log", {"items": [log]}, item_count=1)["items"]
    assert kept["attributes"] == {
        "rows": {"value": 12, "type": "integer"},
        "password": {"value": "[REDACTED]", "type": "string"},
        "server.address": {"value": "epicevents", "type": "string"},
    }
    assert {key: kept[key] for key in ("timestamp", "trace_id", "level", "body")} == {
        key: log[key] for key in ("timestamp", "trace_id", "level", "body")
    }


def test_a_profile_keeps_its_samples() -> None:
    profile = {
        "event_id": ID, "platform": "python", "version": "1", "timestamp": WHEN,
        "profile": {
            "frames": [{"filename": "a.py", "function": "f", "lineno": 3, "module": "a"}],
            "stacks": [[0], [0]],
            "samples": [{"elapsed_since_start_ns": "12345678", "thread_id": "140234", "stack_id": 0}],
            "thread_metadata": {"140234": {"name": "MainThread"}},
        },
        "transactions": [{"id": ID, "name": "load", "trace_id": ID, "relative_start_ns": "0"}],
    }  # fmt: skip
    assert passed("profile", profile) == profile


def attachment(content: bytes, filename: str = "screen.txt", **headers: Any) -> tuple[dict[str, Any], bytes]:
    item = passed_item(Item(content, type="attachment", filename=filename, headers=headers))
    assert item is not None
    return item.headers, item.get_bytes()


def test_a_text_attachment_is_scrubbed() -> None:
    headers, content = attachment(
        f"┌─ Clients ─┐\n│ {SECRET} │".encode(), content_type="text/plain; charset=utf-8"
    )
    assert content.decode() == f"┌─ Clients ─┐\n│ {MASKED} │"
    assert headers["filename"] == "screen.txt"
    assert headers["content_type"] == "text/plain; charset=utf-8"


def test_field_names_in_a_json_attachment_mark_secrets() -> None:
    _headers, content = attachment(b'{"password": "hunter2", "rows": [1, 2]}', "state.json")
    assert json.loads(content) == {"password": "[REDACTED]", "rows": [1, 2]}


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xfea\0b\0", b"SQLite format 3\0" + b"x"]
)
def test_a_binary_attachment_is_replaced_by_a_note(content: bytes) -> None:
    headers, kept = attachment(content, "screen.png", content_type="image/png")
    assert kept == sanitizer.BINARY
    assert headers["content_type"] == "text/plain"


def test_the_name_of_an_attached_file_is_scrubbed_and_has_no_folder() -> None:
    headers, _content = attachment(b"", f"/home/john/{SECRET}.txt")
    assert "john" not in headers["filename"]
    assert "/" not in headers["filename"]


def test_a_large_attachment_is_kept_whole() -> None:
    text = "".join(f"│ line {number:4} {'·' * 120} │\n" for number in range(200)) + SECRET
    _headers, content = attachment(text.encode())
    assert content.decode() == text.replace(SECRET, MASKED)


@pytest.mark.parametrize("filling", ["x" * 99 + "\n", "x", "a word "])
def test_a_huge_attachment_is_cut_before_the_truncated_line(filling: str) -> None:
    text = (filling * sanitizer.MAX_ATTACHMENT)[: sanitizer.MAX_ATTACHMENT - 6] + SECRET + "\nrest" * 10_000
    _headers, content = attachment(text.encode())
    assert len(content) <= sanitizer.MAX_ATTACHMENT
    assert content.endswith(sanitizer.CUT.encode())
    assert b"john" not in content


def test_a_pem_key_across_blocks_is_masked() -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\n" * 20
    for lines in range(70, 90):
        text = f"{'a line of a log' * 6}\n" * lines + key + "-----END PRIVATE KEY-----\nthe end"
        _headers, content = attachment(text.encode())
        assert b"MIIEvQ" not in content
        assert content.endswith(b"the end")


def test_an_attachment_by_path_is_read(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(SECRET)
    item = passed_item(Item(PayloadRef(path=str(tmp_path / "log")), type="attachment", filename="log"))
    assert item is not None
    assert item.get_bytes().decode() == MASKED


@pytest.mark.parametrize(
    "item",
    [
        Item(b"\x00\x01 not json", type="unheard_of"),
        Item(b"{", type="event"),
        Item(b"{}", headers={"type": SECRET}),
        Item(b"{}", headers={"type": 7}),
        Item(b"{}"),
    ],
    ids=["binary of an unknown kind", "broken JSON", "a secret as kind", "a number as kind", "no kind"],
)
def test_an_invalid_item_is_left_out_and_counted(item: Item) -> None:
    lost: list[tuple[str, Item]] = []
    envelope = Envelope(items=[item, Item(b"{}", type="event")])
    safe = sanitize_envelope(envelope, lambda reason, item: lost.append((reason, item)))
    assert safe is not None
    assert [kept.type for kept in safe.items] == ["event"]
    assert lost == [("internal_sdk_error", item)]
    assert sanitize_envelope(Envelope(items=[item])) is None


CRASH = {
    "event_id": ID, "timestamp": WHEN, "level": "error", "platform": "python", "release": "epicevents@0.1.0",
    "environment": "production", "message": SECRET, "user": {"id": "7"}, "tags": {"a": SECRET},
    "breadcrumbs": {"values": [{"message": SECRET}]},
    "exception": {"values": [{
        "type": "ValueError", "module": "builtins", "value": SECRET, "mechanism": {"data": SECRET},
        "stacktrace": {"frames": [
            {"module": "services.clients", "function": "create_client", "lineno": 12, "filename": SECRET,
             "vars": {"a": SECRET}, "context_line": SECRET},
            {"module": SECRET, "function": "<lambda>", "lineno": SECRET},
        ]},
    }]},
}  # fmt: skip


def broken(*arguments: object, **options: object) -> Any:
    raise RuntimeError("the scrubber is broken")


@pytest.mark.parametrize("kind", ["event", "feedback"])
def test_if_scrubbing_fails_only_bare_frames_are_sent(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanitizer, "scrub", broken)
    assert passed(kind, CRASH) == {
        "event_id": ID, "timestamp": WHEN, "level": "error", "platform": "python",
        "release": "epicevents@0.1.0", "environment": "production", "tags": {"scrubbing": "failed"},
        "exception": {"values": [{"type": "ValueError", "module": "builtins", "stacktrace": {"frames": [
            {"module": "services.clients", "function": "create_client", "lineno": 12},
            {"function": "<lambda>", "lineno": 0},
        ]}}]},
    }  # fmt: skip


HOSTILE: list[Any] = [
    {"exception": 7}, {"exception": {"values": 7}}, {"exception": {"values": [{"stacktrace": 7}]}},
    {"exception": {"values": [{"stacktrace": {"frames": [7]}}]}}, {"level": []}, {"tags": [[]]},
    {"tags": [7]}, {"user": 7}, {"contexts": 7}, {"breadcrumbs": 7}, {"spans": 7}, {"sdk": []},
    {"timestamp": math.nan}, {"extra": {"a": math.inf}}, {"fingerprint": {1, 2}}, {7: 8}, 7,
    None, "text", [1], {"message": object()}, {"extra": {"a": "\ud800"}},
]  # fmt: skip


@pytest.mark.parametrize("scrubbing", ["works", "fails"])
@pytest.mark.parametrize("event", HOSTILE, ids=map(str, range(len(HOSTILE))))
def test_sanitizing_never_raises(event: Any, scrubbing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if scrubbing == "fails":
        monkeypatch.setattr(sanitizer, "scrub", broken)
    for kind in ("event", "transaction", "session", "log", "profile", "unheard_of"):
        safe = sanitize_envelope(Envelope(items=[Item(PayloadRef(json=event), type=kind)]), broken)
        assert safe is None or safe.serialize()


def test_a_cyclic_event_is_cut_off() -> None:
    event: dict[str, Any] = {"event_id": ID, "level": "error"}
    event["extra"] = {"itself": event}
    event["exception"] = {"values": [event]}
    kept = passed("event", event)
    assert kept["event_id"] == ID


def test_the_objects_of_the_sdk_are_not_modified() -> None:
    event = json.loads(json.dumps(CRASH))
    passed("event", event)
    assert event == CRASH


def test_sanitizing_twice_changes_nothing() -> None:
    once = passed("event", CRASH)
    assert passed("event", once) == once
