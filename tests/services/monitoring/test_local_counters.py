"""Local daily counters: independent of Sentry, summed over processes, and never raising."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from services.monitoring import local_counters
from services.monitoring.local_counters import Counts, count, recent
from tests.support.isolation import ROOT
from tests.support.loaded_modules import packages_loaded_by
from tests.support.race_processes import count_errors, race

PROGRAMS: Final = 4


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    yield
    written()


def written() -> None:
    """Wait until the writer thread has ended."""
    for thread in threading.enumerate():
        if thread.name == "counts":
            thread.join(10)


def on_file() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads(local_counters.path().read_text())
    return found


def day(ago: int) -> str:
    return (date.today() - timedelta(days=ago)).isoformat()  # noqa: DTZ011 - the local day is the subject


def test_counts_are_written_and_read_back() -> None:
    assert recent(1) == Counts()
    for _ in range(3):
        count("errors")
    count("slow_screens")
    written()
    assert on_file() == {day(0): {"errors": 3, "slow_screens": 1}}
    assert recent(1) == Counts(errors=3, slow_screens=1)


def test_counts_added_during_a_write_are_written_too(monkeypatch: pytest.MonkeyPatch) -> None:
    add = local_counters._add
    meanwhile = iter([count])

    def add_while_another_counts(*args: Any) -> None:
        for once in meanwhile:
            once("slow_screens")
        add(*args)

    monkeypatch.setattr(local_counters, "_add", add_while_another_counts)
    count("errors")
    written()
    assert on_file() == {day(0): {"errors": 1, "slow_screens": 1}}


def test_recent_days_are_added_up_and_thirty_are_kept() -> None:
    local_counters.path().parent.mkdir(parents=True)
    old = {day(ago): {"errors": 1} for ago in (-2, 0, 1, 6, 7, 29, 30, 400)}
    local_counters.path().write_text(json.dumps(old))
    assert [recent(days).errors for days in (1, 2, 7, 8, 30)] == [1, 2, 3, 4, 5]
    count("errors")
    written()
    assert set(on_file()) == {day(ago) for ago in (-2, 0, 1, 6, 7, 29)}
    assert recent(1).errors == 2


@pytest.mark.skipif(os.name != "posix", reason="other systems keep no mode")
def test_the_file_of_counts_is_private() -> None:
    count("errors")
    written()
    assert local_counters.path().stat().st_mode & 0o777 == 0o600
    assert local_counters.path().parent.stat().st_mode & 0o777 == 0o700
    assert {file.name for file in local_counters.path().parent.iterdir()} == {"counts.json", "counts.lock"}


@pytest.mark.parametrize(
    "rubbish",
    ["", "{", "[]", "7", "\udcff", '{"2026-09-16": 4}', "[" * 100_000, '{"%s": {"errors": "x", "y": 1}}'],
)
def test_a_damaged_file_of_counts_is_replaced(rubbish: str) -> None:
    local_counters.path().parent.mkdir(parents=True)
    local_counters.path().write_bytes(rubbish.replace("%s", day(0)).encode(errors="surrogateescape"))
    assert recent(7) == Counts()
    count("errors")
    written()
    assert recent(7) == Counts(errors=1)


def test_an_unwritable_folder_is_tolerated_and_retried(home: Path) -> None:
    in_the_way = home / "state"
    in_the_way.write_text("a file")
    count("errors")
    written()
    assert recent(1) == Counts(errors=1)
    in_the_way.unlink()
    count("errors")
    written()
    assert on_file() == {day(0): {"errors": 2}}


def test_concurrent_processes_lose_no_counts(home: Path) -> None:
    race(count_errors, [(home, 25)] * PROGRAMS)
    assert recent(1) == Counts(errors=25 * PROGRAMS)


def test_concurrent_threads_lose_no_counts() -> None:
    def count_many() -> None:
        for _ in range(50):
            count("errors")

    threads = [threading.Thread(target=count_many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written()
    assert recent(1) == Counts(errors=400)


def test_counts_are_written_at_exit() -> None:
    code = "from services.monitoring.local_counters import count; count('errors'); raise SystemExit(1)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert recent(1) == Counts(errors=1)


def test_a_locked_file_delays_the_exit_only_briefly() -> None:
    count("errors")
    written()
    lock = local_counters._acquire_lock(local_counters.path().with_suffix(".lock"), 0)
    code = (
        "import time; from services.monitoring import local_counters as counts; "
        "counts._TIMEOUT = 0.1; counts.count('errors');"
        "start = time.monotonic(); counts.flush(); print(time.monotonic() - start)"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
    finally:
        lock.release()
    assert float(done.stdout) < 1
    assert recent(1) == Counts(errors=1)


def test_counting_loads_neither_the_sdk_nor_the_database() -> None:
    code = "from services.monitoring.local_counters import count, recent; count('errors'); recent(7)"
    assert not packages_loaded_by(code) & {"sentry_sdk", "sqlalchemy", "sqlmodel", "textual"}
