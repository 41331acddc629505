"""Local daily counters of errors and slow screens on this machine, independent of Sentry.

A thread writes the file, so that counting never blocks the event loop. Several processes share the file: each
adds its counts under a file lock, so that none overwrites those of another.
"""

import atexit
import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from services import files
from services.file_lock import FileLock
from services.files import make_private_folder, write_private

Kind = Literal["errors", "slow_screens"]

KEPT_DAYS: Final = 30
EXIT_TIMEOUT: Final = 0.2
"""Seconds for which the exit waits for the file lock of another process."""

_TIMEOUT: Final = 5.0
"""Seconds for which the writing thread waits for the lock."""
_KINDS: Final[tuple[Kind, ...]] = ("errors", "slow_screens")
_Days = dict[str, dict[str, int]]

_lock = threading.RLock()  # reentrant: a signal handler may count while its thread holds the lock
_pending: Counter[tuple[Path, str, Kind]] = Counter()
_writer: threading.Thread | None = None


@dataclass(frozen=True)
class Counts:
    """Number of errors and of slow screens on this machine."""

    errors: int = 0
    slow_screens: int = 0


def count(kind: Kind) -> None:
    """Add one to today's counter of this kind; a thread writes it. Never raises, from any thread."""
    with suppress(Exception):  # a failure to count must not reach the program
        day = _today().isoformat()
        with _lock:
            _pending[path(), day, kind] += 1
        _start_writing()


def recent(days: int) -> Counts:
    """The sums of the last ``days`` days including today. Reads a file. Never raises."""
    first = _today() - timedelta(days=days - 1)
    with _lock:
        waiting = [(day, kind, n) for (where, day, kind), n in _pending.items() if where == path()]
    kept = [(day, kind, n) for day, kinds in _read(path()).items() for kind, n in kinds.items()]
    sums: Counter[str] = Counter()
    for day, kind, n in (*kept, *waiting):
        if first.isoformat() <= day <= _today().isoformat():
            sums[kind] += n
    return Counts(errors=sums["errors"], slow_screens=sums["slow_screens"])


def flush(timeout: float = EXIT_TIMEOUT) -> None:
    """Write the pending counts, waiting ``timeout`` seconds at most for each lock. Never raises."""
    writer = _writer
    if writer is not None and writer.is_alive():
        writer.join(timeout)
    _write_pending(timeout)


def path() -> Path:
    """The path of the file of counters."""
    return files.state_folder() / "telemetry" / "counts.json"


def _write_pending(timeout: float) -> bool:
    """Write the pending counts. Return false if some could not be written and stay pending."""
    with _lock:
        counts = dict(_pending)
        _pending.clear()
    try:
        for where in {where for where, _day, _kind in counts}:
            _add(where, {(d, k): n for (w, d, k), n in counts.items() if w == where}, timeout)
            counts = {key: n for key, n in counts.items() if key[0] != where}
    except Exception:
        with _lock:  # the disk may be full or the folder not writable: the next count tries again
            _pending.update(counts)
        return False
    return True


def _today() -> date:
    return datetime.now().astimezone().date()  # the local day, as the user counts days


def _start_writing() -> None:
    global _writer
    with _lock:
        if _writer is None:
            atexit.register(flush)
        elif _writer.is_alive():
            return
        _writer = threading.Thread(target=_write_all, name="counts", daemon=True)
        _writer.start()


def _write_all() -> None:
    global _writer
    could_write = True
    while True:
        with _lock:
            # After a failure the next count tries again in a new thread.
            if not _pending or not could_write:
                _writer = threading.Thread()
                return
        could_write = _write_pending(_TIMEOUT)


def _add(where: Path, more: Mapping[tuple[str, Kind], int], timeout: float) -> None:
    make_private_folder(where.parent)
    lock = _acquire_lock(where.with_suffix(".lock"), time.monotonic() + timeout)
    try:
        days = _read(where)
        for (day, kind), n in more.items():
            kinds = days.setdefault(day, {})
            kinds[kind] = kinds.get(kind, 0) + n
        oldest = (_today() - timedelta(days=KEPT_DAYS - 1)).isoformat()
        kept = {day: kinds for day, kinds in sorted(days.items()) if day >= oldest}
        write_private(where, json.dumps(kept, indent=1), replace=True)
    finally:
        lock.release()


def _acquire_lock(lock: Path, deadline: float) -> FileLock:
    lock.touch(mode=0o600)
    while True:
        try:
            return FileLock(lock)
        except OSError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.005)


def _read(where: Path) -> _Days:
    try:
        found = json.loads(where.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    entries = found.items() if isinstance(found, dict) else ()
    return {day: _numbers(kinds) for day, kinds in entries if isinstance(kinds, dict)}


def _numbers(kinds: dict[str, Any]) -> dict[str, int]:
    """The valid counts of one day; every other value of the file is ignored."""
    return {kind: kinds[kind] for kind in _KINDS if type(kinds.get(kind)) is int and kinds[kind] > 0}
