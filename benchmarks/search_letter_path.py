"""The files of this program through which one letter of a search travels, from the key to its rows.

    python -m benchmarks.search_letter_path [--clients N] [--database FILE] [--rounds 5]

A profile function in every thread notes the file of each function that is called, from the key until the
table has the rows found. The files called after that, up to the first frame with these rows, are marked.
Files that only some of the rounds call, such as those of a timer, do not count.
"""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, Final, NamedTuple

from benchmarks.command import data_of, parser_of
from benchmarks.data import FEW, Place
from benchmarks.profiles import Watched, sign_in
from benchmarks.terminal import ROOT
from services.settings import load_settings
from tui.widgets.record_table.table import RecordTable

AIM: Final = 25
"""Files up to the rows, at the most."""
BEFORE: Final = 44, 55
"""Files up to the rows, and up to the frame, before the lists were divided into parts (commit 7b3e7e7)."""
LETTERS: Final = "ma"
_QUIET: Final = 0.5
"""Seconds without work after which a key has had all its effects."""
_OURS: Final = tuple(f"{ROOT}/{package}/" for package in ("models", "services", "tui", "cli"))


class Call(NamedTuple):
    """The first call into a file."""

    function: str
    paints: bool
    """Whether the table had its rows already."""


class CalledFiles:
    """Notes the files of the functions that any thread calls while it records, with their first function."""

    def __init__(self) -> None:
        self._found: dict[str, Call] | None = None
        self._has_rows = False

    def install(self) -> None:
        """Profile this thread and all threads that start later."""
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    def start(self) -> None:
        """Start to record."""
        self._found, self._has_rows = {}, False

    def note_rows(self) -> None:
        """The table has its rows."""
        self._has_rows = True

    def stop(self) -> dict[str, Call]:
        """The files in the order of their first call."""
        found, self._found = self._found, None
        return found or {}

    def _called(self, frame: FrameType, event: str, _argument: object) -> None:
        if self._found is not None and event == "call" and frame.f_code.co_filename.startswith(_OURS):
            call = Call(frame.f_code.co_qualname, self._has_rows)
            self._found.setdefault(frame.f_code.co_filename, call)


async def paths_of(place: Place, rounds: int) -> list[Mapping[str, Call]]:
    """The files that the last letter of each round calls."""
    called = CalledFiles()
    found: list[Mapping[str, Call]] = []
    called.install()
    nowhere = Path("/nonexistent")
    app = Watched(load_settings(place.environment, nowhere, nowhere))
    async with app.run_test(size=(80, 24)):
        await sign_in(app, place)
        await app.answer("/")
        table = app.screen.query_one(RecordTable)
        # The rows are counted beside the frame that shows them; at times the count begins before its end.
        table.presenter.loader.count = lambda: None  # type: ignore[method-assign]
        table.presenter.highlighter.list_read = _then(  # type: ignore[method-assign]
            table.presenter.highlighter.list_read, called.note_rows
        )
        for run in range(rounds + 1):
            await _type(app, table, LETTERS[:-1])
            called.start()
            await _answer_with_rows(app, table, LETTERS[-1])
            path = called.stop()
            if run:  # the first one fills caches
                found.append(path)
            await _type(app, table, ["backspace"] * len(LETTERS))
    return found


def _then(done: Callable[..., None], then: Callable[[], None]) -> Callable[..., None]:
    def both(*args: Any, **kwargs: Any) -> None:
        done(*args, **kwargs)
        then()

    return both


async def _type(app: Watched, table: RecordTable[Any], keys: Iterable[str]) -> None:
    for key in keys:
        await app.answer(key)
        quiet = 0.0
        while quiet < _QUIET:
            await asyncio.sleep(0.1)
            is_busy = not table.presenter.highlighter.is_settled or any(w.is_running for w in app.workers)
            quiet = 0.0 if is_busy else quiet + 0.1


async def _answer_with_rows(app: Watched, table: RecordTable[Any], key: str) -> None:
    before = table.state.source
    await app.answer(key)
    while table.state.is_changing or table.state.source is before:
        app.framed.clear()
        await app.framed.wait()


def main() -> None:
    """Count and print."""
    parser = parser_of(__doc__)
    parser.set_defaults(clients=FEW)
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    given = parser.parse_args()
    data = data_of(given)
    try:
        paths = asyncio.run(paths_of(data.place(data.many), given.rounds))
    finally:
        data.close()
    files = [file for file in paths[0] if all(file in path for path in paths)]
    for number, file in enumerate(files, 1):
        call = paths[0][file]
        moment = "  (after the rows)" if call.paints else ""
        print(f"{number:3}  {Path(file).relative_to(ROOT)}  {call.function}{moment}")
    to_rows = sum(not any(path[file].paints for path in paths) for file in files)
    print(f"\n{to_rows} files up to the rows; before: {BEFORE[0]}, aim: at most {AIM}")
    print(f"{len(files)} files up to the frame; before: {BEFORE[1]}")


if __name__ == "__main__":
    main()
