"""The first screen on a machine without a CRM."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from services.errors import CrmError
from services.i18n import N_, _
from services.settings import Settings
from tui.protocols import SampleAccounts, the_app
from tui.runtime.stylesheets import path_beside
from tui.runtime.workers import run_in_background
from tui.screens.base_screen import BaseScreen
from tui.widgets.banner import Banner
from tui.widgets.footer import KeyBar


class FirstRunScreen(BaseScreen[None]):
    """Offers to set up a new CRM or to look around in sample data."""

    CSS_PATH = path_beside(__file__)
    AUTO_FOCUS = "#set-up"
    BINDING_GROUP_TITLE = N_("First run")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "set_up", N_("Set up"), id="first.set_up"),
        Binding("2", "look_around", N_("Look around"), id="first.look_around"),
        Binding("down,right,tab", "app.focus_next", N_("Next"), show=False, id="first.next"),
        Binding("up,left,shift+tab", "app.focus_previous", N_("Previous"), show=False, id="first.previous"),
    ]

    def compose(self) -> ComposeResult:
        """The two choices with an explanation."""
        yield Banner()
        with Vertical(id="first-middle"), Center(), Vertical(classes="dialog") as box:
            box.border_title = _("Epic Events")
            yield Static(_("Welcome. No CRM is set up here yet."), classes="dialog-text")
            yield Button(Content("1  " + _("Set up a new CRM")), id="set-up", compact=True)
            yield Static(_("A database, a signing key and the first Gestion account."), classes="first-note")
            yield Button(Content("2  " + _("Look around with sample data")), id="look", compact=True)
            yield Static(_("A separate sample database; no real data is touched."), classes="first-note")
            yield Static("", id="first-status", markup=False)
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable ``look_around`` only if the caller can create sample data."""
        return action != "look_around" or the_app(self).opening.look_around is not None

    def on_mount(self) -> None:
        """Disable the sample data if the caller cannot create them."""
        if the_app(self).opening.look_around is None:
            self.query_one("#look", Button).disabled = True

    @on(Button.Pressed, "#set-up")
    def action_set_up(self) -> None:
        """Open the set-up form."""
        from tui.screens.account.setup_form import SetUpForm

        def done(settings: Settings | None) -> None:
            if settings is not None:
                the_app(self).opening.use(
                    settings, message=_("The CRM is ready. Sign in with the new account.")
                )

        self.app.push_screen(SetUpForm(), done)

    @on(Button.Pressed, "#look")
    def action_look_around(self) -> None:
        """Create the sample data and open their login screen."""
        look_around = the_app(self).opening.look_around
        if look_around is None or self.query_one("#look", Button).disabled:
            return
        self.query_one("#look", Button).disabled = True
        self.query_one("#first-status", Static).update(_("Making the sample data…"))
        run_in_background(self, look_around, then=self._ready, failed=self._failed, group="demo")

    def _ready(self, sample: tuple[Settings, SampleAccounts]) -> None:
        the_app(self).opening.use(*sample)

    def _failed(self, error: CrmError) -> None:
        self.query_one("#look", Button).disabled = False
        self.query_one("#first-status", Static).update("")
        self.query_one(Banner).show(error.message())
