"""Shows a sent item as plain text, wrapped at the width of the screen."""

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import chop_cells
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Log

from services.i18n import N_
from services.monitoring.status import SentItem
from tui.screens.dialogs.confirm import Dialog


class SentScreen(Dialog[None]):
    """The scrollable text of a sent item."""

    BINDING_GROUP_TITLE = N_("Sent item")
    AUTO_FOCUS = "Log"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss(None)", N_("Close"), id="sent.close"),
        Binding("down,j", "scroll(1)", N_("Down"), priority=True, id="sent.down"),
        Binding("up,k", "scroll(-1)", N_("Up"), priority=True, id="sent.up"),
        Binding("g,home", "ends(False)", N_("First"), show=False, priority=True, id="sent.first"),
        Binding("G,end", "ends(True)", N_("Last"), show=False, priority=True, id="sent.last"),
    ]

    def __init__(self, item: SentItem) -> None:
        super().__init__(" · ".join(filter(None, (", ".join(item.kinds), item.event_id))))
        self.item = item

    def body(self) -> ComposeResult:
        """The text in a ``Log``, which draws only the visible lines, so that large items scroll fast."""
        yield Log(auto_scroll=False)

    def on_mount(self) -> None:
        """Wrap the text once the width is known."""
        self.call_after_refresh(self._lay_out)

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap the text again."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        log = self.query_one(Log)
        width = log.scrollable_content_region.width
        if width > 0:
            log.clear()
            log.write_lines(lines_of(self.item.text, width), scroll_end=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(Log).scroll_relative(y=lines, animate=False)

    def action_ends(self, last: bool) -> None:
        """Scroll to the first or the last line."""
        log = self.query_one(Log)
        log.scroll_end(animate=False) if last else log.scroll_home(animate=False)


def lines_of(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most ``width`` cells; no character is lost."""
    for line in text.split("\n"):
        if line.isascii():
            yield from (line[start : start + width] for start in range(0, max(1, len(line)), width))
        else:
            yield from chop_cells(line, width) or [""]
