"""User, tags and breadcrumbs reach every later event, whichever task or thread set them, early or late."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from threading import Thread
from typing import Any

import pytest
import sentry_sdk
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker

from tests.support.failing_apps.apps import Crash, Plain, Receiver, crash, failing, start_sentry, stop_sentry

PLACES = ["handler", "timer", "worker", "callback", "watcher", "thread", "coroutine in thread", "executor",
          "raw thread", "task", "screen", "widget"]  # fmt: skip


class Widely(Plain):
    """Leaves a breadcrumb in every place where code of an app may run."""

    class Next(Screen[None]):
        def compose(self) -> ComposeResult:
            yield Widely.Part()

        def on_mount(self) -> None:
            leave("screen")

    class Part(Static):
        def on_mount(self) -> None:
            leave("widget")

    async def everywhere(self) -> None:
        leave("handler")
        self.set_timer(0.001, lambda: leave("timer"))
        self.run_worker(self.leave_later("worker"))
        self.call_next(lambda: leave("callback"))
        self.watch(self, "theme", lambda: leave("watcher"), init=False)
        self.theme = "nord"
        await self.run_worker(lambda: leave("thread"), thread=True).wait()
        inner: Worker[None] = self.run_worker(self.in_thread, thread=True)
        await inner.wait()
        await asyncio.to_thread(leave, "executor")
        thread = Thread(target=leave, args=["raw thread"])
        thread.start()
        thread.join()
        await asyncio.create_task(self.leave_later("task"))
        await self.push_screen(self.Next())

    @staticmethod
    async def leave_later(place: str) -> None:
        await asyncio.sleep(0)
        leave(place)

    async def in_thread(self) -> None:
        leave("coroutine in thread")


def leave(place: str) -> None:
    """One breadcrumb, one tag; the user is renamed to the latest place."""
    sentry_sdk.add_breadcrumb(category="place", message=place)
    sentry_sdk.set_tag(place, "yes")
    sentry_sdk.set_user({"id": place})


def places_of(event: dict[str, Any]) -> set[str]:
    crumbs = event["breadcrumbs"]["values"]
    return {crumb["message"] for crumb in crumbs if crumb["category"] == "place"}


@pytest.fixture(autouse=True)
def _cleaned(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # As in a new process: an integration that a test started late has replaced it.
    scopes: ContextVar[Any] = ContextVar("isolation_scope", default=None)
    monkeypatch.setattr(sentry_sdk.scope, "_isolation_scope", scopes)
    yield
    stop_sentry()


async def walk_through(app: Widely) -> None:
    """Leave a breadcrumb in each place, then fail in a timer."""
    async with failing(app) as pilot:
        await pilot.pause()
        await app.everywhere()
        await pilot.pause(0.05)
        app.set_timer(0.001, crash)
        await pilot.pause(0.05)


# A raw thread has a scope of its own by the rules of the SDK, unless its integration is told otherwise.
SHARING = pytest.mark.parametrize(
    ("propagate_scope", "expected"),
    [
        pytest.param(True, set(PLACES) - {"raw thread"}, id="as the SDK has it"),
        pytest.param(False, set(PLACES), id="raw threads too"),
    ],
)


@pytest.mark.parametrize("propagate_scope", [True, False])
async def test_what_any_task_or_thread_sets_reaches_an_event_of_another_task(
    propagate_scope: bool,
) -> None:
    receiver = start_sentry(propagate_scope=propagate_scope)

    await walk_through(Widely())

    assert_all_arrived(receiver, set(PLACES) - {"raw thread"})


async def test_nothing_of_the_sdk_is_replaced_where_it_starts_before_the_app() -> None:
    scopes, start = sentry_sdk.scope._isolation_scope, sentry_sdk.init
    start_sentry()
    async with Plain().run_test():
        assert sentry_sdk.scope._isolation_scope is scopes
        assert sentry_sdk.init is start


@SHARING
async def test_the_same_holds_where_a_thread_starts_the_sdk_while_the_app_runs(
    propagate_scope: bool, expected: set[str]
) -> None:
    app = Widely()
    async with failing(app) as pilot:
        await pilot.pause()
        # The pool of threads and their contexts exist before the SDK does.
        await app.run_worker(lambda: None, thread=True).wait()
        worker = app.run_worker(lambda: start_sentry(app, propagate_scope=propagate_scope), thread=True)
        receiver = await worker.wait()
        await pilot.pause()
        await app.everywhere()
        await pilot.pause(0.05)
        app.set_timer(0.001, crash)
        await pilot.pause(0.05)

    assert_all_arrived(receiver, expected)
    steps = [c["message"] for c in receiver.event["breadcrumbs"]["values"] if c["category"] == "navigation"]
    assert steps == ["Screen → Next"]


def assert_all_arrived(receiver: Receiver, expected: set[str]) -> None:
    event = receiver.event
    assert places_of(event) == expected
    assert set(event["tags"]) - {"screen"} == expected - {"screen"}
    assert event["user"]["id"] in expected


async def test_a_task_that_was_running_before_the_sdk_started_reports_under_the_same_scope() -> None:
    app = Plain()
    async with app.run_test() as pilot:
        going_on = asyncio.Event()

        async def old_task() -> None:
            await going_on.wait()
            sentry_sdk.capture_message("from an old task")

        task = asyncio.create_task(old_task())
        await asyncio.sleep(0)
        receiver = await asyncio.to_thread(start_sentry, app)
        sentry_sdk.set_user({"id": "9"})
        sentry_sdk.add_breadcrumb(message="step")
        going_on.set()
        await task
        await pilot.pause()

    assert receiver.event["user"] == {"id": "9"}
    assert [crumb["message"] for crumb in receiver.event["breadcrumbs"]["values"]] == ["step"]


async def test_a_scope_that_the_app_enters_on_purpose_is_its_own_and_is_left_again() -> None:
    receiver = start_sentry()
    async with Plain().run_test():
        with sentry_sdk.isolation_scope() as scope:
            scope.set_tag("inner", "yes")
            sentry_sdk.capture_message("inside")
        sentry_sdk.capture_message("outside")

    inside, outside = receiver.events
    assert inside["tags"]["inner"] == "yes"
    assert "inner" not in outside.get("tags", {})


async def test_threads_that_work_at_once_have_their_own_spans_and_share_user_and_trail() -> None:
    receiver = start_sentry(traces_sample_rate=1.0)

    class Parallel(Plain):
        async def both(self) -> None:
            workers = [self.run_worker(work(n), thread=True, group=f"job {n}") for n in range(4)]
            for worker in workers:
                await worker.wait()

    def work(number: int) -> Any:
        def body() -> None:
            for step in range(5):
                with sentry_sdk.start_span(op="step", name=f"{number}.{step}"):
                    sentry_sdk.add_breadcrumb(message=f"{number}.{step}")

        return body

    app = Parallel()
    async with app.run_test() as pilot:
        await app.both()
        await pilot.pause()

    spans = {t["transaction"]: {span["description"] for span in t["spans"]} for t in receiver.transactions}
    assert spans == {f"App.job {n}": {f"{n}.{step}" for step in range(5)} for n in range(4)}
    assert len(sentry_sdk.get_isolation_scope()._breadcrumbs) == 20


async def test_a_span_of_a_worker_is_over_when_its_thread_serves_somebody_else() -> None:
    start_sentry(traces_sample_rate=1.0)
    app = Plain()
    async with app.run_test():
        pool = ThreadPoolExecutor(1)
        asyncio.get_running_loop().set_default_executor(pool)
        await app.run_worker(lambda: None, thread=True).wait()
        span = await asyncio.to_thread(lambda: sentry_sdk.get_current_scope().span)

    assert span is None


async def test_an_error_in_a_thread_fails_its_span_and_reaches_the_app() -> None:
    receiver = start_sentry(traces_sample_rate=1.0)

    class Fails(App[None]):
        def on_mount(self) -> None:
            self.run_worker(crash, thread=True, group="job", exit_on_error=False)

    async with Fails().run_test() as pilot:
        await pilot.pause(0.05)

    (transaction,) = receiver.transactions
    assert transaction["transaction"].endswith(".job")
    assert transaction["contexts"]["trace"]["status"] == "internal_error"
    assert receiver.event["exception"]["values"][-1]["type"] == Crash.__name__
