"""The lines above a screen that polls, for trouble and the security alert, and the poll for changes."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from textual.screen import Screen

from services.errors import CrmError, DatabaseUnavailable, NotSignedIn
from services.i18n import N_, _
from tui.key_labels import key_of
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.security_alerts import newest_alert
from tui.widgets.alert_banner import AlertBanner
from tui.widgets.banner import Banner
from tui.widgets.reminder_banner import ReminderBanner

if TYPE_CHECKING:
    from services.auth.brute_force import CurrentAlert
    from services.change_feed import Seen

POLL_SECONDS: Final = 2.0
"""The time between two looks."""
SILENCE_SECONDS: Final = 5.0
"""How long the database may take to answer one, until the screen says so."""
_SILENT: Final = N_("The database does not answer. Still waiting for it.")


class StatusBanners:
    """The :class:`Banner` and the :class:`AlertBanner` of one screen. ``retry`` reads the screen again."""

    def __init__(self, screen: Screen[Any], *, alert_keys: str, retry: Callable[[], object]) -> None:
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
        again = _("{key}: try again.").format(key=key_of(self._screen, "section.reload"))
        self.banner.show(f"{error.message()} {again}")
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
            keys = {"details": "go.telemetry", "dismiss": "alert.dismiss"}
            shown = {name: key_of(self._screen, binding) for name, binding in keys.items()}
            banner.show(alert, _(self._alert_keys).format(**shown))
            self._screen.refresh_bindings()

    def show_reminders(self) -> None:
        """Show the reminders that the person has not read, on a screen with a line for them."""
        unread = the_app(self._screen).session.reminders.unread
        for banner in self._screen.query(ReminderBanner):
            if list(banner.tasks) != unread:
                banner.show(unread)
                self._screen.refresh_bindings()

    def dismiss_alert(self) -> None:
        """Hide the alert for the rest of this run."""
        app = the_app(self._screen)
        app.session.alerts.dismiss(app.actor)
        self.show_alert()


class ChangePoller:
    """Polls the change feed for one screen, and calls ``refresh`` when someone else has written."""

    def __init__(self, screen: Screen[Any], banners: StatusBanners, refresh: Callable[[], object]) -> None:
        self._screen = screen
        self._banners = banners
        self._refresh = refresh
        self._seen: Seen | None = None
        self._is_asking = False
        self._asked_at = 0.0

    def start(self) -> None:
        """Look once the screen is painted, and then every other second."""
        self._screen.call_after_refresh(self.poll)
        self._screen.set_interval(POLL_SECONDS, self.poll)

    def poll(self) -> None:
        """Look for changes, if the screen is on top and the look before has ended."""
        if the_app(self._screen).session.actor is None or not self._screen.is_active:
            return
        if not self._is_asking:
            self.ask()
        elif monotonic() - self._asked_at > SILENCE_SECONDS and not self._banners.banner.text:
            # A stopped server, or a network that drops every packet, ends no connection.
            self._banners.database_lost(DatabaseUnavailable(_SILENT))

    def ask(self) -> None:
        """Look for changes in a thread."""
        app = the_app(self._screen)
        actor, seen = app.session.actor, self._seen
        if actor is None:
            return
        self._is_asking, self._asked_at = True, monotonic()

        def look() -> "tuple[Seen, CurrentAlert | None]":
            from services.change_feed import look_for_changes

            return look_for_changes(app.crm, seen), newest_alert(app.crm, actor)

        run_in_background(self._screen, look, then=self._answered, failed=self.failed, group="poll")

    def _answered(self, found: "tuple[Seen, CurrentAlert | None]") -> None:
        self._is_asking = False
        seen, alert = found
        the_app(self._screen).session.alerts.learn(alert)
        if not self._screen.is_active:
            return  # nothing moves below a dialog that was opened meanwhile; the next look finds the change
        self._banners.show_alert()
        changed = self._seen is not None and seen.number != self._seen.number
        if changed or self._banners.banner.text:
            self._refresh()
            the_app(self._screen).session.reminders.look()
        self._seen = seen

    def failed(self, error: CrmError) -> None:
        """Say that the database is lost; reading the list reports any other error."""
        self._is_asking = False
        if isinstance(error, DatabaseUnavailable):
            self._banners.database_lost(error)
