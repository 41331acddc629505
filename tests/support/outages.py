"""Outages of a database in use, one class for each kind of database."""

from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

_DISCONNECT = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"


class Outage(Protocol):
    """An outage of a database."""

    def begin(self) -> None:
        """Make the database unavailable."""

    def end(self) -> None:
        """Make the database available again."""


class FileMoved:
    """The file of an SQLite database is renamed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._elsewhere = path.with_suffix(".away")

    def begin(self) -> None:
        self._path.rename(self._elsewhere)

    def end(self) -> None:
        self._elsewhere.rename(self._path)


class ConnectionsRefused:
    """The PostgreSQL server closes all connections to the database and accepts no new ones."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._name = parsed.database or ""
        self._server = parsed.set(drivername="postgresql", database="postgres").render_as_string(
            hide_password=False
        )

    def begin(self) -> None:
        self._allow(connections=False)
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(_DISCONNECT, [self._name])

    def end(self) -> None:
        self._allow(connections=True)

    def _allow(self, *, connections: bool) -> None:
        statement = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        filled = statement.format(sql.Identifier(self._name), sql.Literal(connections))
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(filled)
