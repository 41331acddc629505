"""Keys typed faster than the screen follows them arrive where they were meant to.

Textual hands each key to the widget in focus at that moment, and runs bindings only when the key has
bubbled up. A key typed right behind Tab, Enter or ``n`` thus still reaches the widget that is about to
lose the focus: a password ends in the username. Here a key waits until the one before it has had its
effect, and until the screen that it opened can take keys.
"""

import asyncio
from collections import deque
from typing import Any, TypeVar

from textual import events
from textual.app import App
from textual.message import Message

_ROUNDS = 2
"""A key runs its action when it reaches the application; the messages of that action take a second round."""
_PATIENCE = 0.25
"""Seconds after which the next key goes on its way even if the one before it never arrived."""

Result = TypeVar("Result")


class KeyDone(Message, bubble=True, namespace="type_ahead"):
    """Goes behind a key, the same way up, and tells that the key has passed."""

    def __init__(self, number: int, rounds_left: int) -> None:
        super().__init__()
        self.number = number
        self.rounds_left = rounds_left

    def can_replace(self, message: Message) -> bool:
        """Never: each stands for its own key."""
        return False


class TypeAheadApp(App[Result]):
    """An application that takes keys and pasted text one after the other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._under_way = 0
        self._is_under_way = False
        self._patience: asyncio.TimerHandle | None = None

    async def on_event(self, event: events.Event) -> None:
        """Let a key wait for the one before it; everything else passes."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._is_under_way:
            self._waiting.append(event)
        else:
            await self._send_off(event)

    async def _send_off(self, event: events.Key | events.Paste) -> None:
        self._is_under_way = True
        self._under_way += 1
        screen, target = self.screen, self.focused or self.screen
        self._patience = asyncio.get_running_loop().call_later(_PATIENCE, self._go_on)
        await super().on_event(event)
        if self.screen is not screen:  # a binding of the application has acted already
            self._wait_for_screen()
        elif not target.post_message(KeyDone(self._under_way, _ROUNDS - 1)):
            self._go_on()

    def on_type_ahead_key_done(self, message: KeyDone) -> None:
        """The key has passed; once more for what it set going, then the next."""
        if message.number != self._under_way or not self._is_under_way:
            return
        target = self.focused or self.screen
        if message.rounds_left and target.post_message(KeyDone(message.number, message.rounds_left - 1)):
            return
        self._wait_for_screen()

    def _wait_for_screen(self) -> None:
        if self.screen.is_running and self.screen.is_mounted:
            self._go_on()
        else:
            self.screen.call_after_refresh(self._go_on)

    def _go_on(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
        self._is_under_way = False
        if self._waiting:
            self.call_next(self._send_off, self._waiting.popleft())
