"""Compares other terminal tables with this program on the same clients.

    python -m benchmarks.peers [--clients N] [--database FILE] [--rounds 10]

All programs show the columns of the client list, sorted by name, from an SQLite file. Textual's own table
gets a tenth of the clients, since loading all takes minutes. Every program runs in a pseudo-terminal of
80x24. First paint is the time from the launch to the first row. A key is measured to the last byte of the
first frame with changed rows, a search and a sort to that of the frame with the expected row: the search is
for one name far down the list, and the sort is by company.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.command import data_of, parser_of
from benchmarks.data import EPICEVENTS, Data
from benchmarks.keys import LIST, has_rows, shows_today
from benchmarks.measuring import Series
from benchmarks.people import People, extract
from benchmarks.printing import number, print_machine, print_table
from benchmarks.terminal import (
    DOWN,
    END,
    ENTER,
    ESCAPE,
    EVERYWHERE,
    HOME,
    PAGE_DOWN,
    Area,
    Terminal,
    environment,
    program,
)

PATIENCE: Final = 300.0
"""Seconds; Textual's own table needs minutes."""
STOCK_SHARE: Final = 10

Shows = Callable[[Terminal], bool]


@dataclass(frozen=True)
class Peer:
    """A program, and its keys for the same actions."""

    name: str
    command: Sequence[str]
    outside: dict[str, str]
    people: People
    ready: Shows
    area: Area
    down: str
    end: str
    home: str
    opens_search: str
    """Before the text."""
    runs_search: str
    """After the text; nothing where one searches as one types."""
    leaves_search: str
    sort: str
    starts_elsewhere: bool = False
    """Whether the list is a key away from the first screen."""


def peers(data: Data) -> Iterator[Peer]:
    """All programs."""
    everybody = extract(data, data.many, -1)
    some = extract(data, data.many, max(data.clients // STOCK_SHARE, 1_000))
    outside = environment(data.home())
    rows: Area = (slice(1, 20), slice(0, 40))  # without VisiData's status line
    ours = data.place(data.many)
    yield Peer(
        "epicevents", EPICEVENTS, ours.environment, everybody, has_rows, LIST, DOWN, END, HOME, "/", "",
        ESCAPE * 2, "s2", starts_elsewhere=True,
    )  # fmt: skip
    for name, module, people in (
        ("textual-fastdatatable", "fast_table", everybody),
        (f"Textual DataTable, {max(data.clients // STOCK_SHARE, 1_000):,}", "stock_table", some),
    ):
        command = program(f"floors.{module}", str(people.file))
        yield Peer(
            name, command, outside, people, shows_row(people.first), EVERYWHERE, DOWN, "\x1b[1;5F",
            "\x1b[1;5H", "/", ENTER, ESCAPE, "s",
        )  # fmt: skip
    command = [sys.executable, "-m", "visidata", "-f", "sqlite", str(everybody.file), "+:people::"]
    yield Peer(
        "VisiData", command, outside, everybody, shows_row(everybody.first), rows, "j", "G", "gg", "/",
        ENTER, "gg", "l[",
    )  # fmt: skip


def shows_row(text: str) -> Shows:
    """Whether a row shows the text; the header and the search field do not count."""

    def shows(terminal: Terminal) -> bool:
        *rows, _last = terminal.text.splitlines()[1:]
        return any(text in row and not row.startswith(("▊", "│ /")) for row in rows)

    return shows


def first_row_shows(text: str) -> Shows:
    """Whether one of the first rows shows the text."""
    return lambda terminal: any(text[:15] in line for line in terminal.text.splitlines()[1:6])


@dataclass
class Found:
    """The measurements of one program."""

    first_paint: float
    memory: float
    peak: float
    down: Series
    page: Series
    end: float
    search: float
    sort: float


def measure(peer: Peer, rounds: int) -> Found:
    """Measure one program from its launch to its end."""
    with Terminal(peer.command, peer.outside) as terminal:
        if peer.starts_elsewhere:
            terminal.wait(shows_today, patience=PATIENCE)
            terminal.type("1")
        painted = terminal.wait(peer.ready, since=terminal.started, patience=PATIENCE).shown
        terminal.rest(3)
        memory, _ = terminal.memory()
        down, page = Series(), Series()
        for keys, series in ((peer.down, down), (PAGE_DOWN, page)):
            for _ in range(rounds):
                series.add(terminal.press_for_change(keys, peer.area, PATIENCE).shown)
                terminal.rest(0.3)
        end = terminal.press_for_change(peer.end, peer.area, PATIENCE).shown
        terminal.rest(1)
        terminal.press_for_change(peer.home, peer.area, PATIENCE)
        terminal.rest(1)
        search = searched(peer, terminal)
        sort = ordered(peer, terminal)
        return Found(painted, memory, terminal.memory()[1], down, page, end, search, sort)


def searched(peer: Peer, terminal: Terminal) -> float:
    """The time from typing a whole name at once to its row."""
    name = peer.people.found
    for key in peer.opens_search:
        terminal.type(key)
    shown = terminal.press(name + peer.runs_search, shows_row(name), patience=PATIENCE).shown
    for key in peer.leaves_search:
        terminal.type(key)
    terminal.wait(peer.ready, patience=PATIENCE)
    terminal.rest(2)
    return shown


def ordered(peer: Peer, terminal: Terminal) -> float:
    """The time from the sort key to the row of the first company."""
    before, last = peer.sort[:-1], peer.sort[-1]
    for key in before:
        terminal.type(key)
    known = terminal.picture(peer.area)
    is_first = first_row_shows(peer.people.company)

    def is_sorted(here: Terminal) -> bool:
        # This program sorts by folded letters, not by bytes, so another row comes first.
        return here.picture(peer.area) != known and (peer.name == "epicevents" or is_first(here))

    return terminal.press(last, is_sorted, peer.area, PATIENCE).shown


def table(data: Data, rounds: int) -> list[tuple[str, ...]]:
    """A line for each program."""
    lines: list[tuple[str, ...]] = []
    for peer in peers(data):
        found = measure(peer, rounds)
        lines.append((
            peer.name, number(found.first_paint), f"{number(found.memory)} ({number(found.peak)})",
            number(found.down.p50), number(found.page.p50), number(found.end), number(found.search),
            number(found.sort),
        ))  # fmt: skip
        print(".", end="", flush=True)
    print()
    return lines


HEADS: Final = (
    "", "first paint ms", "MiB (peak)", "down ms", "page down", "end", "search", "sort",
)  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--rounds", type=int, default=10, metavar="N")
    given = parser.parse_args()
    data = data_of(given)
    print_machine()
    try:
        print_table(HEADS, table(data, given.rounds))
    finally:
        data.close()


if __name__ == "__main__":
    main()
