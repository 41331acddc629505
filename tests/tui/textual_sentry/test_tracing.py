"""How long things take: a transaction for each load of a screen and each worker, and for each slow frame."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.profiler import continuous_profiler
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from tests.support.failing_apps.apps import Plain, Receiver, sentry_on
from tui.textual_sentry import tracing as textual_traces


class Loading(Screen[None]):
    """A screen that fetches in a thread what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()

    def compose(self) -> ComposeResult:
        yield Static("empty")

    def on_mount(self) -> None:
        self.run_worker(self.fetch, thread=True, group="fetch", description="claire@secret.example")

    def fetch(self) -> None:
        with sentry_sdk.start_span(op="db", name="SELECT 1"):
            self.may_end.wait(5)


def spans_of(transaction: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {span["op"]: span for span in transaction["spans"]}


async def test_a_load_lasts_from_the_push_to_the_end_of_the_worker_with_the_query_inside(
    receiver: Receiver,
) -> None:
    app, screen = Plain(), Loading()
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        await pilot.pause(0.05)
        assert receiver.transactions == []
        screen.may_end.set()
        await pilot.pause(0.05)

    (load,) = receiver.transactions
    spans = spans_of(load)
    trace = load["contexts"]["trace"]
    assert (load["transaction"], trace["op"], trace["status"]) == ("Loading", "ui.load", "ok")
    assert spans["ui.worker"]["description"] == "fetch"
    assert spans["ui.worker"]["parent_span_id"] == trace["span_id"]
    assert spans["db"]["parent_span_id"] == spans["ui.worker"]["span_id"]
    assert load["start_timestamp"] == spans["ui.paint"]["start_timestamp"] < spans["ui.paint"]["timestamp"]
    assert spans["ui.paint"]["timestamp"] < spans["ui.worker"]["timestamp"] <= load["timestamp"]
    assert "secret" not in str(load)


async def test_a_screen_without_a_worker_is_loaded_when_it_is_painted(receiver: Receiver) -> None:
    app = Plain()
    async with app.run_test() as pilot:
        await app.push_screen(Screen())
        await pilot.pause(0.05)

    (load,) = receiver.transactions
    assert [span["op"] for span in load["spans"]] == ["ui.paint"]
    assert load["contexts"]["trace"]["status"] == "ok"


async def test_a_screen_that_one_comes_back_to_is_not_loaded_again(receiver: Receiver) -> None:
    app = Plain()
    async with app.run_test() as pilot:
        await app.push_screen(Screen())
        await pilot.pause(0.05)
        await app.pop_screen()
        await pilot.pause(0.05)

    assert len(receiver.transactions) == 1


async def test_a_worker_of_a_loaded_screen_is_a_transaction_of_its_own(receiver: Receiver) -> None:
    app, screen = Plain(), Loading()
    screen.may_end.set()
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        await pilot.pause(0.1)
        await screen.run_worker(screen.fetch, thread=True, group="save").wait()
        await pilot.pause()

    load, work = receiver.transactions
    assert (load["transaction"], work["transaction"]) == ("Loading", "Loading.save")
    assert work["contexts"]["trace"]["op"] == "ui.work"
    assert [span["op"] for span in work["spans"]] == ["db"]


async def test_a_screen_that_is_left_before_it_was_painted_is_cancelled(receiver: Receiver) -> None:
    app, left = Plain(), Loading()
    left.may_end.set()
    async with app.run_test() as pilot:
        app.push_screen(left)
        app.push_screen(Screen())
        await pilot.pause(0.05)

    loads = [
        t["contexts"]["trace"] for t in receiver.transactions if t["contexts"]["trace"]["op"] == "ui.load"
    ]
    assert [load["status"] for load in loads] == ["cancelled", "ok"]


async def test_a_load_that_never_ends_is_ended(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textual_traces, "LONGEST_LOAD", 0.05)
    app, screen = Plain(), Loading()
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        await pilot.pause(0.1)
        screen.may_end.set()

    (load,) = receiver.transactions
    assert load["contexts"]["trace"]["status"] == "deadline_exceeded"


@pytest.mark.parametrize("rate", [None, 0.0])
async def test_nothing_is_sent_where_nothing_is_sampled_and_the_work_is_done(rate: float | None) -> None:
    with sentry_on(traces_sample_rate=rate) as receiver:
        app, screen = Plain(), Loading()
        screen.may_end.set()
        async with app.run_test() as pilot:
            await app.push_screen(screen)
            await pilot.pause(0.05)
            assert await app.run_worker(lambda: 42, thread=True).wait() == 42

    assert receiver.envelopes == []


async def test_a_profile_that_starts_with_a_transaction_stops_with_it() -> None:
    with sentry_on(
        traces_sample_rate=1.0, profile_session_sample_rate=1.0, profile_lifecycle="trace"
    ) as receiver:
        profiler = continuous_profiler._scheduler
        assert profiler is not None
        app, screen = Plain(), Loading()
        screen.may_end.set()
        async with app.run_test() as pilot:
            await app.push_screen(screen)
            await pilot.pause(0.05)
            await app.run_worker(lambda: None, thread=True).wait()
            await pilot.pause(0.05)
        profiles = [*profiler.active_profiles, *profiler.new_profiles]
        continuous_profiler.teardown_continuous_profiler()

    assert len(receiver.transactions) == 2
    assert [profile for profile in profiles if profile.active] == []


class Slow(Plain):
    """Stands still."""

    def action_go(self) -> None:
        time.sleep(0.35)


async def test_a_slow_frame_is_a_breadcrumb_and_a_transaction_named_by_screen_and_action() -> None:
    with sentry_on(traces_sample_rate=1.0, textual={"slow_frame": 0.3}) as receiver:
        async with Slow().run_test() as pilot:
            await pilot.pause()
            sentry_sdk.get_isolation_scope().clear_breadcrumbs()
            await pilot.press("x")
            await pilot.pause(0.05)
            crumbs = list(sentry_sdk.get_isolation_scope()._breadcrumbs)

    slow = [t for t in receiver.transactions if t["transaction"] == "Screen go"]
    assert [t["contexts"]["trace"]["op"] for t in slow] == ["ui.slow_frame"]
    (crumb,) = [crumb for crumb in crumbs if crumb["message"].startswith("Screen go")]
    assert (crumb["category"], crumb["level"]) == ("ui.slow_frame", "warning")
    assert crumb["data"]["milliseconds"] >= 350


async def test_a_slow_frame_of_a_load_is_a_span_of_it() -> None:
    class Heavy(Screen[None]):
        def on_mount(self) -> None:
            time.sleep(0.35)

    with sentry_on(traces_sample_rate=1.0, textual={"slow_frame": 0.3}) as receiver:
        app = Plain()
        async with app.run_test() as pilot:
            await app.push_screen(Heavy())
            await pilot.pause(0.1)

    (load,) = [t for t in receiver.transactions if t["transaction"] == "Heavy"]
    assert "ui.slow_frame" in spans_of(load)


async def test_a_loop_that_keeps_standing_still_sends_ten_of_it_a_minute() -> None:
    with sentry_on(traces_sample_rate=1.0, textual={"slow_frame": 0.002}) as receiver:
        async with Plain().run_test() as pilot:
            for _ in range(15):
                time.sleep(0.004)  # noqa: ASYNC251  to block is the point
                await pilot.pause()

    assert sum(t["contexts"]["trace"]["op"] == "ui.slow_frame" for t in receiver.transactions) == 10
