"""A line of text as people type it."""

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
    """The text shown in an empty field, in brackets where colours cannot tell it from a value."""
    return f"({text})" if text and node.app.has_class(FEW_COLORS) else text


class TextInput(Input):
    """An ``Input`` of one line that keeps out what may not be kept."""

    DEFAULT_CSS = sheet_beside(__file__)

    # As Textual has it, but for the layout: what is typed into a line of a fixed size moves nothing else, and
    # a screen laid out anew is a third of what a letter costs.
    virtual_size = Reactive(Size(0, 0))

    def __init__(
        self, value: str = "", *, placeholder: str = "", password: bool = False, id: str | None = None
    ) -> None:
        super().__init__(
            value, placeholder=placeholder, password=password, id=id, compact=True, select_on_focus=False
        )

    def _on_paste(self, event: events.Paste) -> None:
        # Textual keeps the first line of a paste only: a pasted address would lose its end.
        event.prevent_default()
        event.stop()
        text = clean_typed(event.text.strip("\r\n"))
        start, end = sorted(self.selection)
        self.replace(text, start, end)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Every character is text; Textual does not recognise the slash by its name."""
        return super().check_consume_key(key, "/" if key == "slash" else character)


class SearchLine(TextInput):
    """The line above a list, in which one types what to look for."""

    BINDING_GROUP_TITLE = N_("Search")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", N_("List"), id="search.list", tooltip=N_("Go to the results")),
        Binding("down", "submit", show=False),
        Binding("escape", "screen.back", N_("Back"), id="search.back", tooltip=N_("Back to the whole list")),
    ]
