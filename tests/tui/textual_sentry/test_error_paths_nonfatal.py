"""Exceptions that do not end the app, those that Textual swallows among them: one event each all the same."""

from __future__ import annotations

import asyncio
import gc
import sys
from threading import Thread
from typing import Any, ClassVar

import pytest
from textual.app import App
from textual.command import DiscoveryHit, Hits, Provider, ProviderSource

from tests.support.failing_apps.apps import USER, Plain, Receiver, crash, crash_later


@pytest.fixture(scope="module", autouse=True)
def _only_what_is_new_is_collected() -> None:
    """To collect all that the tests before have loaded takes half a second."""
    gc.collect()
    gc.freeze()


async def keep_running(app: App[None], *keys: str) -> None:
    """Press these keys, let the app do what follows, quit: none of it may end badly."""
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press(*keys)
        await pilot.pause(0.05)
        gc.collect()
        await pilot.pause(0.05)
        assert app.is_running


def assert_one_event(receiver: Receiver, mechanism: str, *, handled: bool, function: str) -> None:
    event = receiver.event
    exception = event["exception"]["values"][-1]
    functions = [frame["function"] for frame in exception["stacktrace"]["frames"]]
    assert (exception["type"], functions[-1]) == ("Crash", "crash")
    assert function in functions
    assert (exception["mechanism"]["type"], exception["mechanism"]["handled"]) == (mechanism, handled)
    assert event["user"] == USER
    assert len(event["breadcrumbs"]["values"]) >= 5


class Failing(Provider):
    """A provider of commands that offers one."""

    async def search(self, query: str) -> Hits:
        yield DiscoveryHit("nothing", lambda: None)

    async def discover(self) -> Hits:
        yield DiscoveryHit("nothing", lambda: None)


class FailsToStart(Failing):
    async def startup(self) -> None:
        crash()


class FailsToDiscover(Failing):
    async def discover(self) -> Hits:
        yield DiscoveryHit("nothing", lambda: None)
        crash()


class FailsToSearch(Failing):
    async def search(self, query: str) -> Hits:
        yield DiscoveryHit("nothing", lambda: None)
        crash()


class FailsToStop(Failing):
    async def shutdown(self) -> None:
        crash()


class Commands(Plain):
    def __init__(self, provider: type[Provider]) -> None:
        super().__init__()
        self.provider = provider

    @property
    def COMMANDS(self) -> ProviderSource:  # type: ignore[override]  # noqa: N802
        return {self.provider}


@pytest.mark.parametrize(
    ("provider", "function", "keys"),
    [
        pytest.param(FailsToStart, "startup", ["ctrl+p"], id="startup"),
        pytest.param(FailsToDiscover, "discover", ["ctrl+p"], id="discover"),
        pytest.param(FailsToSearch, "search", ["ctrl+p", "a"], id="search"),
        pytest.param(FailsToStop, "shutdown", ["ctrl+p", "escape"], id="shutdown"),
    ],
)
async def test_textual_swallows_what_a_provider_of_commands_raises_and_it_is_one_event(
    receiver: Receiver, provider: type[Provider], function: str, keys: list[str]
) -> None:
    await keep_running(Commands(provider), *keys)

    assert_one_event(receiver, "textual.command", handled=True, function=function)


async def test_textual_swallows_what_an_immediate_callback_of_a_signal_raises_and_it_is_one_event(
    receiver: Receiver,
) -> None:
    class Subscribed(Plain):
        def on_mount(self) -> None:
            self.theme_changed_signal.subscribe(self, self.changed, immediate=True)

        def action_go(self) -> None:
            self.theme = "nord"

        def changed(self, _theme: object) -> None:
            crash()

    await keep_running(Subscribed(), "x")

    assert_one_event(receiver, "textual.signal", handled=True, function="changed")


@pytest.mark.parametrize("thread", [False, True], ids=["in a task", "in a thread"])
async def test_a_worker_that_may_fail_is_reported_as_handled(receiver: Receiver, thread: bool) -> None:
    class Tolerant(Plain):
        def action_go(self) -> None:
            self.run_worker(crash_later, thread=thread, exit_on_error=False)

    await keep_running(Tolerant(), "x")

    assert_one_event(receiver, "textual.worker", handled=True, function="crash_later")


async def test_a_task_that_nobody_waits_for_is_reported_when_it_is_collected(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    class Forgetful(Plain):
        def action_go(self) -> None:
            asyncio.create_task(crash_later())  # noqa: RUF006  that it is forgotten is the point

    await keep_running(Forgetful(), "x")

    assert_one_event(receiver, "textual.loop", handled=False, function="crash_later")
    assert "Task exception was never retrieved" in caplog.text  # asyncio still says so


async def test_a_callback_of_the_event_loop_that_raises_is_reported(receiver: Receiver) -> None:
    class Calls(Plain):
        def action_go(self) -> None:
            asyncio.get_running_loop().call_soon(crash)

    await keep_running(Calls(), "x")

    assert_one_event(receiver, "textual.loop", handled=False, function="crash")


async def test_a_handler_that_the_app_gave_its_loop_is_still_called(receiver: Receiver) -> None:
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context))

    class Calls(Plain):
        def action_go(self) -> None:
            asyncio.get_running_loop().call_soon(crash)

    await keep_running(Calls(), "x")

    assert len(told) == len(receiver.events) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_raw_thread_is_reported_by_the_integration_of_the_sdk(receiver: Receiver) -> None:
    class Threaded(Plain):
        def action_go(self) -> None:
            Thread(target=crash).start()

    await keep_running(Threaded(), "x")

    assert_one_event(receiver, "threading", handled=False, function="crash")


async def test_what_leaves_the_app_altogether_and_ends_the_process_is_still_one_event(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Leaves(Plain):
        def on_unmount(self) -> None:
            crash()

    try:
        async with Leaves().run_test():
            pass
    except Exception as error:
        monkeypatch.setattr(sys, "stderr", None)  # the interpreter would print it
        sys.excepthook(type(error), error, error.__traceback__)

    assert_one_event(receiver, "textual.unmount", handled=False, function="on_unmount")


async def test_a_coroutine_that_was_never_awaited_is_no_exception_and_no_event(receiver: Receiver) -> None:
    class Careless(Plain):
        COMMANDS: ClassVar[set[Any]] = set()

        def action_go(self) -> None:
            with pytest.warns(RuntimeWarning, match="never awaited"):
                crash_later()  # type: ignore[unused-coroutine]

    await keep_running(Careless(), "x")

    assert receiver.events == []
