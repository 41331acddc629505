"""The session token of the signed-in person, kept between two runs: mode 0600.

One for each database and each login of the operating system, or in a file that is named: a script's own.
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
"""Seconds after which a kept token opens nothing any more; its file is then in nobody's way."""

_NOT_KEPT = N_("The session could not be kept in {path}: {reason}.")
_SHARED = N_("The session in {path} is ignored: others may read that file. Sign in again.")
_FOREIGN = N_("The session in {path} is ignored: the file belongs to another user of this computer.")
_UNREADABLE = N_("The session in {path} cannot be read: {reason}.")
_DAMAGED = N_("The session in {path} is damaged. Sign in again.")
_MISSING = N_("There is no session in {path}, which {variable} names. Sign in with: {command}")


class SessionNotKept(CrmError):
    """The token could not be written; the person stays signed in for this run only."""

    template = _NOT_KEPT


@dataclass(frozen=True)
class StoredToken:
    """What was found: a token, or nothing; ``problem`` is why a file that is there was ignored."""

    token: str | None = field(repr=False)
    problem: CrmError | None = None

    def reason(self) -> str:
        """The problem for the person, in the active language; empty where there is none."""
        return self.problem.message() if self.problem is not None else ""


def path_of(settings: "Settings") -> Path:
    """Where the token lies: in the file that the settings name, else in one of this database and this login.

    The name of that one depends on no password of an address, and does not tell what the login is called.
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
    """Keep the token, in ``keep_in`` where that is given. Raises :class:`SessionNotKept`."""
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
    """The file that is named for the token, if one is: ``keep_in``, else that of the settings.

    Raises :class:`SessionNotKept` where it holds something else that the token would take the place of.
    """
    try:
        named = settings.token_file if keep_in is None else files.absolute(keep_in)
    except RuntimeError:  # ``~name`` of nobody
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
    """The token that was kept; ``None`` where there is none that may be trusted. Never raises."""
    return read(settings).token


def read(settings: "Settings") -> StoredToken:
    """The token that was kept, or why it is not used. Never raises."""
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
    """Forget the token. Never raises: it is revoked in the database as well."""
    with suppress(OSError):
        path_of(settings).unlink()


def _missing(path: Path) -> CrmError:
    from services.settings.variables import TOKEN_FILE_VARIABLE

    command = f"epicevents login --keep-in {path}"
    return CrmError(_MISSING, path=path, variable=TOKEN_FILE_VARIABLE, command=command)


def _forget_old(folder: Path) -> None:
    # Those of logins that are over. A file of the future is left alone: the clock may have been ahead.
    for path in folder.glob("*.jwt"):
        with suppress(OSError):
            if path.lstat().st_mtime < time.time() - _KEPT_FOR:
                path.unlink()


def _read(path: Path) -> StoredToken:
    # A link could lead to a file that somebody else chose; a pipe would never end.
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
