"""The contexts of every event, and exceptions that no except clause can catch."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sentry_sdk.envelope import Envelope

from services import monitoring
from services.crm import Crm
from tests.support.envelopes import EnvelopeRecorder, recording

AT_EXIT = """
import atexit, sys
from services import monitoring
from services.settings import load_settings

def fail():
    raise LookupError("at the end")

monitoring.init_sentry(load_settings({"SENTRY_DSN": sys.argv[1]}))
atexit.register(fail)
"""


@pytest.fixture
def recorder(tmp_path: Path, sentry_off_at_the_end: None) -> Iterator[EnvelopeRecorder]:
    """A recorder to which the running Sentry sends."""
    with recording(tmp_path) as recorder:
        yield recorder


def test_an_event_has_contexts_for_python_system_terminal_and_database(
    crm: Crm, recorder: EnvelopeRecorder, database_kind: str
) -> None:
    with crm.database.read() as connection:
        version = connection.dialect.server_version_info
    monitoring.capture_exception(ValueError())
    (event,) = recorder.wait_for(1)
    contexts = event["contexts"]
    assert contexts["runtime"] == {"name": "CPython", "version": platform.python_version()}
    assert contexts["os"]["name"]
    assert contexts["os"]["kernel_version"] == platform.release()
    assert contexts["terminal"]["name"]
    assert version is not None
    assert contexts["database"] == {"name": database_kind, "version": ".".join(map(str, version))}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_exception_in_a_destructor_is_one_event_and_no_crash(recorder: EnvelopeRecorder) -> None:
    class Fails:
        def __del__(self) -> None:
            raise LookupError("in the end")

    fails = Fails()
    del fails
    (event,) = recorder.wait_for(1)
    (exception,) = event["exception"]["values"]
    assert (exception["type"], exception["mechanism"]["type"]) == ("LookupError", "unraisablehook")
    monitoring.close_sentry()
    assert [session["status"] for session in recorder.items("session")] == ["exited"]


def test_an_exception_in_an_atexit_callback_is_one_event(home: Path) -> None:
    recorder = EnvelopeRecorder()
    try:
        command = [sys.executable, "-c", AT_EXIT, recorder.dsn]
        ended = subprocess.run(command, cwd=Path.cwd(), capture_output=True, timeout=30, check=False)
    finally:
        recorder.close()
    assert b"at the end" in ended.stderr
    kept = [Envelope.deserialize(path.read_bytes()) for path in home.rglob("telemetry/*/*.error.envelope")]
    sent = [Envelope.deserialize(body) for body in recorder.bodies]
    events = [event for envelope in (*kept, *sent) if (event := envelope.get_event()) is not None]
    assert [event["exception"]["values"][-1]["type"] for event in events] == ["LookupError"]
