"""Another program with the integration: what its terminal driver raises is one event as well."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.pseudo_terminal import pseudo_terminal
from tests.support.terminal import environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.envelopes import EnvelopeRecorder


@pytest.mark.parametrize(
    ("part", "kind"),
    [("", "UnicodeDecodeError"), ("writer", "TypeError"), ("resize", "BrokenByTest")],
    ids=["a byte that is not UTF-8", "the thread that writes", "the handler of SIGWINCH"],
)
def test_an_exception_of_the_driver_of_a_foreign_app_is_one_event(
    part: str, kind: str, home: Path, recorder: EnvelopeRecorder
) -> None:
    command = [sys.executable, "-m", "tests.support.foreign_program", recorder.dsn, *filter(None, [part])]
    with pseudo_terminal(command, environment(home, {}), (80, 24)) as terminal:
        terminal.wait_for("Textual")
        if part:
            terminal.resize(90, 24)
        else:
            terminal.send_bytes(b"\xff")
        if part != "writer":  # without its writer, Textual never ends
            terminal.wait_for_end()
        [event] = recorder.wait_for(1)
    [*_causes, error] = event["exception"]["values"]
    assert (error["type"], error["mechanism"]["type"]) == (kind, "textual.driver")
    assert error["mechanism"]["handled"] is False
    assert event["contexts"]["textual"]["path"] == "driver"
    assert "→ HomeScreen" in [crumb["message"] for crumb in event["breadcrumbs"]["values"]]
    assert any(b"wireframe.txt" in body for body in recorder.bodies)
