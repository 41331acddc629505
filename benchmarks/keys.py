"""Compares keys in the list of clients with the minimum cost of a key in Textual, and with its own table.

    python -m benchmarks.keys [--clients N] [--database FILE] [--rounds 40]

Each figure is the time from a key to the last byte of the frame after which the list no longer changes. Down
is measured within the window, and at its lower edge, at which all rows scroll. The floors are the repaint of
one row, the repaint of the whole screen and the echo in a field, each in a minimal application. Both sides
run concurrently in two terminals of 80x24 and get their keys in turn. The detail pane, which follows when the
cursor rests, is not waited for.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from benchmarks.command import run
from benchmarks.data import EPICEVENTS, Data
from benchmarks.measuring import Series, in_turn
from benchmarks.people import extract
from benchmarks.printing import Figure, beside, compared, number
from benchmarks.terminal import (
    DOWN,
    END,
    ENTER,
    ESCAPE,
    EVERYWHERE,
    HOME,
    PAGE_DOWN,
    UP,
    Answer,
    Area,
    Terminal,
    environment,
    program,
)  # fmt: skip

LIST: Final[Area] = (slice(4, 21), slice(0, 43))
"""The rows of the list, without the detail pane and the position in the border."""
STOCK_ROWS: Final = 1_000
TYPED: Final = ("dupont par", "garcia", "zys", "marie le", "brasserie", "electricite", "jean ma", "06 12")
"""Typical searches: frequent and rare words, with and without accents, one and several words."""


@contextmanager
def clients(data: Data) -> Iterator[Terminal]:
    """The application at the list of clients of the large database."""
    with Terminal(EPICEVENTS, data.place(data.many).environment) as terminal:
        open_clients(terminal)
        terminal.rest(1.5)  # until the positions of the list are indexed too
        yield terminal


def shows_today(terminal: Terminal) -> bool:
    """Whether the figures of Today are shown."""
    lines = terminal.text.splitlines()
    return "To do" in lines[1] and bool(lines[2].strip())


def open_clients(terminal: Terminal) -> float:
    """Go from Today to the clients; the milliseconds from the key to the rows."""
    terminal.wait(shows_today)
    return terminal.press("1", has_rows).shown


def has_rows(terminal: Terminal) -> bool:
    """Whether the list shows its rows, with the cursor on the first one."""
    lines = terminal.text.splitlines()
    return "▸" in lines[4] and bool(lines[20][1:43].strip()) and "Name" in lines[3]


def key(terminal: Terminal, keys: str, area: Area = LIST, *, back: str = "") -> Callable[[], float]:
    """A work for :func:`in_turn` that presses the key; ``back`` is pressed afterwards, unmeasured."""

    def press() -> float:
        answer = terminal.press_for_change(keys, area)
        terminal.rest(0.25)
        if back:
            terminal.type(back)
        return answer.settled

    return press


def rows(data: Data, rounds: int) -> Iterator[Figure]:
    """One row down, one page down."""
    with ExitStack() as stack:
        home, people = data.home(), extract(data, data.many, STOCK_ROWS)
        floor = stack.enter_context(Terminal(program("floors.lines"), environment(home)))
        stock = stack.enter_context(
            Terminal(program("floors.stock_table", str(people.file)), environment(home))
        )
        ours = stack.enter_context(clients(data))
        for other in (floor, stock):
            other.rest(1)
        down = in_turn(
            rounds,
            {
                "floor": key(floor, DOWN, EVERYWHERE),
                "ours": key(ours, DOWN, back=UP),
                "stock": key(stock, DOWN, EVERYWHERE, back=UP),
            },
        )
        yield compared("key down", down["floor"], down["ours"], at_most=1.6)
        yield beside("key down, beside Textual's own table of 1 k", down["stock"], down["ours"])
        ours.type(DOWN * len(range(*LIST[0].indices(24))))  # to the last row in sight
        edge = in_turn(rounds // 2, {"floor": key(floor, PAGE_DOWN, EVERYWHERE), "ours": key(ours, DOWN)})
        yield beside(
            "key down at the lower edge, where all rows scroll, beside a full repaint",
            edge["floor"], edge["ours"],
        )  # fmt: skip
        ours.type(HOME)
        page = in_turn(
            min(rounds, STOCK_ROWS // 24),
            {
                "floor": key(floor, PAGE_DOWN, EVERYWHERE),
                "ours": key(ours, PAGE_DOWN),
                "stock": key(stock, PAGE_DOWN, EVERYWHERE),
            },
        )
        yield compared("page down", page["floor"], page["ours"], at_most=2)
        yield quicker("page down, beside Textual's own table of 1 k", page["stock"], page["ours"], at_least=5)


def quicker(what: str, theirs: Series, ours: Series, *, at_least: float) -> Figure:
    """The factor by which ours is faster."""
    figure = beside(what, theirs, ours)
    times = theirs.p50 / ours.p50
    return Figure(
        what, figure.reference, figure.ours, f"1 / {number(times)}", f"≥ {at_least:g} × quicker",
        times >= at_least,
    )  # fmt: skip


def jumps(data: Data, rounds: int) -> Iterator[Figure]:
    """Jumps to the end, to the first row and to the middle, compared with a page down."""
    frames = Series()

    def middle() -> float:
        ours.type(":50%")
        answer = ours.press(ENTER, in_the_middle, LIST)
        frames.add(answer.frames)
        ours.rest(0.25)
        return answer.settled

    with clients(data) as ours:
        found = in_turn(
            rounds,
            {
                "page": key(ours, PAGE_DOWN), "end": key(ours, END), "home": key(ours, HOME),
                "middle": middle, "back": key(ours, HOME),
            },
        )  # fmt: skip
    for name, what in (("end", "end"), ("home", "home"), ("middle", "jump to the middle")):
        yield compared(what, found["page"], found[name], at_most=1.5)
    yield Figure(
        "frames of that jump", "one", f"{frames.p50:g} / {frames.p95:g}", "", "≤ 1 more", frames.worst <= 2
    )


def in_the_middle(terminal: Terminal) -> bool:
    """Whether the list shows the rows of the middle."""
    return "Go to row" not in terminal.text and "▸" in terminal.text and not has_first_row(terminal)


def has_first_row(terminal: Terminal) -> bool:
    """Whether the cursor is on the first row of the window."""
    return terminal.text.splitlines()[4][1:2] == "▸"


def search(data: Data, rounds: int) -> Iterator[Figure]:
    """Each letter of a search until its results are shown, compared with the same letter in a field."""
    echo, found = Series(), Series()
    with Terminal(program("floors.echo"), environment(data.home())) as floor, clients(data) as ours:
        floor.rest(1)
        for words in (TYPED * (rounds // len(TYPED) + 1))[:rounds]:
            ours.type("/")
            for letter in words:
                echo.add(floor.press_for_change(letter).settled)
                if (answer := results_of(ours, letter)) is not None:
                    found.add(answer.settled)
            ours.type(ESCAPE)
            ours.type(ESCAPE)
            ours.rest(0.5)
            floor.type("\x15")  # Ctrl+U empties the field
    yield compared("keystroke in search, to its results", echo, found, at_most=3, at="p95")


def results_of(ours: Terminal, letter: str) -> Answer | None:
    """The answer to a letter; ``None`` if the rows do not change, since there is no frame to wait for."""
    try:
        answer = ours.press_for_change(letter, LIST, patience=0.6)
    except TimeoutError:
        return None
    ours.rest(0.25)
    return answer


def figures(data: Data, rounds: int) -> Iterator[Figure]:
    """All figures of this module."""
    yield from rows(data, rounds)
    yield from jumps(data, rounds // 2)
    yield from search(data, max(rounds // 4, len(TYPED)))


if __name__ == "__main__":
    run(__doc__, figures, rounds=40)
