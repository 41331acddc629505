"""The time zone of each event: kept as such, changed and taken back like all else, and said in words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from models.enums import RecordKind
from models.write_models import EventCreate, EventUpdate, SharedSettingsUpdate
from services import audit_log, chain, chain_texts, events, formats, i18n, scheduling, scheduling_texts, undo
from services.crm import Crm
from services.errors import Invalid
from services.lists.query import ListQuery
from services.shared_settings import update_settings
from services.time_zones import zone_named
from services.validation import build
from tests.support.accounts import People
from tests.support.list_reads import list_journal
from tests.support.local_zone import living_in
from tests.support.records import NOON, Records

NEW_YORK = "America/New_York"


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


def _change(crm: Crm, people: People, event_id: int, **values: object) -> None:
    events.update_event(crm, people.support, event_id, build(EventUpdate, values))


def test_an_event_keeps_its_zone_when_that_of_the_crm_changes(
    crm: Crm, people: People, records: Records
) -> None:
    plain, abroad = records.event(), records.event(time_zone=NEW_YORK)
    before = crm.shared.time_zone
    assert (plain.time_zone, abroad.time_zone) == (before, NEW_YORK)
    update_settings(crm, people.gestion, SharedSettingsUpdate(time_zone="Asia/Tokyo"))
    assert [events.get_event(crm, people.gestion, each.id).time_zone for each in (plain, abroad)] == [
        before, NEW_YORK,
    ]  # fmt: skip
    assert records.event().time_zone == "Asia/Tokyo"


@pytest.mark.parametrize("zone", ["Paris", "../../etc/passwd", "Mars/Olympus", "UTC+2", "[/bold]"])
def test_a_zone_that_does_not_exist_is_refused_and_nothing_is_written(
    crm: Crm, people: People, records: Records, zone: str
) -> None:
    event = records.event(support=people.support)
    with pytest.raises(Invalid) as refused:
        _change(crm, people, event.id, time_zone=zone, name="Other")
    assert [problem.field for problem in refused.value.problems] == ["time_zone"]
    values = {"contract_id": event.contract, "name": "New", "start": NOON, "end": NOON + timedelta(hours=1)}
    with pytest.raises(Invalid, match="correct"):
        events.create_event(crm, people.commercial, build(EventCreate, values | {"time_zone": zone}))
    assert [each.name for each in events.list_events(crm, people.gestion, ListQuery())] == [event.name]


def test_a_changed_zone_is_in_the_journal_in_words_and_is_undone_and_redone(
    crm: Crm, people: People, records: Records
) -> None:
    event = records.event(support=people.support, time_zone="Europe/London")
    later = NOON + timedelta(hours=2)
    _change(crm, people, event.id, time_zone=NEW_YORK, end=later)
    entry = list_journal(crm, people.gestion, ListQuery(descending=True), limit=1)
    for language, words in (("en", "London → New York"), ("fr", "Londres → New York")):
        i18n.activate(language)
        [said] = audit_log.readable(crm, people.gestion, entry)
        assert words in [text for _label, text in said.changes]
    undo.undo_last(crm, people.support)
    undone = events.get_event(crm, people.gestion, event.id)
    assert (undone.time_zone, undone.end) == ("Europe/London", event.end)
    undo.redo_last(crm, people.support)
    redone = events.get_event(crm, people.gestion, event.id)
    assert (redone.time_zone, redone.end) == (NEW_YORK, later)


def test_unusual_times_are_judged_by_moments_and_said_in_both_zones() -> None:
    # Tomorrow by the clocks of Tokyo, but an hour ago.
    end = NOON - timedelta(hours=1)
    with living_in("America/Los_Angeles"):
        [doubt] = events.doubts(end - timedelta(hours=1), end, NOON, "Asia/Tokyo")
        assert doubt.message() == (
            "This event is over already: it ended on"
            " Tuesday 15 June 2027, 20:00 Tokyo · 04:00 here, Los Angeles."
        )
        assert events.doubts(end, NOON + timedelta(minutes=1), NOON, "Asia/Tokyo") == []


def test_chain_and_conflicts_name_the_local_zone_where_that_of_the_event_differs(
    crm: Crm, people: People, records: Records
) -> None:
    contract = records.contract(signed=True)
    gala = records.event(contract, name="Gala", support=people.support, time_zone=NEW_YORK)
    ball = records.event(contract, name="Ball", time_zone="Europe/Paris")
    with living_in("Europe/Paris"):
        [deal] = chain.read_chain(crm, people.gestion, RecordKind.CONTRACT, contract.id).deals
        said = [chain_texts.say_step(step, "EUR") for step in deal.steps]
        assert "Gala, 15/06/2027 14:00 CEST" in said
        assert "Ball, 15/06/2027 14:00" in said
        with pytest.raises(Invalid) as refused:
            events.assign_support(crm, people.gestion, ball.id, people.support.id)
        text = refused.value.problems[0].message()
        assert "from 15/06/2027 14:00 CEST to 15/06/2027 18:00 CEST" in text
        with crm.database.read() as connection:
            own = scheduling.bookings_between(
                connection, [people.support.id], NOON, NOON + timedelta(hours=1)
            )
        asked = scheduling.Booking(NOON, NOON + timedelta(hours=1))
        found = scheduling.availability(asked, own[people.support.id], crm.shared)
        assert scheduling_texts.say_conflicts(found) == [
            "at the same time: Gala, 15/06/2027 14:00 CEST to 15/06/2027 18:00 CEST"
        ]
    assert gala.time_zone == NEW_YORK


def test_the_list_of_a_reader_at_the_place_of_the_event_names_no_zone() -> None:
    with living_in(NEW_YORK):
        assert formats.show_datetime(NOON, ZoneInfo(NEW_YORK)) == "15/06/2027 08:00"
        assert formats.show_event_time(NOON, NEW_YORK) == "15/06/2027 08:00"
    assert zone_named("Europe") is None
