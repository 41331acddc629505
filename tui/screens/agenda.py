"""The agenda above the events: the events of a day, a week or a month, and their conflicts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList

from models.enums import Department, RecordKind
from models.read_models import EventRead
from services import rights
from services.agenda import FIRST_DAY, LAST_DAY, Agenda, AgendaFilter, View, Whose, read_agenda
from services.agenda_texts import FILTERS, say_filter, say_period
from services.i18n import N_, _
from services.record_fields import FieldKind
from services.rights import Action
from tui.key_labels import HELP_BY_SIGN
from tui.places import AgendaPlace, Origin
from tui.protocols import the_app
from tui.runtime.stylesheets import path_beside
from tui.screens.agenda_follower import AgendaFollower
from tui.screens.agenda_panel import AgendaPanel
from tui.screens.base.awaited_answers import AwaitedAnswers
from tui.screens.dialogs.confirm import Dialog
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.dialogs.record_picker import PickerScreen
from tui.screens.event_form import AssignForm
from tui.screens.record_references import search_collaborators
from tui.widgets.banner import Banner
from tui.widgets.form.field_spec import Choice, FieldSpec, Picked
from tui.widgets.text_cells import drawable

_PERSON: Final = FieldSpec("person", N_("Person"), FieldKind.PICKER, search=search_collaborators(None))
_ONE_DAY: Final = timedelta(days=1)
_NEEDS_EVENT: Final = frozenset({"open", "assign", "chain"})


class AgendaScreen(Dialog[bool]):
    """Its result tells whether a form has changed something."""

    CSS_PATH = path_beside(__file__)
    BINDING_GROUP_TITLE = N_("Agenda")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", N_("Open"), priority=True, id="agenda.open", tooltip=N_("Go to the event")),
        Binding("v", "view", N_("View"), id="agenda.view", tooltip=N_("Day, week, month in turn")),
        Binding("left", "day(-1)", N_("Day before"), show=False, priority=True, id="agenda.left"),
        Binding("right", "day(1)", N_("Day after"), show=False, priority=True, id="agenda.right"),
        Binding("up", "step(-1)", N_("Previous"), show=False, priority=True, id="agenda.up",
                tooltip=N_("The previous event; in a month, the previous week")),
        Binding("down", "step(1)", N_("Next"), show=False, priority=True, id="agenda.down",
                tooltip=N_("The next event; in a month, the next week")),
        Binding("pageup", "page(-1)", N_("Week or month before"), show=False, priority=True,
                id="agenda.page_up"),
        Binding("pagedown", "page(1)", N_("Week or month after"), show=False, priority=True,
                id="agenda.page_down"),
        Binding("home", "today", N_("Today"), priority=True, id="agenda.today"),
        Binding("f", "filter", N_("Filter"), id="list.filter", tooltip=N_("Choose whose events are shown")),
        Binding("a", "assign", N_("Assign"), id="record.assign", tooltip=N_("Assign the event")),
        Binding("c", "chain", N_("Chain"), id="record.chain", tooltip=N_("What is done and what is missing")),
        Binding("ctrl+r", "reload", N_("Refresh"), show=False, id="section.reload"),
        Binding("escape,A", "close", N_("Back"), id="agenda.back"),
        HELP_BY_SIGN,
    ]  # fmt: skip
    AUTO_FOCUS = "OptionList"

    panel = getters.query_one(AgendaPanel)

    def __init__(self, place: AgendaPlace, seen: Callable[[bool | None], None]) -> None:
        super().__init__(_("Agenda"))
        self._seen = seen
        self._place = place
        self._agenda: Agenda | None = None
        self._period: tuple[date, date] | None = None
        self._is_changed = False
        self._awaited = AwaitedAnswers(self)
        self.follower = AgendaFollower(self, self.action_reload)

    @property
    def holds_keys(self) -> bool:
        """While the events are read, so that no key acts on those before."""
        return self._awaited.is_due

    def body(self) -> ComposeResult:
        """The line about trouble, and the events."""
        yield Banner()
        yield AgendaPanel()

    def on_mount(self) -> None:
        """Read the events, now and when somebody else has written."""
        self._read()
        self.follower.start()

    # Reading

    def action_reload(self) -> None:
        """Read the events again; the cursor stays on its event."""
        self._place = self._place_of_cursor()
        self._read()

    def _place_of_cursor(self) -> AgendaPlace:
        if self._agenda is None:
            return self._place
        entry = self.panel.entry
        event_id = None if entry is None else entry.event.id
        return replace(self._place, day=self.panel.day, event_id=event_id)

    def _read(self) -> None:
        app, asked, period = the_app(self), asked_at(self._place), self._period_of_place()
        self._awaited.run(
            lambda: read_agenda(app.crm, app.actor, *period, asked),
            then=lambda found: self._show(period, found),
            failed=lambda error: app.handle(error, self._read),
            group="agenda",
        )

    def _period_of_place(self) -> tuple[date, date]:
        if self._place.day is None:
            today = the_app(self).crm.database.clock.estimate().astimezone().date()
            self._place = replace(self._place, day=today)
        assert self._place.day is not None, "today by default"
        return View(self._place.view).days_around(self._place.day)

    def _show(self, period: tuple[date, date], found: Agenda) -> None:
        self._period, self._agenda = period, found
        place, view = self._place, View(self._place.view)
        whose = drawable(place.name) or say_filter(asked_at(place))
        parts = (self.dialog_title, say_period(view, *period), whose)
        self.panel.person = place.name
        self.query_one(".dialog").border_title = Content(" · ".join(parts))
        self.panel.show(found, view, place.day or period[0], place.event_id)
        self.follower.has_read()

    # The place

    def _go(self, place: AgendaPlace) -> None:
        """Show a place; read its period unless it is shown."""
        self._place = place
        if self._agenda is not None and self._period == self._period_of_place():
            self._show(self._period, self._agenda)
        else:
            self._read()

    def action_day(self, days: int) -> None:
        """Go some days on."""
        self._go(moved(self._place_of_cursor(), days))

    def action_step(self, step: int) -> None:
        """Go to the next event; in a month, to the next week."""
        if self._place.view == View.MONTH:
            self.action_day(7 * step)
        else:
            self.panel.action_move(step)

    def action_page(self, step: int) -> None:
        """Go to the next week; in a month, to the next month."""
        self._go(turned(self._place_of_cursor(), step))

    def action_today(self) -> None:
        """Go to today."""
        self._go(replace(self._place, day=None, event_id=None))

    def action_view(self) -> None:
        """Show the day, the week or the month in turn."""
        views = [*View, View.DAY]
        following = views[views.index(View(self._place.view)) + 1]
        self._place = replace(self._place_of_cursor(), view=following)
        self._read()

    def action_filter(self) -> None:
        """Choose whose events are shown."""

        def narrow(asked: AgendaFilter) -> None:
            here = self._place_of_cursor()
            self._place = replace(here, whose=asked.whose, username=asked.username, name="")
            self._read()

        choose_filter(self, asked_at(self._place), narrow)

    # Keys

    def refusal_for(self, action: str) -> str | None:
        """Why a key does nothing here, translated."""
        if action not in _NEEDS_EVENT:
            return None
        if action == "assign":
            reason = rights.refusal(the_app(self).viewer.department, Action.EVENT_ASSIGN)
            if reason is not None:
                return _(reason)
        return None if self.panel.entry is not None else _("There is no event on this line.")

    def is_at_home(self, action: str) -> bool:
        """Every key is shown."""
        return True

    def _event_for(self, action: str) -> EventRead | None:
        """The event under the cursor; say why if the key does nothing."""
        reason, entry = self.refusal_for(action), self.panel.entry
        if reason is not None or entry is None:
            the_app(self).refuse(reason or "")
            return None
        return entry.event

    @on(OptionList.OptionSelected)
    def action_open(self) -> None:
        """Go to the event in its section; Esc there comes back to the agenda."""
        event = self._event_for("open")
        if event is None:
            return
        navigator, place, seen = the_app(self).navigator, self._place_of_cursor(), self._seen
        origin = Origin(RecordKind.EVENT, event.id, _("Agenda"))
        navigator.open_record(RecordKind.EVENT, event.id, origin, lambda: navigator.show_agenda(place, seen))

    def action_assign(self) -> None:
        """Choose the support contact of the event."""
        event = self._event_for("assign")
        if event is not None:
            self.app.push_screen(AssignForm(event), self._saved)

    def action_chain(self) -> None:
        """Show the chain of the event."""
        event = self._event_for("chain")
        if event is not None:
            the_app(self).navigator.show_chain(RecordKind.EVENT, event.id, self._seen_chain)

    def _saved(self, record: EventRead | None) -> None:
        if record is not None:
            the_app(self).say(_("Saved."))
            self._seen_chain(is_changed=True)

    def _seen_chain(self, is_changed: bool | None) -> None:
        if is_changed:
            self._is_changed = True
            self.action_reload()

    def action_close(self) -> None:
        """Go back to the list."""
        self.dismiss(self._is_changed)


def asked_at(place: AgendaPlace) -> AgendaFilter:
    """Whose events a place shows."""
    return AgendaFilter(Whose(place.whose), place.username)


def moved(place: AgendaPlace, days: int) -> AgendaPlace:
    """The place some days on, at most at the end of the calendar."""
    earliest, latest = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
    number = (place.day or FIRST_DAY).toordinal() + days
    return replace(place, day=date.fromordinal(min(max(number, earliest), latest)), event_id=None)


def turned(place: AgendaPlace, step: int) -> AgendaPlace:
    """The place a week on; in a month, on the same day of the next month, or on its last."""
    if place.day is None or place.view != View.MONTH:
        return moved(place, 7 * step)
    first, last = View.MONTH.days_around(place.day)
    there, end = View.MONTH.days_around(last + _ONE_DAY if step > 0 else first - _ONE_DAY)
    return replace(place, day=min(there + (place.day - first), end), event_id=None)


def choose_filter(screen: Screen[Any], asked: AgendaFilter, narrow: Callable[[AgendaFilter], None]) -> None:
    """Let the person choose whose events are shown; only Gestion may look up people."""
    department = the_app(screen).viewer.department
    keys = [key for key in FILTERS if key is not Whose.MINE or department is not Department.GESTION]
    choices = [Choice(key, _(FILTERS[key])) for key in keys]
    if rights.refusal(department, Action.COLLABORATOR_READ) is None:
        choices.append(Choice(Whose.PERSON, _("A person…"), asked.username))

    def picked(person: Picked | None) -> None:
        if person is not None:
            narrow(AgendaFilter(Whose.PERSON, person.note))

    def chosen(key: str | None) -> None:
        if key == Whose.PERSON:
            screen.app.push_screen(PickerScreen(_PERSON), picked)
        elif key is not None:
            narrow(AgendaFilter(Whose(key)))

    screen.app.push_screen(ChoiceScreen(_("Filter"), choices, asked.whose), chosen)
