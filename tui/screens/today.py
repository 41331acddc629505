"""Today, the first screen after sign-in: what is to do, each figure a key away from its list."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from services import rights
from services.i18n import N_, _
from services.lists.query import Preset
from services.rights import Action
from tui.key_labels import key_of
from tui.places import AgendaPlace, Origin
from tui.protocols import the_app
from tui.runtime.stylesheets import path_beside
from tui.runtime.workers import run_in_background
from tui.screens.base.awaited_answers import AwaitedAnswers
from tui.screens.base.section_spec import GENERAL_BINDINGS, SECTION_BINDINGS
from tui.screens.base.status_banners import ChangePoller, StatusBanners
from tui.screens.base_screen import BaseScreen
from tui.screens.today_actions import TodayActions
from tui.screens.today_panel import TodayPanel
from tui.sections import section_named, tabs_for
from tui.widgets.alert_banner import AlertBanner
from tui.widgets.banner import Banner
from tui.widgets.footer import KeyBar
from tui.widgets.header_bar import HeaderBar
from tui.widgets.painting import Unchanged
from tui.widgets.reminder_banner import ReminderBanner

if TYPE_CHECKING:
    from services.today import Figure, Today

_OUTSIDE: Final = {"telemetry": Action.TELEMETRY_READ, "settings": Action.SETTINGS_UPDATE}
_SHARED: Final = ("record.undo", "record.redo", "section.back", "section.next", "section.previous")
"""The keys that act in lists and here."""
_GROUP: Final = "today"


def _keys_of_lists() -> Mapping[str, str]:
    """The keys that act in lists alone, by their commands."""
    general = {each.id for each in GENERAL_BINDINGS if isinstance(each, Binding)}
    keys = {
        each.id: each.key
        for each in SECTION_BINDINGS
        if isinstance(each, Binding) and each.id and each.id not in general
    }
    return {name: key for name, key in keys.items() if name not in _SHARED}


def _ruled(action: Callable[[TodayActions], None]) -> Callable[["TodayScreen"], None]:
    """Run an action of :class:`TodayActions` by its name; say why if it is refused."""
    name = action.__name__

    def asked_first(screen: "TodayScreen") -> None:
        reason = screen.refusal_for(name)
        if reason is None:
            getattr(screen.general, name)()
        else:
            the_app(screen).refuse(reason)

    return asked_first


class TodayScreen(BaseScreen[None], Unchanged):
    """The figures of the person's department. They are read again when others write, and on coming back."""

    CSS_PATH = path_beside(__file__)
    AUTO_FOCUS = "OptionList"
    BINDING_GROUP_TITLE = N_("Today")
    NAME: ClassVar[str] = "today"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", N_("Open"), priority=True, id="today.open",
                tooltip=N_("Go to the list, the agenda or the event behind the figure")),
        Binding("tab", "block(1)", N_("Next part"), id="section.next"),
        Binding("shift+tab", "block(-1)", N_("Previous part"), show=False, id="section.previous"),
        Binding("j", "move(1)", N_("Next"), show=False, id="today.down"),
        Binding("k", "move(-1)", N_("Previous"), show=False, id="today.up"),
        Binding("escape", "back", N_("Back"), show=False, id="section.back",
                tooltip=N_("The first figure")),
        Binding("u", "undo", N_("Undo"), show=False, id="record.undo",
                tooltip=N_("Undo your own last change")),
        Binding("ctrl+y", "redo", N_("Redo"), show=False, id="record.redo",
                tooltip=N_("Redo what you undid last")),
        *GENERAL_BINDINGS,
    ]  # fmt: skip

    panel = getters.query_one(TodayPanel)

    def __init__(self) -> None:
        super().__init__()
        keys = N_("{details}: details, {dismiss}: dismiss.")
        self.banners = StatusBanners(self, alert_keys=keys, retry=self.refresh_figures)
        self.awaited = AwaitedAnswers(self)
        self.general = TodayActions(self, self.banners, self.awaited, self.refresh_figures)
        self.poller = ChangePoller(self, self.banners, refresh=self.refresh_figures)

    def compose(self) -> ComposeResult:
        """Header, banners, figures, keys."""
        viewer = the_app(self).viewer
        yield HeaderBar(tabs_for(self, viewer.department), self.NAME, viewer)
        yield Banner()
        yield AlertBanner()
        yield ReminderBanner()
        yield TodayPanel()
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the figures and start to look for changes."""
        self.awaited.run(self._read, then=self._show, failed=self.banners.trouble, group=_GROUP)
        self.banners.show_alert()
        self.banners.show_reminders()
        self.poller.start()

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was shown, and with the time."""
        if self.is_mounted and self.panel.today is not None:
            self.refresh_figures()
            self.poller.ask()
            self.banners.show_alert()
            self.banners.show_reminders()

    @property
    def holds_keys(self) -> bool:
        """While the first figures or the settings are on their way."""
        return self.awaited.is_due

    # Reading

    def _read(self) -> "Today":
        from services.today import read_today

        app = the_app(self)
        return read_today(app.crm, app.actor)

    def refresh_figures(self, *, after_change: bool = False) -> None:
        """Read the figures again; the cursor stays on its figure."""
        if the_app(self).session.actor is not None:
            run_in_background(self, self._read, then=self._show, failed=self.banners.trouble, group=_GROUP)

    def _show(self, today: "Today") -> None:
        self.banners.banner.clear()
        self.panel.show(today)

    # Keys

    def refusal_for(self, action: str) -> str | None:
        """Why a key does nothing here, translated."""
        department = the_app(self).viewer.department
        if action.startswith("go("):
            return section_named(action[4:-2]).refusal(department)
        if action in _OUTSIDE and (reason := rights.refusal(department, _OUTSIDE[action])):
            return _(reason)
        if action == "dismiss_alert" and not self.banners.has_alert:
            return _("There is no alert now.")
        if action == "read_reminder" and not the_app(self).session.reminders.unread:
            return _("There is no reminder now.")
        if action == "open" and self.is_mounted:
            figure = self.panel.figure
            if figure is None:
                return _("There is no figure on this line.")
            return _(figure.target.refusal) if figure.target.refusal else None
        return None

    def _say_open_first(self) -> str:
        figure, clients = self.panel.figure if self.is_mounted else None, key_of(self, "go.clients")
        if figure is None or not figure.target.preset:
            return _("This key acts in a list. Open one first: {clients}.").format(clients=clients)
        text = _("This key acts in a list. Open one first: {open} or {clients}.")
        return text.format(open=key_of(self, "today.open"), clients=clients)

    def is_at_home(self, action: str) -> bool:
        """Whether the key is shown here."""
        return action not in ("dismiss_alert", "read_reminder") or self.refusal_for(action) is None

    action_reload = _ruled(TodayActions.reload)
    action_telemetry = _ruled(TodayActions.telemetry)
    action_settings = _ruled(TodayActions.settings)
    action_read_reminder = _ruled(TodayActions.read_reminder)
    action_dismiss_alert = _ruled(TodayActions.dismiss_alert)
    action_undo = _ruled(TodayActions.undo)
    action_redo = _ruled(TodayActions.redo)
    action_preferences = _ruled(TodayActions.preferences)
    action_password = _ruled(TodayActions.password)
    action_sign_out = _ruled(TodayActions.sign_out)

    @on(OptionList.OptionSelected)
    def action_open(self) -> None:
        """Go to the list, the agenda or the event behind the figure; Esc there comes back."""
        figure, navigator = self.panel.figure, the_app(self).navigator
        if figure is None:
            the_app(self).refuse(_("There is no figure on this line."))
            return
        target = figure.target
        if target.refusal:
            the_app(self).refuse(_(target.refusal))
        elif target.kind is None:
            self.action_telemetry()
        elif target.record is not None:
            navigator.open_record(target.kind, target.record, Origin(target.kind, target.record, _("Today")))
        elif target.agenda:
            place = AgendaPlace(
                target.day, view="week", whose="person", username=target.agenda, name=figure.name
            )
            navigator.show_agenda(place, lambda _changed: self.refresh_figures())
        else:
            navigator.open_list(target.kind, _listed_by(figure))

    def on_key(self, event: events.Key) -> None:
        """Say where the key of a list acts; as a binding it would clash with the keys that act here."""
        own = self.app._keymap
        if any(event.key in own.get(name, key).split(",") for name, key in _keys_of_lists().items()):
            event.stop()
            the_app(self).refuse(self._say_open_first())

    def action_move(self, step: int) -> None:
        """Move the cursor by one figure."""
        self.panel.move(step)

    def action_block(self, step: int) -> None:
        """Move the cursor to the next block, or to the one before."""
        self.panel.move_block(step)

    def action_back(self) -> None:
        """Move the cursor to the first figure: there is no screen before this one."""
        self.panel.go_first()


def _listed_by(figure: "Figure") -> Preset:
    """The list of a figure; one with conditions of its own is named after the figure."""
    from services.saved_views import OWN
    from services.today_targets import preset_of
    from services.today_texts import say_target

    preset = preset_of(figure.target)
    return replace(preset, key=OWN, label=say_target(figure)) if preset.own else preset
