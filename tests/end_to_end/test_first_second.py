"""A crash at any moment of the start: one event with all that is known by then, and a crashed session."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from services.auth import sessions, token_store
from tests.support.accounts import PASSWORD
from tests.support.crm import environment_for
from tests.support.databases import sqlite_only
from tests.support.pseudo_terminal import pseudo_terminal
from tests.support.terminal import environment
from tui.screens.crash import QUIET

if TYPE_CHECKING:
    from pathlib import Path

    from services.crm import Crm
    from services.settings import Settings
    from tests.support.accounts import People
    from tests.support.envelopes import EnvelopeRecorder

pytestmark = sqlite_only
LAUNCHED = 250
"""Milliseconds before which there is no application yet."""


@pytest.mark.parametrize("kept", [True, False], ids=["a session is kept", "at the login"])
@pytest.mark.parametrize(
    "moment",
    [
        *(pytest.param(n, id=f"after {n} ms") for n in (0, 400, 700, 1100)),
        *(pytest.param(n, marks=pytest.mark.soak, id=f"after {n} ms!") for n in range(LAUNCHED, 1500, 50)),
    ],
)
def test_a_crash_at_any_moment_of_the_start_is_one_event_of_a_crashed_run(
    moment: int,
    kept: bool,
    home: Path,
    staffed_url: str,
    people: People,
    settings: Settings,
    crm: Crm,
    recorder: EnvelopeRecorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = environment(
        home,
        {
            **environment_for(staffed_url),
            "SENTRY_DSN": recorder.dsn,
            "EPICEVENTS_DEBUG": "",
            "XDG_SESSION_ID": "7",
        },
    )
    person = people.commercial
    if kept:
        for name in ("XDG_STATE_HOME", "XDG_SESSION_ID"):
            monkeypatch.setenv(name, known[name])
        token_store.save(settings, sessions.sign_in(crm, person.username, PASSWORD).token)
    command = [sys.executable, "-m", "tests.support.crash_at", str(moment)]
    with pseudo_terminal(command, known, (80, 24)) as terminal:
        terminal.wait_for_any("Epic Events has stopped", "epicevents stopped because of an error")
        terminal.rest()
        time.sleep(QUIET + 0.2)  # the crash screen is deaf until then
        terminal.send("\x1b")
        assert terminal.wait_for_end() == 1
    [event] = recorder.wait_for(1)
    assert event["exception"]["values"][-1]["type"] == "BrokenByTest"
    assert event["exception"]["values"][-1]["mechanism"]["handled"] is False
    assert event.get("user", {}).get("id") == (str(person.id) if kept else None)
    assert event["tags"]["screen"]
    assert event["breadcrumbs"]["values"]
    assert any(b"wireframe.txt" in body for body in recorder.bodies)
    assert [session["status"] for session in recorder.items("session")] == ["crashed"]
