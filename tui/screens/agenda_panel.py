"""The body of the agenda: the month above the events of a day or a week, and what their lines leave out."""

from datetime import date, timedelta
from typing import ClassVar, Final

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

import tui.widgets.option_lists  # noqa: F401 - mends two faults of Textual
from services.agenda import Agenda, Entry, View
from services.agenda_texts import say_left_out
from services.i18n import N_
from tui.screens.agenda_drawing import (
    Grid,
    Line,
    LineVisual,
    draw_month,
    draw_note,
    hours_width,
    lines_of,
    weeks_of,
)

_ONE_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_LOWEST_NOTE: Final = 16
"""The rows of a terminal from which on there is room for the note."""


class AgendaPanel(Vertical):
    """Shows one period, with the cursor on an event, or on a day without one."""

    BINDING_GROUP_TITLE = N_("Agenda")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "move(-1)", N_("Previous event"), show=False, id="agenda.previous"),
        Binding("j", "move(1)", N_("Next event"), show=False, id="agenda.next"),
    ]

    options = getters.query_one("#agenda-events", OptionList)
    month = getters.query_one("#agenda-month", Static)
    note = getters.query_one("#agenda-note", Static)

    def __init__(self) -> None:
        super().__init__()
        self._agenda: Agenda | None = None
        self._view = View.WEEK
        self._day = date.min
        self._event_id: int | None = None
        self._lines: list[Line] = []

    def compose(self) -> ComposeResult:
        """The three parts."""
        month = Static(id="agenda-month", markup=False)
        month.display = False
        yield month
        yield OptionList(id="agenda-events", markup=False)
        yield Static(id="agenda-note", markup=False)

    def private_values(self) -> list[str]:
        """The names of the events, of their clients and people, and the places."""
        shown = [] if self._agenda is None else [entry.event for entry in self._agenda.entries]
        return [
            text
            for event in shown
            for text in (event.name, event.client_name, event.support_contact_name, event.location)
            if text
        ]

    def show(self, agenda: Agenda, view: View, day: date, event_id: int | None) -> None:
        """Show the period of a day, with the cursor on the event, else on the first one of the day."""
        self._agenda, self._view, self._day, self._event_id = agenda, view, day, event_id
        self._draw()

    @property
    def day(self) -> date:
        """The day under the cursor."""
        line = self._line
        return self._day if line is None else line.day

    @property
    def entry(self) -> Entry | None:
        """The event under the cursor."""
        line = self._line
        return None if line is None else line.entry

    @property
    def _line(self) -> Line | None:
        place = self.options.highlighted if self.is_mounted else None
        return self._lines[place] if place is not None and place < len(self._lines) else None

    def action_move(self, step: int) -> None:
        """Go to the next event of the list, without going round."""
        shown = [n for n, line in enumerate(self._lines) if not line.is_heading]
        here = self.options.highlighted
        beyond = [n for n in shown if here is None or (n - here) * step > 0]
        if beyond:
            self.options.highlighted = beyond[0] if step > 0 else beyond[-1]

    # Drawing

    def on_resize(self, _event: events.Resize) -> None:
        """Fit everything to the new size."""
        self.call_after_refresh(self._draw_again)

    def _draw_again(self) -> None:
        if self.is_mounted and self._agenda is not None:
            entry = self.entry
            self._day, self._event_id = self.day, None if entry is None else entry.event.id
            self._draw()

    def _draw(self) -> None:
        assert self._agenda is not None, "drawn once it is shown"
        self.note.display = self.screen.size.height >= _LOWEST_NOTE
        self.month.display = self._view is View.MONTH
        first, last = self._view.days_around(self._day)
        if self._view is View.MONTH:
            weeks = weeks_of(first, last)
            grid = Grid.within(self.size.width, self.size.height, len(weeks))
            self.month.update(draw_month(self._agenda.days, weeks, self._day, grid))
        is_week = self._view is View.WEEK
        days = [first + _ONE_DAY * n for n in range(_WEEK)] if is_week else [self._day]
        self._lines = lines_of(self._agenda, days)
        self._draw_lines(self._agenda.left_out)

    def _draw_lines(self, left_out: int) -> None:
        hours, is_alone = hours_width(), self._view is not View.WEEK
        self.options.set_options(
            Option(LineVisual(line, hours, is_alone=is_alone), disabled=line.is_heading)
            for line in self._lines
        )
        if left_out:
            self.options.add_option(Option(Content(say_left_out(left_out)), disabled=True))
        self.options.highlighted = self._place_to_stand()
        self._show_note()

    def _place_to_stand(self) -> int:
        own = [n for n, line in enumerate(self._lines) if line.day == self._day and not line.is_heading]
        asked = [n for n in own if (entry := self._lines[n].entry) and entry.event.id == self._event_id]
        return next(iter([*asked, *own]), 0)

    @on(OptionList.OptionHighlighted)
    def _show_note(self) -> None:
        self.note.update(draw_note(self.entry))
        self.screen.refresh_bindings()
