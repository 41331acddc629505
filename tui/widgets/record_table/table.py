"""A table over a list of any length: it draws lines, and loads the pages in sight."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from textual import events
from textual.actions import parse
from textual.binding import Binding, BindingType

from services.i18n import N_, _
from tui.runtime.stylesheets import sheet_beside
from tui.runtime.visible_values import texts_of
from tui.widgets.record_table.columns import Column
from tui.widgets.record_table.data_source import Row
from tui.widgets.record_table.presenter import ListPresenter
from tui.widgets.record_table.view import MARKER_WIDTH, RowView, TableMessages

_MOVES = frozenset({"cursor", "page", "first", "last"})
"""The actions of keys that are held down."""
GROUPING: Final = " .,'’_\u00a0\u202f"
"""Characters that people write between thousands."""
_PROMPT_CURSOR: Final = "▏"
_LONGEST: Final = 20
"""Characters that the prompt takes."""


def parse_position(typed: str, total: int) -> int | None:
    """The index of the row that the text names, at most the last one; ``None`` if it names no row."""
    text = typed.strip()
    share = text.removesuffix("%")
    if share != text:
        return _row_at_percentage(share.strip().replace(",", "."), total)
    number = "".join(c for c in text if c not in GROUPING)
    return min(max(int(number), 1), total) - 1 if number.isdecimal() else None


def _row_at_percentage(share: str, total: int) -> int | None:
    if not re.fullmatch(r"\d+(\.\d*)?|\.\d+", share) or float(share) > 100:
        return None
    return round((total - 1) * float(share) / 100)


class GoToPrompt:
    """The prompt for the row to go to, a number or a percentage of the list, and the text typed into it.

    It replaces the position in the border of the list, so that it takes no room and a jump is one frame.
    """

    def __init__(self, view: RowView[Any]) -> None:
        self._view = view
        self._typed: str | None = None

    def open(self) -> None:
        """Show it in place of the position."""
        self._show("")

    def close(self) -> None:
        """Show the position again."""
        self._show(None)

    def _show(self, typed: str | None) -> None:
        if typed == self._typed:
            return
        self._typed = typed
        text = _("Go to row or %: {typed}")
        self._view.prompt = "" if typed is None else text.format(typed=typed + _PROMPT_CURSOR)
        self._view.show_position()

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


class RecordTable(RowView[Row], TableMessages, can_focus=True):
    """A virtual table. Give it columns, then a source; it posts ``TableMessages``.

    The text of a row is never read as markup. ``empty_text`` is asked when an empty list is drawn.
    """

    BINDING_GROUP_TITLE = N_("List")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor(1)", N_("Next"), show=False, id="table.down"),
        Binding("up,k", "cursor(-1)", N_("Previous"), show=False, id="table.up"),
        Binding("pagedown", "page(1)", N_("Page down"), show=False, id="table.page_down"),
        Binding("pageup", "page(-1)", N_("Page up"), show=False, id="table.page_up"),
        Binding("g,home", "first", N_("First"), show=False, id="table.first"),
        Binding("G,end", "last", N_("Last"), show=False, id="table.last"),
        Binding("enter", "choose", N_("Open"), id="table.choose", tooltip=N_("Go to the details")),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "record-table--header",
        "record-table--row",
        "record-table--cursor",
        "record-table--placeholder",
        "record-table--empty",
    }
    DEFAULT_CSS = sheet_beside(__file__)
    ALLOW_SELECT = False

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        empty_text: Callable[[], str] = lambda: "",
        id: str | None = None,
    ) -> None:
        super().__init__(columns, empty_text=empty_text, id=id)
        self.presenter: ListPresenter[Row] = ListPresenter(self)
        self.go_to_prompt = GoToPrompt(self)
        self._moves: tuple[object, Mapping[str, Sequence[Binding]]] | None = None

    # The list

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor, ``None`` until it is loaded or if there is none."""
        return self.state.row(self.cursor)

    @property
    def current_key(self) -> int | None:
        """The identity of that row."""
        return self.state.key(self.cursor)

    def keys_in_sight(self) -> set[int | None]:
        """The identities of the drawn rows, and of the one under the cursor."""
        return {self.current_key, *(self.state.key(index) for index in self.in_sight)}

    def private_values(self) -> Iterator[str]:
        """The texts of the rows in sight and of the one under the cursor; the pages would cost too much."""
        first = self.scroll_offset.y
        yield from texts_of(self.current_row)
        for index in range(first, first + self.size.height):
            yield from texts_of(self.state.row(index))

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable ``choose`` in an empty list."""
        return action != "choose" or self.row_count > 0

    def action_cursor(self, step: int) -> None:
        """Move by rows."""
        self.cursor += step

    def action_page(self, pages: int) -> None:
        """Move by windows."""
        self.cursor += pages * max(1, self.window.height - 2)

    def action_first(self) -> None:
        """Move to the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """Move to the last row."""
        self.presenter.go_to_last()

    def action_choose(self) -> None:
        """Announce the row under the cursor as chosen."""
        if self.current_row is not None:
            self.presenter.highlighter.settle()
            self.post_message(self.RowChosen(self.current_key, self.current_row))

    def on_key(self, event: events.Key) -> None:
        """Give keys to an open prompt; run the actions that move the cursor at once.

        Textual runs a binding only when its key has bubbled up to the application, which takes as long as
        to move the cursor and to paint its two lines.
        """
        if self.go_to_prompt.take(event):
            return
        for binding in self._keys_of_moves().get(event.key, ()):
            _namespace, name, parameters = parse(binding.action)
            if name in _MOVES:
                event.stop()
                getattr(self, f"action_{name}")(*parameters)

    def _keys_of_moves(self) -> Mapping[str, Sequence[Binding]]:
        """The keys of the table, with those that the person has chosen."""
        keymap = self.app._keymap
        if self._moves is None or self._moves[0] is not keymap:
            bindings = self._bindings.copy()
            bindings.apply_keymap(keymap)
            self._moves = keymap, bindings.key_to_bindings
        return self._moves[1]

    def on_paste(self, event: events.Paste) -> None:
        """Paste into an open prompt."""
        self.go_to_prompt.paste(event)

    def on_blur(self) -> None:
        """Close the prompt when the focus leaves the table."""
        self.go_to_prompt.close()

    # The mouse

    def on_click(self, event: events.Click) -> None:
        """Move the cursor with a click, choose with a double click, sort with a click on a label."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y == 0:
            sort = self.lines.sort_at(offset.x - MARKER_WIDTH)
            if sort:
                self.post_message(self.HeaderClicked(sort))
            return
        index = self.in_sight.start + offset.y - 1
        if index < self.row_count:
            self.cursor = index
            if event.chain == 2:
                self.action_choose()

    # Drawing

    def notify_style_update(self) -> None:
        """Forget the lines drawn in the old style."""
        super().notify_style_update()
        self.lines.clear()

    # Events of the view

    def watch_cursor(self, old: int, new: int) -> None:
        """Announce the row once the cursor rests."""
        super().watch_cursor(old, new)
        self.presenter.cursor_moved()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Load the rows that came into sight."""
        super().watch_scroll_y(old_value, new_value)
        self.presenter.scrolled(down=new_value >= old_value)

    def on_resize(self) -> None:
        """Lay the columns out again, and keep the cursor in sight."""
        self.lines.clear()
        self.presenter.resized()

    def on_unmount(self) -> None:
        """Release the frame that the table may hold."""
        self.presenter.close()
