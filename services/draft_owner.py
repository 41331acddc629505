"""The running program that holds drafts. However it ends, its drafts are free from then on."""

import os
import secrets
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from services import files
from services.file_lock import FileLock
from services.files import PRIVATE_FILE, make_private_folder

_ATTEMPTS: Final = 5


class Owner:
    """This program, as an owner of drafts: an id, and a lock that the operating system takes back."""

    def __init__(self) -> None:
        self._id = ""
        self._claim: FileLock | None = None
        self._path: Path | None = None
        self._guard = threading.Lock()

    def take_id(self) -> str:
        """The id; its lock is held from the first call on. Raises :class:`OSError`."""
        with self._guard:
            if self._claim is None:
                self._take_lock()
            return self._id

    def _take_lock(self) -> None:
        folder = _folder()
        make_private_folder(folder)
        for attempt in range(_ATTEMPTS):
            self._id = secrets.token_hex(8)
            self._path = folder / f"{self._id}.lock"
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
            try:
                self._claim = FileLock(self._path)
            except OSError:  # another program cleaned up in this very moment
                if attempt == _ATTEMPTS - 1:
                    raise
            else:
                return

    def release(self) -> None:
        """Hold nothing any more. Never raises."""
        with self._guard:
            claim, self._claim = self._claim, None
            if claim is not None and self._path is not None:
                with suppress(OSError):
                    self._path.unlink()
                with suppress(OSError):
                    claim.release()


def _folder() -> Path:
    return files.state_folder() / "running"


def is_alive(owner: str) -> bool:
    """Whether the program with this id still runs, as far as the file system can tell."""
    path = _folder() / f"{owner}.lock"
    try:
        FileLock(path).release()
    except FileNotFoundError:
        return False
    except OSError:
        return path.exists()
    return False


def forget_the_dead() -> None:
    """Delete the locks of programs that run no more. Never raises."""
    with suppress(OSError):
        for path in list(_folder().iterdir()):
            _delete_if_free(path)


def _delete_if_free(path: Path) -> None:
    with suppress(OSError):
        claim = FileLock(path)
        try:
            path.unlink()
        finally:
            claim.release()
