"""What is done while nobody types, so that no key waits for it."""

import asyncio
import gc
import time
from collections.abc import Iterator
from pathlib import Path
from weakref import ref

import pytest
from textual.message import Message

from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tui.screens.base_screen import BaseScreen

pytestmark = sqlite_only  # nothing here depends on the kind of database


@pytest.fixture(autouse=True)
def own_garbage() -> Iterator[None]:
    """What one test leaves out of the collector's sight comes back into it."""
    yield
    gc.unfreeze()


def rest(driven: AppDriver, looks: int = 10) -> None:
    """Look as often as somebody who reads for some seconds lets it."""
    for _look in range(looks):
        driven.app.opening.idle_tasks.run_next()


@pytest.mark.parametrize("key", ["n", "2", "6"])
async def test_a_screen_that_opens_after_a_rest_reads_no_style_sheet(
    driven: AppDriver, people: People, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    read: list[Path] = []
    async with driven.signed_in(people.gestion):
        before = driven.screen_name
        rest(driven)
        monkeypatch.setattr(driven.app.stylesheet, "read", read.append)
        await driven.press(key)
        assert driven.screen_name != before
    assert not read


async def test_what_a_section_is_made_of_is_not_looked_through(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        rest(driven)
        gc.collect()
        assert not any(each is driven.app.screen for each in gc.get_objects())
        seen = gc.get_freeze_count()
        await driven.press("2")
        rest(driven)
        assert gc.get_freeze_count() > seen


class Kept:
    """Refers to itself, so that only a collection takes it away."""

    def __init__(self) -> None:
        self.itself = self


async def test_what_was_left_out_goes_when_one_signs_out(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        kept = Kept()
        rest(driven)
        gone = ref(kept)
        del kept
        gc.collect()
        assert gone() is not None
        driven.app.session.sign_out()
        await driven.settle()
        rest(driven)
        assert gone() is None


async def test_a_full_collection_waits_for_a_rest_but_not_for_ever(driven: AppDriver, people: People) -> None:
    before = gc.get_threshold()
    async with driven.signed_in(people.gestion):
        driven.app.opening.idle_tasks.start()
        assert before[2] < gc.get_threshold()[2] < 1000
    assert gc.get_threshold() == before


class Slow(Message):
    """Takes long."""


class SlowScreen(BaseScreen[None]):
    """Writes down what comes after what."""

    def __init__(self) -> None:
        super().__init__()
        self.happened: list[str] = []

    def on_slow(self) -> None:
        """Keep the event loop from everything else."""
        self.happened.append("message")
        asyncio.get_running_loop().call_soon(self.happened.append, "turn of the loop")
        time.sleep(0.01)


async def test_the_loop_gets_its_turn_between_two_messages_that_take_long(driven: AppDriver) -> None:
    async with driven.running():
        screen = SlowScreen()
        await driven.app.push_screen(screen)
        screen.post_message(Slow())
        screen.post_message(Slow())
        await driven.settle()
    assert screen.happened == ["message", "turn of the loop"] * 2
