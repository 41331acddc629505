"""A screen of directly drawn lines: the minimum cost of a key.

Started by ``python -m benchmarks.floors.lines``.

Down changes one line and repaints it alone; Page Down changes all and repaints the screen.
"""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

STYLES = Style(color="#dfe4ee", bgcolor="#181c26"), Style(color="#0b1220", bgcolor="#7cb7ff")


class Lines(Widget, can_focus=True):
    """Lines of text, one of them marked."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "down"), Binding("pagedown", "page")]

    def __init__(self) -> None:
        super().__init__()
        self.first = 1_000_000
        self.marked = 0

    def render_line(self, y: int) -> Strip:
        text = f"  {self.first + y:<30,}Name of a company{self.first * 7 + y:>24,}  "
        style = STYLES[y == 3]
        if y == 3:
            text = f"▸ {self.marked:<30,}" + text[32:]
        return Strip([Segment(text.ljust(self.size.width), style)], max(len(text), self.size.width))

    def action_down(self) -> None:
        self.marked += 1
        self.refresh(Region(0, 3, self.size.width, 1))

    def action_page(self) -> None:
        self.first += self.size.height
        self.refresh()


class Floor(App[None]):
    """An application with only the lines."""

    CSS = "Lines { width: 1fr; height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Lines()


if __name__ == "__main__":
    Floor().run()
