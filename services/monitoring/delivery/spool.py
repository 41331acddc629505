"""The spool: each envelope is a file before it is sent, so that it survives the process.

There is one folder for each server. A file name begins with the time of the capture and ends with the
category of Sentry's rate limits, so that listing the folder answers most queries. A sent envelope moves to
the folder ``sent``, which keeps the last ones exactly as sent.

If the folder cannot be written (full disk, missing permission), envelopes wait in memory instead.
"""

import errno
import os
import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from services.file_lock import FileLock
from services.files import PRIVATE_FILE, make_private_folder

MAX_BYTES: Final = 20_000_000
"""Maximum size of the queued files in bytes."""
MAX_AGE: Final = 30 * 24 * 3600.0
"""Maximum age in seconds. Sentry accepts no older events."""
MAX_IN_MEMORY: Final = 2_000_000
KEPT: Final = 20
_BLOCK: Final = 512
"""Bytes per unit of ``st_blocks`` on every file system."""
_NAME: Final = re.compile(r"(?P<time>\d{20})-(?P<event>[0-9a-f]*)-[0-9a-f]+\.(?P<category>[a-z_]+)\.envelope")
_NOT_HEX: Final = re.compile(r"[^0-9a-f]")
_DRAFT_AGE: Final = 3600.0
# Removed last if the spool is full: the other categories are timings, which recur.
PRECIOUS: Final = frozenset({"error", "feedback", "default"})


def category_of(path: Path) -> str:
    """The rate limit category in this file name; ``default`` if there is none."""
    found = _NAME.search(path.name)
    return found["category"] if found else "default"


def event_id_in(path: Path) -> str:
    """The event id in this file name; empty if there is none."""
    found = _NAME.search(path.name)
    return found["event"] if found else ""


