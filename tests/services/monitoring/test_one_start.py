"""A process starts Sentry once, and a second start never loses a crash."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sentry_sdk
from sentry_sdk.integrations import Integration

from services import monitoring
from services.settings import Settings, load_settings
from tests.support.envelopes import EnvelopeRecorder, recording

CRASH = {"type": "textual", "handled": False}


@pytest.fixture
def recorder(tmp_path: Path, sentry_off_at_the_end: None) -> Iterator[EnvelopeRecorder]:
    """A recorder to which the running Sentry sends."""
    with recording(tmp_path) as recorder:
        yield recorder


def settings_of(recorder: EnvelopeRecorder, folder: Path, **variables: str) -> Settings:
    return load_settings({"SENTRY_DSN": recorder.dsn, **variables}, folder, folder)


@pytest.mark.parametrize("delay", [0.0, 0.005, 0.01, 0.02, 0.03])
def test_a_start_by_another_thread_while_a_crash_is_reported_loses_nothing(
    delay: float, recorder: EnvelopeRecorder, tmp_path: Path
) -> None:
    client = sentry_sdk.get_client()
    other = threading.Timer(delay, monitoring.init_sentry, [settings_of(recorder, tmp_path)])
    other.start()
    event_id = monitoring.capture_exception(RuntimeError("fatal"), mechanism=CRASH)
    other.join()
    assert sentry_sdk.get_client() is client
    monitoring.close_sentry()
    assert [event["event_id"] for event in recorder.wait_for(1)] == [event_id]
    assert [session["status"] for session in recorder.items("session")] == ["crashed"]


def test_a_later_start_adds_its_integrations_to_the_running_client(
    recorder: EnvelopeRecorder, tmp_path: Path
) -> None:
    class Late(Integration):
        identifier = "late"

        @staticmethod
        def setup_once() -> None:
            pass

    late = Late()
    monitoring.init_sentry(settings_of(recorder, tmp_path), [late])
    monitoring.init_sentry(settings_of(recorder, tmp_path), [Late()])
    assert sentry_sdk.get_client().get_integration("late") is late


def test_other_settings_replace_the_start_and_a_crash_before_that_still_counts(
    recorder: EnvelopeRecorder, tmp_path: Path
) -> None:
    client = sentry_sdk.get_client()
    monitoring.capture_exception(RuntimeError("fatal"), mechanism=CRASH)
    monitoring.init_sentry(settings_of(recorder, tmp_path, SENTRY_ENVIRONMENT="staging"))
    assert sentry_sdk.get_client() is not client
    monitoring.close_sentry()
    assert [session["status"] for session in recorder.items("session")] == ["crashed", "exited"]
