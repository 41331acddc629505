"""The prompt for the row to go to: its number, or a percentage of the list.

The prompt replaces the position in the border of the list, so that it takes no room and a jump is one frame.
"""

from collections.abc import Callable
from typing import Final

from textual import events

from services.i18n import _
from tui.widgets.record_table.messages import TableMessages
from tui.widgets.record_table.position import GROUPING, parse_position
from tui.widgets.record_table.viewport import RowView

_CURSOR: Final = "▏"
_LONGEST: Final = 20


class GoToPrompt:
    """The prompt of one table, and the text typed into it."""

    def __init__(self, view: RowView, changed: Callable[[], None]) -> None:
        self._view = view
        self._changed = changed
        self._typed: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self._typed is not None

    @property
    def text(self) -> str:
        """The prompt with the text typed."""
        return _("Go to row or %: {typed}").format(typed=(self._typed or "") + _CURSOR)

    def open(self) -> None:
        """Show it in place of the position."""
        self._show("")

    def close(self) -> None:
        """Show the position again."""
        self._show(None)

    def _show(self, typed: str | None) -> None:
        if typed != self._typed:
            self._typed = typed
            self._changed()

    def take(self, event: events.Key) -> bool:
        """Type a key into the prompt. Whether it was taken: other keys close the prompt and act as usual."""
        typed = self._typed
        if typed is None:
            return False
        if event.is_printable:
            self._show(_digits(typed + (event.character or "")))
        elif event.key == "backspace" and typed:
            self._show(typed[:-1])
        else:
            self.close()
            if event.key not in ("enter", "escape", "backspace"):
                return False
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self._go(typed)
        return True

    def paste(self, event: events.Paste) -> None:
        """Type a pasted text into the prompt."""
        if self._typed is not None:
            event.stop()
            self._show(_digits(self._typed + event.text))

    def _go(self, typed: str) -> None:
        row = parse_position(typed, self._view.row_count)
        if row is not None:
            self._view.go_to(row)
        elif typed:
            self._view.post_message(TableMessages.NoSuchRow())


def _digits(text: str) -> str:
    """The characters of a text that belong to a number or a percentage."""
    return "".join(c for c in text if c.isdecimal() or c == "%" or c in GROUPING)[:_LONGEST]
