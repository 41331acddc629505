"""The splash screen while the stored session is resumed."""

from textual.app import ComposeResult
from textual.containers import Center, Middle
from textual.content import Content
from textual.widgets import Static

from services.i18n import _
from tui.protocols import the_app
from tui.screens.base_screen import BaseScreen


class SplashScreen(BaseScreen[None]):
    """The name of the program and the start-up status, without keys."""

    CSS = """
    SplashScreen Static { width: auto; color: $text-muted; }
    """

    def compose(self) -> ComposeResult:
        """The name in the middle, and the status below it."""
        with Middle(), Center():
            yield Static(_("Epic Events: opening…"), markup=False)
        with Center():
            yield Static(the_app(self).opening.status, id="splash-status", markup=False)

    def show_status(self, text: str) -> None:
        """Show the start-up status."""
        self.query_one("#splash-status", Static).update(Content(text))
