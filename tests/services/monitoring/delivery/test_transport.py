"""The transport: a capture returns after a scrubbed, private file is written; lost items are counted."""

import json
import logging
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sentry_sdk.attachments import Attachment
from sentry_sdk.envelope import Envelope, Item

from services.monitoring.delivery import transport
from services.monitoring.envelope import field_rules, sanitizer
from services.monitoring.status import sent_items
from tests.support.bad_servers import dsn_of, free_port, mute, unreachable
from tests.support.envelopes import PUBLIC_KEY, EnvelopeRecorder, Reply
from tests.support.spool_client import Capturing, capturing, eventually

SECRETS = ("john.doe@example.com", "hunter2", "4532-1234-5678-9010", PUBLIC_KEY)


def full_of_secrets() -> Any:
    email, password, card, _key = SECRETS
    return {
        "message": f"{email} pays with {card}",
        "extra": {"password": password, "nested": [{"api_key": password, "who": email}]},
        "breadcrumbs": {"values": [{"message": email, "data": {"token": password}}]},
        "exception": {"values": [{"type": "ValueError", "value": f"{email} '{password}'"}]},
        "request": {"data": password},
    }


def capture_secrets(captured: Capturing) -> None:
    email, password, _card, _key = SECRETS
    attachments = [
        Attachment(bytes=email.encode(), filename=f"{email}.txt"),
        Attachment(bytes=b"\0" + password.encode(), filename="binary"),
    ]
    captured.client.capture_event(full_of_secrets(), {"attachments": attachments})
    headers = {"event_id": email, "trace": {"public_key": PUBLIC_KEY, "transaction": email}}
    for kind in ("transaction", "session", "log", "profile", "feedback", "user_report", "unheard_of"):
        item = Item(json.dumps(full_of_secrets()), type=kind)
        captured.transport.capture_envelope(Envelope(headers=headers, items=[item]))


def everything_in(folder: Path) -> bytes:
    return b"".join(
        str(path).encode() + path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    )


def broken(*arguments: object, **options: object) -> Any:
    raise RuntimeError("the scrubber is broken")


@pytest.mark.parametrize("part", ["works", "scrub", "scrub_text", "everything"])
def test_nothing_unscrubbed_is_ever_in_a_file(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (sanitizer, field_rules):
        for name in ("scrub", "scrub_text"):
            if part in (name, "everything"):
                monkeypatch.setattr(module, name, broken)
    with unreachable() as dsn, capturing(dsn, tmp_path) as captured:
        capture_secrets(captured)
        eventually(lambda: captured.transport.last_problem == "unreachable")
        assert part != "works" or captured.transport.queued() == 8
    content = everything_in(tmp_path)
    assert b"ValueError" in content
    assert [secret for secret in SECRETS if secret.encode() in content] == []


def test_a_capture_does_not_wait_for_the_server(tmp_path: Path) -> None:
    with mute() as dsn, capturing(dsn, tmp_path) as captured:
        captured.message("warm")
        started = time.monotonic()
        for number in range(50):
            captured.message(str(number))
        assert time.monotonic() - started < 5.0
        assert captured.transport.queued() == 51


def test_many_threads_capture_at_once(tmp_path: Path) -> None:
    recorder = EnvelopeRecorder()
    with capturing(recorder.dsn, tmp_path) as captured:
        threads = [
            threading.Thread(target=lambda name=name: [captured.message(f"{name} {i}") for i in range(10)])
            for name in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        recorder.wait_for(80)
    recorder.close()
    assert len({event["message"] for event in recorder.events}) == 80


def test_an_unexpected_failure_of_the_spool_is_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = EnvelopeRecorder()
    with capturing(recorder.dsn, tmp_path) as captured:
        with monkeypatch.context() as patched:
            patched.setattr(captured.transport._spool, "put", broken)
            captured.message("lost")
        captured.message("kept")
        recorder.wait_for(1)
    recorder.close()
    (report,) = recorder.items("client_report")
    assert report["discarded_events"] == [
        {"reason": "internal_sdk_error", "category": "error", "quantity": 1}
    ]
    assert recorder.events[0]["message"] == "kept"


def test_lost_events_of_the_sdk_are_reported_at_exit(tmp_path: Path) -> None:
    recorder = EnvelopeRecorder()
    with capturing(recorder.dsn, tmp_path) as captured:
        captured.transport.record_lost_event("backpressure", data_category="error", quantity=9995)
    recorder.close()
    (report,) = recorder.items("client_report")
    assert report["discarded_events"] == [{"reason": "backpressure", "category": "error", "quantity": 9995}]


def test_the_transport_reports_queued_and_sent_envelopes(tmp_path: Path) -> None:
    recorder = EnvelopeRecorder([Reply(500)])
    with capturing(recorder.dsn, tmp_path) as captured:
        assert (captured.transport.queued(), captured.transport.recent()) == (0, [])
        assert captured.transport.last_problem == "none"
        first = captured.message("first", (Attachment(bytes=b"screen", filename="screen.txt"),))
        eventually(lambda: captured.transport.last_problem == "server_error")
        assert captured.transport.queued() == 1
        assert captured.transport.last_status == 500
        second = captured.message("second")
        assert captured.transport.delivered(second, 5) is True
        assert captured.transport.delivered(first, 5) is True
        recent, items = captured.transport.recent(), sent_items(captured.transport)
    recorder.close()
    assert {item.event_id: item.kinds for item in items} == {
        first: ("event", "attachment"),
        second: ("event",),
    }
    assert sorted(recent) == sorted(recorder.bodies)


def test_a_flush_does_not_retry_after_a_server_timeout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TIMEOUT", urllib3.Timeout(total=0.05))
    recorder = EnvelopeRecorder([Reply(after=0.3)] * 9)
    with capturing(recorder.dsn, tmp_path) as captured:
        event_id = captured.message("silence")
        eventually(lambda: captured.transport.last_problem == "timeout")
        captured.client.flush(timeout=1)
        assert captured.transport.delivered(event_id, 1) is None
        assert recorder.asked == 1
    recorder.close()


def test_a_flush_retries_an_unreachable_server(tmp_path: Path) -> None:
    dsn = dsn_of(port := free_port())
    with capturing(dsn, tmp_path) as captured:
        captured.message("patient")
        eventually(lambda: captured.transport.last_problem == "unreachable")
        recorder = EnvelopeRecorder(port=port)
        captured.client.flush(timeout=2)
        assert [event["message"] for event in recorder.events] == ["patient"]
    recorder.close()


def test_a_killed_transport_still_spools_envelopes(tmp_path: Path) -> None:
    recorder = EnvelopeRecorder()
    with capturing(recorder.dsn, tmp_path) as captured:
        last = captured.transport
    envelope = Envelope(items=[Item(b'{"message": "late"}', type="event")])
    last.capture_envelope(envelope)
    last.flush(1)
    assert (recorder.asked, last.queued()) == (0, 1)
    recorder.close()


def test_neither_the_sdk_nor_urllib3_logs_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    broken_answer = Reply(200, {"Bad Header\x00": "x"})
    recorder = EnvelopeRecorder([Reply(500), broken_answer, Reply(413), Reply(302)])
    with capturing(recorder.dsn, tmp_path) as captured:
        for number in range(4):
            captured.message(str(number))
            captured.client.flush(timeout=1)
    with unreachable() as dsn, capturing(dsn, tmp_path) as captured:
        captured.message("nowhere")
        captured.client.flush(timeout=1)
    recorder.close()
    assert capfd.readouterr() == ("", "")
    assert caplog.messages == []
