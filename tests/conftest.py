"""Fixtures for the whole suite: real databases, people who are signed in, and nothing of the machine.

The project is imported inside the fixtures: a test that needs none of them pays for none of them.
"""

from __future__ import annotations

import atexit
import gc
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from tests.support.isolation import (
    ROOT,
    clean_environment,
    environment_restored,
    loopback_only,
    replace_environment,
)

if TYPE_CHECKING:
    from services.crm import Crm
    from services.settings import Settings
    from tests.support.accounts import People
    from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
    from tests.support.envelopes import EnvelopeRecorder
    from tests.support.postgres import PostgresCluster

_home_key = pytest.StashKey[Path]()

# One open CRM for all examples of a property is what we want; a busy machine is no failure.
_TOLERATED = [hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "ci", max_examples=25, derandomize=True, database=None, deadline=None, suppress_health_check=_TOLERATED
)
hypothesis.settings.register_profile(
    "soak", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=_TOLERATED
)


def pytest_configure(config: pytest.Config) -> None:
    """Leave the machine's settings before any module of the project can read them."""
    home = Path(tempfile.mkdtemp(prefix="epicevents-home-"))
    # At exit rather than at the end of the session: what was imported since may write a last time.
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    config.stash[_home_key] = home
    (home / "runtime").mkdir(mode=0o700)
    replace_environment(clean_environment(home))
    set_hypothesis_home_dir(ROOT / ".hypothesis")
    if not config.getoption("--hypothesis-profile"):
        hypothesis.settings.load_profile("ci")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector from what is loaded: a quarter of the collection, a tenth of the tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 50)
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _offline() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture(autouse=True)
def home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder of the test's own, empty, which is the current folder too; English is spoken."""
    from services import i18n

    folder = Path(tempfile.mkdtemp(dir=request.config.stash[_home_key]))
    (folder / "runtime").mkdir(mode=0o700)
    with environment_restored():
        replace_environment(clean_environment(folder))
        monkeypatch.chdir(folder)
        i18n.activate("en")
        yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def compiled_once() -> Iterator[None]:
    """The engines of all tests use the same compiled statements."""
    from tests.support import compiled_statements

    with compiled_statements.compiled_once():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    """A running PostgreSQL, started when a first test asks for it."""
    from tests.support.postgres import PostgresCluster

    cluster = PostgresCluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def _sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    from tests.support.databases import SqliteDatabases

    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def _postgres_databases(postgres: PostgresCluster) -> PostgresDatabases:
    from tests.support.databases import PostgresDatabases

    return PostgresDatabases(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each test that needs a database runs on both kinds, unless it is marked with ``on_one_kind``."""
    return str(request.param)


@pytest.fixture
def databases(request: pytest.FixtureRequest, database_kind: str, compiled_once: None) -> Databases:
    """Where databases of the kind come from, for a test that needs several of them."""
    source: Databases = request.getfixturevalue(
        "_sqlite_databases" if database_kind == "sqlite" else "_postgres_databases"
    )
    return source


@pytest.fixture
def unmigrated_url(databases: Databases) -> Iterator[str]:
    """A database without any table, for the tests of migrations."""
    with databases.empty() as url:
        yield url


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database without any record."""
    with databases.copied(databases.templates.blank) as url:
        yield url


@pytest.fixture
def staffed_url(databases: Databases) -> Iterator[str]:
    """A migrated database with the staff of ``people``, who are signed in, and nothing else."""
    with databases.copied(databases.templates.staffed) as url:
        yield url


@pytest.fixture
def settings(staffed_url: str, home: Path) -> Settings:
    """The settings of ``crm``: a key, the cheapest bcrypt, English, euros, no Sentry."""
    from tests.support.crm import settings_for

    return settings_for(staffed_url, home)


@pytest.fixture
def crm(settings: Settings) -> Iterator[Crm]:
    """An open CRM on ``staffed_url``, on both kinds of database."""
    from services.startup import open_crm

    opened = open_crm(settings)
    yield opened
    opened.close()


@pytest.fixture
def people(databases: Databases) -> People:
    """The staff of ``crm``, as actors; each has the password ``tests.support.accounts.PASSWORD``."""
    return databases.templates.people


@pytest.fixture
def sentry_off_at_the_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test starts of Sentry ends with it; it may send one error more often than a minute allows."""
    import sentry_sdk

    from services import monitoring
    from services.monitoring import sdk
    from services.monitoring.error_throttle import ErrorThrottle

    monkeypatch.setattr(sdk, "_throttle", ErrorThrottle())
    yield
    monitoring.close_sentry()
    sentry_sdk.get_isolation_scope().clear()


@pytest.fixture
def recorder() -> Iterator[EnvelopeRecorder]:
    """A server that takes every envelope and keeps it."""
    from tests.support.envelopes import EnvelopeRecorder

    server = EnvelopeRecorder()
    yield server
    server.close()
