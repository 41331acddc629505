"""The palette: every key of the screen by its name, with the key beside it."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from inspect import unwrap

from rich.cells import cell_len
from textual import on, work
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from services.i18n import _
from tui.keys import Key, keys_of
from tui.screens.answering import AnswersOnce

_LABEL_WIDTH = 44
_GATHER = unwrap(CommandPalette._gather_commands)
"""Textual's search without the worker around it."""
# Moving about is for the hands; a palette that lists it hides what one looks for.
_MOVES = frozenset({"down", "up", "page_down", "page_up", "first", "last", "next", "previous", "palette"})


class KeyCommands(Provider):
    """What the keys of the screen beneath do, as commands."""

    def _keys(self) -> list[Key]:
        return [key for key in keys_of(self.screen) if key.step not in _MOVES]

    def _run(self, key: Key) -> Callable[[], object]:
        return partial(self.app.run_action, key.active.binding.action, key.active.node)

    async def discover(self) -> Hits:
        """All of them, in the order of the footer."""
        for key in self._keys():
            yield DiscoveryHit(_line(key, Content(key.label)), self._run(key), text=key.label)

    async def search(self, query: str) -> Hits:
        """Those whose name matches what is typed."""
        matcher = self.matcher(query)
        for key in self._keys():
            score = matcher.match(key.label)
            if score > 0:
                yield Hit(score, _line(key, matcher.highlight(key.label)), self._run(key), text=key.label)


def _line(key: Key, label: Content) -> Content:
    gap = " " * max(2, _LABEL_WIDTH - cell_len(key.label))
    if key.refusal is None:
        return Content.assemble(label, gap, (key.shown, "$key-foreground bold"))
    return Content.assemble(label, gap, (key.shown, "dim"), "\n", (key.refusal, "dim italic"))


class Palette(CommandPalette, AnswersOnce[None]):
    """Textual's palette in the person's language."""

    def __init__(self) -> None:
        super().__init__(providers=[KeyCommands], placeholder=_("Search the commands…"))

    @on(OptionList.OptionSelected)
    @on(Input.Changed)
    @on(Input.Submitted)
    def _too_late(self, message: Message) -> None:
        # Of a double click the second finds the palette closed; Textual's own would run the command twice.
        if self not in self.app.screen_stack:
            message.stop()
            message.prevent_default()

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        # The search begins a moment after the key; by then the palette may be closed.
        with suppress(NoMatches):
            await _GATHER(self, search_value)

    def _action_command_list(self, action: str) -> None:
        # Textual pages through the lines of the list, which it lays out only when it draws them.
        if self.query_one(CommandList)._lines:
            super()._action_command_list(action)

    def _start_no_matches_countdown(self, search_value: str) -> None:
        # Textual's own holds its sentence in English.
        def nothing() -> None:
            commands = self.query_one(CommandList)
            text = Content(_("No command matches."))
            commands.add_option(Option(text, disabled=True, id=self._NO_MATCHES))
            self._list_visible = True

        if search_value:
            self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, nothing)
