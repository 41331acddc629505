"""The figures of Today, with the cursor on one of them, and what Enter opens."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

import tui.widgets.option_lists  # noqa: F401 - mends two faults of Textual
from models.enums import Department
from services.i18n import _
from tui.key_labels import key_of
from tui.protocols import the_app
from tui.screens.today_preview import PREVIEW_WIDTH, TodayPreview
from tui.widgets.painting import UnchangedHorizontal
from tui.widgets.text_cells import fit

if TYPE_CHECKING:
    from services.today import Figure, Today
    from services.today_layout import Line

_NARROWEST = 20


class TodayPanel(Vertical):
    """The blocks of figures one below the other; on a wide screen, the list of the figure beside them."""

    options = getters.query_one("#today-figures", OptionList)
    note = getters.query_one("#today-note", Static)
    preview = getters.query_one(TodayPreview)

    def __init__(self) -> None:
        super().__init__()
        self.today: Today | None = None
        self._lines: list[Line] = []
        self._width = 0

    def compose(self) -> ComposeResult:
        """The figures, the list beside them, and the note below."""
        with UnchangedHorizontal(id="today-body"):
            yield OptionList(id="today-figures", markup=False)
            yield TodayPreview()
        yield Static(id="today-note", markup=False)

    def private_values(self) -> list[str]:
        """The names of events, clients and people, and the places."""
        figures = [line.figure for line in self._lines if line.figure is not None]
        shown = [figure.event for figure in figures if figure.event is not None]
        texts = [text for event in shown for text in (event.name, event.client_name, event.location)]
        return [text for text in (*texts, *(figure.name for figure in figures)) if text]

    # Drawing

    def show(self, today: "Today") -> None:
        """Show the figures; the cursor stays on its figure."""
        self.today = today
        self._draw()

    def on_resize(self, _event: events.Resize) -> None:
        """Fit the lines to the new width."""
        self.preview.display = self.size.width >= PREVIEW_WIDTH
        self.call_after_refresh(self._fit_to_width)

    def _fit_to_width(self) -> None:
        """Draw the lines, unless they were drawn for this width."""
        if self.is_mounted and self._width_of_lines() != self._width:
            self._draw()

    def _width_of_lines(self) -> int:
        """The cells of a line; 0 before the first layout."""
        room = self.options.scrollable_content_region.width
        return max(_NARROWEST, room - 2) if room else 0

    def _draw(self) -> None:
        from services.today_layout import lines_of

        if not self.is_mounted or self.today is None:
            return
        self._width = width = self._width_of_lines()
        if not width:
            return
        currency = the_app(self).crm.shared.currency
        lines = list(lines_of(self.today, currency, width, fit, cell_len))
        if lines != self._lines:
            place, before = self._place_in(lines), self._lines
            self._lines = lines
            # With the time, only what the lines open changes.
            if list(map(_drawn, lines)) != list(map(_drawn, before)):
                self.options.set_options(_option(line) for line in lines)
                self.options.highlighted = place
        self._follow_cursor()

    def _place_in(self, lines: "list[Line]") -> int | None:
        """The line of the figure under the cursor, else the nearest one."""
        here, mark = self.options.highlighted or 0, _mark_of(self.figure)
        places = [place for place, line in enumerate(lines) if line.figure is not None]
        same = [place for place in places if _mark_of(lines[place].figure) == mark]
        return next(iter(same), min(places, key=lambda place: abs(place - here), default=None))

    @on(OptionList.OptionHighlighted)
    def _follow_cursor(self) -> None:
        """Say what Enter opens; on a wide screen, show it."""
        text = Content(self._hint())
        if self.note.content != text:
            self.note.update(text)
        if self.preview.display:
            self.preview.show(self.figure)

    def _hint(self) -> str:
        from services.today_texts import say_target

        figure = self.figure
        if figure is None:
            return ""
        opened = say_target(figure)
        if not figure.target.refusal:
            opened = _("{key}: {list}").format(key=key_of(self, "today.open"), list=opened)
        return "\n".join(filter(None, (self._first_steps(), opened)))

    def _first_steps(self) -> str:
        """Where to go while no figure says anything: the first step of Gestion is the team."""
        if self.today is None or any(_says_something(line.figure) for line in self._lines):
            return ""
        if self.today.department is Department.GESTION:
            text, key = _("Nothing is to do. {key}: team, {other}: all commands."), "go.team"
        else:
            text, key = _("Nothing is to do. {key}: clients, {other}: all commands."), "go.clients"
        return text.format(key=key_of(self, key), other=key_of(self, "app.palette"))

    # The cursor

    @property
    def figure(self) -> "Figure | None":
        """The figure under the cursor."""
        place = self.options.highlighted if self.is_mounted else None
        return self._lines[place].figure if place is not None and place < len(self._lines) else None

    @property
    def _places(self) -> list[int]:
        return [place for place, line in enumerate(self._lines) if line.figure is not None]

    def move(self, step: int) -> None:
        """Move the cursor by one figure, without going round."""
        here = self.options.highlighted
        beyond = [place for place in self._places if here is None or (place - here) * step > 0]
        if beyond:
            self.options.highlighted = beyond[0] if step > 0 else beyond[-1]

    def go_first(self) -> None:
        """Move the cursor to the first figure."""
        self.options.highlighted = next(iter(self._places), None)

    def move_block(self, step: int) -> None:
        """Move the cursor to the first figure of the next block, or of the one before, round and round."""
        firsts = [place for place in self._places if self._lines[place - 1].is_heading]
        if firsts:
            here = self.options.highlighted or 0
            own = max((place for place in firsts if place <= here), default=firsts[-1])
            self.options.highlighted = firsts[(firsts.index(own) + step) % len(firsts)]


def _drawn(line: "Line") -> tuple[str, bool, object]:
    return line.text, line.is_heading, _mark_of(line.figure)


def _option(line: "Line") -> Option:
    style = "bold $text-accent" if line.is_heading else ""
    return Option(Content.styled(line.text, style), disabled=line.figure is None)


def _mark_of(figure: "Figure | None") -> tuple[object, ...] | None:
    # The conditions of a target change with the time.
    return None if figure is None else (figure.key, figure.name, figure.target.record, figure.target.agenda)


def _says_something(figure: "Figure | None") -> bool:
    if figure is None:
        return False
    return bool(figure.number or figure.event or any(point.number for point in figure.points))
