"""A lock on a file that one program holds and that its end releases.

The operating system keeps the lock. A file with a process id would outlive a killed program, and another
process may get the same id later.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    class FileLock:
        """A lock beside the file: on Windows a locked file itself can be neither read nor moved."""

        def __init__(self, path: Path) -> None:
            """Raises :class:`OSError` if another program holds the lock, or the file is gone."""
            self._path = path.with_name(f".{path.name}.lock")
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                msvcrt.locking(self._handle, msvcrt.LK_NBLCK, 1)
                os.stat(path)
            except OSError:
                self.release()
                raise

        def release(self) -> None:
            """Release the lock."""
            os.close(self._handle)
            with suppress(OSError):  # another program waits for it
                self._path.unlink()

else:
    import fcntl

    class FileLock:
        """A lock on the file itself."""

        def __init__(self, path: Path) -> None:
            """Raises :class:`OSError` if another program holds the lock, or the file is gone."""
            self._handle = os.open(path, os.O_RDONLY)
            try:
                _lock(self._handle)
                # If the file was moved between opening and locking, the lock is on the moved file.
                os.stat(path)
            except OSError:
                self.release()
                raise

        def release(self) -> None:
            """Release the lock."""
            os.close(self._handle)

    def _lock(handle: int) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            # A file system without locks. Sent by two programs, an event is still one: they share its id.
            return
