"""Runs the application for a benchmark, and prints the processor time of its actions as JSON.

``--fill`` creates the database of the settings and ends.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable

from services import clients as client_services
from services import monitoring
from services.auth import sessions
from services.crm import Crm
from services.demo.definitions import SAMPLE_ACCOUNTS
from services.demo.writer import fill
from services.lists.query import ListQuery
from services.settings import Settings, load_settings
from services.startup import open_crm
from tests.support.app_driver import AppDriver
from tests.support.raw_input import Fingers

KEYS, QUERIES, CHANGES, SERIES = 100, 60, 8, 5
ACCOUNT = SAMPLE_ACCOUNTS[0]


async def screens(settings: Settings) -> dict[str, float]:
    driven = AppDriver(settings, paints_all=True)
    fingers = Fingers(driven)
    async with driven.running():
        driven.fill("#username", ACCOUNT.username)
        driven.fill("#password", ACCOUNT.password)
        await driven.press("enter", "down", "up", "2", "1")
        return {
            "key press": await _cost(fingers, ("down",) * KEYS, ("up",) * KEYS),
            "screen change": await _cost(fingers, ("2", "1") * CHANGES),
        }


async def _cost(fingers: Fingers, *bursts: tuple[str, ...]) -> float:
    """Microseconds per key: the minimum of some series, since other programs only increase it."""
    series = []
    for _ in range(SERIES):
        started = time.process_time()
        for burst in bursts:
            for key in burst:
                fingers.press(key)
                await fingers.rest()
        series.append((time.process_time() - started) / sum(map(len, bursts)) * 1e6)
    return min(series)


def queries(crm: Crm) -> float:
    actor = sessions.sign_in(crm, ACCOUNT.username, ACCOUNT.password).actor
    query = ListQuery()

    def one() -> None:
        with monitoring.span("list", "client"):
            client_services.list_clients(crm, actor, query, limit=64)

    return _least(one)


def _least(work: Callable[[], None]) -> float:
    series = []
    for _ in range(SERIES):
        started = time.process_time()
        for _ in range(QUERIES):
            work()
        series.append((time.process_time() - started) / QUERIES * 1e6)
    return min(series)


def main() -> None:
    """Run every action once."""
    settings = load_settings()
    crm = open_crm(settings, create=True)
    try:
        if sys.argv[1:] == ["--fill"]:
            fill(crm)
            return
        found = asyncio.run(screens(settings))  # starts Sentry if a DSN is set
        print(json.dumps(found | {"query": queries(crm)}))
    finally:
        crm.close()


if __name__ == "__main__":
    main()
