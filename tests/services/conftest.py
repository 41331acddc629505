"""What the tests of the services share."""

import pytest

from services.announcements import Announcement
from services.crm import Crm
from tests.support.people import People
from tests.support.records import Records


@pytest.fixture
def records(crm: Crm, people: People) -> Records:
    """Makes records in ``crm``."""
    return Records(crm, people)


@pytest.fixture
def announced(crm: Crm) -> list[Announcement]:
    """What is announced from now on, in order."""
    heard: list[Announcement] = []
    crm.announcer.subscribe(heard.append)
    return heard
