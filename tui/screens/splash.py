"""A quiet moment while the session of an earlier start is taken up again."""

from textual.app import ComposeResult
from textual.containers import Center, Middle
from textual.widgets import Static

from services.i18n import _
from tui.screens.answering import EpicScreen


class SplashScreen(EpicScreen[None]):
    """The name of the program and nothing to press."""

    CSS = """
    SplashScreen Static { width: auto; color: $text-muted; }
    """

    def compose(self) -> ComposeResult:
        """One line in the middle."""
        with Middle(), Center():
            yield Static(_("Epic Events: opening…"), markup=False)
