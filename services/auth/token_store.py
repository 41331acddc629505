"""Stores the session token of the signed-in user between two runs, in a file with mode 0600.

There is one file for each database and each login of the operating system. A script may name its own file.
"""

import hashlib
import hmac
import os
import re
import stat
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from services import files
from services.auth.login_place import login_name
from services.errors import CrmError
from services.files import is_shared, make_private_folder, write_private
from services.i18n import N_, _
from services.settings.database_urls import identity

if TYPE_CHECKING:
    from services.settings import Settings

_LONGEST_TOKEN: Final = 8192
_TOKEN: Final = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_KEPT_FOR: Final = 24 * 60 * 60
"""Seconds after which a stored token has expired and its file is deleted."""

_NOT_KEPT = N_("The session could not be kept in {path}: {reason}.")
_SHARED = N_("The session in {path} is ignored: others may read that file. Sign in again.")
_FOREIGN = N_("The session in {path} is ignored: the file belongs to another user of this computer.")
_UNREADABLE = N_("The session in {path} cannot be read: {reason}.")
_DAMAGED = N_("The session in {path} is damaged. Sign in again.")
_MISSING = N_("There is no session in {path}, which {variable} names. Sign in with: {command}")


class SessionNotKept(CrmError):
    """The token could not be written; the user stays signed in for this run only."""

    template = _NOT_KEPT


@dataclass(frozen=True)
class StoredToken:
    """The stored token, if there is one; ``problem`` is the reason why an existing file was ignored."""

    token: str | None = field(repr=False)
    problem: CrmError | None = None


def path_of(settings: "Settings") -> Path:
    """The file of the token: the one that the settings name, else the file of this database and this login.

    The name of the latter is a digest. It does not depend on the database password.
    """
    if settings.token_file is not None:
        return settings.token_file
    login = login_name().encode(errors="surrogateescape")
    key = (settings.secret_key or "").encode(errors="surrogateescape")
    return _folder() / f"{_of_database(settings)}-{hmac.new(key, login, hashlib.sha256).hexdigest()[:16]}.jwt"


def _of_database(settings: "Settings") -> str:
    return hashlib.sha256(identity(settings.database_url).encode(errors="surrogateescape")).hexdigest()[:16]


def _folder() -> Path:
    return files.state_folder() / "sessions"


def save(settings: "Settings", token: str, keep_in: Path | None = None) -> None:
    """Store the token, in ``keep_in`` if that is given. Raises :class:`SessionNotKept`."""
    named = place(settings, keep_in)
    path = named or path_of(settings)
    try:
        if named is None:
            make_private_folder(path.parent)
            _forget_old(path.parent)
        write_private(path, token, replace=True)
    except OSError as error:
        raise SessionNotKept(path=path, reason=_reason(error)) from None


def place(settings: "Settings", keep_in: Path | str | None = None) -> Path | None:
    """The named file of the token: ``keep_in``, else that of the settings; ``None`` if neither names one.

    Raises :class:`SessionNotKept` if the file holds anything but a token, which the token would overwrite.
    """
    try:
        named = settings.token_file if keep_in is None else files.absolute(keep_in)
    except RuntimeError:  # ``~name`` of an unknown user
        raise SessionNotKept(path=keep_in, reason=_("there is no such folder")) from None
    if named is not None:
        _refuse_to_replace(named)
    return named


def _refuse_to_replace(path: Path) -> None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise SessionNotKept(path=path, reason=_("it is no plain file"))
        text = path.read_bytes()[: _LONGEST_TOKEN + 1].strip()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise SessionNotKept(path=path, reason=_("there is no such folder")) from None
    except OSError as error:
        raise SessionNotKept(path=path, reason=_reason(error)) from None
    else:
        if text and not _TOKEN.fullmatch(text.decode("latin-1")):
            raise SessionNotKept(path=path, reason=_("it holds something else"))


def load(settings: "Settings") -> str | None:
    """The stored token; ``None`` if there is no trustworthy one. Never raises."""
    return read(settings).token


def read(settings: "Settings") -> StoredToken:
    """The stored token, or the problem because of which it is not used. Never raises."""
    path = path_of(settings)
    try:
        return _read(path)
    except FileNotFoundError:
        return StoredToken(None, _missing(path) if settings.token_file is not None else None)
    except UnicodeDecodeError:
        return StoredToken(None, CrmError(_DAMAGED, path=path))
    except OSError as error:
        return StoredToken(None, CrmError(_UNREADABLE, path=path, reason=_reason(error)))


def clear(settings: "Settings") -> None:
    """Delete the stored token. Never raises: the session is revoked in the database as well."""
    with suppress(OSError):
        path_of(settings).unlink()


def _missing(path: Path) -> CrmError:
    from services.settings.variables import TOKEN_FILE_VARIABLE

    command = f"epicevents login --keep-in {path}"
    return CrmError(_MISSING, path=path, variable=TOKEN_FILE_VARIABLE, command=command)


def _forget_old(folder: Path) -> None:
    # Delete the files of ended logins. A file with a time in the future is kept: the clock may have been
    # fast.
    for path in folder.glob("*.jwt"):
        with suppress(OSError):
            if path.lstat().st_mtime < time.time() - _KEPT_FOR:
                path.unlink()


def _read(path: Path) -> StoredToken:
    # Another user could place a link to a file of their choice, or a pipe that blocks the read.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if is_shared(status.st_mode):
            return StoredToken(None, CrmError(_SHARED, path=path))
        if os.name == "posix" and status.st_uid != os.geteuid():
            return StoredToken(None, CrmError(_FOREIGN, path=path))
        token = file.read(_LONGEST_TOKEN + 1).decode("ascii").strip()
    if len(token) > _LONGEST_TOKEN or not token.isprintable():
        return StoredToken(None, CrmError(_DAMAGED, path=path))
    return StoredToken(token or None)


def _reason(error: OSError) -> str:
    return error.strerror or _("unknown reason")
