"""The application on a real SQLite database, driven by keys without a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.support.screens import Driven

if TYPE_CHECKING:
    from pathlib import Path

    from services.crm import Crm
    from services.settings import Settings
    from tests.support.databases import SqliteDatabases
    from tests.support.people import People
    from tests.support.records import Records

SAMPLE_DAY = date(2026, 9, 16)
"""The day on which the sample data were made."""


@pytest.fixture
def database_kind() -> str:
    """The screens know no database: one kind is enough, and the quicker one."""
    return "sqlite"


@pytest.fixture
def records(crm: Crm, people: People) -> Records:
    """What makes clients, contracts and events."""
    from tests.support.records import Records

    return Records(crm, people)


@pytest.fixture
def driven(settings: Settings) -> Driven:
    """The application, not yet running."""
    return Driven(settings)


@pytest.fixture(scope="session")
def _demo_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    from services import demo
    from services.crm import open_crm
    from tests.support.crm import settings_for

    folder = tmp_path_factory.mktemp("demo")
    file = folder / "demo.db"
    crm = open_crm(settings_for(f"sqlite:///{file}", folder), create=True)
    demo.fill(crm, today=SAMPLE_DAY)
    crm.close()
    return str(file)


@pytest.fixture(scope="session")
def _hostile_file(
    _sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    from services.crm import open_crm
    from tests.support import hostile
    from tests.support.crm import settings_for

    templates = _sqlite_databases.templates
    with _sqlite_databases.copied(templates.staffed) as url:
        crm = open_crm(settings_for(url, tmp_path_factory.mktemp("hostile")))
        hostile.fill(crm, templates.people)
        crm.close()
        yield url.removeprefix("sqlite:///")


@pytest.fixture
def hostile_url(_hostile_file: str, _sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """A database in whose every field stands what should not: see ``tests.support.hostile``."""
    with _sqlite_databases.copied(_hostile_file) as url:
        yield url


@pytest.fixture
def hostile(hostile_url: str, home: Path) -> Driven:
    """The application on that database, not yet running."""
    from tests.support.crm import settings_for

    return Driven(settings_for(hostile_url, home))


@pytest.fixture
def demo_settings(_demo_file: str, _sqlite_databases: SqliteDatabases, home: Path) -> Iterator[Settings]:
    """The settings of a CRM of sample data around ``SAMPLE_DAY``."""
    from tests.support.crm import settings_for

    with _sqlite_databases.copied(_demo_file) as url:
        yield settings_for(url, home)
