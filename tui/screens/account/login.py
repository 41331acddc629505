"""The login screen, which is painted before the services are loaded and never waits for them while typing."""

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static

from services.errors import CrmError, DatabaseUnavailable
from services.i18n import N_, _
from tui.key_labels import key_of
from tui.protocols import the_app
from tui.runtime.stylesheets import path_beside
from tui.screens.base_screen import SingleResult
from tui.widgets.banner import Banner
from tui.widgets.footer import KeyBar
from tui.widgets.form.text_input import TextInput


class LoginScreen(SingleResult[bool]):
    """Asks for username and password. ``message`` is the reason for a new sign-in.

    With ``again``, a username, it is on top of the open screens and accepts only that user. Its result is
    ``True`` after the sign-in and ``False`` if the user goes back.
    """

    CSS_PATH = path_beside(__file__)
    AUTO_FOCUS = ""
    BINDING_GROUP_TITLE = N_("Sign in")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", N_("Sign in"), priority=True, id="login.submit"),
        Binding("tab,down", "app.focus_next", N_("Next field"), id="login.next"),
        Binding("shift+tab,up", "app.focus_previous", N_("Previous field"), show=False, id="login.previous"),
        Binding("ctrl+r", "retry", N_("Try again"), id="login.retry", tooltip=N_("Open the database again")),
        Binding("escape", "back", N_("Back"), id="login.back"),
    ]

    def __init__(self, *, message: str = "", again: str = "") -> None:
        super().__init__()
        self.message = message
        self.again = again
        self._busy = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable ``back`` only with ``again``, and ``retry`` only while the banner shows a problem."""
        if action == "back":
            return bool(self.again)
        if action == "retry":
            return bool(self.is_mounted and self.query_one(Banner).text)
        return True

    def compose(self) -> ComposeResult:
        """The form in the middle, and the start-up status below it."""
        yield Banner()
        with Vertical(id="login-middle"), Center(), Vertical(classes="dialog", id="login-box") as box:
            box.border_title = _("Epic Events")
            yield from self._form()
        yield Static(the_app(self).opening.status, id="login-status", markup=False)
        yield KeyBar()

    def _form(self) -> Iterator[Widget]:
        yield Static(self.message, id="login-message", markup=False)
        yield Label(_("Username"))
        yield TextInput(self.again, id="username")
        yield Label(_("Password"))
        yield TextInput(id="password", password=True)
        yield Static("", id="login-error", markup=False)
        with Center():
            yield Button(Content(_("Sign in")), id="sign-in", compact=True)
        if the_app(self).opening.sample_accounts and not self.again:
            yield Static(self._samples(), id="login-samples")

    def _samples(self) -> Content:
        accounts = the_app(self).opening.sample_accounts
        width = max(cell_len(username) for username, _password, _department in accounts)
        lines = [Content.styled(_("Sample accounts"), "bold")]
        for username, password, department in accounts:
            lines.append(
                Content.assemble(username.ljust(width + 2), password.ljust(18), (department, "$text-muted"))
            )
        return Content("\n").join(lines)

    def on_mount(self) -> None:
        """Focus the first field to fill."""
        self.query_one("#login-message").display = bool(self.message)
        username = self.query_one("#username", TextInput)
        username.disabled = bool(self.again)
        self.set_focus(self.query_one("#password") if self.again else username)

    def show_status(self, text: str) -> None:
        """Show the start-up status, such as that of Sentry and of the settings."""
        self.query_one("#login-status", Static).update(Content(text))

    def set_trouble(self, error: CrmError | None) -> None:
        """Show the error of opening the database; ``None`` clears it."""
        banner = self.query_one(Banner)
        if error is None:
            banner.clear()
        else:
            again = _("{key}: try again.").format(key=key_of(self, "login.retry"))
            hint = again if isinstance(error, DatabaseUnavailable) else ""
            banner.show(f"{error.message()} {hint}".strip())
        self.refresh_bindings()

    @on(Input.Changed)
    def _retyped(self) -> None:
        if not self._busy:
            self._say("")

    def _say(self, text: str, *, error: bool = False) -> None:
        line = self.query_one("#login-error", Static)
        line.update(Content(text))
        line.set_class(error, "-error")

    @on(Button.Pressed)
    def action_submit(self) -> None:
        """Sign in as soon as the database is open; the password is checked in a thread."""
        if self._busy:
            return
        username = self.query_one("#username", TextInput).value.strip()
        password = self.query_one("#password", TextInput).value
        if not username or not password:
            self._ask_for("password" if username else "username")
            return
        self._set_busy(True)
        the_app(self).session.sign_in(username, password, then=self._welcome, failed=self._refused)

    def _ask_for(self, field: str) -> None:
        # Enter in the username moves on to an empty password; in the focused empty field it shows an error.
        if self.focused is not None and self.focused.id == field:
            self._say(_("Type your username and your password."), error=True)
        self.query_one(f"#{field}").focus()

    @property
    def holds_keys(self) -> bool:
        """Hold keys while signing in: they are meant for the first screen after it."""
        return self._busy

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.query_one("#sign-in", Button).disabled = busy
        if busy:
            self._say(_("Signing in…"))

    def _welcome(self) -> None:
        if self.again:
            self.dismiss(True)
        else:
            the_app(self).navigator.enter()

    def _refused(self, error: CrmError) -> None:
        self._set_busy(False)
        password = self.query_one("#password", TextInput)
        if isinstance(error, DatabaseUnavailable):
            self.set_trouble(error)
            self._say("")
            return
        with self.prevent(Input.Changed):
            password.value = ""
        password.focus()
        self._say(error.message(), error=True)

    def action_retry(self) -> None:
        """Open the database again."""
        self.query_one(Banner).clear()
        the_app(self).opening.retry()

    def action_back(self) -> None:
        """Return to the open screens, still signed out."""
        self.dismiss(False)
