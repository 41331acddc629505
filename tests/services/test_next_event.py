"""The event at which a list of events opens: the first of today or later."""

from datetime import datetime, timedelta

import pytest

from models.enums import RecordKind
from services import events
from services.actor import Actor
from services.crm import Crm
from services.lists.query import Filter, ListQuery, presets_of
from tests.support.accounts import People
from tests.support.records import Records

BY_START = ListQuery(sort="start")


def _midnight() -> datetime:
    return datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


def _event(records: Records, offset: timedelta, support: Actor | None = None) -> int:
    start = _midnight() + offset
    return records.event(start=start, end=start + timedelta(hours=1), support=support).id


def test_the_list_opens_at_the_first_event_of_today(crm: Crm, people: People, records: Records) -> None:
    assert events.next_event(crm, people.gestion, BY_START) is None
    later = _event(records, timedelta(days=40))
    assert events.next_event(crm, people.gestion, BY_START) == later
    _event(records, -timedelta(minutes=1))
    assert events.next_event(crm, people.gestion, BY_START) == later
    today = _event(records, timedelta(0))
    _event(records, timedelta(days=2))
    assert events.next_event(crm, people.gestion, BY_START) == today
    events.trash_event(crm, people.commercial, today)
    assert events.next_event(crm, people.gestion, BY_START) != today


def test_a_filter_opens_at_its_own_next_event(crm: Crm, people: People, records: Records) -> None:
    taken = _event(records, timedelta(days=1), support=people.support)
    free = _event(records, timedelta(days=2))
    without = ListQuery(frozenset({Filter.WITHOUT_SUPPORT}), sort="start")
    assert events.next_event(crm, people.gestion, without) == free
    mine = ListQuery(frozenset({Filter.MINE}), sort="start")
    assert events.next_event(crm, people.support, mine) == taken
    assert events.next_event(crm, people.other_support, mine) is None


@pytest.mark.parametrize(
    "query", [ListQuery(), ListQuery(sort="start", descending=True), ListQuery(search="e", sort="start")]
)
def test_a_list_in_another_order_opens_at_its_top(
    crm: Crm, people: People, records: Records, query: ListQuery
) -> None:
    _event(records, timedelta(days=1))
    assert events.next_event(crm, people.gestion, query) is None


def test_presets_of_events_that_look_ahead_are_in_the_order_of_the_starts() -> None:
    orders = {each.key: (each.sort, each.descending) for each in presets_of(RecordKind.EVENT)}
    for key in ("mine", "without_support", "without_support_mine", "next_7_days"):
        assert orders[key] == ("start", False)
