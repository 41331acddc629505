"""Where the events of a grid of hours stand: rows for the hours of a day, lanes for events at one time.

Rows are counted from the top of a column. The hours of the working day have tall rows, the others low ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from services import formats
from services.agenda import Agenda, Entry
from services.time_zones import local_midnight

_BANDS: Final = ((0, 480), (480, 1200), (1200, 1440))
"""The minutes of the day from and to which the rows are of one height."""
_SIZES: Final = ((240, 30, 60), (480, 30, 120), (240, 60, 60), (480, 60, 120))
"""The minutes of a row in each of these bands, the finest first."""
_NARROWEST: Final = 8
"""The cells of a lane in which the start of an event is readable, with its edge and mark."""
_FEWEST_LANES: Final = 2


@dataclass(frozen=True)
class Scale:
    """The rows of a day; ``sizes`` are the minutes of a row before 8:00, until 20:00, and after it."""

    sizes: tuple[int, int, int]

    @classmethod
    def within(cls, rows: int) -> "Scale | None":
        """The finest scale for so many rows; ``None`` if they are too few for a grid."""
        return next((scale for scale in map(cls, _SIZES) if scale.rows <= rows), None)

    @property
    def rows(self) -> int:
        """The rows of a whole day."""
        return sum((end - begin) // size for (begin, end), size in zip(_BANDS, self.sizes, strict=True))

    def row_of(self, minute: int) -> int:
        """The row in which a minute of the day is."""
        bands = zip(_BANDS, self.sizes, strict=True)
        return sum((min(minute, end) - begin) // size for (begin, end), size in bands if minute >= begin)

    def labels(self) -> list[str]:
        """The hour that begins with each row: ``08:00``; empty for a half hour."""
        bands = zip(_BANDS, self.sizes, strict=True)
        minutes = [minute for (begin, end), size in bands for minute in range(begin, end, size)]
        return ["" if minute % 60 else f"{minute // 60:02}:00" for minute in minutes]


@dataclass(frozen=True)
class Spot:
    """An event in a column: its place in the list of the agenda, and its rows, the last one excluded."""

    index: int
    entry: Entry
    top: int
    bottom: int


@dataclass(frozen=True)
class Block:
    """One event in a lane of a column, or several that share the last lane for lack of room."""

    spots: Sequence[Spot]
    lane: int
    lanes: int

    @property
    def top(self) -> int:
        """The first row."""
        return min(spot.top for spot in self.spots)

    @property
    def bottom(self) -> int:
        """The row after the last one."""
        return max(spot.bottom for spot in self.spots)


@dataclass(frozen=True)
class Column:
    """A column of the grid: a day, or a person on that day. ``entries`` are by their place in the list."""

    heading: str
    day: date
    entries: Mapping[int, Entry]

    @cached_property
    def whole_days(self) -> list[int]:
        """The events that last from one midnight to the next, or longer; they stand above the hours."""
        begins, ends = local_midnight(self.day), local_midnight(self.day + timedelta(days=1))
        return [
            index for index, entry in self.entries.items()
            if entry.event.start <= begins and entry.event.end >= ends
        ]  # fmt: skip

    def blocks(self, scale: Scale, width: int) -> list[Block]:
        """The other events as blocks, in a column of so many cells."""
        above = frozenset(self.whole_days)
        spots = [
            Spot(index, entry, *_rows_of(entry, self.day, scale))
            for index, entry in self.entries.items()
            if index not in above
        ]
        most = max(_FEWEST_LANES, width // _NARROWEST)
        return [block for cluster in _clusters(spots) for block in _in_lanes(cluster, most)]


def columns_of_week(
    agenda: Agenda, days: Sequence[date], places: Mapping[tuple[date, int], int]
) -> list[Column]:
    """A column for each day. ``places`` are those of the events of each day in the list."""
    return [
        Column(
            f"{formats.short_weekday(day)} {formats.show_date(day)}", day,
            {places[day, each.event.id]: each for each in agenda.days.get(day, ())},
        )
        for day in days
    ]  # fmt: skip


def columns_of_day(
    agenda: Agenda, day: date, places: Mapping[tuple[date, int], int], nobody: str
) -> list[Column]:
    """A column for each person who runs an event of the day, by name; the events of nobody come last."""
    by_person: dict[str, dict[int, Entry]] = {}
    for entry in agenda.days.get(day, ()):
        person = entry.event.support_contact_name
        by_person.setdefault(person, {})[places[day, entry.event.id]] = entry
    names = sorted(by_person, key=lambda name: (not name, name.casefold()))
    return [Column(name or nobody, day, by_person[name]) for name in names]


def _rows_of(entry: Entry, day: date, scale: Scale) -> tuple[int, int]:
    """The first row, and the row after the last one."""
    start = entry.event.start.astimezone()
    last = (entry.event.end - timedelta(minutes=1)).astimezone()
    top = scale.row_of(start.hour * 60 + start.minute) if start.date() >= day else 0
    bottom = scale.row_of(last.hour * 60 + last.minute) if last.date() <= day else scale.rows - 1
    # In the repeated hour of autumn, the clocks may show an earlier time at the end.
    return top, max(top, bottom) + 1


def _clusters(spots: Iterable[Spot]) -> list[list[Spot]]:
    """Groups of events of which each shares a row with another one of its group."""
    found: list[list[Spot]] = []
    bottom = -1
    for spot in sorted(spots, key=lambda each: (each.top, -each.bottom, each.index)):
        if spot.top >= bottom:
            found.append([])
            bottom = spot.bottom
        found[-1].append(spot)
        bottom = max(bottom, spot.bottom)
    return found


def _in_lanes(cluster: Sequence[Spot], most: int) -> list[Block]:
    """The events of a group side by side; in the last lane those that overlap each other are one block."""
    ends: list[int] = []
    lanes: list[list[Spot]] = []
    for spot in cluster:
        lane = next((n for n, end in enumerate(ends) if end <= spot.top), len(ends))
        if lane == len(ends):
            ends.append(0)
            lanes.append([])
        ends[lane] = spot.bottom
        lanes[lane].append(spot)
    if len(lanes) <= most:
        return [Block([spot], n, len(lanes)) for n, lane in enumerate(lanes) for spot in lane]
    free = [Block([spot], n, most) for n, lane in enumerate(lanes[: most - 1]) for spot in lane]
    rest = _clusters(spot for lane in lanes[most - 1 :] for spot in lane)
    return free + [Block(sorted(group, key=lambda spot: spot.index), most - 1, most) for group in rest]
