"""The body of the agenda: the month above the events of a day or a week, and what their lines leave out."""

from collections.abc import Sequence
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
from services.i18n import N_, _
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
from tui.screens.agenda_grid import AgendaGrid
from tui.screens.agenda_layout import Column, columns_of_day, columns_of_week

_ONE_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_GRID_NOTE: Final = 6
"""The rows of the note below the grid, always as many, so that the grid does not jump."""
_LOWEST_NOTE: Final = 16
"""The rows of a terminal from which on there is room for the note."""


class AgendaPanel(Vertical):
    """Shows one period, with the cursor on an event, or on a day without one."""

    BINDING_GROUP_TITLE = N_("Agenda")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "move(-1)", N_("Previous event"), show=False, id="agenda.previous"),
        Binding("j", "move(1)", N_("Next event"), show=False, id="agenda.next"),
    ]

    grid = getters.query_one("#agenda-grid", AgendaGrid)
    options = getters.query_one("#agenda-events", OptionList)
    month = getters.query_one("#agenda-month", Static)
    note = getters.query_one("#agenda-note", Static)

    def __init__(self) -> None:
        super().__init__()
        self._agenda: Agenda | None = None
        self._view = View.WEEK
        self._day = date.min
        self._event_id: int | None = None
        self.person = ""
        """The name of the one whose agenda it is, if the title has it."""
        self._lines: list[Line] = []
        self._columns: Sequence[Column] = ()

    def compose(self) -> ComposeResult:
        """The parts, of which a view shows some."""
        month = Static(id="agenda-month", markup=False)
        month.display = False
        yield month
        grid = AgendaGrid(id="agenda-grid")
        grid.display = False
        yield grid
        yield OptionList(id="agenda-events", markup=False)
        yield Static(id="agenda-note", markup=False)

    def private_values(self) -> list[str]:
        """The names of the events, of their clients and people, and the places."""
        shown = [] if self._agenda is None else [entry.event for entry in self._agenda.entries]
        texts = [
            text
            for event in shown
            for text in (event.name, event.client_name, event.support_contact_name, event.location)
        ]
        return [text for text in (*texts, self.person) if text]

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
        """Go to the next event, without going round; in a list also to a day without one."""
        is_grid = bool(self._columns)
        shown = [
            n for n, line in enumerate(self._lines)
            if line.entry is not None or not (is_grid or line.is_heading)
        ]  # fmt: skip
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
        self._columns = self._columns_of_grid(days)
        self._choose_body()

    def _columns_of_grid(self, days: Sequence[date]) -> Sequence[Column]:
        """The columns of the grid of hours; none in a month, and where there is no room for them."""
        agenda = self._agenda
        if agenda is None or self._view is View.MONTH or agenda.left_out:
            return ()
        lines = enumerate(self._lines)
        places = {(line.day, line.entry.event.id): n for n, line in lines if line.entry is not None}
        if self._view is View.WEEK:
            found = columns_of_week(agenda, days, places)
        else:
            found = columns_of_day(agenda, self._day, places, _("no support"))
        room = self.size.height - _GRID_NOTE
        return found if AgendaGrid.fits(self.size.width, room, len(found)) else ()

    def _choose_body(self) -> None:
        """Show the grid or the list; the keys go to the one that is shown."""
        is_grid = bool(self._columns)
        has_focus = self.screen.focused in (None, self.options, self.grid)
        self.grid.display, self.options.display = is_grid, not is_grid
        self.note.set_class(is_grid, "-under-grid")
        if is_grid:
            self.grid.show(self._columns, *self._cursor_of_grid())
        if has_focus:
            (self.grid if is_grid else self.options).focus()

    def _cursor_of_grid(self) -> tuple[int | None, Column | None]:
        """The place of the event under the cursor, or the column of a day without one."""
        if self.entry is not None:
            return self.options.highlighted, None
        return None, next((each for each in self._columns if each.day == self.day), None)

    def _draw_lines(self, left_out: int) -> None:
        hours, is_alone = hours_width(self._lines), self._view is not View.WEEK
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
        places = {n: line.entry.event.id for n, line in enumerate(self._lines) if line.entry is not None}
        asked = [n for n, event_id in places.items() if event_id == self._event_id]
        # Its own day first; another one if a colleague has moved it.
        return next(iter([*(n for n in asked if n in own), *asked, *own]), 0)

    @on(AgendaGrid.Clicked)
    def _clicked(self, event: AgendaGrid.Clicked) -> None:
        """A click moves the cursor; one on the event under it opens that event."""
        if self.options.highlighted == event.index:
            self.options.action_select()
        self.options.highlighted = event.index

    @on(OptionList.OptionHighlighted)
    def _show_note(self) -> None:
        self.note.update(draw_note(self.entry))
        if self._columns:
            self.grid.move_to(*self._cursor_of_grid())
        self.screen.refresh_bindings()
