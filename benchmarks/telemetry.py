"""Measures the cost of Sentry: a key press, a query and a change of screen with and without it.

Programs with and without a DSN run in turn on the same sample data and report the processor time; the server
runs on loopback. Then this process measures a breadcrumb, and scrubbing an event of 20 kB compared with
serialising it. Finally the exit of a program is measured for each kind of bad server and without Sentry.

    python -m benchmarks.telemetry [--rounds 7]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from tests.support import bad_servers
from tests.support.envelopes import EnvelopeRecorder, Reply

ROOT = Path(__file__).parent.parent
MEASURED = ("key press", "query", "screen change")
ENDING = """
import sys, time
from services import monitoring
from services.settings import load_settings
monitoring.init_sentry(load_settings())
monitoring.capture_message("Message", "info")
print(time.time(), flush=True)
"""


def environment(home: str, dsn: str) -> dict[str, str]:
    return {
        "HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT),
        "EPICEVENTS_LANGUAGE": "en", "EPICEVENTS_SECRET_KEY": "k" * 40, "SENTRY_DSN": dsn,
        "EPICEVENTS_DATABASE_URL": f"sqlite:///{home}/crm.db", "EPICEVENTS_BCRYPT_COST": "4",
    }  # fmt: skip


def measure(home: str, dsn: str, rate: str) -> dict[str, float]:
    """Microseconds of processor time by action."""
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.telemetry_program"],
        env=environment(home, dsn) | {"SENTRY_TRACES_SAMPLE_RATE": rate},
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def in_turn(rounds: int) -> dict[str, dict[str, list[float]]]:
    recorder = EnvelopeRecorder()
    ways = {"off": ("", "0"), "production": (recorder.dsn, "0.1"), "everything timed": (recorder.dsn, "1")}
    figures: dict[str, dict[str, list[float]]] = {way: {name: [] for name in MEASURED} for way in ways}
    try:
        with tempfile.TemporaryDirectory() as home:
            subprocess.run(
                [sys.executable, "-m", "benchmarks.telemetry_program", "--fill"],
                env=environment(home, ""), cwd=ROOT, check=True,
            )  # fmt: skip
            for run in range(rounds + 1):
                for way, (dsn, rate) in ways.items():
                    found = measure(home, dsn, rate)
                    for name in MEASURED if run else ():  # the first run fills the caches of the disk
                        figures[way][name].append(found[name])
    finally:
        recorder.close()
    return figures


def of_one(repeat: int, work: Callable[[], object]) -> float:
    """Microseconds of one call: the median of seven series."""
    series = []
    for _ in range(7):
        started = time.perf_counter()
        for _ in range(repeat):
            work()
        series.append((time.perf_counter() - started) / repeat * 1e6)
    return statistics.median(series)


def event_of_20_kb() -> dict[str, Any]:
    """An event like that of a crash: 40 frames, 100 breadcrumbs, the user, the screen."""
    frame = {"filename": "services/clients.py", "module": "services.clients", "function": "create_client"}
    crumb = {"category": "action", "message": "Création d'un client", "level": "info", "type": "default"}
    value = {"type": "ValueError", "value": "no client john.doe@example.com, call 06.12.34.56.78"}
    event: dict[str, Any] = {
        "exception": {"values": [{**value, "stacktrace": {"frames": [
            {**frame, "lineno": line, "in_app": True} for line in range(40)
        ]}}]},
        "breadcrumbs": {"values": [
            {**crumb, "timestamp": 1.7e9 + n, "data": {"kind": "client", "record_id": n}} for n in range(100)
        ]},
        "user": {"id": "7", "username": "support1", "department": "SUPPORT"},
        "tags": {"screen": "ClientForm", "language": "fr", "database": "sqlite"},
    }  # fmt: skip
    event["extra"] = {"note": "x" * max(0, 20_000 - len(json.dumps(event)))}
    return event


def print_small() -> None:
    from services import monitoring
    from services.monitoring.scrubbing import scrub
    from services.settings import load_settings

    recorder = EnvelopeRecorder()
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(environment(home, recorder.dsn))
        monitoring.init_sentry(load_settings())
        crumb = of_one(
            2000, lambda: monitoring.add_breadcrumb("action", "Création d'un client", data={"id": 1})
        )
        monitoring.close_sentry()
        recorder.close()
    event = event_of_20_kb()
    as_json, scrubbed = of_one(50, lambda: json.dumps(event)), of_one(50, lambda: scrub(event))
    print(f"\n{'a breadcrumb':42}{crumb:>10.1f} µs")
    print(f"{'the JSON of an event of 20 kB (reference)':42}{as_json:>10.0f} µs{1:>8.2f}")
    print(f"{'scrubbing it':42}{scrubbed:>10.0f} µs{scrubbed / as_json:>8.2f}")


@contextmanager
def nowhere() -> Iterator[str]:
    yield ""


def servers() -> dict[str, Callable[[], AbstractContextManager[str]]]:
    return {
        "without Sentry (reference)": nowhere,
        "takes it": lambda: bad_servers.answering(Reply()),
        "refuses connections": bad_servers.unreachable,
        "unknown host": bad_servers.unknown_host,
        "accepts and never answers": bad_servers.mute,
        "answers a byte at a time": bad_servers.dripping,
        "hangs up": bad_servers.hanging_up,
        "answers 429": lambda: bad_servers.answering(Reply(429)),
        "answers 413": lambda: bad_servers.answering(Reply(413)),
        "answers 500": lambda: bad_servers.answering(Reply(500)),
    }


def print_endings() -> None:
    print(f"\n{'the end of the program, with a server that':42}{'p50 ms':>10}{'worst':>8}")
    for name, server in servers().items():
        times = []
        for _ in range(3):
            with server() as dsn, tempfile.TemporaryDirectory() as home:
                ended = subprocess.run(  # noqa: S603 - the program under test
                    [sys.executable, "-c", ENDING],
                    env=environment(home, dsn), cwd=ROOT, check=True, capture_output=True, text=True,
                )  # fmt: skip
                times.append((time.time() - float(ended.stdout)) * 1000)
        print(f"{name:42}{statistics.median(times):>10.0f}{max(times):>8.0f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    figures = in_turn(parser.parse_args().rounds)
    print(f"{'processor time':24}{'off µs':>10}{'production':>12}{'ratio':>8}{'everything':>12}{'ratio':>8}")
    for name in MEASURED:
        off, some, everything = (statistics.median(figures[way][name]) for way in figures)
        print(
            f"{name:24}{off:>10.0f}{some:>12.0f}{some / off:>8.3f}{everything:>12.0f}{everything / off:>8.3f}"
        )
    print_small()
    print_endings()


if __name__ == "__main__":
    main()
