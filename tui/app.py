"""The application: paints its first screen at once, holds the session, reports every fatal exception."""

import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.notifications import Notify

from services.errors import CrmError, DatabaseUnavailable, NotSignedIn
from services.i18n import N_, _
from tui.key_labels import key_name, key_of
from tui.notices import Notices
from tui.opening import Opening
from tui.protocols import AppServices, LookAround, LosesDatabase, SampleAccounts
from tui.runtime.crash_reporting import CrashGuard
from tui.runtime.key_queue import KeyQueueApp
from tui.runtime.output_filter import SafeOutputFilter
from tui.runtime.shutdown_signals import leave_on_signals
from tui.themes import FEW_COLORS, next_theme, use_themes
from tui.user_session import Session

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm
    from services.settings import Settings
    from tui.navigation import Navigator


class EpicEventsApp(KeyQueueApp[None]):
    """The CRM in the terminal."""

    TITLE = "Epic Events"
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        "styles/app.tcss", "screens/dialogs/confirm.tcss", "screens/account/login.tcss",
    ]  # fmt: skip
    BINDING_GROUP_TITLE = N_("Everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", N_("Help"), id="app.help", tooltip=N_("The keys that work here")),
        Binding(
            "ctrl+p", "command_palette", N_("Commands"), show=False, priority=True, id="app.palette",
            tooltip=N_("Find a command by its name"),
        ),
        Binding(
            "ctrl+t", "contrast", N_("Switch theme"), show=False, id="app.contrast",
            tooltip=N_("Dark, light, or high contrast"),
        ),
        Binding("ctrl+q", "quit", N_("Quit"), show=False, priority=True, id="app.quit"),
        Binding(
            "ctrl+z", "suspend_process", N_("Suspend"), show=False, priority=True, id="app.suspend",
            tooltip=N_("Back to the shell; fg returns here"),
        ),
        Binding("ctrl+c", "help_quit", show=False),
    ]  # fmt: skip

    def __init__(
        self,
        settings: "Settings",
        *,
        token: str | None = None,
        sample_accounts: SampleAccounts = (),
        look_around: LookAround | None = None,
    ) -> None:
        super().__init__()
        self.opening = Opening(
            self, settings, token=token, sample_accounts=sample_accounts, look_around=look_around
        )
        self.session = Session(self)
        self.notices = Notices(self)
        self.guard = CrashGuard(self)
        self._filters.append(SafeOutputFilter())
        use_themes(self, settings.theme)

    @cached_property
    def navigator(self) -> "Navigator":
        """The moves between sections; created on first use, since the first screen does not need it."""
        from tui.navigation import Navigator

        return Navigator(self, lambda: self.session.drafts.offers.offer())

    # Starting

    def refresh_css(self, animate: bool = True) -> None:
        """Apply the colours of another theme; before the first screen there is nothing to redraw.

        Textual would read every style sheet twice: once for the theme that was chosen while it started,
        once for the first screen.
        """
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """Start the slow work once the first screen is painted."""
        self.guard.start()
        if not self.is_headless:
            self.set_class(self.console.color_system == "standard", FEW_COLORS)
            leave_on_signals(self, lambda: self.session.drafts.shutdown.keep())
        self.push_screen(self.opening.first_screen())
        self.call_after_refresh(self.opening.warm_up)

    # The services of AppServices

    @property
    def settings(self) -> "Settings":
        """The settings of the CRM that is shown."""
        return self.opening.settings

    @property
    def crm(self) -> "Crm":
        """The open CRM; available after sign-in."""
        crm = self.opening.crm
        assert crm is not None, "no one can be signed in before the CRM is open"
        return crm

    @property
    def actor(self) -> "Actor":
        """The signed-in person. Raises :class:`NotSignedIn`: a thread may still ask after a sign-out."""
        if self.session.actor is None:
            raise NotSignedIn
        return self.session.actor

    @property
    def viewer(self) -> "Actor":
        """The person for whom the screens are drawn: signed in, or signed out while the screens close."""
        viewer = self.session.actor or self.session.just_left
        assert viewer is not None, "sections are shown to people who are signed in"
        return viewer

    def _on_notify(self, event: Notify) -> None:
        """Make room; Textual then shows the notice."""
        self.notices.make_room(event.notification)

    def say(self, text: str) -> None:
        """Say shortly that something was done."""
        self.notices.say(text)

    def refuse(self, reason: str) -> None:
        """Say why a key does nothing for this person; the sentence is translated already."""
        self.notices.refuse(reason)

    def show_error(self, error: CrmError) -> None:
        """Show a refusal until it is read."""
        from tui.screens.dialogs.confirm import MessageScreen

        self.push_screen(MessageScreen(_("This did not work"), error.message()))

    def handle(self, error: CrmError, retry: Callable[[], object]) -> None:
        """Bring a refusal of a service to the person: sign in again, wait for the database, or read it."""
        if isinstance(error, NotSignedIn):
            self.session.sign_in_again(retry)
        elif isinstance(error, DatabaseUnavailable) and isinstance(self.screen, LosesDatabase):
            self.screen.database_lost(error)
        else:
            self.show_error(error)

    # Keys of the whole application

    def get_key_display(self, binding: Binding) -> str:
        """A key as people write it."""
        return binding.key_display or key_name(binding.key)

    def action_go(self, section: str) -> None:
        """Go to a section."""
        self.navigator.go(section)

    def action_help(self) -> None:
        """The keys of the part in focus."""
        from tui.screens.dialogs.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_command_palette(self) -> None:
        """The commands of this screen."""
        from tui.command_palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_contrast(self) -> None:
        """The next theme."""
        self.theme = next_theme(self.theme)
        self.session.memory.keep(theme=self.theme)

    def action_suspend_process(self) -> None:
        """Suspend the program; the shell resumes it."""
        from tui.runtime.suspend import suspend

        with self.guard.paused():
            could = suspend(self)
        if not could:
            text = _("No shell started this program, so it cannot be suspended. {key} quits.")
            self.refuse(text.format(key=key_of(self, "app.quit")))

    def action_help_quit(self) -> None:
        """Ctrl+C copies in a field and does nothing elsewhere; name the key that quits."""
        text = _("{key} quits; Ctrl+C copies the selection.")
        self.say(text.format(key=key_of(self, "app.quit")))

    async def action_quit(self) -> None:
        """Quit; ask first if a form has unsaved changes."""
        from tui.screens.dialogs.confirm import ConfirmScreen

        if isinstance(self.screen, ConfirmScreen):
            return
        if not any(getattr(screen, "unsaved", False) for screen in self.screen_stack):
            self._leave()
            return
        question = ConfirmScreen(
            _("Quit?"), _("Your changes are not saved yet."), yes=_("Quit without saving"), no=_("Stay")
        )
        self.push_screen(question, lambda leave: self._leave() if leave else None)

    def _leave(self) -> None:
        if self.session.actor is not None:
            self.session.drafts.give_up_all()
        self.exit()

    # Fatal exceptions

    def _fatal_error(self) -> None:
        # Textual's own prints every frame with its local variables, passwords too.
        if self.guard.crash is None and self._exception is not None:
            self.guard.report(self._exception)
            self.session.drafts.shutdown.keep()
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """End as after any other exception: a traceback that Textual draws may show typed values."""
        handled = sys.exc_info()[1]
        if self._exception is None:
            self._handle_exception(handled if isinstance(handled, Exception) else RuntimeError("App.panic"))
        else:
            self._fatal_error()

    async def on_unmount(self) -> None:
        """Give the connections back."""
        self.guard.stop()
        await self.session.memory.close()
        self.opening.close()
        await self.session.close()


if TYPE_CHECKING:
    _PROVIDES: type[AppServices] = EpicEventsApp  # mypy checks it
