"""Copies template databases, so that each test gets its own in milliseconds."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final, Protocol

import pytest

from services.migrations.runner import migrate
from services.persistence import sqlite_fts
from services.persistence.database import Database
from tests.support.accounts import People, hire
from tests.support.postgres import PostgresCluster


def on_one_kind(kind: str) -> pytest.MarkDecorator:
    """Run a test, a class or (as ``pytestmark``) a module on one kind of database instead of on both."""
    return pytest.mark.parametrize("database_kind", [kind], indirect=True)


sqlite_only = on_one_kind("sqlite")
postgresql_only = on_one_kind("postgresql")


SHARED: Final = {"currency": "EUR", "phone_region": "FR", "time_zone": "Europe/Paris"}
"""The shared settings of every template; the zone is that in which the tests run."""


@dataclass(frozen=True)
class Templates:
    """The templates: ``blank`` is migrated and empty; ``staffed`` has the collaborators too."""

    blank: str
    staffed: str
    people: People


Fill = Callable[[str], None]
"""Fills the database of a URL, and closes it."""


class Databases(Protocol):
    """Creates databases of one kind."""

    templates: Templates

    def copied(self, template: str) -> AbstractContextManager[str]:
        """The URL of a new copy of a template, for the length of a block."""

    def empty(self) -> AbstractContextManager[str]:
        """The URL of a database without any table, for the length of a block."""

    def filled(self, name: str, template: str, fill: Fill) -> str:
        """A new template, filled from a copy of another; created once for each name."""


class SqliteDatabases:
    """Copies files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        blank, staffed = folder / "blank.db", folder / "staffed.db"
        with _opened(self._new_file(blank)) as database:
            migrate(database, first=SHARED)
        shutil.copyfile(blank, staffed)
        with _opened(f"sqlite:///{staffed}") as database:
            sqlite_fts.prepare(database)
        self.templates = Templates(str(blank), str(staffed), _staff(f"sqlite:///{staffed}"))

    @contextmanager
    def copied(self, template: str) -> Iterator[str]:
        path = self._folder / f"{next(self._numbers)}.db"
        with _removed(path) as url:
            shutil.copyfile(template, path)
            path.chmod(0o600)
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        path = self._folder / f"{next(self._numbers)}.db"
        with _removed(path):
            yield self._new_file(path)

    def filled(self, name: str, template: str, fill: Fill) -> str:
        path = self._folder / f"{name}.db"
        if not path.exists():
            shutil.copyfile(template, path)
            path.chmod(0o600)
            fill(f"sqlite:///{path}")
        return str(path)

    @staticmethod
    def _new_file(path: Path) -> str:
        path.touch(0o600)
        return f"sqlite:///{path}"


_USES: Final = 40
"""How often a database is used again before the rows that it has lost make it slow."""


class PostgresDatabases:
    """Copies databases on the server; staffed ones are refilled and reused, in a fifth of the time."""

    def __init__(self, cluster: PostgresCluster) -> None:
        self._cluster = cluster
        blank = cluster.create_database()
        with _opened(cluster.url(blank)) as database:
            migrate(database, first=SHARED)
        staffed = cluster.create_database(blank)
        self.templates = Templates(blank, staffed, _staff(cluster.url(staffed)))
        self._contents = cluster.contents(staffed)
        self._spare: list[tuple[str, int]] = []
        self._filled: dict[str, str] = {}

    @contextmanager
    def copied(self, template: str) -> Iterator[str]:
        used_again = template == self.templates.staffed
        if used_again and self._spare:
            name, uses = self._spare.pop()
        else:
            name, uses = self._cluster.create_database(template), 0
        try:
            yield self._cluster.url(name)
        finally:
            if used_again and uses < _USES:
                self._cluster.refill(name, self._contents)
                self._spare.append((name, uses + 1))
            else:
                self._cluster.drop_database(name)

    @contextmanager
    def empty(self) -> Iterator[str]:
        with self.copied("template1") as url:
            yield url

    def filled(self, name: str, template: str, fill: Fill) -> str:
        if name not in self._filled:
            database = self._cluster.create_database(template)
            fill(self._cluster.url(database))
            self._filled[name] = database
        return self._filled[name]


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


def _staff(url: str) -> People:
    with _opened(url) as database, database.write_session() as session:
        return hire(session)


@contextmanager
def _removed(path: Path) -> Iterator[str]:
    try:
        yield f"sqlite:///{path}"
    finally:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
