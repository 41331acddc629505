"""An exception at any step of the start reaches Sentry, once, though Sentry itself is started last."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.broken_start import STEPS
from tests.support.crm import environment_for
from tests.support.databases import sqlite_only
from tests.support.pseudo_terminal import pseudo_terminal
from tests.support.terminal import environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.envelopes import EnvelopeRecorder

pytestmark = sqlite_only

SAID = ("Epic Events has stopped", "stopped because of an error", "Unexpected error: BrokenAtStart")


@pytest.mark.parametrize("step", STEPS)
def test_an_exception_of_the_start_is_reported_once_and_said(
    step: str, home: Path, database_url: str, recorder: EnvelopeRecorder
) -> None:
    command = [sys.executable, "-m", "tests.support.broken_start", step]
    variables = {**environment_for(database_url), "SENTRY_DSN": recorder.dsn, "EPICEVENTS_DEBUG": ""}
    with pseudo_terminal(command, environment(home, variables), (80, 24)) as terminal:
        recorder.wait_for(1, timeout=20)
        terminal.wait_for_any(*SAID)
    [event] = recorder.events
    [error] = event["exception"]["values"][-1:]
    assert error["type"] == "BrokenAtStart"
    assert error["mechanism"]["handled"] is False
    assert error["stacktrace"]["frames"][-1]["function"] == "_raise"
