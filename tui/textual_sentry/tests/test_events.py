"""Tests of the integration alone, on any supported version: events, breadcrumbs, scopes and timings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partialmethod
from typing import Any, ClassVar

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from textual.app import App
from textual.binding import BindingType
from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import WorkerFailed

from tui.textual_sentry import TextualIntegration


class Crash(Exception):
    """The exception that these apps raise."""


class Kept(Transport):
    """A transport that keeps the items in memory."""

    def __init__(self) -> None:
        super().__init__(None)
        self.envelopes: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        """Keep the envelope."""
        self.envelopes.append(envelope)

    def record_lost_event(self, *args: object, **kwargs: object) -> None:
        """Ignore lost events."""

    def items(self, kind: str) -> list[Any]:
        """The captured payloads of one kind."""
        found = [item for envelope in self.envelopes for item in envelope.items if item.type == kind]
        return [item.payload.json for item in found]


@pytest.fixture
def kept() -> Iterator[Kept]:
    transport = Kept()
    for scope in (sentry_sdk.get_global_scope(), sentry_sdk.get_isolation_scope()):
        scope.clear()  # tests of other apps may have changed it
    sentry_sdk.init(
        "http://key@127.0.0.1/1",
        transport=transport,
        default_integrations=False,
        auto_enabling_integrations=False,
        traces_sample_rate=1.0,
        integrations=[TextualIntegration(slow_frame=60)],
    )
    yield transport
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.get_global_scope().set_client(None)
    for scope in (sentry_sdk.get_global_scope(), sentry_sdk.get_isolation_scope()):
        scope.clear()


class Home(Screen[None]):
    """The first screen of an app with modes."""


class WithModes(App[None]):
    """Fails on the path that the key selects."""

    MODES: ClassVar[dict[str, Any]] = {"home": Home}
    DEFAULT_MODE = "home"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("x", "fail", "Fail"),
        ("t", "thread", "Thread"),
        ("p", "give_up", "End"),
    ]

    def action_fail(self) -> None:
        raise Crash

    def action_thread(self) -> None:
        sentry_sdk.set_user({"id": "7"})
        self.run_worker(self.action_fail, thread=True)

    def action_give_up(self) -> None:
        self.panic("secret words")

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()


async def press(key: str) -> None:
    with suppress(Crash, WorkerFailed, Exception):
        async with WithModes().run_test() as pilot:
            await pilot.press(key)
            await pilot.pause(0.1)


async def test_an_exception_is_one_event_with_the_first_screen_of_the_mode(kept: Kept) -> None:
    await press("x")
    (event,) = kept.items("event")
    exception = event["exception"]["values"][-1]
    assert (exception["type"], exception["mechanism"]["type"]) == ("Crash", "textual.action")
    assert exception["mechanism"]["handled"] is False
    assert (event["transaction"], event["tags"]["screen"]) == ("Home", "Home")
    crumbs = [(crumb["category"], crumb["message"]) for crumb in event["breadcrumbs"]["values"]]
    assert crumbs == [("navigation", "→ Home"), ("ui.action", "fail")]


async def test_a_thread_worker_shares_user_and_trail(kept: Kept) -> None:
    await press("t")
    (event,) = kept.items("event")
    assert event["exception"]["values"][-1]["type"] == "Crash"
    assert event["user"]["id"] == "7"
    assert "→ Home" in [crumb["message"] for crumb in event["breadcrumbs"]["values"]]


async def test_panic_is_one_event_without_its_text(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    # The app ends without an exception, so the pilot would wait half a minute for one.
    monkeypatch.setattr(Pilot, "_wait_for_screen", partialmethod(Pilot._wait_for_screen, timeout=0.5))
    await press("p")
    (event,) = kept.items("event")
    assert event["exception"]["values"][-1]["mechanism"]["type"] == "textual.panic"
    assert "secret words" not in str(event)


async def test_the_load_of_the_first_screen_is_timed(kept: Kept) -> None:
    async with WithModes().run_test() as pilot:
        await pilot.pause(0.1)
    loads = [
        each["transaction"]
        for each in kept.items("transaction")
        if each["contexts"]["trace"]["op"] == "ui.load"
    ]
    assert loads == ["Home"]
