"""Profiles the time of a key press and of a write by part of the program.

    python -m benchmarks.profiles [--clients N] [--database FILE] [--rounds 40]

Python's profiler counts the processor time of a key on the event loop, up to the frame that answers it, and
of a write on SQLite. The own time of a function counts for its part of the program, that of a C function for
the part that calls it. The profiler overestimates short functions, so the results are shares, not times.
"""

import asyncio
import cProfile
import pstats
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

from textual._compositor import CompositorUpdate
from textual.widgets import Input

from benchmarks.command import data_of, parser_of
from benchmarks.data import Data, Place
from benchmarks.printing import print_machine, print_table
from benchmarks.terminal import ROOT
from benchmarks.writers import ONE, PROCESSES, ground
from services import payments
from services.settings import load_settings
from tests.support.key_events import key_event
from tui.app import EpicEventsApp
from tui.widgets.record_table.table import RecordTable

DATABASE: Final = "the database and its driver"
PARTS: Final = {
    "putting the frame together (Textual, Rich)": (
        "/textual/_compositor.py", "/textual/_styles_cache.py", "/textual/strip.py", "/textual/color.py",
        "/textual/content.py", "/textual/visual.py", "/textual/geometry.py", "/textual/cache.py",
        "/textual/_segment_tools.py", "/textual/filter.py", "/rich/",
    ),
    "messages, reactives and styles (Textual)": ("/textual/",),
    "SQLAlchemy": ("/sqlalchemy/",),
    "SQLModel and Pydantic": ("/sqlmodel/", "/pydantic"),
    "ours: tui": (f"{ROOT}/tui/",),
    "ours: services and models": (f"{ROOT}/services/", f"{ROOT}/models/"),
}  # fmt: skip
"""Parts by the files of their functions; the first that fits counts."""
REST: Final = "asyncio and the rest of Python"

Function = tuple[str, int, str]


class Watched(EpicEventsApp):
    """The application, with an event for each completed frame."""

    CSS_PATH: ClassVar = [ROOT / "tui" / path for path in EpicEventsApp.CSS_PATH]

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.framed = asyncio.Event()

    def _display(self, screen: Any, renderable: Any) -> None:
        if renderable is not None and not self._batch_count:
            if isinstance(renderable, CompositorUpdate):
                renderable.render_segments(self.console)
            self.framed.set()
        super()._display(screen, renderable)

    async def answer(self, key: str) -> None:
        """Press a key, and wait for the next frame."""
        self.framed.clear()
        event = key_event(key)
        event.set_sender(self)
        driver = self._driver
        assert driver is not None
        driver.send_message(event)
        await self.framed.wait()


async def of_keys(place: Place, rounds: int) -> Mapping[str, cProfile.Profile]:
    """Profiles of cursor moves, of pages, and of the letters of a search."""
    nowhere = Path("/nonexistent")
    app = Watched(load_settings(place.environment, nowhere, nowhere))
    async with app.run_test(size=(80, 24)):
        await sign_in(app, place)
        found = {
            "key down": await _profiled(app, "down", rounds, back="up"),
            "page down": await _profiled(app, "pagedown", rounds),
        }
        await app.answer("/")
        await asyncio.sleep(1)
        found["letter of a search"] = await _profiled(app, "m", rounds, back="backspace")
    return found


async def sign_in(app: Watched, place: Place) -> None:
    await _until(lambda: bool(app.screen.query("#password")))
    app.screen.query_one("#username", Input).value = place.username
    app.screen.query_one("#password", Input).value = place.password
    await app.answer("enter")
    await _until(lambda: bool(app.screen.query("TodayPanel")))
    await app.answer("1")
    await _until(lambda: any(table.current_row is not None for table in app.screen.query(RecordTable)))
    await asyncio.sleep(2)  # until the work after the first page is done


async def _until(there: Callable[[], bool]) -> None:
    for _look in range(600):
        if there():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError("the list of clients does not come")


async def _profiled(app: Watched, key: str, rounds: int, back: str = "") -> cProfile.Profile:
    profile = cProfile.Profile(time.thread_time)
    for run in range(rounds + 1):
        if run:  # the first one fills caches
            profile.enable()
        await app.answer(key)
        profile.disable()
        await asyncio.sleep(0.4)
        if back:
            await app.answer(back)
            await asyncio.sleep(0.4)
    return profile


def of_writes(data: Data, rounds: int) -> cProfile.Profile:
    """The profile of recording payments without other writers."""
    place = ground(f"sqlite:///{data.copy(data.few)}")
    crm, profile = place.crm(), cProfile.Profile(time.thread_time)
    for at in range(rounds + PROCESSES):
        if at >= PROCESSES:
            profile.enable()
        payments.record_payment(crm, place.actor, place.contracts[at % PROCESSES], ONE)
        profile.disable()
    crm.close()
    return profile


def shares(profile: cProfile.Profile) -> Counter[str]:
    """The own time of all functions by part of the program."""
    stats: Mapping[Function, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    found: Counter[str] = Counter()
    for function, (_calls, _all, own, _with_others, callers) in stats.items():
        if "sqlite3" in function[2]:
            found[DATABASE] += own
        elif function[0] == "~" and callers:
            for caller, (*_counts, for_caller, _total) in callers.items():
                found[_part(caller)] += for_caller
        else:
            found[_part(function)] += own
    return found


def _part(function: Function) -> str:
    file = function[0].replace("\\", "/")
    return next((part for part, marks in PARTS.items() if any(mark in file for mark in marks)), REST)


def lines(profiles: Mapping[str, cProfile.Profile]) -> list[list[str]]:
    """The share of each part in each profile."""
    counted = {name: shares(profile) for name, profile in profiles.items()}
    rows = []
    for part in (*PARTS, DATABASE, REST):
        cells = [f"{found[part] / found.total():.0%}" for found in counted.values()]
        rows.append([part, *cells])
    return rows


def main() -> None:
    """Profile and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--rounds", type=int, default=40, metavar="N")
    given = parser.parse_args()
    data = data_of(given)
    print_machine()
    try:
        found = dict(asyncio.run(of_keys(data.place(data.many), given.rounds)))
        found["write (SQLite)"] = of_writes(data, 5 * given.rounds)
        print_table(("own time of", *found), lines(found))
    finally:
        data.close()


if __name__ == "__main__":
    main()
