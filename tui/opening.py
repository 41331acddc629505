"""Opens the CRM in a thread behind the first screen, and says on that screen how far it is."""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import cached_property
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from services import settings as settings_module
from services.errors import CrmError, NotSignedIn
from services.i18n import _
from tui.preloading import load_modules
from tui.protocols import LookAround, SampleAccounts, ShowsStatus, ShowsWaiting, the_app
from tui.runtime.crash_reporting import open_telemetry
from tui.runtime.key_queue import KeyQueueApp
from tui.runtime.workers import run_in_background
from tui.screens.account.login import LoginScreen

if TYPE_CHECKING:
    from services.crm import Crm
    from services.settings import Settings
    from tui.keymap import Keymap
    from tui.runtime.idle_tasks import IdleTasks


def own_keys(settings: "Settings") -> "Keymap":
    """The person's own keys; the module is loaded in the warm-up, after the screens whose keys it knows."""
    from tui.keymap import keymap_of

    return keymap_of(settings)


class Opening:
    """The CRM of the application, from the first screen until the application ends.

    Opened in a thread while the person types; only a caller that needs the CRM waits for it.
    ``token`` is that of an earlier session.
    """

    def __init__(
        self,
        app: KeyQueueApp[Any],
        settings: "Settings",
        *,
        token: str | None,
        sample_accounts: SampleAccounts,
        look_around: LookAround | None,
    ) -> None:
        self._app = app
        self.token = token
        self.status = ""
        """The status line of the first screen."""
        self.look_around = look_around
        self.key_problems: Sequence[str] = ()
        """What is wrong in the file of one's own keys."""
        self.is_painted = False
        """Whether the first screen was painted."""
        self._set_up(settings, sample_accounts)

    def _set_up(self, settings: "Settings", sample_accounts: SampleAccounts) -> None:
        self.settings = settings
        self.sample_accounts = sample_accounts
        self.crm: Crm | None = None
        """The CRM once it is open."""
        self._open_crm: Future[Crm] = Future()

    @property
    def currency(self) -> str:
        """The currency of the CRM; on the first-run screen that of the one to be made."""
        return self.settings.currency if self.crm is None else self.crm.shared.currency

    def wait(self) -> "Crm":
        """The CRM, as soon as it is open. Blocks: for threads. Raises the exception of :meth:`open`."""
        return self._open_crm.result()

    def open(self) -> "Crm":
        """Open the CRM, once more after a failure. Blocks: for the thread of the warm-up."""
        if self._open_crm.done() and self._open_crm.exception() is not None:
            self._open_crm = Future()
        try:
            from services.startup import open_crm

            self.crm = open_crm(self.settings, on_wait=self._preparing, on_busy=self._database_busy)
        except BaseException as error:
            self._open_crm.set_exception(error)
            raise
        self._open_crm.set_result(self.crm)
        return self.crm

    @cached_property
    def idle_tasks(self) -> "IdleTasks":
        """The work done in pauses of typing. It is loaded after the first screen, which does not need it."""
        from tui.runtime.idle_tasks import IdleTasks

        return IdleTasks(self._app)

    def first_screen(self) -> Screen[Any]:
        """The screen with which the application begins."""
        if not settings_module.is_configured(self.settings):
            from tui.screens.account.first_run import FirstRunScreen

            return FirstRunScreen()
        if self.token:
            from tui.screens.account.resuming import SplashScreen

            return SplashScreen()
        return LoginScreen()

    def warm_up(self) -> None:
        """Load the modules and open the database; to be called once the first screen is painted."""
        self.is_painted = True
        configured = settings_module.is_configured(self.settings)

        def work() -> str:
            # First: it has to be there when something goes wrong in all that follows.
            line = open_telemetry(self.settings, self._app)
            load_modules()
            self._app.call_later(self._use_keys, own_keys(self.settings))
            if configured:
                self.open()
            return line

        run_in_background(self._app, work, then=self._warmed_up, failed=self._failed, group="warm up")
        if configured and self.token:
            the_app(self._app).session.resume(self.token, failed=self._resume_failed)

    def use(self, settings: "Settings", sample_accounts: SampleAccounts = (), *, message: str = "") -> None:
        """Go to the login screen of the CRM that was just set up."""
        self._set_up(settings, sample_accounts)
        self.retry()
        self._app.switch_screen(LoginScreen(message=message))

    def retry(self) -> None:
        """Try once more to open the database."""
        run_in_background(self._app, self.open, then=self._opened, failed=self._failed, group="warm up")

    def set_status(self, text: str) -> None:
        """Say something in the status line of the first screen."""
        self.status = text
        self._show_status(text)

    def close(self) -> None:
        """Give the connections back."""
        self.idle_tasks.stop()
        if self.crm is not None:
            self.crm.close()

    # The thread that opens the database calls these two.

    def _preparing(self) -> None:
        self._app.call_later(self._show_status, _("Preparing the database; this is done only once…"))

    def _database_busy(self) -> None:
        self._app.call_later(self._show_waiting, _("Another program is using the database; waiting for it…"))

    def _show_status(self, text: str) -> None:
        if isinstance(self._app.screen, ShowsStatus):
            self._app.screen.show_status(text)

    def _show_waiting(self, text: str) -> None:
        if isinstance(self._app.screen, ShowsWaiting):
            self._app.screen.show_waiting(text)
        elif isinstance(self._app.screen, ShowsStatus):
            self._app.screen.show_status(text)
        else:
            the_app(self._app).say(text)

    def _use_keys(self, keymap: "Keymap") -> None:
        """Use the person's own keys; say which line of their file is left out, and where to find others."""
        self._app.set_keymap(keymap.keys)
        self.key_problems = keymap.problems
        if keymap.problems:
            others = _("'epicevents keys' names {n} more.").format(n=len(keymap.problems) - 1)
            text = keymap.problems[0] + (f" {others}" if len(keymap.problems) > 1 else "")
            the_app(self._app).refuse(text)

    # How it ended

    def _warmed_up(self, sentry_line: str) -> None:
        if self.crm is not None:
            self._warn(self.crm)
        if not self._app.is_headless:
            self.idle_tasks.start()
        self.set_status(" · ".join(filter(None, (self.status, sentry_line))))

    def _opened(self, crm: "Crm") -> None:
        self._warn(crm)
        self._show_status(self.status)
        self._show_trouble(None)

    def _warn(self, crm: "Crm") -> None:
        for sentence in crm.without_effect():
            the_app(self._app).refuse(sentence)

    def _failed(self, error: CrmError) -> None:
        self._show_trouble(error)

    def _show_trouble(self, error: CrmError | None) -> None:
        if isinstance(self._app.screen, LoginScreen):
            self._app.screen.set_trouble(error)

    def _resume_failed(self, error: CrmError) -> None:
        quiet = isinstance(error, NotSignedIn)
        message = _("Your session has ended. Sign in again.") if quiet else ""
        login = LoginScreen(message=message)
        self._app.switch_screen(login)
        if not quiet:
            login.call_after_refresh(login.set_trouble, error)
