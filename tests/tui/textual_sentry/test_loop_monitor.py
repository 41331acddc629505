"""The watch of the event loop tells of every stall, of nothing else, and leaves the loop as it found it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from time import perf_counter

import pytest

from tui.textual_sentry.loop_monitor import LoopWatch


@pytest.fixture
def stalls() -> list[float]:
    """How long the loop stood still, each time."""
    return []


@pytest.fixture
def watch(stalls: list[float]) -> Iterator[LoopWatch]:
    """A watch that is not started yet."""
    made = LoopWatch(stalls.append, threshold=0.05)
    yield made
    made.stop()


async def test_a_stall_is_told_with_its_length(watch: LoopWatch, stalls: list[float]) -> None:
    watch.start()
    await asyncio.sleep(0)
    time.sleep(0.06)  # noqa: ASYNC251  to block is the point
    await asyncio.sleep(0)

    (seconds,) = stalls
    assert 0.06 <= seconds < 5


async def test_waiting_is_no_stall(stalls: list[float]) -> None:
    watch = LoopWatch(stalls.append, threshold=0.2)
    watch.start()
    await asyncio.sleep(0.3)
    watch.stop()

    assert stalls == []


async def test_what_many_callbacks_of_one_turn_take_together_counts(
    watch: LoopWatch, stalls: list[float]
) -> None:
    watch.start()
    await asyncio.sleep(0)
    for _ in range(8):
        asyncio.get_running_loop().call_soon(time.sleep, 0.01)
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert len(stalls) == 1


async def test_a_process_that_was_stopped_has_not_stalled(
    watch: LoopWatch, stalls: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.start()
    await asyncio.sleep(0)
    hour_later = perf_counter() + 3600
    monkeypatch.setattr("tui.textual_sentry.loop_monitor.perf_counter", lambda: hour_later)
    await asyncio.sleep(0)

    assert stalls == []


async def test_a_listener_that_fails_does_not_end_the_loop() -> None:
    def fail(_seconds: float) -> None:
        raise RuntimeError

    watch = LoopWatch(fail, threshold=0.001)
    watch.start()
    time.sleep(0.002)  # noqa: ASYNC251
    await asyncio.sleep(0)
    watch.stop()


async def test_two_watches_on_one_loop_both_tell_and_leave_in_any_order(stalls: list[float]) -> None:
    selector = vars(asyncio.get_running_loop())["_selector"]
    before = selector.select
    first, second = LoopWatch(stalls.append, threshold=0.1), LoopWatch(stalls.append, threshold=0.1)
    first.start()
    second.start()
    await asyncio.sleep(0)
    time.sleep(0.12)  # noqa: ASYNC251
    await asyncio.sleep(0)
    assert len(stalls) == 2

    first.stop()
    second.stop()
    time.sleep(0.12)  # noqa: ASYNC251
    await asyncio.sleep(0)
    assert len(stalls) == 2

    first.start()
    await asyncio.sleep(0)
    time.sleep(0.12)  # noqa: ASYNC251
    await asyncio.sleep(0)
    first.stop()
    assert len(stalls) == 3
    assert before == selector.select or "select" in vars(selector)


async def test_a_single_watch_leaves_the_selector_as_it_was(watch: LoopWatch) -> None:
    selector = vars(asyncio.get_running_loop())["_selector"]
    watch.start()
    assert "select" in vars(selector)
    watch.stop()

    assert "select" not in vars(selector) or selector.select == type(selector).select.__get__(selector)


async def test_a_loop_without_a_selector_of_its_own_is_watched_by_a_heartbeat(
    watch: LoopWatch, stalls: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_selector_of", lambda _loop: None)
    watch.start()
    await asyncio.sleep(0)
    time.sleep(0.15)  # noqa: ASYNC251
    await asyncio.sleep(0.05)

    assert len(stalls) == 1
