"""The actions of a screen that concern no record: refresh, settings, the account."""

from typing import Any, Protocol

from textual.screen import Screen

from services.i18n import _
from tui.protocols import the_app
from tui.screens.base.awaited_answers import AwaitedAnswers
from tui.screens.base.own_preferences import OwnPreferences
from tui.screens.base.status_banners import StatusBanners
from tui.screens.dialogs.confirm import ConfirmScreen


class Refresh(Protocol):
    """Reads what a screen shows again."""

    def __call__(self, *, after_change: bool = False) -> None:
        """``after_change``: the person at this terminal has changed something."""
        ...


class ScreenActions:
    """The actions of one screen, named after their keys."""

    def __init__(
        self, screen: Screen[Any], banners: StatusBanners, awaited: AwaitedAnswers, refresh: Refresh
    ) -> None:
        self._screen = screen
        self._banners = banners
        self._awaited = awaited
        self._refresh = refresh

    def reload(self) -> None:
        """Read everything again, or try again to reach the database."""
        self._banners.banner.clear()
        self._refresh()

    def telemetry(self) -> None:
        """Go to the telemetry; Esc there comes back."""
        the_app(self._screen).navigator.open_telemetry()

    def settings(self) -> None:
        """Change the settings of this CRM."""
        from services.shared_settings import read_settings

        app = the_app(self._screen)

        def saved(changed: object) -> None:
            if changed is not None:
                app.say(_("The settings are changed."))
                self._refresh(after_change=True)

        self._awaited.run(
            lambda: read_settings(app.crm, app.actor),
            then=lambda settings: app.navigator.change_settings(settings, saved),
            failed=lambda error: app.handle(error, self.settings),
            group="settings",
        )

    def read_reminder(self) -> None:
        """Hide the reminder that is shown, for the rest of this run."""
        the_app(self._screen).session.reminders.read()

    def dismiss_alert(self) -> None:
        """Hide the alert for the rest of this run."""
        self._banners.dismiss_alert()

    def preferences(self) -> None:
        """Choose what is one's own: the section to start with, the theme."""
        OwnPreferences(self._screen).ask()

    def password(self) -> None:
        """Change one's own password."""
        the_app(self._screen).navigator.change_password()

    def sign_out(self) -> None:
        """Sign out, once confirmed."""
        session = the_app(self._screen).session
        question = ConfirmScreen(_("Sign out?"), session.left_behind(), yes=_("Sign out"), no=_("Stay"))
        self._screen.app.push_screen(question, lambda yes: session.sign_out() if yes else None)
