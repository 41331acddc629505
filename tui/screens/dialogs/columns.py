"""The columns of a list: which are shown, and in which order."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from services.i18n import N_, _
from tui.key_labels import HELP_BY_SIGN
from tui.protocols import the_app
from tui.screens.dialogs.confirm import Dialog
from tui.widgets.record_table.columns import Column


class ColumnsScreen(Dialog[Sequence[str] | None]):
    """Its result are the keys of the columns in their order, or ``None`` if the person goes back."""

    BINDING_GROUP_TITLE = N_("Columns")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", N_("Use"), priority=True, id="columns.take"),
        Binding("space", "turn", N_("Show or hide"), id="columns.turn"),
        Binding("escape", "dismiss(None)", N_("Back"), id="columns.back"),
        HELP_BY_SIGN,
        Binding(
            "J,shift+down", "carry(1)", N_("Down"), id="columns.carry_down",
            tooltip=N_("Move the column down in the order"),
        ),
        Binding(
            "K,shift+up", "carry(-1)", N_("Up"), id="columns.carry_up",
            tooltip=N_("Move the column up in the order"),
        ),
        Binding(
            "r", "restore", N_("Default"), id="columns.restore", tooltip=N_("The columns of the program")
        ),
        Binding("j", "move(1)", N_("Next"), show=False, id="columns.down"),
        Binding("k", "move(-1)", N_("Previous"), show=False, id="columns.up"),
    ]  # fmt: skip

    def __init__(self, columns: Sequence[Column[Any]], shown: Sequence[str], standard: Sequence[str]) -> None:
        super().__init__(_("Columns"))
        self._labels = {column.key: _(column.label) for column in columns}
        self._standard = standard
        self._order: list[str] = []
        self._shown: set[str] = set()
        self._arrange(shown)

    def _arrange(self, shown: Sequence[str]) -> None:
        """The columns that are shown, in their order, and then the others."""
        self._shown = set(shown)
        self._order = [*shown, *(key for key in self._labels if key not in self._shown)]

    def body(self) -> ComposeResult:
        """A line for each column, with a mark on those that are shown."""
        yield Static(_("Where there is no room, the last ones are left out."), classes="dialog-text")
        yield OptionList(*self._lines())

    def _lines(self) -> list[Option]:
        return [Option(Content(f" {'✓' if key in self._shown else ' '} {self._labels[key]}"))
                for key in self._order]  # fmt: skip

    def on_mount(self) -> None:
        """Begin with the first column."""
        self._draw(0)

    @property
    def _menu(self) -> OptionList:
        return self.query_one(OptionList)

    def _draw(self, cursor: int) -> None:
        self._menu.set_options(self._lines())
        self._menu.highlighted = cursor

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._turn(event.option_index)

    def action_turn(self) -> None:
        """Show or hide the column under the cursor."""
        if self._menu.highlighted is not None:
            self._turn(self._menu.highlighted)

    def _turn(self, place: int) -> None:
        key = self._order[place]
        if self._shown == {key}:
            the_app(self).refuse(_("A list has at least one column."))
            return
        self._shown ^= {key}
        self._draw(place)

    def action_carry(self, step: int) -> None:
        """Move the column under the cursor by one place."""
        place = self._menu.highlighted or 0
        goal = place + step
        if 0 <= goal < len(self._order):
            self._order[place], self._order[goal] = self._order[goal], self._order[place]
            self._draw(goal)

    def action_restore(self) -> None:
        """Go back to the columns of the program."""
        self._arrange(self._standard)
        self._draw(0)

    def action_move(self, step: int) -> None:
        """Move the cursor by one line."""
        self._menu.action_cursor_down() if step > 0 else self._menu.action_cursor_up()

    def action_take(self) -> None:
        """Use these columns."""
        self.dismiss([key for key in self._order if key in self._shown])
