"""The server's answer decides whether an envelope is moved away, kept, reduced or dropped."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sentry_sdk.attachments import Attachment

from services.monitoring.delivery import sender, transport
from services.monitoring.delivery.rate_limits import LONGEST, RateLimits
from services.monitoring.status import sent_items
from tests.support.bad_servers import answering, dripping, dripping_its_answer, dsn_of, free_port
from tests.support.envelopes import PUBLIC_KEY, EnvelopeRecorder, Reply
from tests.support.spool_client import capturing, eventually


@pytest.fixture
def recorders() -> Iterator[list[EnvelopeRecorder]]:
    """A list of recorders that are closed at the end."""
    opened: list[EnvelopeRecorder] = []
    yield opened
    for recorder in opened:
        recorder.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the pauses after a failure to a twentieth."""
    monkeypatch.setattr(sender, "FIRST_PAUSE", 0.05)


def recorder_of(recorders: list[EnvelopeRecorder], *replies: Reply) -> EnvelopeRecorder:
    recorders.append(EnvelopeRecorder(replies))
    return recorders[-1]


def messages(recorder: EnvelopeRecorder) -> list[str]:
    return [event["message"] for event in recorder.events]


def reported(recorder: EnvelopeRecorder) -> dict[tuple[str, str], int]:
    """The lost items of the client reports by reason and category."""
    lost = [each for report in recorder.items("client_report") for each in report["discarded_events"]]
    return {(each["reason"], each["category"]): each["quantity"] for each in lost}


def test_an_envelope_goes_as_the_sdk_would_send_it(tmp_path: Path, recorders: list[EnvelopeRecorder]) -> None:
    recorder = recorder_of(recorders)
    with capturing(recorder.dsn, tmp_path) as captured:
        event_id = captured.message("hello")
        assert captured.transport.delivered(event_id, 5) is True
        assert captured.waiting() == []
        assert captured.transport.last_problem == "none"
        assert captured.transport.last_status == 200
        (sent,) = sent_items(captured.transport)
    assert (sent.kinds, sent.event_id, sent.text) == (("event",), event_id, recorder.bodies[0].decode())
    (headers,) = recorder.headers
    assert headers["Content-Type"] == "application/x-sentry-envelope"
    assert headers["Content-Encoding"] == "gzip"
    assert f"sentry_key={PUBLIC_KEY}" in headers["X-Sentry-Auth"]
    assert headers["User-Agent"].startswith("sentry.python/")


def test_sent_at_is_the_time_of_the_request(tmp_path: Path, recorders: list[EnvelopeRecorder]) -> None:
    recorder = recorder_of(recorders, Reply(500))
    with capturing(recorder.dsn, tmp_path) as captured:
        captured.message("late")
        eventually(lambda: captured.transport.recent() and captured.transport.last_problem == "none")
        (sent,) = sent_items(captured.transport)
    first, second = (json.loads(body.split(b"\n")[0]) for body in (recorder.refused[0], recorder.bodies[0]))
    assert first["event_id"] == second["event_id"]
    assert first["sent_at"] < second["sent_at"]
    assert sent.time == datetime.fromisoformat(second["sent_at"])
    assert abs(sent.time - datetime.now(UTC)) < timedelta(minutes=1)


def test_events_arrive_in_the_order_in_which_they_were_captured(
    tmp_path: Path, recorders: list[EnvelopeRecorder]
) -> None:
    recorder = recorder_of(recorders)
    with capturing(recorder.dsn, tmp_path) as captured:
        for number in range(15):
            captured.message(str(number))
        recorder.wait_for(15)
    assert messages(recorder) == [str(number) for number in range(15)]


def test_a_500_is_retried_until_the_envelope_is_accepted(
    tmp_path: Path, recorders: list[EnvelopeRecorder]
) -> None:
    recorder = recorder_of(recorders, *[Reply(500)] * 3)
    with capturing(recorder.dsn, tmp_path) as captured:
        captured.message("patient")
        recorder.wait_for(1)
        eventually(lambda: captured.transport.last_problem == "none")
    assert (recorder.asked, messages(recorder)) == (4, ["patient"])
    assert reported(recorder) == {}


def test_retry_pauses_double_with_jitter(tmp_path: Path) -> None:
    pauses = []
    with answering(Reply(500)) as dsn, capturing(dsn, tmp_path) as captured:
        about = captured.transport._sender
        for _ in range(14):
            about._pause(1.0)
            pauses.append(about._not_before - time.monotonic())
    assert pauses[0] <= 1.0 < pauses[3] < pauses[6] < pauses[9]
    assert max(pauses) <= sender.LONGEST_PAUSE
    assert len(set(pauses)) == 14


