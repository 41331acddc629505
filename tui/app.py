"""The application: it starts at once, knows who is signed in, and is where every exception ends."""

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.filter import Monochrome, NoColor
from textual.notifications import Notification, Notify
from textual.screen import Screen

from services import settings as settings_module
from services.errors import CrmError, DatabaseUnavailable, NotSignedIn
from services.i18n import N_, _
from services.monitoring import value_redaction
from tui.key_labels import key_name
from tui.protocols import (
    LookAround,
    LosesDatabase,
    SampleAccounts,
    ShowsStatus,
    ShowsWaiting,
)
from tui.runtime.crash_reporting import Crash, open_telemetry, report_crash, shown_values, stalled
from tui.runtime.crm_loader import CrmLoader, load_modules
from tui.runtime.key_queue import KeyQueueApp
from tui.runtime.output_filter import SafeOutputFilter
from tui.runtime.shutdown_signals import leave_on_signals
from tui.runtime.workers import run_in_background
from tui.screens.account.login import LoginScreen
from tui.textual_sentry.loop_monitor import LoopWatch
from tui.themes import EPIC, EPIC_CONTRAST, FEW_COLORS, THEMES
from tui.user_session import Session

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm
    from services.settings import Settings
    from tui.navigation import Navigator
    from tui.runtime.idle_tasks import AtRest


