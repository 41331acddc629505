"""Drives the application with keys and reads its screen, without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot, WaitForScreenTimeout
from textual.widgets import Input

from services.actor import Actor
from services.settings import Settings
from tests.support.accounts import PASSWORD
from tests.support.key_events import key_event
from tui.app import EpicEventsApp
from tui.widgets.record_table.table import RecordTable

LONGEST_PAUSE = 0.3
"""Seconds; a pause after a key is shorter, a notification stays longer."""
PATIENCE = 60.0


def nodes(app: App[Any]) -> list[MessagePump]:
    """The application and every widget of the screen on top."""
    return [app, *app.screen.walk_children(with_self=True)]


async def until(condition: Callable[[], object], pilot: Pilot[Any] | None = None) -> None:
    """Wait until this is true, however slow the machine is; with a pilot, the screen is drawn meanwhile."""
    deadline = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < deadline, "it never came"
        await (pilot.pause(0.01) if pilot else asyncio.sleep(0.005))


@dataclass
class AppDriver:
    """The application with a pilot."""

    settings: Settings
    options: dict[str, Any] = field(default_factory=dict)
    start: str = "clients"
    """The section after signing in; most tests are about the lists."""
    app: EpicEventsApp = field(init=False)
    pilot: Pilot[None] = field(init=False)

    @asynccontextmanager
    async def running(self, size: tuple[int, int] = (80, 24)) -> AsyncIterator[AppDriver]:
        """Run the application until its first screen is ready."""
        self.app = EpicEventsApp(self.settings, **self.options)
        self.app.navigator.default_start = self.start
        async with self.app.run_test(size=size) as self.pilot:
            await self.settle()
            yield self

    @asynccontextmanager
    async def signed_in(self, actor: Actor, size: tuple[int, int] = (80, 24)) -> AsyncIterator[AppDriver]:
        """Run the application and sign in as this actor; the section ``start`` is shown."""
        async with self.running(size):
            self.fill("#username", actor.username)
            self.fill("#password", PASSWORD)
            await self.press("enter")
            yield self

    async def settle(self) -> None:
        """Wait until all keys are handled, no worker or debounce timer runs, and the screen is drawn.

        ``Pilot`` waits until the machine is idle, which takes 40 to 130 ms per key, and longer under load.
        """
        quiet, deadline = 0, monotonic() + PATIENCE
        while quiet < 2 and self.app.is_running and self.app._exception is None:
            try:
                await self.pilot._wait_for_screen(timeout=2)
                quiet = 0 if await self._was_busy() else quiet + 1
            except WaitForScreenTimeout:  # a widget that is removed meanwhile answers no more
                quiet = 0
            assert monotonic() < deadline, "the application never comes to rest"
            if self.app.is_running:
                self.app.screen._on_timer_update()

    async def _was_busy(self) -> bool:
        app = self.app
        running = [worker._task for worker in app.workers if not worker.is_finished]
        if tasks := [task for task in running if task is not None]:
            await asyncio.wait(tasks)
            return True
        if app._waiting or app._is_under_way:
            await asyncio.sleep(0.002)
            return True
        if any(node.message_queue_size for node in nodes(app)):
            return True  # a message on its way up through the parents of a widget
        if pauses := self._pauses():
            await asyncio.wait(pauses, timeout=LONGEST_PAUSE, return_when=asyncio.FIRST_COMPLETED)
            return True
        return False

    def _pauses(self) -> list[asyncio.Task[None]]:
        timers = [timer for node in nodes(self.app) for timer in node._timers]
        pauses = [timer for timer in timers if timer._repeat == 0 and timer._interval < LONGEST_PAUSE]
        return [timer._task for timer in pauses if timer._task and not timer._task.done()]

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until this is true of the screen while something still runs."""
        await until(condition, self.pilot)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait after each until the application has settled."""
        assert self.app._driver is not None
        for key in keys:
            event = key_event(key)
            event.set_sender(self.app)
            self.app._driver.send_message(event)
            await self.settle()

    def type_ahead(self, *keys: str) -> None:
        """Send all keys in one go, as they arrive from a fast typist or a script."""
        driver = self.app._driver
        assert driver is not None
        for key in keys:
            driver.send_message(key_event(key))

    def fill(self, selector: str, text: str) -> None:
        """Set the text of an input at once."""
        self.app.screen.query_one(selector, Input).value = text

    def type_into(self, field_name: str, text: str) -> None:
        """Set the text of a field of a form."""
        self.fill(f"#field-{field_name} #control", text)

    @property
    def screen_name(self) -> str:
        """The class of the screen on top."""
        return type(self.app.screen).__name__

    @property
    def table(self) -> RecordTable[Any]:
        """The list of the section on screen."""
        return self.app.screen.query_one(RecordTable)

    @property
    def current(self) -> Any:
        """The record under the cursor."""
        return self.table.current_row

    @property
    def text(self) -> str:
        """The drawn lines of the screen, including notifications."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def notices(self) -> str:
        """The visible notifications."""
        return "\n".join(notice.message for notice in self.app._notifications)
