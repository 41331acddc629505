"""The base classes of our screens: safe to close early or answer twice."""

import asyncio
from contextlib import nullcontext
from typing import Final

from textual import events
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.screen import Screen, ScreenResultType

from tui.screens.layout import PaintedLayout

_LONG: Final = 0.004
"""Seconds of work after which the event loop gets its turn."""


class BaseScreen(Screen[ScreenResultType]):
    """A screen that may be closed in the moment in which it opens.

    Textual builds no parts of such a screen, and still tells it that it is mounted. It also handles all
    messages of a screen that opens in one turn of the event loop: styles, layout, the first frame, the
    events of the layout, the second frame. Here each message that takes long has a turn of its own, and a
    screen that opens is laid out in one turn and painted in another.
    """

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._compositor = PaintedLayout()

    async def _dispatch_message(self, message: Message) -> None:
        if isinstance(message, events.Mount) and (self._closing or self._pruning):
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        # Within a batch Textual puts the frame off, until the sizes that the layout gave have arrived.
        with self.app.batch_update() if isinstance(message, events.ScreenResume) else nullcontext():
            await super()._dispatch_message(message)
        if loop.time() - began > _LONG:
            await asyncio.sleep(0)


class SingleResult(BaseScreen[ScreenResultType]):
    """Textual's ``dismiss`` takes whichever screen is on top: a second answer would close the screen beneath.

    A double click, or a key pressed again before the first had its effect, gives such a second answer; and
    a form that was saved may have a question or the help above it by the time it closes.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Answer and close, with every screen above; do nothing if the screen is closed already."""
        if self not in self.app.screen_stack:
            nothing: AwaitComplete = AwaitComplete.nothing()  # type: ignore[no-untyped-call]
            return nothing
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)
