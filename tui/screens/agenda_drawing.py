"""The lines of the agenda, the note below them, and the grid of a month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from services import formats, time_zones
from services.agenda import Agenda, Entry
from services.agenda_texts import CONFLICT_MARK, say_hours, say_reasons, say_support
from services.i18n import _
from services.scheduling_texts import say_gaps
from tui.widgets.text_cells import drawable, fit

_WARNING: Final = "$text-error bold"
_WIDE: Final = 72
"""The cells behind the hours from which on a line shows the location; from ``_NARROW`` on, the person."""
_NARROW: Final = 34
_SUPPORT: Final = 16
_HOURS: Final = 13
_SMALL_CELL: Final = 9
_WEEK: Final = 7


@dataclass(frozen=True)
class Line:
    """A line of the list: an event on a day, the heading of a day, or a day without an event."""

    day: date
    entry: Entry | None = None
    is_heading: bool = False


def lines_of(agenda: Agenda, days: Sequence[date]) -> list[Line]:
    """The events of the days; several days have headings."""
    found: list[Line] = []
    for day in days:
        entries = agenda.days.get(day, ())
        if entries and len(days) > 1:
            found.append(Line(day, is_heading=True))
        found += [Line(day, entry) for entry in entries] or [Line(day)]
    return found


class LineVisual(Visual):
    """A line that is drawn when it is in sight: a week may have hundreds, each of which takes 0.2 ms.

    ``hours`` is the width of the column of the hours. ``is_alone``: the list is that of one day.
    """

    def __init__(self, line: Line, hours: int, *, is_alone: bool) -> None:
        self._line = line
        self._hours = hours
        self._is_alone = is_alone

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """The line in this width."""
        return self.draw(width).render_strips(width, height, style, options)

    def get_optimal_width(self, _rules: RulesMap, container_width: int) -> int:
        """All there is."""
        return container_width

    def get_height(self, _rules: RulesMap, _width: int) -> int:
        """One row."""
        return 1

    def draw(self, width: int) -> Content:
        """The line with its style; user text in it is no markup."""
        line = self._line
        if line.entry is not None:
            return _draw_event(line.entry, line.day, self._hours, width)
        day = formats.say_date(line.day)
        if line.is_heading:
            return Content.styled(fit(day, width), "bold $text-accent")
        empty = _("{day}: no event").format(day=day)
        return Content(fit(_("No event on this day. ← →: another day") if self._is_alone else empty, width))


def hours_width(lines: Iterable[Line]) -> int:
    """The width of the column of the hours, with the zone if one of the lines names it."""
    zones = {line.entry.event.time_zone for line in lines if line.entry is not None}
    return _HOURS + max((time_zones.zone_width(time_zones.event_zone(each)) for each in zones), default=0)


def _draw_event(entry: Entry, day: date, hours: int, width: int) -> Content:
    event, rest = entry.event, width - hours - 2
    parts = [event.name]
    widths = [rest]
    if rest >= _WIDE:
        place = (rest - _SUPPORT - 4) * 2 // 5
        parts += [say_support(event), event.location]
        widths = [rest - _SUPPORT - place - 4, _SUPPORT, place]
    elif rest >= _NARROW:
        parts += [say_support(event)]
        widths = [rest - _SUPPORT - 2, _SUPPORT]
    mark = CONFLICT_MARK if entry.has_conflict else " "
    texts = "  ".join(fit(text, max(1, cells)) for text, cells in zip(parts, widths, strict=True))
    return Content.assemble(fit(say_hours(event, day), hours), (mark, "bold"), " ", texts)


def draw_note(entry: Entry | None) -> Content:
    """All of an event that its line cuts: times, people, place, conflicts and gaps."""
    if entry is None:
        return Content("")
    event = entry.event
    when = formats.show_event_period(event.start, event.end, event.time_zone)
    facts = [event.client_name, say_support(event), event.location]
    conflicts = [(f"{CONFLICT_MARK} {drawable(reason)}\n", _WARNING) for reason in say_reasons(entry)]
    gaps = [] if entry.availability is None else say_gaps(entry.availability)
    return Content.assemble(
        (f"{drawable(event.name)}\n", "bold $foreground"),
        *conflicts,
        f"{when} · {' · '.join(drawable(fact) for fact in facts if fact)}",
        *(f"\n{drawable(gap)}" for gap in gaps),
    )


# The grid of a month


@dataclass(frozen=True)
class Grid:
    """The size of the cells of a month: ``rows`` are those of a day."""

    width: int
    rows: int

    @classmethod
    def within(cls, width: int, height: int, weeks: int) -> "Grid":
        """The largest grid that leaves room for the list of a day."""
        return cls(max(4, width // _WEEK), min(4, max(1, (height - 12) // weeks)))


def weeks_of(first: date, last: date) -> list[list[date | None]]:
    """The weeks of a month from Monday to Sunday; ``None`` for the days of other months."""
    monday = first - timedelta(days=first.weekday())
    days = [monday + timedelta(days=n) for n in range((last - monday).days + 1)]
    padded = [day if day >= first else None for day in days] + [None] * (-len(days) % _WEEK)
    return [padded[start : start + _WEEK] for start in range(0, len(padded), _WEEK)]


def draw_month(
    days: Mapping[date, Sequence[Entry]], weeks: Sequence[Sequence[date | None]], chosen: date, grid: Grid
) -> Content:
    """The weekdays above the days, each with the number of its events, and a mark if one has a conflict."""
    known = [day for day in weeks[1] if day is not None]
    heads = "".join(fit(f" {formats.short_weekday(day)}", grid.width) for day in known)
    rows: list[Content] = [Content.styled(heads, "$text-muted")]
    for week in weeks:
        for row in range(grid.rows):
            cells = (_draw_cell(days, day, row, grid.width, is_chosen=day == chosen) for day in week)
            rows.append(Content("").join(cells))
    return Content("\n").join(rows)


def _draw_cell(
    days: Mapping[date, Sequence[Entry]], day: date | None, row: int, width: int, *, is_chosen: bool
) -> Content:
    entries = () if day is None else days.get(day, ())
    if day is None:
        return Content(" " * width)
    style = "reverse bold" if is_chosen else ""
    if row:
        # The last row stands for those that have no row of their own.
        text = entries[row - 1].event.name if row <= len(entries) else ""
        return Content.assemble((fit(f" {text}", width - 1), style), " ")
    has_conflict = any(entry.has_conflict for entry in entries)
    mark = CONFLICT_MARK if has_conflict else ""
    count = f" ({len(entries)}){mark}" if width >= _SMALL_CELL else (mark or "·")
    text = f"{'▸' if is_chosen else ' '}{day.day:2}{count if entries else ''}"
    marked = style or (_WARNING if has_conflict else "" if entries else "$text-muted")
    return Content.assemble((fit(text, width - 1), marked), " ")
