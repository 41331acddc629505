"""Parses, displays and compares database addresses as text, without loading the ORM."""

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from services.errors import SettingsError
from services.files import absolute
from services.i18n import N_

DATABASE_VARIABLE: Final = "EPICEVENTS_DATABASE_URL"
_SQLITE: Final = "sqlite:///"
_POSTGRESQL: Final = "postgresql+psycopg"
_POSTGRESQL_SCHEMES = frozenset({"postgres", "postgresql", _POSTGRESQL})
_WINDOWS_DRIVE = re.compile(r"/?[A-Za-z]:[\\/]")
_SECRET_OPTION = re.compile(r"password|passfile|key", re.IGNORECASE)

_NO_ADDRESS = N_(
    "{variable} is not the address of a database. Write it like sqlite:////home/me/crm.db "
    "or postgresql://user:password@host/name."
)
_NO_FILE = N_("{variable} must name a file, like sqlite:////home/me/crm.db.")
_NOT_A_FILE = N_("{variable} names a folder. Write the file, too, like sqlite:////home/me/crm.db.")
_SLASHES = N_(
    "{variable} has too many slashes. Write a whole path like sqlite:////home/me/crm.db, and one from the "
    "current folder like sqlite:///crm.db."
)
_DRIVE = N_("{variable} names a Windows drive, which this computer does not have. Write it like {like}.")
_NO_OPTIONS = N_("{variable}: an SQLite address has no options; write a question mark in a path as %3F.")
_NO_POSTGRESQL = N_(
    "{variable} cannot be read. Write it like postgresql://user:password@host/name. "
    "In the password %40 %3A %2F %3F %23 %25 stand for @ : / ? # %."
)
_NO_PORT = N_(
    "{variable} has a bad port. It must be a number from 1 to 65535, like host:5432. In the password %3A and "
    "%40 stand for : and @."
)
_HOSTS = N_("{variable} names several hosts. Write them like ?host=one:5432&host=two:5432.")
_LIKE: Final = "sqlite:////home/me/crm.db"


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file."""
    return _SQLITE + str(path).replace("%", "%25").replace("?", "%3F")


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite address; ``None`` for any other database."""
    return Path(unquote(url.removeprefix(_SQLITE))) if url.startswith(_SQLITE) else None


def canonical_url(text: str, *, folder: Path | None = None, variable: str = DATABASE_VARIABLE) -> str:
    """The address in canonical form: an absolute path for SQLite, the psycopg driver for PostgreSQL.

    A relative path starts in ``folder``. Raises :class:`SettingsError`, which never shows the address.
    """
    text = text.strip()
    scheme, _, rest = text.partition(":")
    if not text.isprintable():
        raise SettingsError(variable, _NO_ADDRESS)
    if scheme.lower() == "sqlite":
        return _canonical_sqlite(rest, folder, variable)
    if scheme.lower() in _POSTGRESQL_SCHEMES and rest.startswith("//"):
        return _canonical_postgresql(rest, variable)
    raise SettingsError(variable, _NO_ADDRESS)


def _canonical_sqlite(rest: str, folder: Path | None, variable: str) -> str:
    path = rest.removeprefix("///")
    if path == rest or path in ("", ":memory:") or path.startswith("file:"):
        raise SettingsError(variable, _NO_FILE)
    if "?" in path:
        raise SettingsError(variable, _NO_OPTIONS)
    path = unquote(path)
    _check_path(path, variable)
    try:
        return sqlite_url(absolute(path, folder))
    except (OSError, RuntimeError):  # ``~name`` of an unknown user, or no current folder
        raise SettingsError(variable, _NO_FILE) from None


def _check_path(path: str, variable: str) -> None:
    if not path.isprintable():
        raise SettingsError(variable, _NO_FILE)
    # Paths keep two leading slashes, which SQLite reads as a host.
    if path.startswith("//"):
        raise SettingsError(variable, _SLASHES)
    if path.endswith("/"):
        raise SettingsError(variable, _NOT_A_FILE)
    if os.name == "posix" and _WINDOWS_DRIVE.match(path):
        raise SettingsError(variable, _DRIVE, like=_LIKE)


def _canonical_postgresql(rest: str, variable: str) -> str:
    url = f"{_POSTGRESQL}:{rest}"
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = None
    if parts is None or not _is_unambiguous(parts) or " " in url or not unquote(url).isprintable():
        raise SettingsError(variable, _NO_POSTGRESQL) from None
    _check_port(parts, variable)
    if parts.query:
        # Imported here, not at the top, to keep it off the start-up path of SQLite.
        from services.settings.database_options import check_options

        check_options(parts.query, variable)
    return url


def _check_port(parts: SplitResult, variable: str) -> None:
    if "," in parts.netloc.rpartition("@")[2]:
        raise SettingsError(variable, _HOSTS)
    try:
        possible = parts.port != 0
    except ValueError:
        possible = False
    if not possible:
        raise SettingsError(variable, _NO_PORT) from None


def _is_unambiguous(parts: SplitResult) -> bool:
    # After an unescaped mark in the password, the rest is parsed as path, query or fragment.
    stray = parts.path + parts.query + parts.fragment
    return parts.netloc.count("@") <= 1 and "@" not in stray and not parts.fragment and len(parts.path) > 1


def shown_url(url: str) -> str:
    """The address for display, without its password and without options that may hold a secret."""
    if sqlite_file(url) is not None:
        return url
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}{':***' if parts.password else ''}@" if parts.username else ""
    return f"{parts.scheme}://{user}{host}{parts.path}{_shown_options(parts.query)}"


def identity(url: str) -> str:
    """The address without its password: equal for two addresses of the same account and database."""
    return shown_url(url).replace(":***@", "@")


def _shown_options(query: str) -> str:
    kept = [option for option in query.split("&") if option and not _SECRET_OPTION.search(option)]
    return f"?{'&'.join(kept)}" if kept else ""
