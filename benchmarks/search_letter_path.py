"""The files of this program through which one letter of a search travels, from the key to the painted rows.

    python -m benchmarks.search_letter_path [--clients N] [--database FILE] [--rounds 5]

A profile function in every thread notes the file of each function that is called. It starts with the key and
ends with the first frame that shows the rows found. Files that only some of the rounds call, such as those
of a timer, do not count.
"""

import asyncio
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, Final

from benchmarks.command import data_of, parser_of
from benchmarks.data import FEW, Place
from benchmarks.profiles import Watched, sign_in
from benchmarks.terminal import ROOT
from services.settings import load_settings
from tui.widgets.record_table.table import RecordTable

AIM: Final = 25
"""Files at the most."""
BEFORE: Final = 49
"""Files before the parts of a section became objects of their own."""
LETTERS: Final = "ma"
_QUIET: Final = 0.5
"""Seconds without work after which a key has had all its effects."""
_OURS: Final = tuple(f"{ROOT}/{package}/" for package in ("models", "services", "tui", "cli"))


class CalledFiles:
    """Notes the files of the functions that any thread calls while it records, with their first function."""

    def __init__(self) -> None:
        self._found: dict[str, str] | None = None

    def install(self) -> None:
        """Profile this thread and all threads that start later."""
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    def start(self) -> None:
        """Start to record."""
        self._found = {}

    def stop(self) -> dict[str, str]:
        """The files in the order of their first call, each with the function called."""
        found, self._found = self._found, None
        return found or {}

    def _called(self, frame: FrameType, event: str, _argument: object) -> None:
        if self._found is not None and event == "call" and frame.f_code.co_filename.startswith(_OURS):
            self._found.setdefault(frame.f_code.co_filename, frame.f_code.co_qualname)


async def paths_of(place: Place, rounds: int) -> list[Mapping[str, str]]:
    """The files that the last letter of each round calls."""
    called, found = CalledFiles(), []
    called.install()
    nowhere = Path("/nonexistent")
    app = Watched(load_settings(place.environment, nowhere, nowhere))
    async with app.run_test(size=(80, 24)):
        await sign_in(app, place)
        await app.answer("/")
        table = app.screen.query_one(RecordTable)
        # The rows are counted beside the frame that shows them; at times the count begins before its end.
        table.presenter.loader.count = lambda: None  # type: ignore[method-assign]
        for run in range(rounds + 1):
            await _type(app, table, LETTERS[:-1])
            called.start()
            await _answer_with_rows(app, table, LETTERS[-1])
            path = called.stop()
            if run:  # the first one fills caches
                found.append(path)
            await _type(app, table, ["backspace"] * len(LETTERS))
    return found


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
        print(f"{number:3}  {Path(file).relative_to(ROOT)}  {paths[0][file]}")
    print(f"\n{len(files)} files; before: {BEFORE}, aim: at most {AIM}")


if __name__ == "__main__":
    main()
