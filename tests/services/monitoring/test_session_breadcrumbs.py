"""The breadcrumbs of a sign-in go with its session to the programs that go on with it, and with no other."""

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
    """Sentry runs, and sends here."""
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


def test_a_session_that_another_program_goes_on_with_brings_its_sign_in_along_once(
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


def test_nothing_is_brought_along_in_the_program_that_signed_in(
    crm: Crm, people: People, recorder: EnvelopeRecorder
) -> None:
    token = sessions.sign_in(crm, people.commercial.username, PASSWORD).token
    sessions.resume(crm, token)
    assert len(steps_of_the_next_event(recorder)) == 2


def test_what_is_kept_is_scrubbed(recorder: EnvelopeRecorder, home: Path) -> None:
    monitoring.store_breadcrumbs(
        "one", [{"category": "auth", "message": "of kevin@startup.io", "data": {"password": "x1"}}]
    )
    [file] = files(home)
    assert "kevin@startup.io" not in file.read_text()
    assert "x1" not in file.read_text()


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"timestamp": "x"}]', '{"a": 1}', "[" * 100_000])
def test_a_damaged_file_brings_nothing_along(
    content: str, recorder: EnvelopeRecorder, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitoring.store_breadcrumbs("one", [{"category": "auth", "message": "a step"}])
    [file] = files(home)
    file.write_text(content)
    as_another_program(monkeypatch)
    monitoring.restore_breadcrumbs("one")
    assert steps_of_the_next_event(recorder) == []


def test_the_files_of_old_sessions_go(recorder: EnvelopeRecorder, home: Path) -> None:
    monitoring.store_breadcrumbs("one", [])
    [file] = files(home)
    os.utime(file, (time.time() - session_breadcrumbs.LONGEST - 1,) * 2)
    monitoring.store_breadcrumbs("two", [])
    assert file not in files(home)
    assert len(files(home)) == 1
