"""Envelopes on their way: each is a file before it is sent, so that none is lost with a program.

Files belong to one folder for each server. A name begins with the time of the capture and ends with the
category by which Sentry limits rates, so that most questions are answered by the list of names alone. What
was sent moves to the folder ``sent``, where the last ones stay exactly as they went.

Where nothing can be written (a full disk, a folder of somebody else) envelopes wait in memory instead.
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
"""Bytes on the disk."""
MAX_AGE: Final = 30 * 24 * 3600.0
"""Seconds. Sentry itself takes nothing older."""
MAX_IN_MEMORY: Final = 2_000_000
KEPT: Final = 20
_BLOCK: Final = 512
"""Bytes in which ``st_blocks`` counts, whatever the file system."""
_NAME: Final = re.compile(r"(?P<time>\d{20})-(?P<event>[0-9a-f]*)-[0-9a-f]+\.(?P<category>[a-z_]+)\.envelope")
_NOT_HEX: Final = re.compile(r"[^0-9a-f]")
_DRAFT_AGE: Final = 3600.0
# What an error says no later one repeats; of the other kinds there are always more.
PRECIOUS: Final = frozenset({"error", "feedback", "default"})


def category_of(path: Path) -> str:
    """The category by which Sentry limits the rate of this envelope."""
    found = _NAME.search(path.name)
    return found["category"] if found else "default"


def event_id_in(path: Path) -> str:
    """The id of the event in this envelope; empty where there is none."""
    found = _NAME.search(path.name)
    return found["event"] if found else ""


class Spool:
    """The envelopes for one server. Any thread may use it, and so may several programs at once."""

    def __init__(
        self, folder: Path, max_bytes: int = MAX_BYTES, max_age: float = MAX_AGE, kept: int = KEPT
    ) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._kept = kept
        self._lock = threading.RLock()  # reentrant: a signal handler may capture while this thread does
        self._in_memory: dict[Path, bytes] = {}
        self._sent_in_memory: deque[tuple[str, bytes]] = deque(maxlen=kept)
        self._finished: set[Path] = set()
        self._lost: list[str] = []

    def after_fork(self) -> None:
        """Leave to the parent process what only memory holds: it will send that itself."""
        self._lock = threading.RLock()
        self._in_memory = {}
        self._lost = []

    def put(self, body: bytes, category: str = "default", event_id: str = "") -> Path:
        """Keep an envelope until it is sent. The place where it waits; never raises."""
        stamp = f"{time.time_ns():020d}-{_NOT_HEX.sub('', event_id)}-{secrets.token_hex(4)}"
        path = self.folder / f"{stamp}.{category}.envelope"
        try:
            _write(path, body)
        except OSError:
            self._remember(path, body)
        return path

    def waiting(self) -> list[Path]:
        """What is still to be sent, by whomever it was captured, the oldest first."""
        found = {path for path in _files(self.folder) if path not in self._finished}
        with self._lock:
            found.update(self._in_memory)
        return sorted(found, key=lambda path: path.name)

    @contextmanager
    def claim(self, path: Path) -> Iterator[bytes | None]:
        """The envelope, for nobody else until the end of the block; ``None`` where it is gone or taken."""
        in_memory = self._in_memory.get(path)
        if in_memory is not None:
            yield in_memory
            return
        if not _may_remove_files(self.folder):
            yield None  # it could not be put away afterwards, and each later program would send it again
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
        """Put an envelope away that was sent, as it was sent."""
        target = self.folder / "sent" / f"{time.time_ns():020d}-{path.name}"
        with self._lock:
            from_memory = self._in_memory.pop(path, None) is not None
        if from_memory or not _move(path, target):
            self._sent_in_memory.append((target.name, body))
            self.drop(path)
            return
        # Only now that nobody can send it again: the time of sending in it, and what was left out.
        with suppress(OSError):
            _write(target, body)
        for old in sorted(_files(target.parent))[: -self._kept]:
            _unlink(old)

    def drop(self, path: Path) -> None:
        """Give an envelope up."""
        with self._lock:
            self._in_memory.pop(path, None)
        if not _unlink(path):
            self._finished.add(path)  # a folder that cannot be written: at least not twice in this run

    def recent(self) -> list[bytes]:
        """The last envelopes sent, the last one first, byte for byte."""
        sent = [(path.name, body) for path in _files(self.folder / "sent") if (body := _read(path))]
        newest_first = sorted([*sent, *self._sent_in_memory], reverse=True)
        return [body for _name, body in newest_first[: self._kept]]

    def was_sent(self, event_id: str) -> bool:
        """Whether this event is among the last ones sent, by whichever program."""
        names = [path.name for path in _files(self.folder / "sent")]
        names += [name for name, _body in list(self._sent_in_memory)]
        return any(f"-{event_id}-" in name for name in names)

    def tidy(self) -> None:
        """Move what waits in memory to the disk if it can be now, and give up what is too old or too much."""
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
        """The categories of the envelopes given up for want of room or by age since this was last asked."""
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
        """Remove what programs left that were killed while they wrote."""
        with suppress(OSError):
            for draft in self.folder.glob(".*.draft"):
                if time.time() - draft.stat().st_mtime > _DRAFT_AGE:
                    _unlink(draft)

    def _remove_too_old(self) -> None:
        for path in _files(self.folder):
            if time.time() - int(path.name[:20]) / 1e9 > self._max_age:
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
    """Write the file whole or not at all. Not forced to the disk: it is programs that die, not machines."""
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
    """Whether files of this folder can be removed, tried with one: permissions do not tell."""
    probe = folder / f".{secrets.token_hex(4)}.draft"
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT, PRIVATE_FILE))
    except OSError as error:
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return _unlink(probe)


def _unlink(path: Path) -> bool:
    """Remove the file; whether it is gone."""
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
    """Bytes that the file takes on the disk, which are those of whole blocks."""
    try:
        status = path.stat()
    except OSError:
        return 0
    return max(status.st_size, getattr(status, "st_blocks", 0) * _BLOCK)
