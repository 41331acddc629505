"""What the tests of the services share."""

from collections.abc import Iterator

import pytest

from services.crm import Crm
from services.domain_events import DomainEvent
from services.startup import open_crm
from tests.support.accounts import People
from tests.support.bulk_rows import fill
from tests.support.clocks import MachineClock
from tests.support.crm import settings_for
from tests.support.databases import Databases
from tests.support.lists import Crowd
from tests.support.records import Records


@pytest.fixture
def records(crm: Crm, people: People) -> Records:
    """Makes records in ``crm``."""
    return Records(crm, people)


@pytest.fixture
def announced(crm: Crm) -> list[DomainEvent]:
    """What is announced from now on, in order."""
    heard: list[DomainEvent] = []
    crm.bus.subscribe(heard.append)
    return heard


@pytest.fixture
def machine_clock(monkeypatch: pytest.MonkeyPatch) -> MachineClock:
    """The clock of this machine, to be set wrong."""
    return MachineClock(monkeypatch)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """Some hundred records, made once for all tests of a module, on both kinds of database."""
    name = "_sqlite_databases" if request.param == "sqlite" else "_postgres_databases"
    databases: Databases = request.getfixturevalue(name)
    with databases.copied(databases.templates.staffed) as url:
        crm = open_crm(settings_for(url, tmp_path_factory.mktemp("crowd")))
        fill(crm, databases.templates.people, times=3)
        yield Crowd(crm, databases.templates.people)
        crm.close()
