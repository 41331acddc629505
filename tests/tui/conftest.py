"""The application on a real SQLite database, driven by keys without a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.screens import Driven

if TYPE_CHECKING:
    from services.crm import Crm
    from services.settings import Settings
    from tests.support.people import People
    from tests.support.records import Records


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
