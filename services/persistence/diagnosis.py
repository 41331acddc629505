"""From an error of a driver to the sentence for the person: which cause it is, and the names that go with it.

A file is looked at itself: SQLite says no more than that it cannot be opened, or that it is read-only.
Never a password, and never the database's own message about a statement, which quotes the row.
"""

import getpass
import os
import re
import shlex
import shutil
import sqlite3
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.text import clean_typed
from services.errors import DatabaseUnavailable
from services.i18n import _
from services.persistence.faults import SENTENCES, SQLITE, SQLSTATES, Cause, connecting_cause

POSTGRESQL_PORT: Final = "5432"

_FULL: Final = 1 << 20
"""Bytes of free space under which an error of the disk means that it is full."""

_PLAIN_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*")
_SEVERITY: Final = re.compile(r".*?\b(?:FATALE?|ERROR|PATAL):\s*", re.DOTALL)
_LONGEST_REASON: Final = 200


def file_trouble(path: Path, *, may_be_empty: bool = False) -> DatabaseUnavailable | None:
    """The fault of a database file, found before SQLite opens it and makes a database of an empty file."""
    cause = _cause_of_file(path)
    empty = cause is Cause.EMPTY
    if empty and _size(path.with_name(f"{path.name}-wal")):
        cause = Cause.EMPTY_WITH_WAL
    elif empty and may_be_empty:
        cause = None
    return None if cause is None else of_file(path, cause)


def of_file(path: Path, cause: Cause, **more: object) -> DatabaseUnavailable:
    """The refusal with this cause, for the file of a database."""
    about = path.parent if cause is Cause.READ_ONLY_FOLDER else path
    names = {
        "file": path, "name": path.name, "folder": path.parent, "place": path, "owner": _owner(about),
        "shell": shlex.quote(str(about)),
        "target": os.path.realpath(path),
    }  # fmt: skip
    return DatabaseUnavailable(SENTENCES[cause], cause=cause, **{**names, **more})


def not_made(path: Path, error: OSError) -> DatabaseUnavailable:
    """The refusal if the file, or its folder, cannot be made."""
    import errno

    causes = {
        errno.ENOSPC: Cause.DISK_FULL, errno.EDQUOT: Cause.DISK_FULL, errno.EROFS: Cause.READ_ONLY_SYSTEM,
        errno.EISDIR: Cause.FOLDER,
    }  # fmt: skip
    cause = causes.get(error.errno or 0, Cause.NOT_MADE)
    return of_file(path, cause, reason=error.strerror or type(error).__name__)


def of_server(url: URL, cause: Cause, *, reason: str = "") -> DatabaseUnavailable:
    """The refusal with this cause, for a database on a server."""
    names = {**server_names(url), "reason": reason, "schema_sql": "public"}
    return DatabaseUnavailable(SENTENCES[cause], cause=cause, **names)


def server_names(url: URL) -> Mapping[str, str]:
    """The names of a database on a server, for the sentences; never the password."""
    host = _host(url)
    port = str(url.port or url.query.get("port") or os.environ.get("PGPORT") or POSTGRESQL_PORT)
    role = str(url.username or url.query.get("user") or os.environ.get("PGUSER") or _account())
    database = str(url.database or role)
    server = host if host.startswith("/") or ":" in host else f"{host}:{port}"
    return {
        "host": host, "server": server, "role": role, "database": database, "place": f"{database} ({server})",
        "role_shell": shlex.quote(role), "database_shell": shlex.quote(database),
        "role_sql": _sql_name(role), "database_sql": _sql_name(database),
    }  # fmt: skip


def unavailable(url: URL, path: Path | None, error: Exception) -> DatabaseUnavailable | None:
    """The refusal for this error of SQLAlchemy or of a driver; ``None`` if the error is a defect of ours."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if path is not None:
        return _of_sqlite(path, cause)
    if isinstance(error, PoolTimeout):
        return of_server(url, Cause.SILENT)
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return _of_postgresql(url, cause, lost=lost)


# Files


def _of_sqlite(path: Path, error: BaseException | None) -> DatabaseUnavailable | None:
    if isinstance(error, PoolTimeout):
        return of_file(path, Cause.LOCKED)
    if not isinstance(error, sqlite3.Error):
        return None
    cause = SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if str(error).startswith("no such table"):
        cause = Cause.TABLES_MISSING
    if cause is None:
        return None
    if cause not in (Cause.LOCKED, Cause.DISK_FULL):
        cause = _cause_of_file(path) or _narrowed(path, cause)
    return of_file(path, cause)


def _cause_of_file(path: Path) -> Cause | None:
    try:
        status = path.stat()
    except PermissionError:
        return Cause.NO_ACCESS
    except OSError:
        if path.is_symlink():
            return Cause.BROKEN_LINK
        return Cause.MISSING if path.parent.is_dir() else Cause.NO_FOLDER
    if stat.S_ISDIR(status.st_mode):
        return Cause.FOLDER
    if not stat.S_ISREG(status.st_mode):
        return Cause.NO_FILE
    return Cause.EMPTY if status.st_size == 0 else None


def _narrowed(path: Path, cause: Cause) -> Cause:
    """The cause that the file and its folder show, if SQLite's code leaves several open."""
    if cause is Cause.DISK_ERROR:
        with suppress(OSError):
            return Cause.DISK_FULL if shutil.disk_usage(path.parent).free < _FULL else cause
    if cause not in (Cause.NO_ACCESS, Cause.READ_ONLY_FILE):
        return cause
    if _is_mounted_read_only(path):
        return Cause.READ_ONLY_SYSTEM
    if not _may(path, os.R_OK):
        return Cause.NO_ACCESS
    if not _may(path, os.W_OK):
        return Cause.READ_ONLY_FILE
    return cause if _may(path.parent, os.W_OK | os.X_OK) else Cause.READ_ONLY_FOLDER


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _is_mounted_read_only(path: Path) -> bool:
    with suppress(OSError, AttributeError):
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    return False


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _owner(path: Path) -> object:
    with suppress(OSError, KeyError, NotImplementedError):
        return path.owner()
    return _("another user")


def _account() -> str:
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return ""


# Servers


def _of_postgresql(url: URL, error: BaseException | None, *, lost: bool) -> DatabaseUnavailable | None:
    import psycopg

    if isinstance(error, UnicodeError):
        return of_server(url, Cause.NO_HOST)
    if not isinstance(error, psycopg.Error):
        return None
    code = error.sqlstate or ""
    cause = SQLSTATES.get(code) or SQLSTATES.get(code[:2])
    gone = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    told = connecting_cause(str(error))
    if cause is None and error.sqlstate is None and (gone or lost or told is Cause.OPTION):
        cause = told or (None if lost else Cause.UNREACHABLE)
    if cause is None and lost:
        cause = Cause.LOST
    return None if cause is None else of_server(url, cause, reason=_server_words(str(error)))


def _server_words(said: str) -> str:
    """The message of a server that refused a connection, on one line; it quotes no record."""
    words = _SEVERITY.sub("", clean_typed(said, multiline=True), count=1)
    return " ".join(words.split())[:_LONGEST_REASON]


def _host(url: URL) -> str:
    hosts = url.host or url.query.get("host") or os.environ.get("PGHOST") or "localhost"
    return hosts if isinstance(hosts, str) else ", ".join(hosts)


def _sql_name(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else '"{}"'.format(name.replace('"', '""'))
