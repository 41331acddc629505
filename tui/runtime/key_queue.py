"""Serialises key events: a key is dispatched only after the one before it has taken effect.

Textual hands each key to the widget in focus at that moment, and runs bindings only when the key has
bubbled up. A key typed right behind Tab, Enter or ``n`` thus still reaches the widget that is about to
lose the focus: a password ends in the username. Here a key waits until the one before it has had its
effect, and until the screen that it opened, or that comes when this one has saved, can take keys.
"""

import asyncio
import sys
import time
from collections import deque
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar, runtime_checkable

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.keys import _character_to_key
from textual.message import Message

from models.text import clean_typed
from tui.runtime.workers import is_failure, watch_tasks

_ROUNDS = 2
"""A key runs its action when it reaches the application; the messages of that action take a second round."""
_NEXT_KEY_TIMEOUT = 0.25
"""Seconds after which the next key is dispatched even if the one before it never arrived."""
_LONGEST_HOLD = 2.0
"""Seconds that keys wait at the most for a screen that opens or is at work."""
_LOOK_AGAIN = 0.005
_WORD_MOVES = {"alt+b": "ctrl+left", "alt+f": "ctrl+right"}
"""Keys that move by a word in a text: terminals send Alt+B and Alt+F for Option and an arrow key."""

DIGITS_OF_AZERTY: Mapping[str, str] = {
    "&": "1", "é": "2", '"': "3", "'": "4", "(": "5", "-": "6", "è": "7", "_": "8", "ç": "9", "à": "0",
    "§": "6", "!": "8",
}  # fmt: skip
"""The digit on a key of a French keyboard, which types it with Shift; the last two are Belgian."""

Result = TypeVar("Result")


@runtime_checkable
class HoldsKeys(Protocol):
    """A screen that can be at work, such as saving."""

    @property
    def holds_keys(self) -> bool:
        """Whether keys typed now are meant for what comes of that work."""
        ...


@runtime_checkable
class DropsKeys(Protocol):
    """A screen that takes no key at all while it is at work, however long that lasts."""

    @property
    def drops_keys(self) -> bool:
        """Whether keys that have waited in vain are to be forgotten."""
        ...


class KeyDone(Message, bubble=True, namespace="type_ahead"):
    """Goes behind a key, the same way up, and tells that the key has passed."""

    def __init__(self, number: int, rounds_left: int) -> None:
        super().__init__()
        self.number = number
        self.rounds_left = rounds_left

    def can_replace(self, message: Message) -> bool:
        """Never: each message belongs to its own key."""
        return False