def test_an_envelope_that_fails_the_server_does_not_block_the_others(
    tmp_path: Path, recorders: list[EnvelopeRecorder]
) -> None:
    class Allergic(EnvelopeRecorder):
        def receive(self, body: bytes, headers: Any) -> Reply:
            reply = super().receive(body, headers)
            return reply if b"poison" not in body else Reply(500)

    recorders.append(recorder := Allergic())
    with capturing(recorder.dsn, tmp_path) as captured:
        captured.message("poison")
        eventually(lambda: recorder.asked)
        for number in range(3):
            captured.message(str(number))
        eventually(lambda: {"0", "1", "2"} <= set(messages(recorder)))


@pytest.mark.parametrize("status", [301, 401, 403, 404, 407, 408])
def test_envelopes_are_kept_while_the_server_is_not_reached(
    tmp_path: Path, recorders: list[EnvelopeRecorder], status: int
) -> None:
    elsewhere = recorder_of(recorders)
    recorder = recorder_of(recorders, Reply(status, {"Location": elsewhere.dsn.split("@")[0]}))
    with capturing(recorder.dsn, tmp_path) as captured:
        event_id = captured.message("kept")
        assert captured.transport.delivered(event_id, 5) is None
        assert captured.transport.last_problem == "refused"
        assert captured.transport.last_status == status
        assert len(captured.waiting()) == 1
        captured.message("does not knock at a closed door")
        time.sleep(0.1)
        assert recorder.asked == 1
    assert elsewhere.asked == 0
    with capturing(recorder.dsn, tmp_path):
        recorder.wait_for(2)


def test_an_html_page_is_no_answer_of_sentry(tmp_path: Path, recorders: list[EnvelopeRecorder]) -> None:
    recorder = recorder_of(recorders, Reply(200, body=b"\n<!DOCTYPE html><title>Bienvenue</title>"))
    with capturing(recorder.dsn, tmp_path) as captured:
        captured.message("kept")
        eventually(lambda: captured.transport.last_problem == "refused")
        assert len(captured.waiting()) == 1


@pytest.mark.parametrize("status", [400, 406, 422])
def test_a_rejected_envelope_is_dropped_and_counted(
    tmp_path: Path, recorders: list[EnvelopeRecorder], status: int
) -> None:
    recorder = recorder_of(recorders, Reply(status))
    with capturing(recorder.dsn, tmp_path) as captured:
        event_id = captured.message("bad")
        assert captured.transport.delivered(event_id, 5) is False
        assert captured.waiting() == []
        good = captured.message("good")
        assert captured.transport.delivered(good, 5) is True
    assert messages(recorder) == ["good"]
    assert reported(recorder) == {("send_error", "error"): 1}


def test_a_413_is_retried_without_attachments(tmp_path: Path, recorders: list[EnvelopeRecorder]) -> None:
    recorder = recorder_of(recorders, Reply(413))
    with capturing(recorder.dsn, tmp_path) as captured:
        event_id = captured.message("large", (Attachment(bytes=b"a" * 5000, filename="screen.txt"),))
        assert captured.transport.delivered(event_id, 5) is True
        assert captured.transport.recent()[0] == recorder.bodies[0]
        assert recorder.asked == 2
    assert b"aaaa" in recorder.refused[0]
    assert b"aaaa" not in recorder.bodies[0]
    assert reported(recorder) == {("send_error", "attachment"): 5000}


def test_after_a_415_envelopes_are_sent_uncompressed(
    tmp_path: Path, recorders: list[EnvelopeRecorder]
) -> None:
    recorder = recorder_of(recorders, Reply(415))
    with capturing(recorder.dsn, tmp_path) as captured:
        for text in ("first", "second"):
            assert captured.transport.delivered(captured.message(text), 5) is True
    assert [headers.get("Content-Encoding") for headers in recorder.headers] == ["gzip", None, None]
    assert messages(recorder) == ["first", "second"]
    assert reported(recorder) == {}


def test_a_415_without_compression_drops_the_envelope(
    tmp_path: Path, recorders: list[EnvelopeRecorder]
) -> None:
    recorder = recorder_of(recorders, Reply(415), Reply(415))
    with capturing(recorder.dsn, tmp_path) as captured:
        assert captured.transport.delivered(captured.message("first"), 5) is False
        assert captured.waiting() == []


