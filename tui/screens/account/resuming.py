"""A quiet moment while the session of an earlier start is taken up again."""

from textual.app import ComposeResult
from textual.containers import Center, Middle
from textual.content import Content
from textual.widgets import Static

from services.i18n import _
from tui.protocols import the_app
from tui.screens.base.screen import BaseScreen


class SplashScreen(BaseScreen[None]):
    """The name of the program and nothing to press."""

    CSS = """
    SplashScreen Static { width: auto; color: $text-muted; }
    """

    def compose(self) -> ComposeResult:
        """One line in the middle."""
        with Middle(), Center():
            yield Static(_("Epic Events: opening…"), markup=False)
        with Center():
            yield Static(the_app(self).status, id="splash-status", markup=False)

    def show_status(self, text: str) -> None:
        """What the start has to say."""
        self.query_one("#splash-status", Static).update(Content(text))
