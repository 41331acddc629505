"""A table over a list of any length: it draws lines, and loads the pages in sight."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar, Final, Generic

from textual import events
from textual.actions import parse
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.strip import Strip

from services.formats.locale_rules import thousands_mark
from services.i18n import N_, _
from services.lists.query import COUNT_CAP
from tui.runtime.stylesheets import sheet_beside
from tui.runtime.visible_values import texts_of
from tui.widgets.record_table.columns import Column
from tui.widgets.record_table.data_source import DataSource, Row
from tui.widgets.record_table.list_state import ListState
from tui.widgets.record_table.presenter import ListPresenter
from tui.widgets.record_table.view import MARKER_WIDTH, RecordLines, RowView, TableMessages

_MOVES = frozenset({"cursor", "page", "first", "last"})
"""The actions of keys that are held down."""
GROUPING: Final = " .,'’_\u00a0\u202f"
"""Characters that people write between thousands."""
_PROMPT_CURSOR: Final = "▏"
_LONGEST: Final = 20
"""Characters that the prompt takes."""


def position_text(cursor: int, total: int | None, *, exact: bool = False) -> str:
    """The position of the cursor: ``12 of 345``, ``12 of 10,000+``, or ``12`` while the total is unknown.

    With ``exact`` a total of ``COUNT_CAP`` is the number of rows, and not a lower bound.
    """
    if total == 0:
        return "0"
    if total is None:
        return grouped(cursor + 1)
    capped = total == COUNT_CAP and not exact
    shown = grouped(COUNT_CAP - 1) + "+" if capped else grouped(total)
    return _("{position} of {total}").format(position=grouped(cursor + 1), total=shown)


def grouped(number: int) -> str:
    """A whole number with its digits grouped as in the active language."""
    return f"{number:,}".replace(",", thousands_mark())


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
        return _("Go to row or %: {typed}").format(typed=(self._typed or "") + _PROMPT_CURSOR)

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


class RecordTable(RowView, TableMessages, Generic[Row], can_focus=True):
    """A virtual table. Give it columns, then a source; it posts ``TableMessages``.

    The text of a row is never read as markup.
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

    position: reactive[str] = reactive("", init=False, repaint=False)
    """The position of the cursor as text, or the prompt for one; to be watched."""

    def __init__(self, columns: Sequence[Column[Row]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.state: ListState[Row] = ListState()
        self.presenter: ListPresenter[Row] = ListPresenter(self, self.state, self._show_position)
        self.lines: RecordLines[Row] = RecordLines(self, self.state, columns)
        self.prompt = GoToPrompt(self, self._show_position)

    # The list

    def set_source(self, source: DataSource[Row], *, keep: int | None = None) -> None:
        """Show another list; see ``ListPresenter.set_source``."""
        self.presenter.set_source(source, keep=keep)

    def refresh_data(self, *, keep: int | None = None) -> None:
        """Read the list again; see ``ListPresenter.refresh``."""
        self.presenter.refresh(keep=keep)

    @property
    def row_count(self) -> int:
        """The number of rows that the cursor can reach, as far as it is known."""
        return self.state.row_count

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor, ``None`` until it is loaded or if there is none."""
        return self.state.row(self.cursor)

    @property
    def current_key(self) -> int | None:
        """The identity of that row."""
        return self.state.key(self.cursor)

    def private_values(self) -> Iterator[str]:
        """The texts of the rows in sight and of the one under the cursor; the pages would cost too much."""
        first = self.scroll_offset.y
        yield from texts_of(self.current_row)
        for index in range(first, first + self.size.height):
            yield from texts_of(self.state.row(index))

    def _show_position(self) -> None:
        if self.prompt.is_open:
            self.position = self.prompt.text
        else:
            self.position = position_text(self.cursor, self.state.total, exact=self.state.exact)

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
        if self.prompt.take(event):
            return
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            _namespace, name, parameters = parse(binding.action)
            if name in _MOVES:
                event.stop()
                getattr(self, f"action_{name}")(*parameters)

    def on_paste(self, event: events.Paste) -> None:
        """Paste into an open prompt."""
        self.prompt.paste(event)

    def on_blur(self) -> None:
        """Close the prompt when the focus leaves the table."""
        self.prompt.close()

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

    def label(self, sort: str, *, descending: bool, empty_text: str) -> None:
        """Mark the sorted column, and set the text of an empty list."""
        if self.lines.label(sort, descending=descending, empty_text=empty_text):
            self.refresh()

    def draw(self, lines: Iterable[int]) -> list[Strip]:
        """The labels, then rows."""
        return self.lines.draw(lines)

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
