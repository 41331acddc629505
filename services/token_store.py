"""The session token of the signed-in person, kept between two runs: mode 0600, one for each database."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from services import paths
from services.database_urls import identity
from services.errors import CrmError
from services.i18n import N_, _
from services.private_files import is_shared, make_private_folder, write_private

if TYPE_CHECKING:
    from services.settings import Settings

_LONGEST_TOKEN: Final = 8192
_NOT_KEPT = N_("The session could not be kept in {path}: {reason}.")
_SHARED = N_("The session in {path} is ignored: others may read that file. Sign in again.")
_FOREIGN = N_("The session in {path} is ignored: the file belongs to somebody else.")
_UNREADABLE = N_("The session in {path} cannot be read: {reason}.")
_DAMAGED = N_("The session in {path} is damaged. Sign in again.")


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
    """Where the token of this database lies; the name does not depend on a password in its address."""
    digest = hashlib.sha256(identity(settings.database_url).encode(errors="surrogateescape")).hexdigest()
    return paths.state_folder() / "sessions" / f"{digest[:16]}.jwt"


def save(settings: "Settings", token: str) -> None:
    """Keep the token. Raises :class:`SessionNotKept`."""
    path = path_of(settings)
    try:
        make_private_folder(path.parent)
        write_private(path, token, replace=True)
    except OSError as error:
        raise SessionNotKept(path=path, reason=_reason(error)) from None


def load(settings: "Settings") -> str | None:
    """The token that was kept; ``None`` where there is none that may be trusted. Never raises."""
    return read(settings).token


def read(settings: "Settings") -> StoredToken:
    """The token that was kept, or why it is not used. Never raises."""
    path = path_of(settings)
    try:
        return _read(path)
    except FileNotFoundError:
        return StoredToken(None)
    except UnicodeDecodeError:
        return StoredToken(None, CrmError(_DAMAGED, path=path))
    except OSError as error:
        return StoredToken(None, CrmError(_UNREADABLE, path=path, reason=_reason(error)))


def clear(settings: "Settings") -> None:
    """Forget the token. Never raises: it is revoked in the database as well."""
    with suppress(OSError):
        path_of(settings).unlink()


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
