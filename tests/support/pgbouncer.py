"""A real PgBouncer in transaction mode in front of the tests' PostgreSQL, if the machine has PgBouncer."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from pwd import getpwuid
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

PROGRAM: Final = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

needs_pgbouncer: Final = pytest.mark.skipif(
    PROGRAM is None, reason="there is no pgbouncer on this machine; Debian's package of that name has it"
)


class PgBouncer:
    """A pooler with few connections to the server; ``settings`` are lines of its configuration."""

    def __init__(self, server_url: str, *, pool_size: int = 2, settings: str = "") -> None:
        parts = urlsplit(server_url)
        self._name = parts.path.lstrip("/")
        self._server_socket = Path(parse_qs(parts.query)["host"][0])
        self._folder = Path(tempfile.mkdtemp(prefix="epicevents-pgbouncer-"))
        self._folder.chmod(0o755)
        self._port = _free_port()
        self._file = self._folder / "pgbouncer.ini"
        self._file.write_text(
            f"[databases]\n* = host={self._server_socket} user=postgres\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self._port}\nunix_socket_dir =\n"
            f"auth_type = any\npool_mode = transaction\ndefault_pool_size = {pool_size}\n"
            f"max_client_conn = 200\n{settings}\n"
        )
        self._file.chmod(0o644)
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """The database address for the program."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/{self._name}"

    def start(self) -> None:
        """Start the process, and wait until it listens."""
        assert PROGRAM is not None
        # PgBouncer refuses to run as root, so use the owner of the server's socket.
        owner = getpwuid(self._server_socket.stat().st_uid).pw_name
        user = ["-u", owner] if os.getuid() == 0 else []
        self._process = subprocess.Popen(
            [PROGRAM, "-q", *user, str(self._file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _wait_until_it_listens(self._port)

    def kill(self) -> None:
        """Kill the process, as in a crash."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=10)

    def close(self) -> None:
        """Kill the process and delete its files."""
        self.kill()
        shutil.rmtree(self._folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_listens(port: int) -> None:
    from time import monotonic, sleep

    end = monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if monotonic() > end:
                raise
            sleep(0.02)
        else:
            return
