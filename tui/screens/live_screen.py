"""What the screens do alike that show what is in the database now: troubles, and the alert for Gestion."""

from typing import ClassVar

from services.errors import CrmError, DatabaseUnavailable, NotSignedIn
from services.i18n import N_, _
from tui.access import the_app
from tui.screens.answering import EpicScreen
from tui.widgets.alert_banner import AlertBanner
from tui.widgets.banner import Banner


class LiveScreen(EpicScreen[None]):
    """A screen with a :class:`Banner` and an :class:`AlertBanner`, which reads again and again."""

    ALERT_KEYS: ClassVar[str] = N_("x: dismiss.")
    """What the keys do about an alert, translatable."""

    def refresh_all(self) -> None:
        """Read anew what is shown."""
        raise NotImplementedError

    def trouble(self, error: CrmError) -> None:
        """Something could not be read: said in the banner, for a message would come back at each reading."""
        if isinstance(error, NotSignedIn):
            the_app(self).session.sign_in_again(self.refresh_all)
        elif isinstance(error, DatabaseUnavailable):
            self.database_lost(error)
        else:
            self.query_one(Banner).show(error.message())

    def database_lost(self, error: CrmError) -> None:
        """Say so until the database answers again; it is asked every other second, and by Ctrl+R."""
        self.query_one(Banner).show(f"{error.message()} {_('Ctrl+R: try again.')}")
        self.refresh_bindings()

    def show_alert(self) -> None:
        """Show the alert that this person should see now, if there is one."""
        session = the_app(self).session
        alert = session.alerts.shown_to(session.actor)
        banner = self.query_one(AlertBanner)
        if alert != banner.alert:
            banner.show(alert, _(self.ALERT_KEYS))
            self.refresh_bindings()
