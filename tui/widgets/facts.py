"""Labels and values of a record, the values wrapped beside their labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from models.text import clean_typed
from tui.widgets.cells import fit

_MAX_LABEL = 18


@dataclass(frozen=True)
class Fact:
    """One value under a translated label; ``mark`` makes it stand out. The value may hold anything."""

    label: str
    value: str
    mark: bool = False


class Facts(Widget, can_focus=False):
    """Draws facts; empty values are left out."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"facts--label", "facts--value", "facts--mark"}

    facts: reactive[Sequence[Fact]] = reactive((), layout=True)

    def _lines(self, width: int) -> list[tuple[str, str, bool]]:
        facts = [fact for fact in self.facts if fact.value]
        label_width = min(_MAX_LABEL, max((cell_len(fact.label) for fact in facts), default=0))
        room = max(8, width - label_width - 2)
        lines: list[tuple[str, str, bool]] = []
        for fact in facts:
            label = fact.label
            for line in _wrapped(fact.value, room):
                lines.append((fit(label, label_width), line, fact.mark))
                label = ""
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the values take at this width."""
        return len(self._lines(width))

    def render(self) -> Content:
        """The lines."""
        label_style = self.get_visual_style("facts--label")
        value_style = self.get_visual_style("facts--value")
        mark_style = self.get_visual_style("facts--mark")
        return Content("\n").join(
            Content.assemble((label, label_style), "  ", (value, mark_style if mark else value_style))
            for label, value, mark in self._lines(self.content_size.width)
        )


def _wrapped(text: str, width: int) -> list[str]:
    safe = clean_typed(text, multiline=True).replace("\t", "    ")
    return [line.plain for line in Content(safe).wrap(width, overflow="fold")] or [""]
