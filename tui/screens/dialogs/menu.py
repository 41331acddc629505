"""A short menu of filters, sort orders or fixed values. Number keys choose directly."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from services.i18n import N_
from tui.screens.dialogs.confirm import Dialog
from tui.widgets.form.field_spec import Choice


class ChoiceScreen(Dialog[str | None]):
    """Its result is the key of the choice, or ``None`` if the user goes back."""

    BINDING_GROUP_TITLE = N_("Menu")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "pick", N_("Choose"), priority=True, id="choice.pick"),
        Binding("escape", "dismiss(None)", N_("Back"), id="choice.back"),
        Binding("j", "move(1)", N_("Next"), show=False, id="choice.down"),
        Binding("k", "move(-1)", N_("Previous"), show=False, id="choice.up"),
        *(Binding(str(n), f"number({n})", show=False) for n in range(1, 10)),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], current: str = "") -> None:
        super().__init__(title)
        self.choices = choices
        self.current = current

    def private_values(self) -> list[str]:
        """The notes beside the choices: values to copy, names of people. The labels are words of ours."""
        return [choice.note for choice in self.choices if choice.note]

    def body(self) -> ComposeResult:
        """The lines, the current one marked."""
        yield OptionList(*(Option(self._line(n, choice)) for n, choice in enumerate(self.choices, 1)))

    def _line(self, number: int, choice: Choice) -> Content:
        mark = "•" if choice.key == self.current else " "
        digit = str(number) if number < 10 else " "
        # On the line under the cursor another colour, or a faded one, could not be read.
        return Content.assemble((f"{digit} ", "bold"), f"{mark} {choice.label}  {choice.note}")

    def on_mount(self) -> None:
        """Highlight the current choice."""
        keys = [choice.key for choice in self.choices]
        self.query_one(OptionList).highlighted = keys.index(self.current) if self.current in keys else 0

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.choices[event.option_index].key)

    def action_pick(self) -> None:
        """Choose the line under the cursor."""
        self.query_one(OptionList).action_select()

    def action_move(self, step: int) -> None:
        """Move the cursor by one line."""
        menu = self.query_one(OptionList)
        menu.action_cursor_down() if step > 0 else menu.action_cursor_up()

    def action_number(self, number: int) -> None:
        """Choose the line with this number."""
        if number <= len(self.choices):
            self.dismiss(self.choices[number - 1].key)
