"""Drives the application with keys and reads its screen, without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from unittest.mock import patch

from textual._queue import Queue
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.widgets import Input

from services.actor import Actor
from services.auth import token_store, tokens
from services.settings import Settings
from tests.support.accounts import PASSWORD
from tests.support.key_events import key_event
from tui.app import EpicEventsApp
from tui.screens.layout import PaintedLayout
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


def _waits_for_messages(node: MessagePump) -> bool:
    """Whether a widget has handled all its messages, to the end: its task waits for the next one."""
    queue: Queue[Message | None] = node._message_queue
    return not node.is_running or (queue.empty() and bool(queue.ready_event._waiters))


@dataclass
class AppDriver:
    """The application with a pilot."""

    settings: Settings
    options: dict[str, Any] = field(default_factory=dict)
    start: str = "clients"
    """The section after signing in; most tests are about the lists."""
    paints_all: bool = False
    """Whether each frame is painted, as in a terminal, or what is there once the keys are handled."""
    app: EpicEventsApp = field(init=False)
    pilot: Pilot[None] = field(init=False)
    _is_painting: bool = field(init=False)

    def __post_init__(self) -> None:
        self._is_painting = self.paints_all

    @asynccontextmanager
    async def running(self, size: tuple[int, int] = (80, 24)) -> AsyncIterator[AppDriver]:
        """Run the application until its first screen is ready."""
        self.app = EpicEventsApp(self.settings, **self.options)
        self.app.navigator.default_start = self.start
        with self._frames_put_off():
            async with self.app.run_test(size=size) as self.pilot:
                await self.settle()
                yield self

    @contextmanager
    def _frames_put_off(self) -> Iterator[None]:
        # To paint frames that nobody sees would take two fifths of the time of these tests.
        paint = PaintedLayout.render_update

        def put_off(layout: PaintedLayout, full: bool = False, *details: Any, **named: Any) -> Any:
            if (
                full
                or self._is_painting
                or layout not in [screen._compositor for screen in self.app.screen_stack]
            ):
                return paint(layout, full, *details, **named)
            return None

        with patch.object(PaintedLayout, "render_update", put_off):
            yield

    @asynccontextmanager
    async def signed_in(self, actor: Actor, size: tuple[int, int] = (80, 24)) -> AsyncIterator[AppDriver]:
        """Run the application with the kept session of this actor; the section ``start`` is shown."""
        key, expires = self.settings.require_secret_key(), datetime.now(UTC) + timedelta(hours=12)
        token = tokens.issue(key, actor.id, actor.session_id, expires)
        token_store.save(self.settings, token)
        self.options["token"] = token
        async with self.running(size):
            yield self

    @asynccontextmanager
    async def signed_in_by_form(
        self, actor: Actor, size: tuple[int, int] = (80, 24)
    ) -> AsyncIterator[AppDriver]:
        """Run the application and fill in the form as this actor."""
        async with self.running(size):
            await self.sign_in(actor)
            yield self

    async def sign_in(self, actor: Actor) -> None:
        """Fill in the login form as this actor."""
        self.fill("#username", actor.username)
        self.fill("#password", PASSWORD)
        await self.press("enter")

    async def settle(self) -> None:
        """Wait until all keys are handled, no worker or debounce timer runs, and paint the screen.

        ``Pilot`` waits until the machine is idle, which takes 40 to 130 ms per key, and longer under load.
        """
        await self._come_to_rest()
        while self._is_alive and self.app.screen._compositor._dirty_regions:
            self._paint()
            await self._come_to_rest()

    @property
    def _is_alive(self) -> bool:
        return self.app.is_running and self.app._exception is None

    def _paint(self) -> None:
        self._is_painting = True
        self.app.screen._compositor_refresh()
        self._is_painting = self.paints_all

    async def _come_to_rest(self) -> None:
        drawn, deadline = False, monotonic() + PATIENCE
        while self._is_alive:
            assert monotonic() < deadline, "the application never comes to rest"
            if await self._was_busy():
                drawn = False
            elif drawn:
                return
            else:
                self.app.screen._on_timer_update()
                drawn = True

    async def _was_busy(self) -> bool:
        app = self.app
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        if ready:
            return True
        running = [worker._task for worker in app.workers if not worker.is_finished]
        if tasks := [task for task in running if task is not None]:
            await asyncio.wait(tasks)
            return True
        if app._waiting or app._is_under_way:
            await asyncio.sleep(0.002)
            return True
        if not all(_waits_for_messages(node) for node in nodes(app)):
            await asyncio.sleep(0.0005)
            return True
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
            await self._come_to_rest()
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
        self._paint()  # also what lies below the screen on top
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def notices(self) -> str:
        """The visible notifications."""
        return "\n".join(notice.message for notice in self.app._notifications)
