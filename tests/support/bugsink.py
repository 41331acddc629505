"""Starts a Bugsink, a Sentry-compatible server, on loopback, and reads its data over its API.

It is one process: Django's threaded server, SQLite, and events digested within their request. Bugsink stores
error events only and answers 200 to dropped items too, so tests check the data of its API.
"""

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.support.isolation import ROOT, loopback_only

PATIENCE: Final = 30.0
"""Seconds until an event has to be there; a slow machine under load takes a few."""

_API: Final = "/api/canonical/0"

# Unlike Bugsink's own templates, this configuration sends no usage reports and no email.
_CONFIGURATION: Final = """\
import os

from bugsink.settings.default import *

SECRET_KEY = os.environ["SECRET_KEY"]
DATABASES["default"]["NAME"] = os.path.abspath("db.sqlite3")
# It lives for some seconds: what a crash of the machine would lose is of no interest.
DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA synchronous=OFF"
DATABASES["snappea"]["NAME"] = os.path.abspath("snappea.sqlite3")
SNAPPEA = {"TASK_ALWAYS_EAGER": True}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
BUGSINK = {
    "BASE_URL": f"http://127.0.0.1:{os.environ['PORT']}",
    "PHONEHOME": False,
    "INGEST_STORE_BASE_DIR": os.path.abspath("ingestion"),
    # Whatever arrives is kept, also what is dropped later, to be searched for what must not have left.
    "KEEP_ENVELOPES": 10_000,
}
"""


@dataclass(frozen=True)
class Issue:
    """One issue with its events in the order of arrival."""

    type: str
    value: str
    count: int
    events: list[dict[str, Any]]


class Bugsink:
    """A starting server, which :meth:`stop` deletes. The first request waits for the end of the start."""

    def __init__(self) -> None:
        self._temporary = TemporaryDirectory(prefix="epicevents-bugsink-")
        self.folder = Path(self._temporary.name)
        (self.folder / "bugsink_conf.py").write_text(_CONFIGURATION, encoding="utf-8")
        self._log = self.folder / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from tests.support.bugsink import serve; serve()"],
                cwd=self.folder, env=self._environment(), text=True, start_new_session=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        self._address: dict[str, Any] = {}
        self._team: str | None = None

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(self.folder))),
            "DJANGO_SETTINGS_MODULE": "bugsink_conf",
            "SECRET_KEY": secrets.token_hex(32),
        }

    def new_project(self, name: str) -> "Project":
        """A new project without issues."""
        if self._team is None:
            self._team = self.ask("POST", "/teams/", {"name": "Epic Events"})["id"]
        made = self.ask("POST", "/projects/", {"team": self._team, "name": name})
        return Project(self, made["id"], self.ask("GET", f"/projects/{made['id']}/")["dsn"])

    def ask(self, method: str, path: str, content: object = None) -> Any:
        """The JSON answer of its API."""
        self._wait_for_start()
        connection = HTTPConnection("127.0.0.1", self._address["port"], timeout=PATIENCE)
        headers = {
            "Authorization": f"Bearer {self._address['token']}",
            "Content-Type": "application/json",
        }
        try:
            connection.request(method, _API + path, json.dumps(content) if content else None, headers)
            response = connection.getresponse()
            answer = response.read().decode()
        finally:
            connection.close()
        assert response.status in {200, 201}, f"{method} {path}: {response.status} {answer}"
        return json.loads(answer)

    def holds(self, text: str) -> bool:
        """Whether its database holds this text in any table."""
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return any(_stands_in(database, table, text) for (table,) in tables)

    def stop(self) -> None:
        """Stop the server and delete its data."""
        self._process.kill()
        self._process.communicate()
        self._temporary.cleanup()

    def _wait_for_start(self) -> None:
        if self._address:
            return
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"Bugsink did not start:\n{self._log.read_text(errors='replace')}"
        self._address = json.loads(line)


def _stands_in(database: sqlite3.Connection, table: str, text: str) -> bool:
    for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  its own names of tables
        if any(
            text in (value.decode(errors="replace") if isinstance(value, bytes) else str(value))
            for value in row
        ):
            return True
    return False


@dataclass(frozen=True)
class Project:
    """A project of the server, and its DSN."""

    bugsink: Bugsink
    id: str
    dsn: str

    def issues(self) -> list[Issue]:
        """All issues, oldest first."""
        found = self.bugsink.ask("GET", f"/issues/?project={self.id}&order=asc")["results"]
        return [self._issue(fields) for fields in found]

    def wait_for(self, events: int) -> list[Issue]:
        """Wait until the project has this number of events, and return all issues."""
        deadline = time.monotonic() + PATIENCE
        while self._stored() < events:
            assert time.monotonic() < deadline, f"{self._stored()} events instead of {events}"
            time.sleep(0.2)
        return self.issues()

    def _stored(self) -> int:
        return int(self.bugsink.ask("GET", f"/projects/{self.id}/")["stored_event_count"])

    def _issue(self, fields: dict[str, Any]) -> Issue:
        events = self.bugsink.ask("GET", f"/events/?issue={fields['id']}&order=asc")["results"]
        return Issue(
            type=fields["calculated_type"],
            value=fields["calculated_value"],
            count=fields["digested_event_count"],
            events=[self.bugsink.ask("GET", f"/events/{event['id']}/")["data"] for event in events],
        )


def serve() -> None:
    """Run the server: create its tables, print its address, and delete its files when standard input ends."""
    with loopback_only():
        from django.core.servers.basehttp import (  # type: ignore[import-untyped]
            ThreadedWSGIServer,
            WSGIRequestHandler,
        )

        server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
        os.environ["PORT"] = str(server.server_port)
        from bugsink.wsgi import application  # type: ignore[import-untyped]
        from django.core.management import call_command  # type: ignore[import-untyped]

        call_command("migrate", verbosity=0, interactive=False)
        from bsmain.models import AuthToken  # type: ignore[import-untyped]

        server.set_app(application)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = {"port": server.server_port, "token": AuthToken.create_full_access().token}
        print(json.dumps(address), flush=True)  # noqa: T201  to the process that started this one
        sys.stdin.read()
        # The parent process was killed.
        shutil.rmtree(os.getcwd(), ignore_errors=True)