class KeyQueueApp(App[Result]):
    """An application that takes keys and pasted text one after the other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._under_way = 0
        self._is_under_way = False
        self._hold_until = 0.0
        self._has_waited_in_vain = False
        """Whether a hold ran out; keys wait no more until the screen takes keys again."""
        self.last_key = 0.0
        """When the last key came, by the monotonic clock."""

    def get_driver_class(self) -> type[Driver]:
        """The driver of the platform, which malformed input does not end."""
        driver = super().get_driver_class()
        if sys.platform == "win32":
            return driver
        from tui.runtime.terminal_driver import hardened

        return hardened(driver)

    async def _process_messages_loop(self) -> None:
        watch_tasks(self)
        try:
            await super()._process_messages_loop()
        except BaseException as error:
            if not is_failure(error):
                raise
            self._handle_exception(error)  # type: ignore[arg-type]

    async def on_event(self, event: events.Event) -> None:
        """Let a key wait for the one before it; everything else passes."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self.last_key = time.monotonic()
        self._waiting.append(_cleaned(event))
        if self._is_under_way:
            return
        if self._takes_keys():
            await self._send_off(self._waiting.popleft())
        else:  # a screen that comes by itself, such as the login when a session has ended, is being built
            self._await_screen()

    def _await_screen(self) -> None:
        self._is_under_way = True
        self._under_way += 1
        loop = asyncio.get_running_loop()
        self._hold_until = loop.time() + _LONGEST_HOLD
        loop.call_later(_LOOK_AGAIN, self._go_on, self._under_way)

    async def _send_off(self, event: events.Key | events.Paste) -> None:
        # Since the key was let go, another screen may have come, or work have begun.
        if not self._is_built() or not (self._takes_keys() or self._has_waited_in_vain):
            self._waiting.appendleft(event)
            self._await_screen()
            return
        event, *rest = self._as_meant(event)
        self._waiting.extendleft(reversed(rest))
        self._is_under_way = True
        self._under_way += 1
        loop = asyncio.get_running_loop()
        self._hold_until = loop.time() + _LONGEST_HOLD
        loop.call_later(_NEXT_KEY_TIMEOUT, self._go_on, self._under_way)
        screen, target = self.screen, self.focused or self.screen
        await super().on_event(event)
        acted_already = self.screen is not screen  # by a binding of the application
        if acted_already or not target.post_message(KeyDone(self._under_way, _ROUNDS - 1)):
            self._go_on(self._under_way)

    def on_type_ahead_key_done(self, message: KeyDone) -> None:
        """The key has passed; wait once more for its effects, then send the next."""
        if not self.screen_stack:
            return  # the application has ended
        target = self.focused or self.screen
        if message.rounds_left and target.post_message(KeyDone(message.number, message.rounds_left - 1)):
            return
        self._go_on(message.number)

    def _go_on(self, number: int) -> None:
        if number != self._under_way or not self._is_under_way or not self.screen_stack:
            return  # another key is under way by now, or the application has ended
        loop = asyncio.get_running_loop()
        waits = not self._takes_keys()
        if waits and loop.time() < self._hold_until and not self._has_waited_in_vain:
            loop.call_later(_LOOK_AGAIN, self._go_on, number)
            return
        self._has_waited_in_vain = waits
        if isinstance(self.screen, DropsKeys) and self.screen.drops_keys:
            self.forget_keys()
        if self._waiting:
            # Still under way until it is sent off: a key that arrives just now must not overtake it.
            self._under_way += 1
            self.call_next(self._send_off, self._waiting.popleft())
        else:
            self._is_under_way = False

    async def run_action(
        self,
        action: Any,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, unless its screen has closed since the key or the command was chosen."""
        if default_namespace is not None and not (
            default_namespace.is_running and default_namespace.is_attached
        ):
            return False
        return await super().run_action(action, default_namespace, namespaces)

    def forget_keys(self) -> None:
        """Drop the keys that still wait, but the one that quits: their target does not come."""
        quits = self._keymap.get("app.quit", "ctrl+q").split(",")
        keys = [event for event in self._waiting if isinstance(event, events.Key)]
        self._waiting = deque(event for event in keys if event.key in quits)

    def _as_meant(self, event: events.Key | events.Paste) -> list[events.Key | events.Paste]:
        """A character with Alt is Esc and that character: most terminals send both alike.

        Nothing here is bound to Alt; but a text that moves by words does so with Alt too.
        """
        if isinstance(event, events.Key) and "+" not in event.key:
            digit = DIGITS_OF_AZERTY.get(event.character or "")
            return [event if digit is None else self._as_digit(event, digit)]
        if not isinstance(event, events.Key) or not event.key.startswith("alt+") or not event.is_printable:
            return [event]
        move = _WORD_MOVES.get(event.key, "")
        if self.focused is not None and move in self.focused._bindings.key_to_bindings:
            return [events.Key(move, None)]
        character = event.character or ""
        return [events.Key("escape", None), events.Key(_character_to_key(character), character)]

    def _as_digit(self, event: events.Key, digit: str) -> events.Key:
        """The digit of a key where it acts, unless the key types its character there or acts itself."""
        active = self.screen.active_bindings
        is_meant = digit in active and event.key not in active
        return events.Key(digit, digit) if is_meant else event

    def _takes_keys(self) -> bool:
        screen = self.screen
        return self._is_built() and not (isinstance(screen, HoldsKeys) and screen.holds_keys)

    def _is_built(self) -> bool:
        return self.screen.is_running and self.screen.is_mounted


def _cleaned(event: events.Key | events.Paste) -> events.Key | events.Paste:
    """Pasted text without control characters, which Textual's own widgets would pass on to the terminal."""
    return events.Paste(clean_typed(event.text, multiline=True)) if isinstance(event, events.Paste) else event
