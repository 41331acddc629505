"""The two lines above a screen that polls: the trouble with the last read, and the security alert."""

from collections.abc import Callable

from textual.screen import Screen

from services.errors import CrmError, DatabaseUnavailable, NotSignedIn
from services.i18n import _
from tui.protocols import the_app
from tui.widgets.alert_banner import AlertBanner
from tui.widgets.banner import Banner


class StatusBanners:
    """The :class:`Banner` and the :class:`AlertBanner` of one screen. ``retry`` reads the screen anew."""

    def __init__(self, screen: Screen[None], *, alert_keys: str, retry: Callable[[], object]) -> None:
        self._screen = screen
        self._alert_keys = alert_keys
        self._retry = retry

    @property
    def banner(self) -> Banner:
        """The line about the trouble."""
        return self._screen.query_one(Banner)

    def trouble(self, error: CrmError) -> None:
        """Say in the banner that something could not be read; a message box would come at each reading."""
        if isinstance(error, NotSignedIn):
            the_app(self._screen).session.sign_in_again(self._retry)
        elif isinstance(error, DatabaseUnavailable):
            self.database_lost(error)
        else:
            self.banner.show(error.message())

    def database_lost(self, error: CrmError) -> None:
        """Say so until the database answers again; it is asked every other second, and by Ctrl+R."""
        self.banner.show(f"{error.message()} {_('Ctrl+R: try again.')}")
        self._screen.refresh_bindings()

    @property
    def has_alert(self) -> bool:
        """Whether an alert is shown."""
        return self._screen.is_mounted and self._screen.query_one(AlertBanner).alert is not None

    def show_alert(self) -> None:
        """Show the alert that this person should see now, if there is one."""
        session = the_app(self._screen).session
        alert = session.alerts.shown_to(session.actor)
        banner = self._screen.query_one(AlertBanner)
        if alert != banner.alert:
            banner.show(alert, _(self._alert_keys))
            self._screen.refresh_bindings()

    def dismiss_alert(self) -> None:
        """Hide the alert for the rest of this run."""
        app = the_app(self._screen)
        app.session.alerts.dismiss(app.actor)
        self.show_alert()
