"""Compares Today with many clients and with few: what is read, and what is painted, for each department.

    python -m benchmarks.today [--clients 1000000] [--rounds 30]

Reading is :func:`services.today.read_today` by the busiest person of a department. Painting is the time from
an open database to the figures on a screen of 80x24, without a terminal and a password.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.command import run
from benchmarks.data import Data
from benchmarks.list_pages import opened, somebody
from benchmarks.measuring import in_turn, timed
from benchmarks.printing import Figure, beside, compared
from models.enums import Department
from services.actor import Actor
from services.crm import Crm
from services.today import read_today

AT_MOST: Final = 1.2
"""How many times longer it may take to be painted with many clients."""


def reading(crm: Crm, actor: Actor) -> Callable[[], float]:
    """A work for :func:`in_turn`: the milliseconds of one reading."""
    return timed(lambda: read_today(crm, actor))


def painting(crm: Crm, actor: Actor) -> Callable[[], float]:
    """A work for :func:`in_turn`: the milliseconds until the figures are painted."""

    def work() -> float:
        return asyncio.run(_painted(crm, actor))

    return work


async def _painted(crm: Crm, actor: Actor) -> float:
    from tests.support.app_driver import AppDriver, until
    from tui.screens.today_panel import TodayPanel

    settings = replace(crm.settings, secret_key="k" * 40)  # or it is not set up
    driven = AppDriver(settings, start="today", paints_all=True)
    async with driven.running((80, 24)):
        app = driven.app
        await driven.until(lambda: app.opening.crm is not None)
        begun = time.perf_counter()
        app.session.actor = actor
        app.navigator.enter()
        await until(lambda: app.screen.query(TodayPanel) and "To do" in driven.text)
        return (time.perf_counter() - begun) * 1_000


def figures(data: Data, rounds: int) -> Iterator[Figure]:
    """Both times for each department, as a ratio."""
    with tempfile.TemporaryDirectory() as folder:
        known = {"few": _copied(data.few, folder), "many": _copied(data.many, folder)}
        for department in Department:
            people = {name: somebody(crm, department) for name, crm in known.items()}
            name = f"Today of {department.capitalize()}, {{}}, {data.clients:,} clients"
            read = in_turn(rounds, {size: reading(crm, people[size]) for size, crm in known.items()})
            yield beside(name.format("read"), read["few"], read["many"])
            times = max(3, rounds // 5)
            painted = in_turn(times, {size: painting(crm, people[size]) for size, crm in known.items()})
            yield compared(name.format("painted"), painted["few"], painted["many"], at_most=AT_MOST)
        for crm in known.values():
            crm.close()


def _copied(database: Path, folder: str) -> Crm:
    target = Path(folder) / database.name
    shutil.copyfile(database, target)
    return opened(f"sqlite:///{target}")


if __name__ == "__main__":
    run(__doc__, figures, rounds=30)
