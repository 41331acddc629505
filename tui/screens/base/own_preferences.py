"""``M``: what a person chooses for themselves, on whatever computer they sign in."""

from typing import Any

from textual.screen import Screen

from services.i18n import _
from tui.protocols import the_app
from tui.screens.dialogs.menu import ChoiceScreen
from tui.sections import SECTIONS
from tui.themes import THEME_NAMES
from tui.widgets.form.field_spec import Choice

_START, _THEME = "start", "theme"


class OwnPreferences:
    """A menu of the choices, each with a menu of its own; every choice acts at once."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._app = the_app(screen)

    def ask(self) -> None:
        """Show what is chosen."""
        memory = self._app.session.memory
        starts = {choice.key: choice.label for choice in self._starts()}
        themes = {choice.key: choice.label for choice in self._themes()}
        choices = [
            Choice(_START, _("Start with"), starts.get(memory.start, starts[""])),
            Choice(_THEME, _("Theme"), themes.get(memory.theme, themes[""])),
        ]
        self._screen.app.push_screen(ChoiceScreen(_("My preferences"), choices), self._asked)

    def _asked(self, which: str | None) -> None:
        memory = self._app.session.memory
        if which == _START:
            menu = ChoiceScreen(_("Start with"), self._starts(), memory.start)
            self._screen.app.push_screen(menu, self._start_chosen)
        elif which == _THEME:
            menu = ChoiceScreen(_("Theme"), self._themes(), memory.theme)
            self._screen.app.push_screen(menu, self._theme_chosen)

    def _starts(self) -> list[Choice]:
        department = self._app.viewer.department
        sections = [each for each in SECTIONS if each.refusal(department) is None]
        return [
            Choice("", _("As the program does")),
            *(Choice(each.name, _(each.label)) for each in sections),
        ]

    def _themes(self) -> list[Choice]:
        return [
            Choice("", _("As this computer is set")),
            *(Choice(name, _(label)) for name, label in THEME_NAMES.items()),
        ]

    def _start_chosen(self, name: str | None) -> None:
        if name is not None:
            self._app.session.memory.keep(start=name)
        self.ask()

    def _theme_chosen(self, name: str | None) -> None:
        if name is not None:
            self._app.session.memory.keep(theme=name)
            self._app.session.memory.show_theme()
        self.ask()
