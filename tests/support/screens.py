"""Driving the application as a person does: keys in, what stands on the screen out. No sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from services.announcements import Actor
from services.settings import Settings
from tests.support.people import PASSWORD
from tui.app import EpicEventsApp
from tui.widgets.record_table import RecordTable


@dataclass
class Driven:
    """The application with a pilot at its keys."""

    settings: Settings
    options: dict[str, Any] = field(default_factory=dict)
    app: EpicEventsApp = field(init=False)
    pilot: Pilot[None] = field(init=False)

    @asynccontextmanager
    async def running(self, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driven]:
        """At the first screen, warmed up."""
        self.app = EpicEventsApp(self.settings, **self.options)
        async with self.app.run_test(size=size) as self.pilot:
            await self.settle()
            yield self

    @asynccontextmanager
    async def signed_in(self, actor: Actor, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driven]:
        """At the clients, as this person."""
        async with self.running(size):
            self.fill("#username", actor.username)
            self.fill("#password", PASSWORD)
            await self.press("enter")
            yield self

    async def settle(self) -> None:
        """Wait until no worker runs and every message was handled."""
        await self.pilot.pause()
        while workers := [worker for worker in self.app.workers if not worker.is_finished]:
            await asyncio.gather(*(worker.wait() for worker in workers), return_exceptions=True)
            await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys and wait for what follows, timers of a key's pause included."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()
        await self.pilot.pause(0.1)
        await self.settle()

    def fill(self, selector: str, text: str) -> None:
        """Put a text in a field, as a paste would."""
        self.app.screen.query_one(selector, Input).value = text

    def type_into(self, field_name: str, text: str) -> None:
        """Put a text in a field of a form."""
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
        """All that is drawn, line by line, notifications too."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def notices(self) -> str:
        """The notifications that stand on the screen."""
        return "\n".join(notice.message for notice in self.app._notifications)
