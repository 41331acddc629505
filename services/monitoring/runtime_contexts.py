"""Contexts of every event: Python, operating system, terminal and database. None holds personal data."""

import os
import platform
import sys
from typing import Final

import sentry_sdk
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

DATABASE: Final = "database"
"""Name of the database context, which is set at the first connection."""

_seen: dict[str, str] = {}


def contexts() -> dict[str, dict[str, str]]:
    """The contexts of Python, operating system and terminal, without empty fields."""
    found = {
        "runtime": {"name": platform.python_implementation(), "version": platform.python_version()},
        "os": _system(),
        "terminal": {
            "name": os.environ.get("TERM_PROGRAM") or os.environ.get("TERM") or "",
            "version": os.environ.get("TERM_PROGRAM_VERSION", ""),
            "colors": os.environ.get("COLORTERM", ""),
            "encoding": getattr(sys.stdout, "encoding", "") or "",
        },
    }
    return {name: {key: text for key, text in fields.items() if text} for name, fields in found.items()}


def _system() -> dict[str, str]:
    system = {"name": platform.system(), "kernel_version": platform.release()}
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return {**system, "version": platform.release()}
    return {**system, "name": release["NAME"], "version": release.get("VERSION_ID", "")}


def watch_database() -> None:
    """Set the database context at the first connection of an engine. A second call has no effect."""
    _seen.clear()
    if not event.contains(Engine, "engine_connect", _connected):
        event.listen(Engine, "engine_connect", _connected)


def _connected(connection: Connection) -> None:
    dialect = connection.dialect
    version = ".".join(map(str, getattr(dialect, "server_version_info", None) or ()))
    found = {"name": dialect.name, "version": version}
    if version and found != _seen:
        _seen.update(found)
        sentry_sdk.get_global_scope().set_context(DATABASE, found)
