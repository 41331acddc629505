"""Reads the agenda again once somebody else has written."""

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from tui.screens.base.status_banners import ChangePoller, StatusBanners


class _AgendaBanners(StatusBanners):
    """The line about the trouble; the security alert waits in the section below."""

    def show_alert(self) -> None:
        """Show nothing."""


class AgendaFollower:
    """Polls the change feed for the agenda; ``reload`` keeps the cursor on its event."""

    def __init__(self, screen: Screen[Any], reload: Callable[[], object]) -> None:
        self.banners = _AgendaBanners(screen, alert_keys="", retry=reload)
        self.poller = ChangePoller(screen, self.banners, refresh=reload)

    def start(self) -> None:
        """Look for changes from now on."""
        self.poller.start()

    def has_read(self) -> None:
        """The events were read, so that the trouble is over."""
        if self.banners.banner.text:
            self.banners.banner.clear()
