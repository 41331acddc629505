"""Searches for the record to link while the user types its name."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

import tui.widgets.option_lists  # noqa: F401 - mends two faults of Textual
from services.errors import CrmError
from services.i18n import N_, _
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.screens.dialogs.confirm import Dialog
from tui.widgets.form.field_spec import FieldSpec, Picked
from tui.widgets.form.text_input import TextInput
from tui.widgets.text_cells import drawable

PAUSE = 0.06


class PickerScreen(Dialog[Picked | None]):
    """Its result is the chosen record, or ``None`` if the user goes back."""

    BINDING_GROUP_TITLE = N_("Search")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "pick", N_("Choose"), priority=True, id="picker.pick"),
        Binding("down", "move(1)", N_("Next"), priority=True, id="picker.down"),
        Binding("up", "move(-1)", N_("Previous"), show=False, priority=True, id="picker.up"),
        Binding("escape", "dismiss(None)", N_("Back"), id="picker.back"),
    ]
    AUTO_FOCUS = "TextInput"

    def __init__(self, spec: FieldSpec, typed: str = "") -> None:
        super().__init__(_(spec.label))
        self.spec = spec
        self.typed = typed
        self._found: Sequence[Picked] = ()
        self._found_for: str | None = None
        self._then: Callable[[], None] | None = None
        self._timer: Timer | None = None

    def private_values(self) -> list[str]:
        """The records in the list, with their notes."""
        return [text for record in self._found for text in (record.label, record.note)]

    def body(self) -> ComposeResult:
        """The search line above the results."""
        yield TextInput(self.typed, placeholder=_("type a name"))
        yield OptionList(id="picker-found")
        yield Static("", id="picker-note", markup=False)

    def on_mount(self) -> None:
        """Search for the initial text."""
        line = self.query_one(TextInput)
        line.cursor_position = len(line.value)
        self._search()

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self._search)

    def _search(self) -> None:
        app, search, text = the_app(self), self.spec.search, self.query_one(TextInput).value
        assert search is not None, "a picker has a search"
        run_in_background(
            self,
            lambda: search(app.crm, app.actor, text),
            then=lambda found: self._show(text, found),
            failed=self._fail,
            group="search",
        )

    @property
    def holds_keys(self) -> bool:
        """Hold later keys while a key waits for the results of the typed text."""
        return self._then is not None

    def _is_found(self, then: Callable[[], None]) -> bool:
        # Otherwise Enter directly after the last letter would choose from the results of the previous text.
        if self.query_one(TextInput).value == self._found_for:
            return True
        self._then = then
        self._search()
        return False

    def _show(self, text: str, found: Sequence[Picked]) -> None:
        self._found, self._found_for = found, text
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(_line(choice)) for choice in found)
        options.highlighted = 0 if found else None
        note = "" if found else _("Nothing matches.")
        self.query_one("#picker-note", Static).update(Content(note))
        then, self._then = self._then, None
        if then is not None:
            then()

    def _fail(self, error: CrmError) -> None:
        self._then = None
        self.query_one("#picker-note", Static).update(Content(error.message()))

    def action_move(self, step: int) -> None:
        """Move in the results; the focus stays in the search line."""
        if not self._is_found(lambda: self.action_move(step)):
            return
        options = self.query_one(OptionList)
        options.action_cursor_down() if step > 0 else options.action_cursor_up()

    def action_pick(self) -> None:
        """Choose the record under the cursor."""
        if not self._is_found(self.action_pick):
            return
        place = self.query_one(OptionList).highlighted
        if place is not None and place < len(self._found):
            self.dismiss(self._found[place])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        if event.option_index < len(self._found):  # otherwise the results changed after the click
            self.dismiss(self._found[event.option_index])


def _line(choice: Picked) -> Content:
    note = f"  {drawable(choice.note)}" if choice.note else ""
    return Content.assemble(drawable(choice.label), (note, "dim"))
