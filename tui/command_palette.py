"""The palette: commands by their words, with their keys beside them, and every record by its words."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from inspect import unwrap
from typing import TYPE_CHECKING

from textual import on, work
from textual.command import Command, CommandList, CommandPalette, Hit
from textual.content import Content
from textual.css.query import NoMatches
from textual.errors import NoWidget
from textual.events import Click
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

import tui.widgets.option_lists  # noqa: F401 - mends two faults of Textual
from services.i18n import _
from services.labels import kind_label
from tui.palette_commands import LABEL_WIDTH, RECORD, PaletteCommands
from tui.places import Origin
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.screens.base_screen import SingleResult
from tui.sections import has_section
from tui.widgets.text_cells import fit

if TYPE_CHECKING:
    from services.global_search import Hit as Found

_SOON = 0.1
"""Seconds that the commands wait for the records, so that both are drawn at once."""
_GATHER = unwrap(CommandPalette._gather_commands)
"""Textual's search without the worker around it."""


class Palette(CommandPalette, SingleResult[None]):
    """Textual's palette in the person's language, with the records that match the typed text."""

    def __init__(self) -> None:
        super().__init__(providers=[PaletteCommands], placeholder=_("Search commands and records…"))
        self.records: Sequence[Found] = ()
        self._commands: list[Command] = []
        self._typed = ""

    def private_values(self) -> list[str]:
        """The records among the commands."""
        views = [
            preset.label
            for provider in self._providers
            if isinstance(provider, PaletteCommands)
            for _listed, preset, _problem in provider.views
        ]
        return [*views, *(text for record in self.records for text in (record.title, record.detail))]

    def search_again(self) -> None:
        """Search for the typed text once more."""
        self._gather_commands(self._typed)

    @on(OptionList.OptionSelected)
    @on(Input.Changed)
    @on(Input.Submitted)
    def _too_late(self, message: Message) -> None:
        # Of a double click the second finds the palette closed; Textual's own would run the command twice.
        if self not in self.app.screen_stack:
            message.stop()
            message.prevent_default()

    @on(Click)
    def _ignore_outside(self, event: Click) -> None:
        # If the terminal shrank before the click arrived, Textual finds no widget there and raises.
        try:
            self.get_widget_at(event.screen_x, event.screen_y)
        except NoWidget:
            event.prevent_default()

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        self.records, self._commands, self._typed = (), [], search_value
        search = asyncio.ensure_future(self._find(search_value))
        try:
            await asyncio.wait([search], timeout=_SOON)
            # The search begins a moment after the key; by then the palette may be closed.
            with suppress(NoMatches):
                await self._gather_both(search)
        finally:
            search.cancel()

    async def _gather_both(self, search: "asyncio.Future[list[Found]]") -> None:
        if search.done():
            self.records = search.result()
        await _GATHER(self, self._typed)
        if not self.records and (found := await search):
            self.records = found
            self._stop_no_matches_countdown()
            self._refresh_command_list(self.query_one(CommandList), self._commands, clear_current=True)

    async def _find(self, typed: str) -> "list[Found]":
        """The records that match; none if the search fails. The screen beneath reports a lost database."""
        app = the_app(self)
        if not typed or self._calling_screen is None or not app.navigator.is_section(self._calling_screen):
            return []
        answer: asyncio.Future[list[Found]] = asyncio.get_running_loop().create_future()

        def search() -> "list[Found]":
            from services.global_search import search_everywhere

            return search_everywhere(app.crm, app.actor, typed)

        def give(found: "list[Found]") -> None:
            if not answer.done():
                answer.set_result(found)

        worker = run_in_background(
            self, search, then=give, failed=lambda error: give([]), group="records", only_reads=True
        )
        if worker._task is not None:
            # A search that a newer one replaced gives no answer; its caller must not wait for ever.
            worker._task.add_done_callback(lambda _task: give([]) if worker.is_cancelled else None)
        try:
            return await answer
        finally:
            worker.cancel()

    def _refresh_command_list(
        self, command_list: CommandList, commands: list[Command], clear_current: bool
    ) -> None:
        self._commands = commands
        chosen = command_list.highlighted_option if command_list.highlighted else None
        records = [self._command(place, found) for place, found in enumerate(self.records)]
        super()._refresh_command_list(command_list, [*commands, *records], clear_current)
        # Records that come late do not take the choice from under the hand.
        if chosen is not None and chosen in command_list.options:
            command_list.highlighted = command_list.options.index(chosen)

    def _command(self, place: int, found: "Found") -> Command:
        line = Content.assemble(
            fit(found.title, LABEL_WIDTH // 2), " ", (fit(found.detail, LABEL_WIDTH // 2), "dim"),
            " ", (kind_label(found.kind), "dim italic"),
        )  # fmt: skip
        kind, record_id = found.kind, found.id
        if found.parent is not None and not has_section(kind):
            kind, record_id = found.parent
        origin = Origin(kind, record_id, self._typed)
        opens = partial(the_app(self).navigator.open_record, kind, record_id, origin)
        return Command(line, Hit(RECORD - place, line, opens, text=found.title), id=f"record-{place}")

    def _action_command_list(self, action: str) -> None:
        # Textual pages through the lines of the list, which it lays out only when it draws them.
        if self.query_one(CommandList)._lines:
            super()._action_command_list(action)

    def _start_no_matches_countdown(self, search_value: str) -> None:
        # Textual's own holds its sentence in English.
        def nothing() -> None:
            commands = self.query_one(CommandList)
            text = Content(_("No command and no record matches."))
            commands.add_option(Option(text, disabled=True, id=self._NO_MATCHES))
            self._list_visible = True

        if search_value:
            self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, nothing)
