"""The first line: the sections with the current one marked, and the signed-in user."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from services.actor import Actor
from services.i18n import _
from services.labels import DEPARTMENTS
from tui.runtime.stylesheets import sheet_beside, style_of

_NAME = " Epic Events "


@dataclass(frozen=True)
class Tab:
    """A section in the bar; ``label`` is translatable English. A section without access is dim.

    A bar that is too narrow for all leaves out those, then the minor ones, but the current one.
    """

    name: str
    key: str
    label: str
    is_refused: bool
    is_minor: bool = False


class HeaderBar(Widget, can_focus=False):
    """A narrow bar leaves out parts: the program's name, what is refused, the minor tabs, the user's name."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "header-bar--name",
        "header-bar--tab",
        "header-bar--current",
        "header-bar--refused",
        "header-bar--person",
    }
    DEFAULT_CSS = sheet_beside(__file__)
    ALLOW_SELECT = False

    def __init__(self, tabs: Sequence[Tab], current: str, actor: Actor) -> None:
        super().__init__()
        self.tabs = tabs
        self.current = current
        self.actor = actor
        self._spans: list[tuple[int, int, str]] = []

    def render(self) -> Content:
        """The line, filled to the width."""
        width = self.size.width
        tabs = self._tabs(width)
        tabs_width = _width_of(tabs)
        person = self._person(width - tabs_width - 2)
        with_name = tabs_width + cell_len(person) + len(_NAME) + 2 <= width
        left = _NAME if with_name else ""
        gap = max(1, width - len(left) - tabs_width - cell_len(person) - 1)
        self._remember(len(left), tabs)
        pieces = [(text, self._style(self._part(tab))) for tab, text in tabs]
        name_style, person_style = self._style("name"), self._style("person")
        return Content.assemble((left, name_style), *pieces, " " * gap, (person, person_style), " ")

    def _tabs(self, width: int) -> list[tuple[Tab, str]]:
        """All tabs if the person's name fits beside them; else without the refused ones, then the minor.

        The current one is always there. If these are too wide still, the person is not named, then they have
        less space between them.
        """
        tabs = [(tab, f" {tab.key} {_(tab.label)} ") for tab in self.tabs]
        if _width_of(tabs) + cell_len(self._person(width)) + 2 <= width:
            return tabs
        department = cell_len(_(DEPARTMENTS[self.actor.department])) + 2
        tabs = [each for each in tabs if not each[0].is_refused or each[0].name == self.current]
        if _width_of(tabs) + department <= width:
            return tabs
        tabs = [each for each in tabs if not each[0].is_minor or each[0].name == self.current]
        if _width_of(tabs) <= width:
            return tabs
        return [(tab, text.rstrip()) for tab, text in tabs]

    def _person(self, room: int) -> str:
        department = _(DEPARTMENTS[self.actor.department])
        for text in (f"{self.actor.full_name} · {department}", f"{self.actor.username} · {department}"):
            if cell_len(text) <= room:
                return text
        return department if cell_len(department) <= room else ""

    def _part(self, tab: Tab) -> str:
        if tab.name == self.current:
            return "current"
        return "refused" if tab.is_refused else "tab"

    def _style(self, part: str) -> Style:
        return style_of(self, f"header-bar--{part}")

    def _remember(self, left: int, tabs: list[tuple[Tab, str]]) -> None:
        self._spans = []
        for tab, text in tabs:
            self._spans.append((left, left + cell_len(text), tab.name))
            left += cell_len(text)

    async def on_click(self, event: events.Click) -> None:
        """Go to the clicked section."""
        for left, right, name in self._spans:
            if left <= event.x < right:
                await self.app.run_action(f"app.go('{name}')")


def _width_of(tabs: Sequence[tuple[Tab, str]]) -> int:
    return sum(cell_len(text) for _tab, text in tabs)
