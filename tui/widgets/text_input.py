"""A line of text as people type it."""

from textual import events
from textual.widgets import Input

from models.text import clean_typed
from tui.styles import sheet_beside


class TextInput(Input):
    """An ``Input`` of one line that keeps out what may not be kept."""

    DEFAULT_CSS = sheet_beside(__file__)

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
