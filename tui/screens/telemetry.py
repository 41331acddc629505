"""The telemetry screen for Gestion: the state of Sentry, the queue, the sent items and the counts."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

import tui.widgets.option_lists  # noqa: F401 - mends two faults of Textual
from services import telemetry
from services.errors import CrmError
from services.i18n import N_, _
from services.monitoring.sentry_test import ErrorDelivery
from services.monitoring.status import SentItem, TelemetryReport
from services.telemetry import Telemetry
from tui.protocols import the_app
from tui.runtime.stylesheets import path_beside
from tui.runtime.workers import run_in_background
from tui.screens.base.status_banners import StatusBanners
from tui.screens.base_screen import BaseScreen
from tui.screens.dialogs.sent_event import SentScreen
from tui.screens.telemetry_texts import count_facts, nothing_sent, outcome_of, sent_line, state_facts
from tui.sections import SECTIONS, tabs_for
from tui.security_alerts import newest_alert
from tui.widgets.alert_banner import AlertBanner
from tui.widgets.banner import Banner
from tui.widgets.detail.fact_list import Fact, Facts
from tui.widgets.footer import KeyBar
from tui.widgets.header_bar import HeaderBar

if TYPE_CHECKING:
    from services.auth.brute_force import CurrentAlert

POLL_SECONDS = 2.0
"""Seconds between two reads of the state."""


class TelemetryScreen(BaseScreen[None]):
    """The telemetry screen, on top of the section that opened it. Polls the state while it is shown."""

    CSS_PATH = path_beside(__file__)
    AUTO_FOCUS = "OptionList"
    BINDING_GROUP_TITLE = N_("Telemetry")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "t", "test", N_("Send a test event"), id="telemetry.test",
            tooltip=N_("A test error; says whether the server accepted it"),
        ),
        Binding(
            "enter", "open", N_("Open"), priority=True, id="telemetry.open",
            tooltip=N_("Full text of the sent item"),
        ),
        Binding("j", "move(1)", N_("Next"), show=False, id="telemetry.down"),
        Binding("k", "move(-1)", N_("Previous"), show=False, id="telemetry.up"),
        Binding("escape", "back", N_("Back"), id="telemetry.back"),
        *(
            Binding(
                section.key, f"app.go('{section.name}')", section.label, show=False, id=f"go.{section.name}"
            )
            for section in SECTIONS
        ),
        Binding("x", "dismiss_alert", N_("Dismiss the alert"), show=False, id="alert.dismiss"),
        Binding("ctrl+r", "reload", N_("Refresh"), show=False, id="section.reload"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.banners = StatusBanners(self, alert_keys=N_("{dismiss}: dismiss."), retry=self.refresh_all)
        self._reading = False
        self._read: Telemetry | None = None
        self._shown: tuple[SentItem, ...] = ()
        self._test = ""

    def compose(self) -> ComposeResult:
        """The state, the counts and the sent items, one below the other."""
        viewer = the_app(self).viewer
        yield HeaderBar(tabs_for(self, viewer.department), "telemetry", viewer)
        yield Banner()
        yield AlertBanner()
        with VerticalScroll(id="telemetry-body", can_focus=False):
            with Vertical(id="telemetry-state", classes="pane"):
                yield Facts(id="state")
            with Vertical(id="telemetry-counts", classes="pane"):
                yield Facts(id="counts")
            with Vertical(id="telemetry-sent", classes="pane"):
                yield Static(id="telemetry-empty", markup=False)
                yield OptionList(id="sent", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Read at once, then every ``POLL_SECONDS``."""
        titles = {"state": _("Telemetry"), "counts": _("Counts"), "sent": _("Last sent")}
        for name, title in titles.items():
            self.query_one(f"#telemetry-{name}").border_title = Content(title)
        self.banners.show_alert()
        self.refresh_all()
        self.set_interval(POLL_SECONDS, self._poll)

    # Reading

    def _poll(self) -> None:
        if self.app.screen_stack[-1:] == [self] and not self._reading:
            self.refresh_all()

    def refresh_all(self) -> None:
        """Read the state, the counts and the alert in a thread."""
        app = the_app(self)
        actor = app.session.actor
        if actor is None:
            return
        self._reading = True
        run_in_background(
            self,
            lambda: (telemetry.read_telemetry(app.crm, actor), newest_alert(app.crm, actor)),
            then=self._show,
            failed=self._failed,
            group="report",
        )

    def _failed(self, error: CrmError) -> None:
        self._reading = False
        self.banners.trouble(error)

    def database_lost(self, error: CrmError) -> None:
        """Say so until the database answers again."""
        self.banners.database_lost(error)

    # Showing

    def _show(self, found: "tuple[Telemetry, CurrentAlert | None]") -> None:
        self._reading = False
        self._read, alert = found
        the_app(self).session.alerts.learn(alert)
        self.banners.show_alert()
        self.banners.banner.clear()
        self._show_facts()
        self._show_sent(self._read.report)
        self.refresh_bindings()

    def _show_facts(self) -> None:
        if self._read is None:
            return
        state = state_facts(self._read.report)
        test = Fact(_("Test event"), self._test, mark=True)
        self.query_one("#state", Facts).facts = (*state, test)
        self.query_one("#counts", Facts).facts = count_facts(self._read.today, self._read.week)

    def _show_sent(self, report: TelemetryReport) -> None:
        menu, empty = self.query_one(OptionList), self.query_one("#telemetry-empty", Static)
        menu.display, empty.display = bool(report.recent), not report.recent
        empty.update(Content(nothing_sent(self, report)))
        if report.recent == self._shown:
            return
        chosen, self._shown = self._chosen, report.recent
        menu.set_options(Option(sent_line(item, self.size.width)) for item in report.recent)
        menu.highlighted = report.recent.index(chosen) if chosen in report.recent else 0
        if report.recent:
            menu.focus()

    @property
    def _chosen(self) -> SentItem | None:
        place = self.query_one(OptionList).highlighted
        return self._shown[place] if place is not None and place < len(self._shown) else None

    # Keys

    def refusal_for(self, action: str) -> str | None:
        """The reason why the action is refused now; ``None`` if it is allowed."""
        report = self._read.report if self._read is not None else None
        if action == "test" and report is not None and not report.is_on:
            return _("Sentry is off: set SENTRY_DSN and start again.")
        if action == "open" and not self._shown:
            return _("Nothing was sent yet.")
        if action == "dismiss_alert" and not self.is_at_home(action):
            return _("There is no alert now.")
        return None

    def is_at_home(self, action: str) -> bool:
        """Whether the key is shown: that of the alert only while there is an alert."""
        return action != "dismiss_alert" or self.banners.has_alert

    def action_test(self) -> None:
        """Send a test error and show the result."""
        app = the_app(self)
        reason = self.refusal_for("test")
        if reason is not None:
            app.refuse(reason)
            return
        actor = app.actor
        self._tell_test(_("sending…"))
        run_in_background(
            self,
            lambda: telemetry.send_test_event(app.crm, actor),
            then=self._tested,
            failed=self._test_failed,
            group="test",
        )

    def _tested(self, delivery: ErrorDelivery) -> None:
        self._tell_test(outcome_of(delivery))
        self.refresh_all()

    def _test_failed(self, error: CrmError) -> None:
        self._tell_test("")
        self._failed(error)

    def _tell_test(self, text: str) -> None:
        self._test = text
        self._show_facts()

    @on(OptionList.OptionSelected)
    def action_open(self) -> None:
        """Show the full text of the sent item."""
        item = self._chosen
        if item is None:
            the_app(self).refuse(_("Nothing was sent yet."))
        else:
            self.app.push_screen(SentScreen(item))

    def action_move(self, step: int) -> None:
        """Move the cursor by one line."""
        menu = self.query_one(OptionList)
        menu.action_cursor_down() if step > 0 else menu.action_cursor_up()

    def action_dismiss_alert(self) -> None:
        """Hide the alert for the rest of this run."""
        self.banners.dismiss_alert()

    def action_reload(self) -> None:
        """Read the state again."""
        self.refresh_all()

    def action_back(self) -> None:
        """Return to the section that opened the screen."""
        if self.app.screen is self:
            self.dismiss()
