"""The folders of the program on each platform, and functions that write private files."""

import os
import secrets
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

APP_NAME: Final = "epicevents"
ENV_FILE: Final = ".env"


def config_folder() -> Path:
    """The folder of the settings: ``~/.config/epicevents`` on Linux."""
    import platformdirs

    return Path(platformdirs.user_config_dir(APP_NAME, appauthor=False))


def data_folder() -> Path:
    """The folder of the SQLite database: ``~/.local/share/epicevents`` on Linux."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def state_folder() -> Path:
    """The folder of state between two runs: ``~/.local/state/epicevents`` on Linux."""
    import platformdirs

    return Path(platformdirs.user_state_dir(APP_NAME, appauthor=False))


def current_folder() -> Path | None:
    """The current working directory; ``None`` if it was deleted."""
    try:
        return Path(os.getcwd())
    except OSError:
        return None


def absolute(path: Path | str, folder: Path | None = None) -> Path:
    """The absolute path without ``~``, ``.`` or ``..``; ``folder`` or the current one is its start."""
    expanded = Path(path).expanduser()
    return Path(os.path.abspath(folder / expanded if folder else expanded))


PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
SQLITE_COMPANIONS: Final = ("-wal", "-shm", "-journal")
"""The suffixes of the files that SQLite creates beside a database."""
_SHARED = 0o077


def make_folders(folder: Path) -> None:
    """Create the folder and its missing parents with mode 0700.

    ``Path.mkdir(parents=True)`` would create the parents with the umask. Raises :class:`OSError`.
    """
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def make_private_folder(folder: Path) -> None:
    """Create the folder if it is missing, and restrict it to its owner.

    Raises :class:`OSError`.
    """
    make_folders(folder)
    if os.name == "posix" and folder.stat().st_mode & _SHARED:
        folder.chmod(PRIVATE_FOLDER)


def remove_later(file: Path | None, undo: ExitStack) -> None:
    """Register callbacks in ``undo`` that delete a database file to be created, and its new folders."""
    if file is None or os.path.lexists(file):
        return
    missing = [folder for folder in file.parents if not os.path.exists(folder)]
    for folder in reversed(missing):
        undo.callback(attempt, folder.rmdir)
    for suffix in ("", *SQLITE_COMPANIONS):
        undo.callback(attempt, Path(f"{file}{suffix}").unlink)


def attempt(remove: Callable[[], None]) -> None:
    """Call ``remove`` and ignore its errors: a failed clean-up must not hide the original error."""
    with suppress(OSError):
        remove()


def is_shared(mode: int) -> bool:
    """Whether this file mode grants access to other users; always false on Windows."""
    return os.name == "posix" and bool(mode & _SHARED)


def write_private(path: Path, content: str | bytes, *, replace: bool) -> None:
    """Write the file atomically, a text as UTF-8, with mode 0600 from its first byte on.

    When this function returns, the file survives a power failure. Without ``replace`` an existing file raises
    :class:`FileExistsError`, even one that is created meanwhile. Raises :class:`OSError`.
    """
    data = content.encode() if isinstance(content, str) else content
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        _write_new(draft, data)
        if replace:
            os.replace(draft, path)
        else:
            _move_without_replacing(draft, path, data)
        _sync_folder(path.parent)
    finally:
        with suppress(OSError):
            draft.unlink()


def _write_new(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, PRIVATE_FILE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # The folder holds the new name. Some file systems cannot sync a folder, and Windows cannot open one.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _move_without_replacing(draft: Path, path: Path, data: bytes) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        _write_new(path, data)
