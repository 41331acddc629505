"""A table over lists of any length: it draws lines, and loads the pages that are seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.actions import parse
from textual.binding import Binding, BindingType
from textual.strip import Strip

from services.i18n import N_
from tui.runtime.stylesheets import sheet_beside
from tui.widgets.record_table.cursor import SourcedRows
from tui.widgets.record_table.data_source import Column, Row, column_widths
from tui.widgets.record_table.go_to_prompt import GoToPrompt
from tui.widgets.record_table.rendering import MARKER_WIDTH, RecordLines

_MOVES = frozenset({"cursor", "page", "first", "last"})
"""The actions of keys that are held down."""


class RecordTable(SourcedRows[Row], can_focus=True):
    """A virtual table. Give it columns, then :meth:`set_source`; it answers with messages.

    Nothing of a row is ever read as markup.
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

    def __init__(self, columns: Sequence[Column[Row]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.empty_text = ""
        """Shown when the list is empty; should name the next key."""
        self.sort = ""
        self.descending = False
        self._lines: RecordLines[Row] = RecordLines(self)
        self._prompt = GoToPrompt(self)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is opened in an empty list."""
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
        self.go_to_last()

    def action_choose(self) -> None:
        """Announce the row under the cursor as chosen."""
        if self.current_row is not None:
            self.settle()
            self.post_message(self.RowChosen(self, self.current_key, self.current_row))

    # Going to a row

    @property
    def asks(self) -> bool:
        """Whether the position is a prompt now."""
        return self._prompt.is_open

    def ask_for_row(self) -> None:
        """Ask where to go, in the place of the position: a row number or a percentage."""
        self._prompt.open()

    def show_position(self) -> None:
        """Say where the cursor stands, or ask where it is to go."""
        if self.asks:
            self.position = self._prompt.text
        else:
            super().show_position()

    def on_key(self, event: events.Key) -> None:
        """While one is asked where to go, keys are the answer; else those that move do it at once.

        Textual runs what is bound to a key when the key has come all the way up to the application, which
        takes as long as the move and its two lines.
        """
        if self._prompt.take(event):
            return
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            _namespace, name, parameters = parse(binding.action)
            if name in _MOVES:
                event.stop()
                getattr(self, f"action_{name}")(*parameters)

    def on_paste(self, event: events.Paste) -> None:
        """A number may be pasted."""
        self._prompt.paste(event)

    def on_blur(self) -> None:
        """Who goes elsewhere is not asked any more."""
        self._prompt.close()

    # The mouse

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a double click chooses, a click on a label sorts."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y == 0:
            sort = self._lines.sort_at(offset.x - MARKER_WIDTH)
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
        """Mark the column that sorts, and say what stands in the place of rows where there are none."""
        if (sort, descending, empty_text) != (self.sort, self.descending, self.empty_text):
            self.sort, self.descending, self.empty_text = sort, descending, empty_text
            self.relabel()

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show other columns of the same rows."""
        self.columns = tuple(columns)
        self.relabel()

    def relabel(self) -> None:
        """Draw everything anew: the sort mark, the empty text or the language changed."""
        self._lines.clear()
        self.refresh()

    def widths(self, figures: Mapping[str, int] | None = None) -> list[tuple[Column[Row], int]]:
        """The columns that fit the width now; the one that sorts always does.

        ``figures``: the cells that the longest number of a column takes, by its key.
        """
        columns = [
            replace(column, rank=0) if self.sort and column.sort == self.sort else column
            for column in self.columns
        ]
        return column_widths(columns, self.line_width - MARKER_WIDTH - 1, figures)

    def draw(self, lines: Iterable[int]) -> list[Strip]:
        """The labels, then rows."""
        return self._lines.draw(lines, self.in_sight.start, self.line_width, self.window.width)

    def on_resize(self) -> None:
        """Lay the columns out anew."""
        self._lines.clear()

    def notify_style_update(self) -> None:
        """Forget the lines drawn in the old style."""
        super().notify_style_update()
        self._lines.clear()
