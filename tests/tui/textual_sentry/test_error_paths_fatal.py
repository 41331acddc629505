"""Every way in which an exception ends a Textual app: one event, with its stack, the user and the trail."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import partialmethod
from typing import ClassVar

import pytest
import sentry_sdk
from textual.app import App
from textual.binding import BindingType
from textual.pilot import Pilot, WaitForScreenTimeout
from textual.worker import Worker, WorkerFailed

from tests.support.failing_apps import ways
from tests.support.failing_apps.apps import USER, Crash, Plain, Receiver, crash, run_into, sentry_on
from tui.textual_sentry.event_capture import SEEN_ATTRIBUTE


@pytest.mark.parametrize(
    ("make", "path", "function"), [pytest.param(*way[1:], id=way[0]) for way in ways.WAYS]
)
async def test_an_exception_that_ends_the_app_is_one_event_with_its_stack_user_and_trail(
    receiver: Receiver, make: type[App[None]], path: str, function: str
) -> None:
    await run_into(make(), "x")

    event = receiver.event
    exception = event["exception"]["values"][-1]
    functions = [frame["function"] for frame in exception["stacktrace"]["frames"]]
    assert (exception["type"], functions[-1]) == ("Crash", "crash")
    assert function in functions
    assert exception["mechanism"]["type"] == f"textual.{path}"
    assert exception["mechanism"]["handled"] is False
    assert event["contexts"]["textual"]["path"] == path
    assert event["user"] == USER
    assert len(event["breadcrumbs"]["values"]) >= 5
    assert event.get("tags", {}).get("screen") == event["contexts"]["textual"].get("screen")


async def test_a_style_sheet_that_cannot_be_read_is_one_event(receiver: Receiver) -> None:
    class BadCss(Plain):
        CSS = "Static { color: no-such-colour; }"

    with suppress(Exception):  # without a screen, the pilot of the tests fails too
        await run_into(BadCss())

    exception = receiver.event["exception"]["values"][-1]
    assert (exception["type"], exception["mechanism"]["type"]) == ("StylesheetParseError", "textual.css")
    assert exception["value"].startswith("test_error_paths_fatal.py:1:17: ")
    assert "color" in exception["value"]


async def test_the_original_still_runs_the_app_ends_with_return_code_1_and_the_same_exception(
    receiver: Receiver,
) -> None:
    class Prints(ways.Action):
        _fatal_error = App._fatal_error

    app = Prints()
    with pytest.raises(Crash) as raised:
        async with app.run_test() as pilot:
            await pilot.press("x")

    assert app.return_code == 1
    assert getattr(raised.value, SEEN_ATTRIBUTE) == receiver.event["event_id"]


async def test_an_exception_that_comes_by_several_ways_is_asked_for_and_sent_once() -> None:
    asked: list[BaseException] = []

    def may_report(error: BaseException) -> bool:
        asked.append(error)
        return True

    class Several(Plain):
        async def action_go(self) -> None:  # type: ignore[override]
            worker: Worker[None] = self.run_worker(crash, thread=True, exit_on_error=False)
            try:
                await worker.wait()
            except WorkerFailed as failed:
                sentry_sdk.capture_exception(failed.error)
                raise failed.error from None

    with sentry_on(textual={"may_report": may_report}) as receiver:
        await run_into(Several(), "x")

    assert (len(asked), len(receiver.events)) == (1, 1)


async def test_what_the_app_reported_itself_is_not_sent_again_at_its_end(
    receiver: Receiver,
) -> None:
    class Reports(Plain):
        def action_go(self) -> None:
            try:
                crash()
            except Crash as error:
                sentry_sdk.capture_exception(error)
                raise

    await run_into(Reports(), "x")

    assert receiver.event["exception"]["values"][-1]["mechanism"]["type"] == "generic"


async def test_a_report_that_fails_leaves_the_exception_to_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("no report today")

    monkeypatch.setattr(sentry_sdk, "capture_event", refuse)
    with sentry_on() as receiver:
        app = ways.Action()
        with pytest.raises(Crash):
            async with app.run_test() as pilot:
                await pilot.press("x")

    assert (app.return_code, receiver.events) == (1, [])


async def test_nothing_is_built_where_the_program_says_that_it_was_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[BaseException] = []
    with sentry_on(textual={"may_report": lambda error: asked.append(error)}) as receiver:
        await run_into(ways.ThreadWorker(), "x")

    assert [type(error) for error in asked] == [Crash]
    assert receiver.events == []


@pytest.fixture
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pilot that does not wait half a minute for an app that ended without an exception."""
    monkeypatch.setattr(Pilot, "_wait_for_screen", partialmethod(Pilot._wait_for_screen, timeout=0.5))


@pytest.mark.usefixtures("short_wait")
async def test_an_app_that_gives_up_by_panic_is_one_event_without_what_it_says(receiver: Receiver) -> None:
    class Panics(Plain):
        def action_go(self) -> None:
            self.panic("no claire@secret.example here")

    with suppress(WaitForScreenTimeout):
        await run_into(Panics(), "x")

    exception = receiver.event["exception"]["values"][-1]
    assert (exception["type"], exception["mechanism"]["type"]) == ("RuntimeError", "textual.panic")
    assert "secret" not in json.dumps(receiver.event)
    assert "wireframe.txt" in receiver.attachments


@pytest.mark.usefixtures("short_wait")
async def test_panic_while_an_exception_is_handled_is_the_event_of_that_exception(receiver: Receiver) -> None:
    class Panics(Plain):
        def action_go(self) -> None:
            try:
                crash()
            except Crash:
                self.panic("it went wrong")

    with suppress(WaitForScreenTimeout):
        await run_into(Panics(), "x")

    exception = receiver.event["exception"]["values"][-1]
    assert (exception["type"], exception["mechanism"]["handled"]) == ("Crash", False)


async def test_what_an_action_is_given_is_nowhere_in_the_event(receiver: Receiver) -> None:
    class Given(Plain):
        BINDINGS: ClassVar[list[BindingType]] = [("x", "go_to('claire@secret.example')", "Go")]

        def action_go_to(self, _address: str) -> None:
            self.set_timer(0.001, crash)

    with sentry_on(include_local_variables=False, include_source_context=False) as receiver:
        await run_into(Given(), "x")

    assert receiver.event["contexts"]["textual"]["last_action"] == "go_to"
    assert "secret" not in json.dumps(receiver.event)
