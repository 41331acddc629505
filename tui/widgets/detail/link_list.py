"""The linked records of a detail pane, in groups, with a cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from models.enums import RecordKind
from services.formats.locale_rules import thousands_mark
from tui.runtime.stylesheets import style_of
from tui.widgets.record_table.view import grouped
from tui.widgets.text_cells import fit

LINKS_SHOWN = 50
"""Maximum number of links of one kind in a detail pane; the section of that kind shows all."""


@dataclass(frozen=True)
class Link:
    """A linked record on one line; ``text`` may hold user text, ``note`` is right-aligned.

    ``struck`` strikes the text through, as for a cancelled payment. ``is_figure`` means that the note is a
    number, which is never cut: the text is shortened instead. Where the first word of the text, a number
    too, would be cut, ``short_note`` stands in place of the note.
    """

    kind: RecordKind
    id: int
    text: str
    note: str = ""
    struck: bool = False
    is_figure: bool = False
    short_note: str = ""


@dataclass(frozen=True)
class LinkGroup:
    """Linked records below a translated heading. ``creates`` is the kind that the key ``n`` creates, if any.

    ``empty`` is the translated hint for an empty group. ``total`` is the number of linked records, if known;
    it may be larger than the number shown.
    """

    key: str
    label: str
    links: Sequence[Link] = ()
    creates: str = ""
    empty: str = ""
    total: int | None = None

    @property
    def count(self) -> str:
        """The number of records; ``50+`` if the list is full and the total is unknown."""
        if self.total is not None and self.total >= len(self.links):
            return grouped(self.total, thousands_mark())
        return f"{len(self.links)}+" if len(self.links) == LINKS_SHOWN else str(len(self.links))


_Line = tuple[LinkGroup, Link | None, str]


class Links(Widget, can_focus=False):
    """Draws groups of links. An empty group has a line for the cursor, so that ``n`` works there."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "links--heading",
        "links--note",
        "links--cursor",
        "links--empty",
    }
    ALLOW_SELECT = False

    cursor: reactive[int] = reactive(0)

    class Clicked(Message):
        """A link was clicked and is now under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[_Line] = []
        self._stops: list[int] = []

    def show(self, groups: Sequence[LinkGroup]) -> None:
        """Show these groups; the cursor keeps its index."""
        self._lines, self._stops = [], []
        for group in groups:
            self._lines.append((group, None, "heading"))
            entries: list[Link | None] = list(group.links) or [None]
            for link in entries:
                self._stops.append(len(self._lines))
                self._lines.append((group, link, "link" if link else "empty"))
        self.cursor = max(0, min(self.cursor, len(self._stops) - 1))
        self.refresh(layout=True)
        self.refresh_bindings()

    @property
    def shown(self) -> list[Link]:
        """The links of all groups."""
        return [link for _group, link, _kind in self._lines if link is not None]

    def private_values(self) -> list[str]:
        """The texts of the links."""
        return [link.text for link in self.shown]

    def watch_cursor(self) -> None:
        """Refresh the bindings, which depend on the group under the cursor."""
        self.refresh_bindings()

    @property
    def cursor_line(self) -> int:
        """The line of the cursor within the widget."""
        return self._stops[self.cursor] if self._stops else 0

    @property
    def _current(self) -> _Line | None:
        return self._lines[self.cursor_line] if self._stops else None

    @property
    def current_link(self) -> Link | None:
        """The link under the cursor."""
        return self._current[1] if self._current else None

    @property
    def current_group(self) -> LinkGroup | None:
        """The group under the cursor."""
        return self._current[0] if self._current else None

    def move(self, step: int) -> bool:
        """Move the cursor. Return false at the end of the list."""
        target = self.cursor + step
        if not 0 <= target < len(self._stops):
            return False
        self.cursor = target
        return True

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line for each heading and link."""
        return len(self._lines)

    def render(self) -> Content:
        """The lines."""
        width = self.content_size.width
        return Content("\n").join(self._draw_line(index, width) for index in range(len(self._lines)))

    def _draw_line(self, index: int, width: int) -> Content:
        group, link, part = self._lines[index]
        at_cursor = self.has_class("-active") and bool(self._stops) and index == self.cursor_line
        if part == "heading":
            count = f" ({group.count})" if group.links else ""
            return Content.styled(fit(group.label + count, width), style_of(self, "links--heading"))
        mark = "▸ " if at_cursor else "  "
        cursor_style = style_of(self, "links--cursor")
        if link is None:
            style = cursor_style if at_cursor else style_of(self, "links--empty")
            return Content.styled(fit(mark + group.empty, width), style)
        note = _note_beside(link, width - len(mark) - 1)
        note_width = min(cell_len(note), width - 5 if link.is_figure else width // 2)
        text = fit(mark + link.text, max(4, width - note_width - 1)) + " "
        note = fit(note, note_width, "right")
        if at_cursor:
            drawn = Content.styled(text + note, cursor_style)
        else:
            drawn = Content.assemble(text, (note, style_of(self, "links--note")))
        return drawn.stylize(Style(strike=True), len(mark)) if link.struck else drawn

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked line."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y in self._stops:
            self.cursor = self._stops.index(offset.y)
            self.post_message(self.Clicked())


def _note_beside(link: Link, room: int) -> str:
    """The note, or the short one if the first word of the text would be cut beside it: it may be a number."""
    first = cell_len(link.text.partition(" ")[0]) + 1  # and the mark of the cut
    return link.short_note if link.short_note and first + cell_len(link.note) > room else link.note
