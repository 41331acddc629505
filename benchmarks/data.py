"""The databases that the benchmarks read: built once by ``epicevents demo --clients N``, kept in a cache.

The data are laid around the day they are made, so those of another week, and those of another revision of
the program, are built anew.
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
"""What the large database is compared with."""


def cache_folder() -> Path:
    """Where databases are kept from one run to the next."""
    folder = platformdirs.user_cache_path("epicevents") / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def built(clients: int) -> Path:
    """An SQLite database of so many clients. It is read only: what writes takes a copy."""
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
    """Sample data, into an empty database; the bar that shows how far it is goes to the terminal."""
    with tempfile.TemporaryDirectory() as home:
        command = [*EPICEVENTS, "demo", "--clients", str(clients), "--no-open", "--database", url]
        subprocess.run(  # noqa: S603 - this very program
            command, cwd=ROOT, env=environment(home), check=True, stdout=subprocess.DEVNULL
        )


@dataclass(frozen=True)
class Place:
    """A database and a home in which somebody is signed in there."""

    url: str
    home: Path
    username: str = "admin"
    password: str = "Admin123!"  # noqa: S105 - of the sample data, told to everybody

    @property
    def environment(self) -> dict[str, str]:
        """What a program is given to be opened there."""
        return environment(self.home, EPICEVENTS_DATABASE_URL=self.url)

    def sign_in(self) -> None:
        """Keep a session for whatever is started from now on."""
        subprocess.run(  # noqa: S603 - this very program
            [*EPICEVENTS, "login", "--username", self.username, "--password-stdin"],
            input=f"{self.password}\n", text=True, cwd=ROOT, env=self.environment, check=True,
            capture_output=True,
        )  # fmt: skip


@dataclass
class Data:
    """The databases of one run. ``given`` names the large one, where it is there already."""

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
        """The one that it is compared with."""
        return built(min(FEW, self.clients))

    def home(self) -> Path:
        """A new home."""
        return Path(tempfile.mkdtemp(dir=self._folder.name))

    def place(self, database: Path) -> Place:
        """A new home in which the person of the sample data with the most rights is signed in."""
        place = Place(f"sqlite:///{database}", self.home())
        place.sign_in()
        return place

    def copy(self, database: Path) -> Path:
        """A database that may be written to."""
        target = self.home() / "copy.db"
        shutil.copyfile(database, target)
        return target

    def new_postgresql(self) -> str:
        """The address of a new, empty database on a server of its own, started for the first of them."""
        return self._postgresql()

    @cached_property
    def many_on_postgresql(self) -> str:
        """The large database there; a benchmark that changes it comes last."""
        url = self.new_postgresql()
        fill(url, self.clients)
        return url

    @cached_property
    def _postgresql(self) -> Callable[[], str]:
        return self._open.enter_context(postgresql())

    def tidy(self) -> None:
        """Throw away homes and copies."""
        for each in Path(self._folder.name).iterdir():
            shutil.rmtree(each)

    def close(self) -> None:
        """Throw away homes and copies, and the server; the cache stays."""
        self._open.close()
        self._folder.cleanup()


@contextmanager
def postgresql() -> Iterator[Callable[[], str]]:
    """A server of its own, that makes a new database whenever it is asked for the address of one.

    It keeps what it wrote as safely as a server does that somebody trusts.
    """
    from tests.support.postgres import PostgresCluster

    cluster = PostgresCluster(safe=True)
    try:
        yield lambda: cluster.url(cluster.create_database())
    finally:
        cluster.stop()
