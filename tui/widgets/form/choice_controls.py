"""One-line controls for a value that is chosen, not typed."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from models.text import fold
from services.i18n import N_, _
from tui.key_labels import key_of
from tui.runtime.stylesheets import sheet_beside
from tui.widgets.form.field_spec import Choice, FieldSpec, FieldValue, Picked
from tui.widgets.form.text_input import as_hint
from tui.widgets.text_cells import fit


class Chooser(Widget, can_focus=True):
    """Draws its value; Enter or typing opens the dialog of choices."""

    DEFAULT_CSS = sheet_beside(__file__)
    ALLOW_SELECT = False

    value: reactive[FieldValue] = reactive[FieldValue](None)

    class Changed(Message):
        """The user chose another value."""

        def __init__(self, chooser: "Chooser") -> None:
            super().__init__()
            self.chooser = chooser

    class Opened(Message):
        """The control requests its dialog, whose result is passed to :meth:`take`."""

        def __init__(self, chooser: "Chooser", typed: str) -> None:
            super().__init__()
            self.chooser = chooser
            self.typed = typed

    def __init__(self, spec: FieldSpec, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.spec = spec

    def shown(self) -> str:
        """The value as text; empty if there is none."""
        raise NotImplementedError

    def render(self) -> Content:
        """The value, or the hint if there is none."""
        width = self.content_size.width
        text = self.shown()
        if text:
            return Content(fit(text, width - 2) + " ▾")
        hint = as_hint(self, _(self.spec.placeholder) if self.spec.placeholder else self.hint())
        return Content.styled(fit(hint, width - 2) + " ▾", "dim")

    def hint(self) -> str:
        """The translated hint of an empty control."""
        return _("{key} or type to search").format(key=key_of(self, "picker.open"))

    def choose(self, value: FieldValue) -> None:
        """Set a value that the user chose, and post ``Changed``."""
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self))

    def take(self, answer: FieldValue) -> None:
        """Set the result of the dialog; ``None`` means that the user went back."""
        if answer is not None:
            self.choose(answer)

    def on_click(self) -> None:
        """Open the dialog."""
        self.action_open()

    def action_open(self, typed: str = "") -> None:
        """Request the dialog with an initial search text."""
        self.post_message(self.Opened(self, typed))


class PickerControl(Chooser):
    """A linked record, chosen in a search dialog."""

    BINDING_GROUP_TITLE = N_("Linked record")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "open", N_("Search"), id="picker.open"),
        Binding("delete,backspace", "clear", N_("Clear"), id="picker.clear"),
    ]

    def shown(self) -> str:
        """The record's name."""
        return self.value.label if isinstance(self.value, Picked) else ""

    def private_values(self) -> list[str]:
        """The record's name."""
        return [self.shown()]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable ``clear`` in a required field."""
        return not (action == "clear" and self.spec.required)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Consume printable characters, which start a search."""
        return character is not None and character.isprintable() and character != " "

    def on_key(self, event: events.Key) -> None:
        """Open the search with the typed character."""
        if event.character and event.is_printable and event.character != " ":
            event.stop()
            self.action_open(event.character)

    def action_clear(self) -> None:
        """Remove the linked record."""
        self.choose(None)


class ChoiceControl(Chooser):
    """One of a few values: the arrow keys step through them, Enter lists them."""

    BINDING_GROUP_TITLE = N_("Choice")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "open", N_("Choose"), id="choice.open"),
        Binding("right", "step(1)", N_("Next value"), show=False, id="choice.next"),
        Binding("left", "step(-1)", N_("Previous value"), show=False, id="choice.previous"),
    ]

    def __init__(self, spec: FieldSpec, choices: Sequence[Choice], *, id: str | None = None) -> None:
        super().__init__(spec, id=id)
        self.choices = choices

    def hint(self) -> str:
        """The translated hint of an empty control."""
        return _("{key}, or its first letter").format(key=key_of(self, "choice.open"))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Consume letters, which choose a value."""
        return character is not None and character.isalpha()

    def on_key(self, event: events.Key) -> None:
        """Choose the next value that begins with the typed letter."""
        if not event.character or not event.character.isalpha():
            return
        event.stop()
        keys = [choice.key for choice in self.choices]
        after = keys.index(self.value) + 1 if self.value in keys else 0  # type: ignore[arg-type]
        for choice in [*self.choices[after:], *self.choices[:after]]:
            if fold(choice.label).startswith(fold(event.character)):
                self.choose(choice.key)
                return

    def shown(self) -> str:
        """The label of the choice."""
        return next((choice.label for choice in self.choices if choice.key == self.value), "")

    def action_step(self, step: int) -> None:
        """Choose the next or previous value."""
        keys = [choice.key for choice in self.choices]
        place = keys.index(self.value) if self.value in keys else -1  # type: ignore[arg-type]
        self.choose(keys[(place + step) % len(keys)])
