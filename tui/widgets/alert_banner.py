"""The brute-force alert, a line for Gestion while many sign-ins are refused."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from services.i18n import _
from tui.runtime.stylesheets import sheet_beside

if TYPE_CHECKING:
    from services.auth.brute_force import CurrentAlert


class AlertBanner(Static):
    """Hidden while there is no alert."""

    DEFAULT_CSS = sheet_beside(__file__)

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.alert: CurrentAlert | None = None

    def show(self, alert: "CurrentAlert | None", keys: str) -> None:
        """Show the alert with its keys; ``None`` hides the banner."""
        self.alert = alert
        self.set_class(alert is not None, "-shown")
        if alert is not None:
            text = _("{count} refused sign-ins in 5 minutes: possible password guessing.")
            self.update(Content(f"! {text.format(count=alert.count)} {keys}"))
