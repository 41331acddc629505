"""The application on real databases of both kinds, driven by keys without a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.support.app_driver import AppDriver

if TYPE_CHECKING:
    from pathlib import Path

    from services.crm import Crm
    from services.settings import Settings
    from tests.support.accounts import People
    from tests.support.databases import Databases
    from tests.support.records import Records

SAMPLE_DAY = date(2026, 9, 16)
"""The day on which the sample data were made."""


@pytest.fixture
def records(crm: Crm, people: People) -> Records:
    """What makes clients, contracts and events."""
    from tests.support.records import Records

    return Records(crm, people)


@pytest.fixture
def driven(settings: Settings) -> AppDriver:
    """The application, not yet running."""
    return AppDriver(settings)


@pytest.fixture
def hostile_url(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database in whose every field stands what should not: see ``tests.support.hostile_text``."""
    from services.startup import open_crm
    from tests.support import hostile_text
    from tests.support.crm import settings_for

    def fill(url: str) -> None:
        crm = open_crm(settings_for(url, tmp_path_factory.mktemp("hostile")))
        hostile_text.fill(crm, databases.templates.people)
        crm.close()

    with databases.copied(databases.filled("hostile", databases.templates.staffed, fill)) as url:
        yield url


@pytest.fixture
def hostile(hostile_url: str, home: Path) -> AppDriver:
    """The application on that database, not yet running."""
    from tests.support.crm import settings_for

    return AppDriver(settings_for(hostile_url, home))


@pytest.fixture
def demo_url(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of sample data around ``SAMPLE_DAY``."""
    from services import demo
    from services.startup import open_crm
    from tests.support.crm import settings_for

    def fill(url: str) -> None:
        crm = open_crm(settings_for(url, tmp_path_factory.mktemp("demo")))
        demo.fill(crm, today=SAMPLE_DAY)
        crm.close()

    with databases.copied(databases.filled("demo", databases.templates.blank, fill)) as url:
        yield url


@pytest.fixture
def demo_settings(demo_url: str, home: Path) -> Settings:
    """The settings of a CRM on that database."""
    from tests.support.crm import settings_for

    return settings_for(demo_url, home)
