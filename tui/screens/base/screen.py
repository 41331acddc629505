"""The base classes of our screens: safe to close early or answer twice, with troubles and alerts shown."""

import asyncio
from contextlib import nullcontext
from typing import ClassVar, Final

from textual import events
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.screen import Screen, ScreenResultType

from services.errors import CrmError, DatabaseUnavailable, NotSignedIn
from services.i18n import N_, _
from tui.protocols import the_app
from tui.widgets.alert_banner import AlertBanner
from tui.widgets.banner import Banner

_LONG: Final = 0.004
"""Seconds of work after which the event loop gets its turn."""


class BaseScreen(Screen[ScreenResultType]):
    """A screen that may be closed in the moment in which it opens.

    Textual builds no parts of such a screen, and still tells it that it is mounted. It also handles all
    messages of a screen that opens in one turn of the event loop: styles, layout, the first frame, what the
    layout brings, the second frame. Here each that takes long has a turn of its own, and a screen that comes
    is laid out in one turn and painted in another.
    """

    async def _dispatch_message(self, message: Message) -> None:
        if isinstance(message, events.Mount) and (self._closing or self._pruning):
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        # Within a batch Textual puts the frame off, until the sizes that the layout gave have arrived.
        with self.app.batch_update() if isinstance(message, events.ScreenResume) else nullcontext():
            await super()._dispatch_message(message)
        if loop.time() - began > _LONG:
            await asyncio.sleep(0)


class SingleResult(BaseScreen[ScreenResultType]):
    """Textual's ``dismiss`` takes whichever screen is on top: a second answer would close the screen beneath.

    A double click, or a key pressed again before the first had its effect, gives such a second answer; and
    a form that was saved may have a question or the help above it by the time it closes.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Answer and close, with all that stands above; nothing where that was done before."""
        if self not in self.app.screen_stack:
            nothing: AwaitComplete = AwaitComplete.nothing()  # type: ignore[no-untyped-call]
            return nothing
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)


class LiveScreen(BaseScreen[None]):
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
