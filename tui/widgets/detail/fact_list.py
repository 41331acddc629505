"""Labels and values of a record; a value that does not fit beside its label is drawn below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from models.text import clean_typed
from tui.runtime.stylesheets import sheet_beside
from tui.widgets.text_cells import fit

_MAX_LABEL = 22
_GAP = 2
_MOMENT = 16
"""Cells of a date with its time: the minimum width of values, so that a moment never wraps."""


@dataclass(frozen=True)
class Fact:
    """A value with a translated label; ``mark`` highlights it. The value may hold user text."""

    label: str
    value: str
    mark: bool = False


class Facts(Widget, can_focus=False):
    """Draws facts without empty values, below a ``title`` that is too long for the border."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"facts--label", "facts--value", "facts--mark"}
    DEFAULT_CSS = sheet_beside(__file__)

    facts: reactive[Sequence[Fact]] = reactive((), layout=True)
    title: reactive[str] = reactive("", layout=True)

    def private_values(self) -> list[str]:
        """The values."""
        return [fact.value for fact in self.facts]

    def _title_lines(self, width: int) -> list[str]:
        fits_the_border = cell_len(self.title) <= width - _GAP
        return [] if fits_the_border else _wrapped(clean_typed(self.title), width)

    def _lines(self, width: int) -> list[tuple[str, str, bool]]:
        facts = [fact for fact in self.facts if fact.value]
        widest = min(_MAX_LABEL, width - _GAP - _MOMENT)
        lengths = [cell_len(fact.label) for fact in facts]
        label_width = max((length for length in lengths if length <= widest), default=0)
        lines: list[tuple[str, str, bool]] = []
        for fact in facts:
            lines.extend(_draw_fact(fact, label_width, width))
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of lines at this width."""
        return len(self._title_lines(width)) + len(self._lines(width))

    def render(self) -> Content:
        """The lines."""
        label_style = self.get_visual_style("facts--label")
        value_style = self.get_visual_style("facts--value")
        mark_style = self.get_visual_style("facts--mark")
        width = self.content_size.width
        title = [Content.styled(line, "bold") for line in self._title_lines(width)]
        facts = [
            Content.assemble((label, label_style), "  ", (value, mark_style if mark else value_style))
            for label, value, mark in self._lines(width)
        ]
        return Content("\n").join([*title, *facts])


def _draw_fact(fact: Fact, label_width: int, width: int) -> list[tuple[str, str, bool]]:
    """Label, value and mark of each line. The value is below a long label, or if a word would be cut."""
    text = clean_typed(fact.value, multiline=True).replace("\t", "    ")
    if cell_len(fact.label) > label_width and cell_len(fact.label) + _GAP + cell_len(text) <= width:
        label_width = cell_len(fact.label)  # a value out of line is better than an extra line
    room = width - label_width - _GAP
    longest_word = max((cell_len(word) for word in text.split()), default=0)
    if cell_len(fact.label) > label_width or longest_word > room:
        label = fit(fact.label, width - _GAP).rstrip()
        beneath = _wrapped(text, max(_GAP, width - _GAP))
        return [(label, "", False), *(("", line, fact.mark) for line in beneath)]
    first, *others = _wrapped(text, room)
    label, padding = fit(fact.label, label_width), " " * label_width
    return [(label, first, fact.mark), *((padding, line, fact.mark) for line in others)]


def _wrapped(text: str, width: int) -> list[str]:
    return [line.plain for line in Content(text).wrap(width, overflow="fold")] or [""]