@pytest.mark.parametrize("server", [dripping, dripping_its_answer], ids=["headers", "the answer itself"])
def test_a_dripping_server_times_out(
    server: Callable[[], AbstractContextManager[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LONGEST_EXCHANGE", 0.3)
    with server() as dsn, capturing(dsn, tmp_path) as captured:
        captured.message("hello")
        eventually(lambda: captured.transport.last_problem == "timeout")
        assert len(captured.waiting()) == 1


def test_a_413_without_attachments_drops_the_envelope(
    tmp_path: Path, recorders: list[EnvelopeRecorder]
) -> None:
    recorder = recorder_of(recorders, Reply(413), Reply(413))
    with capturing(recorder.dsn, tmp_path) as captured:
        event_id = captured.message("large", (Attachment(bytes=b"a" * 5000, filename="screen.txt"),))
        assert captured.transport.delivered(event_id, 5) is False
        assert captured.waiting() == []
    assert recorder.asked == 3  # and the client report
    assert reported(recorder) == {("send_error", "attachment"): 5000, ("send_error", "error"): 1}


def session(captured: Any) -> None:
    from sentry_sdk.envelope import Envelope

    envelope = Envelope()
    envelope.add_session({"sid": "ab" * 16, "init": True, "status": "ok"})
    captured.transport.capture_envelope(envelope)


def test_a_rate_limit_applies_to_its_category_only(tmp_path: Path, recorders: list[EnvelopeRecorder]) -> None:
    limited = Reply(429, {"X-Sentry-Rate-Limits": "60:error;transaction:organization, 60:replay:key"})
    recorder = recorder_of(recorders, limited)
    with capturing(recorder.dsn, tmp_path) as captured:
        first = captured.message("waits")
        assert captured.transport.delivered(first, 5) is None
        assert captured.transport.last_problem == "rate_limited"
        captured.message("waits as well")
        session(captured)
        eventually(lambda: len(recorder.items("session")) == 1)
        eventually(lambda: captured.transport.queued() == 2)
        assert not captured.transport.is_healthy()
    assert recorder.asked == 2
    assert reported(recorder) == {}


def test_a_rate_limit_applies_to_the_next_process(tmp_path: Path, recorders: list[EnvelopeRecorder]) -> None:
    recorder = recorder_of(recorders, Reply(429, {"Retry-After": "1"}))
    with capturing(recorder.dsn, tmp_path) as captured:
        captured.message("patient")
        eventually(lambda: captured.transport.last_problem == "rate_limited")
        noticed = time.monotonic()
    with capturing(recorder.dsn, tmp_path) as captured:
        captured.client.flush(timeout=1)
        assert recorder.asked == 1
        assert captured.transport.last_problem == "rate_limited"
        recorder.wait_for(1)
        assert time.monotonic() - noticed > 0.9
        eventually(lambda: captured.transport.queued() == 0)
    assert messages(recorder) == ["patient"]


def test_running_processes_share_rate_limits(tmp_path: Path, recorders: list[EnvelopeRecorder]) -> None:
    recorder = recorder_of(recorders, Reply(429, {"Retry-After": "60"}))
    with capturing(recorder.dsn, tmp_path) as one, capturing(recorder.dsn, tmp_path) as other:
        assert one.transport.delivered(one.message("first"), 5) is None
        assert other.transport.delivered(other.message("second"), 5) is None
        assert other.transport.last_problem == "rate_limited"
        assert recorder.asked == 1


def test_rate_limited_attachments_are_dropped_and_counted(
    tmp_path: Path, recorders: list[EnvelopeRecorder]
) -> None:
    recorder = recorder_of(recorders, Reply(200, {"X-Sentry-Rate-Limits": "60:attachment:key"}))
    with capturing(recorder.dsn, tmp_path) as captured:
        captured.message("first")
        recorder.wait_for(1)
        captured.message("second", (Attachment(bytes=b"screen", filename="screen.txt"),))
        recorder.wait_for(2)
    assert b"screen" not in recorder.bodies[1]
    assert reported(recorder) == {("ratelimit_backoff", "attachment"): 6}


@pytest.mark.parametrize(
    ("header", "limited"),
    [
        ("60:error:organization", {"error"}),
        ("60::organization", {"error", "transaction", "session"}),
        ("60", {"error", "transaction", "session"}),
        ("60:error;transaction:key, 10:session:key:quota_exceeded", {"error", "transaction", "session"}),
        ("soon:error, 60:transaction:x", {"transaction"}),
        (",,::;;", set()),
        ("-5:error", set()),
        ("nan:error", set()),
        ("1e999:error", {"error"}),
    ],
)
def test_the_header_x_sentry_rate_limits_is_parsed(tmp_path: Path, header: str, limited: set[str]) -> None:
    limits = RateLimits(tmp_path / "limits.json")
    limits.learn(200, {"X-Sentry-Rate-Limits": header})
    assert {name for name in ("error", "transaction", "session") if limits.until(name)} == limited
    assert limits.until("error") <= time.time() + LONGEST


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("120", 120), (None, 60), ("tomorrow", 60), ("9" * 30, LONGEST), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)
def test_the_header_retry_after_is_parsed(tmp_path: Path, retry_after: str | None, seconds: float) -> None:
    limits = RateLimits(tmp_path / "limits.json")
    limits.learn(429, {"Retry-After": retry_after} if retry_after else {})
    ends = limits.until("error")
    assert max(ends - time.time(), 0) == pytest.approx(seconds, abs=5)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"error": "x"}', '{"error": 1e300}', "null"])
def test_an_unreadable_file_of_limits_is_ignored(tmp_path: Path, content: str) -> None:
    (tmp_path / "limits.json").write_text(content)
    assert RateLimits(tmp_path / "limits.json").until("error") <= time.time() + LONGEST


def test_concurrent_processes_send_each_envelope_once(
    tmp_path: Path, recorders: list[EnvelopeRecorder]
) -> None:
    recorder = recorder_of(recorders, *[Reply(after=0.02)] * 1000)
    with capturing(recorder.dsn, tmp_path) as one, capturing(recorder.dsn, tmp_path) as other:
        for number in range(20):
            (one if number % 2 else other).message(str(number))
        eventually(lambda: not one.waiting())
    assert sorted(messages(recorder), key=int) == [str(number) for number in range(20)]


def test_queued_envelopes_are_sent_at_the_next_start_to_the_same_server(
    tmp_path: Path, recorders: list[EnvelopeRecorder]
) -> None:
    dsn = dsn_of(port := free_port())
    with capturing(dsn, tmp_path) as captured:
        for number in range(30):
            captured.message(str(number))
        eventually(lambda: captured.transport.last_problem == "unreachable")
        assert captured.transport.queued() == 30
    other = recorder_of(recorders)
    with capturing(other.dsn, tmp_path) as captured:
        captured.client.flush(timeout=1)
    recorders.append(recorder := EnvelopeRecorder(port=port))
    with capturing(dsn, tmp_path):
        recorder.wait_for(30)
    assert other.asked == 0
    assert sorted(messages(recorder), key=int) == [str(number) for number in range(30)]


def test_a_file_that_is_no_envelope_is_skipped(tmp_path: Path, recorders: list[EnvelopeRecorder]) -> None:
    recorder = recorder_of(recorders)
    with capturing(recorder.dsn, tmp_path) as captured:
        spool = captured.transport._spool
        for content in (b"", b"\0" * 100, b"{", gzip.compress(b"x")):
            spool.put(content, "error")
        captured.message("whole")
        recorder.wait_for(1)
        eventually(lambda: not captured.waiting())
    assert recorder.asked == 1


def test_events_are_sent_with_a_full_disk(
    tmp_path: Path, recorders: list[EnvelopeRecorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = recorder_of(recorders)
    (tmp_path / "telemetry").write_text("in the way")
    with capturing(recorder.dsn, tmp_path) as captured:
        event_id = captured.message("from memory")
        assert captured.transport.delivered(event_id, 5) is True
        assert [item.event_id for item in sent_items(captured.transport)] == [event_id]
        assert captured.transport.queued() == 0


def test_an_endless_answer_delays_only_its_envelope(
    tmp_path: Path, recorders: list[EnvelopeRecorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = recorder_of(recorders, Reply(after=1.0))
    monkeypatch.setattr(sender, "STUCK", 0.1)
    monkeypatch.setattr(sender, "FIRST_PAUSE_IF_UNREACHED", 0.01)
    with capturing(recorder.dsn, tmp_path) as captured:
        captured.message("slow")
        eventually(lambda: recorder.asked)
        time.sleep(0.15)
        captured.message("quick")
        eventually(lambda: captured.transport.recent(), timeout=0.7)
        (sent,) = captured.transport.recent()
        assert b"quick" in sent
        eventually(lambda: not captured.waiting())
    assert sorted(messages(recorder)) == ["quick", "slow"]
