"""The searchable help, generated from the active bindings."""

from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from models.text import fold
from services.i18n import N_, _
from tui.key_labels import Key, keys_of
from tui.screens.dialogs.confirm import Dialog
from tui.widgets.form.text_input import TextInput


class HelpScreen(Dialog[None]):
    """Lists the keys of a screen, those of the focused widget first; typing filters them."""

    BINDING_GROUP_TITLE = N_("Help")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", N_("Close"), id="help.close"),
        Binding("f1", "dismiss(None)", show=False),
        Binding("down", "scroll(1)", N_("Down"), show=False, priority=True, id="help.down"),
        Binding("up", "scroll(-1)", N_("Up"), show=False, priority=True, id="help.up"),
        Binding("pagedown", "scroll(8)", N_("Page down"), show=False, priority=True, id="help.page_down"),
        Binding("pageup", "scroll(-8)", N_("Page up"), show=False, priority=True, id="help.page_up"),
    ]
    AUTO_FOCUS = "TextInput"

    def __init__(self, about: Screen[object]) -> None:
        super().__init__(_("Keys"))
        self._keys = list(keys_of(about))

    def body(self) -> ComposeResult:
        """A search line above the keys."""
        yield TextInput(placeholder=_("search"))
        with VerticalScroll(id="help-keys", can_focus=False):
            yield Static(self._table(self._keys))

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        wanted = fold(event.value)
        found = [key for key in self._keys if wanted in fold(f"{key.shown} {key.label} {key.help}")]
        self.query_one(Static).update(self._table(found))

    def _table(self, keys: Sequence[Key]) -> Content:
        width = max((cell_len(key.shown) for key in keys), default=0)
        blocks = []
        for group, members in groupby(keys, lambda key: key.group):
            heading = Content.styled(_(group) if group else "", "$accent bold")
            blocks.append(Content("\n").join([heading, *(_line(key, width) for key in members)]))
        return Content("\n\n").join(blocks) if blocks else Content(_("No key matches."))

    def action_scroll(self, lines: int) -> None:
        """Scroll the keys; the focus stays in the search line."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def _line(key: Key, width: int) -> Content:
    shown = " " * (width - cell_len(key.shown)) + key.shown
    text = key.label + (f" · {key.help}" if key.help else "")
    if key.refusal is None:
        return Content.assemble((f"  {shown}  ", "$key-foreground bold"), text)
    return Content.assemble(
        (f"  {shown}  {text}", "dim"), (f"\n  {' ' * width}  ✗ {key.refusal}", "dim italic")
    )
