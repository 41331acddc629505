"""The databases of the benchmarks, built by ``epicevents demo --clients N`` and kept in a cache.

The data depend on the day of their creation, so a database of another week or of another schema revision is
rebuilt.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final

import platformdirs

from benchmarks.terminal import ROOT, environment

EPICEVENTS: Final = [sys.executable, "-m", "cli"]
FEW: Final = 1_000
"""The number of clients of the small database, for comparison."""


def cache_folder() -> Path:
    """The folder of the cached databases."""
    folder = platformdirs.user_cache_path("epicevents") / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def built(clients: int) -> Path:
    """An SQLite database with so many clients. Do not write to it: use a copy."""
    from services.migrations.runner import HEAD

    year, week, _day = datetime.now().astimezone().isocalendar()
    file = cache_folder() / f"{clients}-clients-{HEAD}-{year}w{week:02}.db"
    if not file.exists():
        for old in cache_folder().glob(f"{clients}-clients-*"):
            old.unlink()
        part = file.with_name(f"{file.name}.part")
        fill(f"sqlite:///{part}", clients)
        part.rename(file)
        part.with_name(f"{part.name}.key").unlink(missing_ok=True)
    return file


def fill(url: str, clients: int) -> None:
    """Fill an empty database with sample data; the progress bar goes to the terminal."""
    with tempfile.TemporaryDirectory() as home:
        command = [*EPICEVENTS, "demo", "--clients", str(clients), "--no-open", "--database", url]
        subprocess.run(  # noqa: S603 - this very program
            command, cwd=ROOT, env=environment(home), check=True, stdout=subprocess.DEVNULL
        )


@dataclass(frozen=True)
class Place:
    """A database, and a home folder with a session in it."""

    url: str
    home: Path
    username: str = "admin"
    password: str = "Admin123!"  # noqa: S105 - the public password of the sample data

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of a program that opens this database."""
        return environment(self.home, EPICEVENTS_DATABASE_URL=self.url)

    def sign_in(self) -> None:
        """Store a session in the home folder for programs started later."""
        subprocess.run(  # noqa: S603 - this very program
            [*EPICEVENTS, "login", "--username", self.username, "--password-stdin"],
            input=f"{self.password}\n", text=True, cwd=ROOT, env=self.environment, check=True,
            capture_output=True,
        )  # fmt: skip


@dataclass
class Data:
    """The databases of one run. ``given`` is the large one, if it exists already."""

    clients: int
    given: Path | None = None
    postgresql: bool = True
    _open: ExitStack = field(default_factory=ExitStack)
    _folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="epicevents-benchmarks-")
    )

    @cached_property
    def many(self) -> Path:
        """The large database."""
        return self.given or built(self.clients)

    @cached_property
    def few(self) -> Path:
        """The small database."""
        return built(min(FEW, self.clients))

    def home(self) -> Path:
        """A new home folder."""
        return Path(tempfile.mkdtemp(dir=self._folder.name))

    def place(self, database: Path) -> Place:
        """A new home folder in which the sample account of Gestion is signed in."""
        place = Place(f"sqlite:///{database}", self.home())
        place.sign_in()
        return place

    def copy(self, database: Path) -> Path:
        """A copy of a database that may be written to."""
        target = self.home() / "copy.db"
        shutil.copyfile(database, target)
        return target

    def new_postgresql(self) -> str:
        """The address of a new, empty database on a private server, which the first call starts."""
        return self._postgresql()

    @cached_property
    def many_on_postgresql(self) -> str:
        """The address of the large PostgreSQL database; benchmarks that change it come last."""
        url = self.new_postgresql()
        fill(url, self.clients)
        return url

    @cached_property
    def _postgresql(self) -> Callable[[], str]:
        return self._open.enter_context(postgresql())

    def tidy(self) -> None:
        """Delete the home folders and copies."""
        for each in Path(self._folder.name).iterdir():
            shutil.rmtree(each)

    def close(self) -> None:
        """Stop the server, and delete the home folders and copies; the cache stays."""
        self._open.close()
        self._folder.cleanup()


@contextmanager
def postgresql() -> Iterator[Callable[[], str]]:
    """A private server; each call of the yielded function creates a database and returns its address.

    The server runs with fsync, as in production.
    """
    from tests.support.postgres import PostgresCluster

    cluster = PostgresCluster(safe=True)
    try:
        yield lambda: cluster.url(cluster.create_database())
    finally:
        cluster.stop()
