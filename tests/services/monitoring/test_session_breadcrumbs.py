"""The breadcrumbs of a sign-in are passed on to later processes of its session, and to no others."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import monitoring
from services.auth import sessions
from services.crm import Crm
from services.monitoring import session_breadcrumbs
from tests.support.accounts import PASSWORD, People
from tests.support.envelopes import EnvelopeRecorder, recording


@pytest.fixture
def recorder(tmp_path: Path, sentry_off_at_the_end: None) -> Iterator[EnvelopeRecorder]:
    """A recorder to which the running Sentry sends."""
    with recording(tmp_path) as recorder:
        yield recorder


def files(home: Path) -> list[Path]:
    return list(home.rglob("telemetry/trails/*"))


def as_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_breadcrumbs, "_known", set())


def steps_of_the_next_event(recorder: EnvelopeRecorder) -> list[str]:
    monitoring.capture_message("what led here", "info")
    event = recorder.wait_for(len(recorder.events) + 1)[-1]
    return [crumb["message"] for crumb in event.get("breadcrumbs", {}).get("values", [])]


def test_another_process_loads_the_breadcrumbs_of_a_session_once(
    crm: Crm,
    people: People,
    recorder: EnvelopeRecorder,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    username = people.commercial.username
    token = sessions.sign_in(crm, username, PASSWORD).token
    [file] = files(home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monitoring.close_sentry()
    with recording(tmp_path) as next_one:
        as_another_program(monkeypatch)
        for _ in range(2):
            actor = sessions.resume(crm, token)
        assert steps_of_the_next_event(next_one) == [
            f"Tentative de connexion pour l'utilisateur: {username}",
            f"Connexion réussie pour l'utilisateur: {username}",
        ]
        sessions.sign_out(crm, actor)
    assert files(home) == []


def test_the_process_that_signed_in_loads_no_breadcrumbs(
    crm: Crm, people: People, recorder: EnvelopeRecorder
) -> None:
    token = sessions.sign_in(crm, people.commercial.username, PASSWORD).token
    sessions.resume(crm, token)
    assert len(steps_of_the_next_event(recorder)) == 2


def test_stored_breadcrumbs_are_scrubbed(recorder: EnvelopeRecorder, home: Path) -> None:
    monitoring.store_breadcrumbs(
        "one", [{"category": "auth", "message": "of kevin@startup.io", "data": {"password": "x1"}}]
    )
    [file] = files(home)
    assert "kevin@startup.io" not in file.read_text()
    assert "x1" not in file.read_text()


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"timestamp": "x"}]', '{"a": 1}', "[" * 100_000])
def test_a_damaged_file_yields_no_breadcrumbs(
    content: str, recorder: EnvelopeRecorder, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitoring.store_breadcrumbs("one", [{"category": "auth", "message": "a step"}])
    [file] = files(home)
    file.write_text(content)
    as_another_program(monkeypatch)
    monitoring.restore_breadcrumbs("one")
    assert steps_of_the_next_event(recorder) == []


def test_files_of_old_sessions_are_deleted(recorder: EnvelopeRecorder, home: Path) -> None:
    monitoring.store_breadcrumbs("one", [])
    [file] = files(home)
    os.utime(file, (time.time() - session_breadcrumbs.LONGEST - 1,) * 2)
    monitoring.store_breadcrumbs("two", [])
    assert file not in files(home)
    assert len(files(home)) == 1
