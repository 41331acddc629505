"""Where in a long list one wants to stand: a row by its number, or a part of the way in percent."""

import re
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from services.i18n import N_, _
from tui.screens.confirm import Dialog
from tui.widgets.text_input import TextInput

_GROUPED: Final = re.compile(r"[\s.,'’_]")
"""What people write between the thousands."""
_LONGEST: Final = 20


class GoToScreen(Dialog[int | None]):
    """Answers the index of the row, or ``None``. ``total`` is how many rows there are."""

    BINDING_GROUP_TITLE = N_("Go to")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", N_("Go"), priority=True, id="go_to.go"),
        Binding("escape", "dismiss(None)", N_("Back"), id="go_to.back"),
    ]
    AUTO_FOCUS = "TextInput"

    def __init__(self, total: int) -> None:
        super().__init__(_("Go to row"))
        self.total = total

    def body(self) -> ComposeResult:
        """A line to type in, and what may be typed."""
        yield TextInput(placeholder=_("row number or %"))
        yield Static(Content(self._help()), id="go-to-note")

    def _help(self) -> str:
        return _("A row number, or how far down in percent, such as 50%.")

    @on(Input.Changed)
    def _typed(self) -> None:
        note = self.query_one("#go-to-note", Static)
        note.remove_class("-wrong")
        note.update(Content(self._help()))

    def action_go(self) -> None:
        """Answer, where there is such a place."""
        index = place_in(self.query_one(TextInput).value, self.total)
        if index is not None:
            self.dismiss(index)
            return
        note = self.query_one("#go-to-note", Static)
        note.add_class("-wrong")
        note.update(
            Content(_("This is neither a row number nor a percentage. {help}").format(help=self._help()))
        )


def place_in(typed: str, total: int) -> int | None:
    """The index of the row that was asked for, the last one where there are fewer; ``None`` for no place."""
    text = typed.strip()
    if len(text) > _LONGEST:
        return None
    share = text.removesuffix("%")
    if share != text:
        return _part_of_the_way(share.strip().replace(",", "."), total)
    number = _GROUPED.sub("", text)
    return min(max(int(number), 1), total) - 1 if number.isdecimal() else None


def _part_of_the_way(share: str, total: int) -> int | None:
    if not re.fullmatch(r"\d+(\.\d*)?|\.\d+", share) or float(share) > 100:
        return None
    return round((total - 1) * float(share) / 100)