class Spool:
    """The envelopes for one server. Safe for several threads and several processes."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._lock = threading.RLock()  # reentrant: a signal handler may capture while this thread does
        self._in_memory: dict[Path, bytes] = {}
        self._sent_in_memory: deque[tuple[str, bytes]] = deque(maxlen=KEPT)
        self._finished: set[Path] = set()
        self._lost: list[str] = []

    def after_fork(self) -> None:
        """Drop the envelopes in memory: the parent process sends them."""
        self._lock = threading.RLock()
        self._in_memory = {}
        self._lost = []

    def put(self, body: bytes, category: str = "default", event_id: str = "") -> Path:
        """Store an envelope until it is sent, on the disk or else in memory. Never raises."""
        stamp = f"{time.time_ns():020d}-{_NOT_HEX.sub('', event_id)}-{secrets.token_hex(4)}"
        path = self.folder / f"{stamp}.{category}.envelope"
        try:
            _write(path, body)
        except OSError:
            self._remember(path, body)
        return path

    def waiting(self) -> list[Path]:
        """The envelopes to send, including those of other processes, the oldest first."""
        found = {path for path in _files(self.folder) if path not in self._finished}
        with self._lock:
            found.update(self._in_memory)
        return sorted(found, key=lambda path: path.name)

    @contextmanager
    def locked(self, path: Path) -> Iterator[bytes | None]:
        """Lock the envelope during the block; ``None`` if it is gone or another process holds its lock."""
        in_memory = self._in_memory.get(path)
        if in_memory is not None:
            yield in_memory
            return
        if not _may_remove_files(self.folder):
            yield None  # a sent file could not be moved away, so every later process would send it again
            return
        try:
            lock = FileLock(path)
        except OSError:
            yield None
            return
        try:
            yield _read(path)
        finally:
            lock.release()

    def done(self, path: Path, body: bytes) -> None:
        """Move a sent envelope to the folder ``sent``, with the bytes that were sent."""
        target = self.folder / "sent" / f"{time.time_ns():020d}-{path.name}"
        with self._lock:
            from_memory = self._in_memory.pop(path, None) is not None
        if from_memory or not _move(path, target):
            self._sent_in_memory.append((target.name, body))
            self.drop(path)
            return
        # Only after the move, when no process can send it again, write the bytes that were sent.
        with suppress(OSError):
            _write(target, body)
        for old in sorted(_files(target.parent))[:-KEPT]:
            _unlink(old)

    def drop(self, path: Path) -> None:
        """Delete an envelope without sending it again."""
        with self._lock:
            self._in_memory.pop(path, None)
        if not _unlink(path):
            self._finished.add(path)  # not deletable: at least this process ignores it from now on

    def recent(self) -> list[bytes]:
        """The bytes of the last sent envelopes, the newest first."""
        sent = [(path.name, body) for path in _files(self.folder / "sent") if (body := _read(path))]
        newest_first = sorted([*sent, *self._sent_in_memory], reverse=True)
        return [body for _name, body in newest_first[:KEPT]]

    def was_sent(self, event_id: str) -> bool:
        """Whether this event is among the last sent ones, including those of other processes."""
        names = [path.name for path in _files(self.folder / "sent")]
        names += [name for name, _body in list(self._sent_in_memory)]
        return any(f"-{event_id}-" in name for name in names)

    def tidy(self) -> None:
        """Write the envelopes in memory to the disk if possible; delete those over the age or size limit."""
        with self._lock:
            for path, body in list(self._in_memory.items()):
                try:
                    _write(path, body)
                except OSError:
                    break
                del self._in_memory[path]
        self._remove_drafts()
        self._remove_too_old()
        self._remove_too_much()

    def take_lost(self) -> list[str]:
        """Return and reset the categories of the envelopes deleted for their age or for lack of room."""
        with self._lock:
            lost, self._lost = self._lost, []
        return lost

    def _remember(self, path: Path, body: bytes) -> None:
        with self._lock:
            self._in_memory[path] = body
            while sum(map(len, self._in_memory.values())) > MAX_IN_MEMORY:
                oldest = next(iter(self._in_memory))
                del self._in_memory[oldest]
                self._lost.append(category_of(oldest))

    def _give_up(self, path: Path) -> None:
        if _unlink(path):
            with self._lock:
                self._lost.append(category_of(path))

    def _remove_drafts(self) -> None:
        """Delete the drafts of processes that were killed while writing."""
        with suppress(OSError):
            for draft in self.folder.glob(".*.draft"):
                if time.time() - draft.stat().st_mtime > _DRAFT_AGE:
                    _unlink(draft)

    def _remove_too_old(self) -> None:
        for path in _files(self.folder):
            if time.time() - int(path.name[:20]) / 1e9 > MAX_AGE:
                self._give_up(path)

    def _remove_too_much(self) -> None:
        sizes = {path: _size(path) for path in _files(self.folder)}
        excess = sum(sizes.values()) - self._max_bytes
        for path in sorted(sizes, key=lambda path: (category_of(path) in PRECIOUS, path.name)):
            if excess <= 0:
                return
            self._give_up(path)
            excess -= sizes[path]


def _files(folder: Path) -> list[Path]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return [folder / name for name in names if name[:1].isdigit() and _NAME.search(name)]


def _write(path: Path, body: bytes) -> None:
    """Write the file atomically, without fsync: it has to survive a killed process, not a power failure."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        handle = _open(draft)
        try:
            rest = memoryview(body)
            while rest:
                rest = rest[os.write(handle, rest) :]
        finally:
            os.close(handle)
        os.replace(draft, path)
    except OSError:
        _unlink(draft)
        raise


def _open(draft: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        return os.open(draft, flags, PRIVATE_FILE)
    except FileNotFoundError:
        make_private_folder(draft.parent)
        return os.open(draft, flags, PRIVATE_FILE)


def _move(path: Path, target: Path) -> bool:
    try:
        make_private_folder(target.parent)
        os.replace(path, target)
    except OSError:
        return False
    return True


def _may_remove_files(folder: Path) -> bool:
    """Whether files of this folder can be deleted; a trial file is more reliable than the permissions."""
    trial = folder / f".{secrets.token_hex(4)}.draft"
    try:
        os.close(os.open(trial, os.O_WRONLY | os.O_CREAT, PRIVATE_FILE))
    except OSError as error:
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return _unlink(trial)


def _unlink(path: Path) -> bool:
    """Delete the file. Return whether it is gone."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _size(path: Path) -> int:
    """Bytes that the file occupies on the disk, in whole blocks."""
    try:
        status = path.stat()
    except OSError:
        return 0
    return max(status.st_size, getattr(status, "st_blocks", 0) * _BLOCK)
