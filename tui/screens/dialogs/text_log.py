"""A box that shows plain text, wrapped at its width and scrolled by keys."""

from collections.abc import Iterator

from rich.cells import chop_cells
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Log

from services.i18n import N_
from tui.key_labels import HELP_BY_SIGN
from tui.screens.dialogs.confirm import Dialog


def scroll_bindings(name: str) -> list[BindingType]:
    """The keys of such a box; ``name`` begins their ids."""
    return [
        Binding("escape,enter", "dismiss(None)", N_("Close"), id=f"{name}.close"),
        Binding("down,j", "scroll(1)", N_("Down"), priority=True, id=f"{name}.down"),
        Binding("up,k", "scroll(-1)", N_("Up"), priority=True, id=f"{name}.up"),
        Binding("g,home", "ends(False)", N_("First"), show=False, priority=True, id=f"{name}.first"),
        Binding("G,end", "ends(True)", N_("Last"), show=False, priority=True, id=f"{name}.last"),
        HELP_BY_SIGN,
    ]


class TextLogScreen(Dialog[None]):
    """The box; a subclass has bindings and, unless it is given at once, sets the text later."""

    AUTO_FOCUS = "Log"

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__(title)
        self._text = text

    @property
    def shown_text(self) -> str:
        """The text as it was given."""
        return self._text

    def body(self) -> ComposeResult:
        """The text in a ``Log``, which draws only the visible lines, so that long texts scroll fast."""
        yield Log(auto_scroll=False)

    def on_mount(self) -> None:
        """Wrap the text once the width is known."""
        self.call_after_refresh(self._lay_out)

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap the text again."""
        self.call_after_refresh(self._lay_out)

    def show_text(self, text: str) -> None:
        """Replace the text."""
        self._text = text
        self._lay_out()

    def _lay_out(self) -> None:
        log = self.query_one(Log)
        width = log.scrollable_content_region.width
        if width > 0:
            log.clear()
            log.write_lines(lines_of(self._text, width), scroll_end=False)

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