MOST_NOTICE_LINES = 4
"""Lines that notices cover at the most, unless one alone is longer."""
NOTICE_WIDTH = 53
"""Cells of a line within a notice, as the style sheet has it."""
SLOW_FRAME = 0.1
"""Seconds for which the event loop may stand still before the screen counts as slow."""


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
            tooltip=N_("Calm or high contrast"),
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
        notice: str = "",
        sample_accounts: SampleAccounts = (),
        look_around: LookAround | None = None,
    ) -> None:
        super().__init__()
        self.settings = settings
        self.token = token
        self.status = notice
        self.sample_accounts = sample_accounts
        self.look_around = look_around
        self.opening = CrmLoader(settings, self._preparing, self._database_busy)
        self.session = Session(self)
        self.painted = False
        self.crash: Crash | None = None
        self.loop_watch = LoopWatch(stalled, threshold=SLOW_FRAME)
        self._unwatch_values: Callable[[], None] = lambda: None
        self._filters.append(SafeOutputFilter())
        self._use_themes()

    def _use_themes(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self.settings.theme if self.settings.theme in self.available_themes else EPIC.name
        if self.no_color:
            # Shades of grey are colours too; the style sheets mark what matters by other means.
            self._filters = [NoColor() if isinstance(f, Monochrome) else f for f in self._filters]

    @cached_property
    def navigator(self) -> "Navigator":
        """From section to section; nothing that the first screen needs."""
        from tui.navigation import Navigator

        return Navigator(self)

    @cached_property
    def at_rest(self) -> "AtRest":
        """What is done while nobody types; nothing that the first screen needs."""
        from tui.runtime.idle_tasks import AtRest

        return AtRest(self)

    # Starting

    def _first_screen(self) -> Screen[Any]:
        if not settings_module.is_configured(self.settings):
            from tui.screens.account.first_run import FirstRunScreen

            return FirstRunScreen()
        if self.token:
            from tui.screens.account.resuming import SplashScreen

            return SplashScreen()
        return LoginScreen()

    def refresh_css(self, animate: bool = True) -> None:
        """Take over the colours of another theme. Before the first screen there is nothing to draw anew.

        Textual would read every style sheet twice: once for the theme that was chosen while it started,
        once for the first screen.
        """
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """Start what is slow once the first screen is painted."""
        self.loop_watch.start()
        self._unwatch_values = value_redaction.add_source(partial(shown_values, self))
        if not self.is_headless:
            self.set_class(self.console.color_system == "standard", FEW_COLORS)
            leave_on_signals(self, lambda: self.session.drafts.shutdown.keep())
        self.push_screen(self._first_screen())
        self.call_after_refresh(self._warm_up)

    def _warm_up(self) -> None:
        self.painted = True
        configured = settings_module.is_configured(self.settings)

        def work() -> str:
            # First: it has to be there when something goes wrong in all that follows.
            line = open_telemetry(self.settings, self)
            load_modules()
            if configured:
                self.opening.open()
            return line

        run_in_background(self, work, then=self._warmed_up, failed=self._opening_failed, group="warm up")
        if configured and self.token:
            self.session.resume(self.token, failed=self._resume_failed)

    def _preparing(self) -> None:
        # Called by the thread that opens the database; what is said gives way when it is open.
        self.call_later(self._show_status, _("Preparing the database; this is done only once…"))

    def _database_busy(self) -> None:
        # Called by the thread that waits for another program.
        text = _("Another program is using the database; waiting for it…")
        self.call_later(self._say_that_one_waits, text)

    def _say_that_one_waits(self, text: str) -> None:
        if isinstance(self.screen, ShowsWaiting):
            self.screen.show_waiting(text)
        elif isinstance(self.screen, ShowsStatus):
            self.screen.show_status(text)
        else:
            self.say(text)

    def _warmed_up(self, sentry_line: str) -> None:
        if self.opening.crm is not None:
            self._warn(self.opening.crm)
        if not self.is_headless:
            self.at_rest.start()
        self.set_status(" · ".join(filter(None, (self.status, sentry_line))))

    def use(self, settings: "Settings", sample_accounts: SampleAccounts = (), *, message: str = "") -> None:
        """Go to the login screen of the CRM that was just set up."""
        self.settings = settings
        self.sample_accounts = sample_accounts
        self.opening = CrmLoader(settings, self._preparing, self._database_busy)
        self.retry_opening()
        self.switch_screen(LoginScreen(message=message))

    def retry_opening(self) -> None:
        """Try once more to open the database."""
        run_in_background(
            self, self.opening.open, then=self._opened, failed=self._opening_failed, group="warm up"
        )

    def _opened(self, crm: "Crm") -> None:
        self._warn(crm)
        self._show_status(self.status)
        if isinstance(self.screen, LoginScreen):
            self.screen.set_trouble(None)

    def _warn(self, crm: "Crm") -> None:
        for sentence in crm.without_effect():
            self.refuse(sentence)

    def _opening_failed(self, error: CrmError) -> None:
        if isinstance(self.screen, LoginScreen):
            self.screen.set_trouble(error)

    def _resume_failed(self, error: CrmError) -> None:
        quiet = isinstance(error, NotSignedIn)
        message = _("Your session has ended. Sign in again.") if quiet else ""
        login = LoginScreen(message=message)
        self.switch_screen(login)
        if not quiet:
            login.call_after_refresh(login.set_trouble, error)

    def set_status(self, text: str) -> None:
        """Say something in the status line of the login screen."""
        self.status = text
        self._show_status(text)

    def _show_status(self, text: str) -> None:
        if isinstance(self.screen, ShowsStatus):
            self.screen.show_status(text)

    # What screens ask for

    @property
    def crm(self) -> "Crm":
        """The open CRM; to be asked for once somebody is signed in."""
        crm = self.opening.crm
        assert crm is not None, "nobody can be signed in before the CRM is open"
        return crm

    @property
    def currency(self) -> str:
        """The currency of the CRM; on the first-run screen that of the one to be made."""
        crm = self.opening.crm
        return self.settings.currency if crm is None else crm.shared.currency

    @property
    def actor(self) -> "Actor":
        """Who is signed in. Raises :class:`NotSignedIn`: a thread may still ask while one signs out."""
        if self.session.actor is None:
            raise NotSignedIn
        return self.session.actor

    @property
    def viewer(self) -> "Actor":
        """For whom the screens are drawn: who is signed in, or has just left while they close."""
        viewer = self.session.actor or self.session.just_left
        assert viewer is not None, "sections are shown to people who are signed in"
        return viewer

    def _on_notify(self, event: Notify) -> None:
        """Older notices give way to a new one, so that they never cover more than a few lines."""
        room = MOST_NOTICE_LINES - _lines(event.notification)
        for notice in reversed(list(self._notifications)):
            room -= _lines(notice)
            if room < 0:
                self._unnotify(notice, refresh=False)

    def say(self, text: str) -> None:
        """A short word on what was done."""
        self.notify(text, markup=False, timeout=4)

    def refuse(self, reason: str) -> None:
        """Say why a key does nothing for this person; the sentence is translated already."""
        if any(notice.message == reason for notice in self._notifications):
            self.clear_notifications()  # pressed again: said again, not twice over
        self.notify(reason, markup=False, severity="warning", timeout=8)

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
        """To a section."""
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
        """The other theme."""
        self.theme = EPIC.name if self.theme == EPIC_CONTRAST.name else EPIC_CONTRAST.name

    def action_suspend_process(self) -> None:
        """To the shell, and on when it says so."""
        from tui.runtime.suspend import suspend

        self.loop_watch.stop()  # a program that was stopped is not slow
        could = suspend(self)
        self.loop_watch.start()
        if not could:
            self.refuse(_("No shell started this program, so it cannot be suspended. Ctrl+Q quits."))

    def action_help_quit(self) -> None:
        """Ctrl+C copies in a field and does nothing elsewhere; say what quits."""
        self.say(_("Ctrl+Q quits; Ctrl+C copies the selection."))

    async def action_quit(self) -> None:
        """Leave; first ask, where something typed would be lost."""
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

    # The end of every exception

    def _fatal_error(self) -> None:
        # Textual's own prints every frame with its local variables, passwords too.
        if self.crash is None and self._exception is not None:
            self.crash = report_crash(self._exception, self)
            with suppress(Exception):  # a word about the crash may quote what stood here
                value_redaction.keep(shown_values(self))
            self.session.drafts.shutdown.keep()
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """End like after any other exception: one that draws itself may draw what people typed."""
        handled = sys.exc_info()[1]
        if self._exception is None:
            self._handle_exception(handled if isinstance(handled, Exception) else RuntimeError("App.panic"))
        else:
            self._fatal_error()

    async def on_unmount(self) -> None:
        """Give the connections back."""
        self.at_rest.stop()
        self.loop_watch.stop()
        self._unwatch_values()
        self.opening.close()
        await self.session.close()


def _lines(notice: Notification) -> int:
    return -(-cell_len(notice.message) // NOTICE_WIDTH)
