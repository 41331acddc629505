"""Moves between sections, and to linked records and back."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from textual.app import App
from textual.screen import Screen

from models.enums import RecordKind
from services.lists.query import ListQuery, Preset
from tui.places import AgendaPlace, Origin, Place
from tui.protocols import the_app
from tui.sections import SECTIONS, Section, section_named, section_of

if TYPE_CHECKING:
    from models.read_models import SharedSettingsRead
    from tui.screens.base.section import SectionScreen

_BASE = 2
"""Textual's own blank screen, and the section or login screen upon it."""


class Navigator:
    """Keeps one screen for each section, so that going and coming back loses no place."""

    def __init__(self, app: App[Any], offer_drafts: Callable[[], None]) -> None:
        self._app = app
        self._services = the_app(app)
        self._offer_drafts = offer_drafts
        self.default_start = "today"
        """The section in which a person starts who has chosen none."""
        self._screens: dict[str, Screen[Any]] = {}
        self._way_back: list[tuple[Section, Place | None, Callable[[], None] | None]] = []

    def enter(self) -> None:
        """Show the first section after signing in."""
        self._way_back.clear()
        self._switch(self._first)
        self._offer_drafts()

    @property
    def _first(self) -> Section:
        """The section in which the person wants to start, if they may enter it."""
        department = self._services.viewer.department
        open_to = {each.name: each for each in SECTIONS if each.refusal(department) is None}
        return open_to.get(self._services.session.memory.start) or open_to[self.default_start]

    def go(self, name: str, preset: Preset | None = None) -> None:
        """Go to a section by its name, and apply a filter; or say why the person may not enter it."""
        section = section_named(name)
        if self._may_enter(section):
            self._way_back.clear()
            screen = self._switch(section)
            if section.is_list:
                records = _listed(screen).records
                records.forget_origin() if preset is None else records.show_preset(preset)

    def create(self, name: str) -> None:
        """Go to a section and create a record there, or say why the person may not."""
        section = section_named(name)
        if self._may_enter(section):
            self._way_back.clear()
            screen = _listed(self._switch(section))
            screen.records.forget_origin()
            screen.actions.create()

    def _may_enter(self, section: Section) -> bool:
        reason = section.refusal(self._services.viewer.department)
        if reason is not None:
            self._services.refuse(reason)
        return reason is None

    def open_record(
        self,
        kind: RecordKind,
        record_id: int,
        origin: Origin,
        come_back: Callable[[], None] | None = None,
    ) -> None:
        """Go to the section of a linked record, with that record chosen; Esc there comes back.

        ``come_back`` opens again what stood above the section.
        """
        section = section_of(kind)
        if not self._may_enter(section):
            return
        self._remember_the_way(come_back)
        _listed(self._switch(section)).records.stand_at(Place(ListQuery(), record_id, origin))

    def open_list(self, kind: RecordKind, preset: Preset) -> None:
        """Go to a list under a filter, which is not remembered; Esc there comes back."""
        section = section_of(kind)
        if self._may_enter(section):
            self._remember_the_way(None)
            _listed(self._switch(section)).records.show_preset(preset, is_passing=True)

    def _remember_the_way(self, come_back: Callable[[], None] | None) -> None:
        here = self.current
        if here is None:
            return
        place = None
        if here.is_list:
            records = _listed(self._screens[here.name]).records
            place = records.state.place(records.table.current_key)
        self._way_back.append((here, place, come_back))

    # Above a section

    def open_telemetry(self) -> None:
        """Show the telemetry; Esc there comes back."""
        from tui.screens.telemetry import TelemetryScreen

        self._app.push_screen(TelemetryScreen())

    def show_chain(self, kind: RecordKind, record_id: int, seen: Callable[[bool | None], None]) -> None:
        """Show the chain of a record; ``seen`` is told whether something was changed there."""
        from tui.screens.chain import ChainScreen

        self._app.push_screen(ChainScreen(kind, record_id), seen)

    def show_agenda(self, place: AgendaPlace, seen: Callable[[bool | None], None]) -> None:
        """Show the agenda; ``seen`` is told whether something was changed there."""
        from tui.screens.agenda import AgendaScreen

        self._app.push_screen(AgendaScreen(place, seen), seen)

    def offer_paper(self, kind: RecordKind, record: Any) -> None:
        """Ask in which format to make the paper about an event or a contract."""
        from tui.screens.papers import offer_paper

        offer_paper(self._app, kind, record)

    def change_settings(self, settings: "SharedSettingsRead", saved: Callable[[object], None]) -> None:
        """Show the settings of this CRM; ``saved`` is given those that were saved, if any."""
        from tui.screens.settings_form import SettingsForm

        self._app.push_screen(SettingsForm(settings), saved)

    def change_password(self) -> None:
        """Let the person change their own password."""
        from tui.screens.account.change_password import ChangePasswordScreen

        self._app.push_screen(ChangePasswordScreen())

    def is_section(self, screen: Screen[Any]) -> bool:
        """Whether this is the screen of a section, which may be left without losing anything."""
        return screen in self._screens.values()

    def back(self) -> bool:
        """Go back to the place from which a linked record was opened. Return whether there was one."""
        if not self._way_back:
            return False
        section, place, come_back = self._way_back.pop()
        screen = self._switch(section)
        if place is not None:
            _listed(screen).records.stand_at(place)
        if come_back is not None:
            come_back()
        return True

    @property
    def current(self) -> Section | None:
        """The section on screen, if one is."""
        stack = self._app.screen_stack
        return next((section_named(name) for name, screen in self._screens.items() if screen in stack), None)

    def _switch(self, section: Section) -> Screen[Any]:
        screen = self._screens.get(section.name)
        if screen is None:
            screen = _screen_of(section)
            self._screens[section.name] = screen
            self._app.install_screen(screen, section.name)
        self.close_dialogs()
        self._app.switch_screen(screen)
        return screen

    def close_dialogs(self) -> None:
        """Close everything that is open above the section."""
        while len(self._app.screen_stack) > _BASE:
            self._app.pop_screen()

    def leave(self, message: str) -> None:
        """Go to the login screen, and remove every section with its contents."""
        from tui.screens.account.login import LoginScreen

        screens = list(self._screens.values())
        self._screens.clear()
        self._way_back.clear()
        self.close_dialogs()
        shown = self._app.screen
        self._app.switch_screen(LoginScreen(message=message))
        for screen in screens:
            self._app.uninstall_screen(screen)
            if screen is not shown and screen.is_running:
                screen.remove()


def _screen_of(section: Section) -> Screen[Any]:
    screen: Screen[Any] = getattr(import_module(section.module), section.screen)()
    return screen


def _listed(screen: Screen[Any]) -> "SectionScreen[Any]":
    """The screen of a section with ``is_list``."""
    return cast("SectionScreen[Any]", screen)
