"""What one types to go to a row of a long list: its number, or how far down it is in percent.

The prompt stands in the line that shows the place in the list and takes no room of its own: a jump is one
frame, in which nothing moves but the list.
"""

import re
from typing import TYPE_CHECKING, Any, Final

from textual import events

from services.i18n import _

if TYPE_CHECKING:
    from tui.widgets.record_table.table import RecordTable

_CURSOR: Final = "▏"
_GROUPING: Final = " .,'’_\u00a0\u202f"
"""What people write between the thousands."""
_LONGEST: Final = 20


class GoToPrompt:
    """The prompt of one table, and what has been typed into it."""

    def __init__(self, table: "RecordTable[Any]") -> None:
        self._table = table
        self._typed: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether one is asked."""
        return self._typed is not None

    @property
    def text(self) -> str:
        """The prompt as it is shown."""
        return _("Go to row or %: {typed}").format(typed=(self._typed or "") + _CURSOR)

    def open(self) -> None:
        """Ask."""
        self._show("")

    def close(self) -> None:
        """Ask no more."""
        self._show(None)

    def _show(self, typed: str | None) -> None:
        if typed != self._typed:
            self._typed = typed
            self._table.show_position()

    def take(self, event: events.Key) -> bool:
        """Answer with a key; one that is no answer closes the prompt, and does what it does elsewhere."""
        typed = self._typed
        if typed is None:
            return False
        if event.is_printable:
            self._show(_answer(typed + (event.character or "")))
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
        """Answer with a pasted text."""
        if self._typed is not None:
            event.stop()
            self._show(_answer(self._typed + event.text))

    def _go(self, typed: str) -> None:
        row = place_in(typed, self._table.row_count)
        if row is not None:
            self._table.go_to(row)
        elif typed:
            self._table.post_message(self._table.NoSuchRow())


def _answer(text: str) -> str:
    """What of a text belongs in a number or a percentage."""
    return "".join(c for c in text if c.isdecimal() or c == "%" or c in _GROUPING)[:_LONGEST]


def place_in(typed: str, total: int) -> int | None:
    """The index of the row asked for, the last one where there are fewer; ``None`` where it is no place."""
    text = typed.strip()
    share = text.removesuffix("%")
    if share != text:
        return _part_of_the_way(share.strip().replace(",", "."), total)
    number = "".join(c for c in text if c not in _GROUPING)
    return min(max(int(number), 1), total) - 1 if number.isdecimal() else None


def _part_of_the_way(share: str, total: int) -> int | None:
    if not re.fullmatch(r"\d+(\.\d*)?|\.\d+", share) or float(share) > 100:
        return None
    return round((total - 1) * float(share) / 100)
