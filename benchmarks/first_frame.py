"""Compares the time to the painted login form with a Textual application of one label, in turn.

    python -m benchmarks.first_frame [--rounds 15]

Both run in a real pseudo-terminal of 80x24. The time ends at the last byte of the first frame that shows the
whole form, or the label.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks.command import run
from benchmarks.data import EPICEVENTS, Data, Place
from benchmarks.measuring import in_turn
from benchmarks.printing import Figure, compared
from benchmarks.terminal import Terminal, environment, program


def launch(command: Sequence[str], outside: Mapping[str, str], *texts: str) -> Callable[[], float]:
    """A work for :func:`in_turn`: the milliseconds until a program shows these texts."""

    def work() -> float:
        with Terminal(command, outside) as terminal:
            return terminal.launch(*texts)

    return work


def figures(data: Data, rounds: int) -> Iterator[Figure]:
    """The time to the login form."""
    home = data.home()
    place = Place(f"sqlite:///{data.few}", home)
    found = in_turn(
        rounds,
        {
            "label": launch(program("floors.label"), environment(home), "Sign in"),
            "login": launch(EPICEVENTS, place.environment, "Username", "Password", "Sign in"),
        },
    )
    yield compared("launch to the login form", found["label"], found["login"], at_most=1.4)


if __name__ == "__main__":
    run(__doc__, figures, rounds=15)
