"""One-line text inputs."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from models.text import clean_typed
from services.i18n import N_
from tui.runtime.stylesheets import sheet_beside
from tui.themes import FEW_COLORS


def as_hint(node: DOMNode, text: str) -> str:
    """The placeholder of an empty field, in brackets if the terminal has too few colours to dim it."""
    return f"({text})" if text and node.app.has_class(FEW_COLORS) else text


class TextInput(Input):
    """An ``Input`` that removes unsafe characters from pasted text."""

    DEFAULT_CSS = sheet_beside(__file__)

    # Unlike Textual's reactive, this one triggers no layout: the input has a fixed size, and a layout of the
    # screen takes a third of the time of a key press.
    virtual_size = Reactive(Size(0, 0))

    def __init__(
        self, value: str = "", *, placeholder: str = "", password: bool = False, id: str | None = None
    ) -> None:
        super().__init__(
            value, placeholder=placeholder, password=password, id=id, compact=True, select_on_focus=False
        )

    def _on_paste(self, event: events.Paste) -> None:
        # Textual keeps only the first line of a paste, so a pasted address would lose its end.
        event.prevent_default()
        event.stop()
        text = clean_typed(event.text.strip("\r\n"))
        start, end = sorted(self.selection)
        self.replace(text, start, end)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Consume every character; Textual does not recognise the key name ``slash`` as a character."""
        return super().check_consume_key(key, "/" if key == "slash" else character)


class SearchLine(TextInput):
    """The search line above a list."""

    BINDING_GROUP_TITLE = N_("Search")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", N_("List"), id="search.list", tooltip=N_("Go to the results")),
        Binding("down", "submit", show=False),
        Binding("escape", "screen.back", N_("Back"), id="search.back", tooltip=N_("Back to the whole list")),
        # In a text this redoes typing, which the line does not; it must not redo a change of a record.
        Binding("ctrl+y", "redo", show=False),
    ]

    def action_redo(self) -> None:
        """Nothing: the line keeps no history."""
