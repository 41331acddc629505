"""The figures of Today are those of the records, at every moment and in every time zone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import Connection

from services.actor import Actor
from services.crm import Crm
from services.denormalized import consistency
from services.list_reader import list_of
from services.lists import engine
from services.lists.query import COUNT_CAP, ListQuery
from services.lists.spec import QueryContext
from services.today import Today, today_at
from services.today_targets import preset_of
from services.unit_of_work import ReadContext
from tests.support.accounts import People
from tests.support.random_use_cases import BusyDay
from tests.support.records import NOON, Records
from tests.support.today_reference import Reference, as_lines, rows_of

ZONES: Final = ("UTC", "Europe/Paris", "Pacific/Auckland", "America/New_York", "Asia/Kathmandu")


@pytest.fixture
def zones(crm: Crm) -> Iterator[None]:
    """The time zone of the CRM, which a test may change, is another one for all of this process."""
    before = crm.shared
    yield
    crm.learn(before)


def check_at(crm: Crm, people: People, now: datetime, zone: str) -> None:
    """Compare the figures of everybody at a moment."""
    crm.learn(replace(crm.shared, time_zone=zone))
    rows = rows_of(crm)
    for actor in people:
        with crm.database.read() as connection:
            today = today_at(ReadContext(connection, actor, now), crm.day_of(now))
            check_lists(connection, actor, today)
        assert as_lines(today) == Reference(rows, actor, now, zone).lines(), (actor.department, now, zone)


def check_lists(connection: Connection, actor: Actor, today: Today) -> None:
    """Compare the numbers with the lengths of the lists that the figures open."""
    asking = QueryContext.by(actor, today.now)
    for figure in (figure for block in today.blocks for figure in block.figures if figure.target.preset):
        opened, listing = preset_of(figure.target), list_of(figure.target.kind)[0]
        query = ListQuery(opened.filters, sort=opened.sort, descending=opened.descending, own=opened.own)
        found = engine.count(listing, connection, asking, query, COUNT_CAP)
        assert found == figure.number, (figure.key, today.now)
    for figure in (figure for block in today.blocks for figure in block.figures if figure.target.agenda):
        busy = [point.first for point in figure.points if point.number]
        assert figure.target.day == (busy[0] if busy and busy[0] > today.day else None)


@pytest.mark.parametrize(("seed", "writes"), [(7, 60), pytest.param(11, 2_000, marks=pytest.mark.soak)])
def test_the_figures_are_those_of_the_records_whatever_is_done(
    crm: Crm, records: Records, people: People, zones: None, seed: int, writes: int
) -> None:
    """Five times the number of writes, 10,000 in a soak; after each share the figures are compared."""
    day = BusyDay(records, seed)
    now = datetime.now(UTC)
    moments = [now, now + timedelta(hours=9), now + timedelta(days=40), NOON, NOON + timedelta(days=95)]
    for zone, moment in zip(ZONES, moments, strict=True):
        day.go_on(writes)
        check_at(crm, people, moment, zone)
        check_at(crm, people, now, zone)
    assert consistency.check(crm) == []


def test_the_busiest_are_named_whose_weeks_begin_at_the_clocks_of_the_crm(
    crm: Crm, records: Records, people: People, zones: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.learn(replace(crm.shared, time_zone="Europe/Paris"))
    monkeypatch.setattr("services.today.MOST_PEOPLE", 1)
    now = datetime(2027, 1, 6, 12, tzinfo=UTC)
    # 30 minutes into the week of the CRM; in UTC, it is still the week before.
    first = datetime(2027, 1, 3, 23, 30, tzinfo=UTC)
    starts = {
        people.support: (first - timedelta(hours=1), first, now),
        people.other_support: (now, first + timedelta(weeks=8), first + timedelta(weeks=8)),
    }
    contract = records.contract(signed=True)
    for actor, own in starts.items():
        for start in own:
            records.event(contract, support=actor, start=start, end=start + timedelta(hours=2), location="")
    with crm.database.read() as connection:
        today = today_at(ReadContext(connection, people.gestion, now), crm.day_of(now))
    block = today.blocks[-1]
    assert [(figure.target.agenda, figure.number) for figure in block.figures] == [
        (people.support.username, 2)
    ]
    assert block.left_out == 1
