"""The keys that every section has and that act on no record: back, refresh, settings, the account."""

from typing import TYPE_CHECKING, Any

from services.i18n import _
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.screens.dialogs.confirm import ConfirmScreen
from tui.widgets.detail.pane import DetailPane

if TYPE_CHECKING:
    from tui.screens.base.section import SectionScreen


class GeneralActions:
    """The actions of one section, named after their keys. The screen asks first whether they are refused."""

    def __init__(self, screen: "SectionScreen[Any]") -> None:
        self._screen = screen

    def back(self) -> None:
        """Leave the search, the detail, the search result, then the list that a link opened."""
        screen, records = self._screen, self._screen.records
        if not isinstance(screen.focused, DetailPane) and records.state.query.search:
            records.narrow(search="")
            screen.table.focus()
        elif screen.focused is not screen.table:
            screen.table.focus()
        elif not the_app(screen).navigator.back():
            records.forget_origin()

    def reload(self) -> None:
        """Read everything again, or try again to reach the database."""
        self._screen.banners.banner.clear()
        self._screen.records.refresh()

    def telemetry(self) -> None:
        """Go to the telemetry; Esc there comes back."""
        the_app(self._screen).navigator.open_telemetry()

    def settings(self) -> None:
        """Change the currency, the phone region and the time zone of this CRM."""
        from services.shared_settings import read_settings

        app = the_app(self._screen)

        def saved(changed: object) -> None:
            if changed is not None:
                app.say(_("The settings are changed."))
                self._screen.records.refresh()

        run_in_background(
            self._screen,
            lambda: read_settings(app.crm, app.actor),
            then=lambda settings: app.navigator.change_settings(settings, saved),
            failed=lambda error: app.handle(error, self.settings),
            group="settings",
        )

    def dismiss_alert(self) -> None:
        """Hide the alert for the rest of this run."""
        self._screen.banners.dismiss_alert()

    def password(self) -> None:
        """Change one's own password."""
        the_app(self._screen).navigator.change_password()

    def sign_out(self) -> None:
        """Sign out, once confirmed."""
        session = the_app(self._screen).session
        question = ConfirmScreen(_("Sign out?"), session.left_behind(), yes=_("Sign out"), no=_("Stay"))
        self._screen.app.push_screen(question, lambda yes: session.sign_out() if yes else None)
