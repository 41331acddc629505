"""User feedback about a crash is linked to its event and holds no personal data."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sentry_sdk.envelope import Envelope

from services import monitoring
from services.monitoring.user_feedback import LONGEST_FEEDBACK, send_feedback
from tests.support.envelopes import EnvelopeRecorder, recording


def received(recorder: EnvelopeRecorder) -> tuple[Envelope, dict[str, Any]]:
    """The envelope and the payload of the first feedback that arrives."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        for body in list(recorder.bodies):
            envelope = Envelope.deserialize(body)
            for item in envelope:
                if item.type == "feedback":
                    return envelope, json.loads(item.get_bytes())
        time.sleep(0.005)
    raise AssertionError("no feedback came")


def test_feedback_is_linked_to_its_event_and_anonymous(tmp_path: Path) -> None:
    with recording(tmp_path) as recorder:
        monitoring.set_user_context(7, "anna_b", "Commercial")
        event_id = monitoring.capture_exception(ValueError("x"))
        assert event_id
        assert send_feedback(event_id, "  I pressed n\r\n\x1b[2Jtwice  ")
        envelope, said = received(recorder)
    assert said["type"] == "feedback"
    assert said["contexts"]["feedback"] == {
        "message": "I pressed n\n[2Jtwice",
        "associated_event_id": event_id,
    }
    assert said["event_id"] not in ("", event_id)
    assert envelope.headers["event_id"] == said["event_id"]
    assert "trace" not in envelope.headers
    assert not {"user", "request", "server_name"} & said.keys()
    assert "anna_b" not in str(said)


def test_a_long_feedback_is_cut_to_sentrys_limit(tmp_path: Path) -> None:
    with recording(tmp_path) as recorder:
        assert send_feedback("0" * 32, "word " * 10_000)
        _, said = received(recorder)
    message = said["contexts"]["feedback"]["message"]
    assert 0 < len(message) <= LONGEST_FEEDBACK
    assert "word word" in message


@pytest.mark.parametrize(("event_id", "text"), [("", "a word"), ("0" * 32, " \n "), ("0" * 32, "\x1b")])
def test_no_feedback_is_sent_without_an_event_or_text(tmp_path: Path, event_id: str, text: str) -> None:
    with recording(tmp_path) as recorder:
        assert not send_feedback(event_id, text)
        monitoring.capture_message("after it", "info")
        recorder.wait_for(1)
        assert not any(b'"feedback"' in body for body in recorder.bodies)


def test_feedback_without_sentry_does_not_load_the_sdk() -> None:
    code = (
        "import sys; from services.monitoring.user_feedback import send_feedback; "
        "assert not send_feedback('0' * 32, 'a word'); assert 'sentry_sdk' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_failing_transport_raises_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sentry_sdk

    def fail(*arguments: object) -> None:
        raise OSError("no room")

    with recording(tmp_path):
        monkeypatch.setattr(sentry_sdk.get_client().transport, "capture_envelope", fail)
        assert not send_feedback("0" * 32, "a word")
