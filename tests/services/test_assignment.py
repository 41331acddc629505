"""Assigning support with the eyes open: who is free, and a conflict only with a reason."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.enums import Department, RecordKind
from models.write_models import SharedSettingsUpdate
from services import assignment, audit_log, events, shared_settings, undo
from services.crm import Crm
from services.errors import Forbidden, Invalid
from services.lists.query import ListQuery
from services.validation import build
from tests.support.accounts import People
from tests.support.list_reads import list_journal
from tests.support.race_processes import book, race
from tests.support.records import NOON, Records, everything

LATER = NOON + timedelta(hours=5)


def test_a_person_who_runs_another_event_then_is_not_assigned_without_a_reason(
    crm: Crm, people: People, records: Records
) -> None:
    records.event(support=people.support, name="Gala [/bold]")
    event = records.event()
    before = everything(crm)
    with pytest.raises(Invalid) as refusal:
        events.assign_support(crm, people.gestion, event.id, people.support.id)
    (problem,) = refusal.value.field_problems()
    assert problem.field == "support_note"
    assert "Sofia Martínez runs “Gala [/bold]” then" in problem.message()
    assert "Gala" not in str(refusal.value)
    assert everything(crm) == before
    assert events.assign_support(crm, people.gestion, event.id, people.other_support.id).support_note == ""


def test_a_reason_overrules_a_conflict_and_is_kept_in_the_journal(
    crm: Crm, people: People, records: Records
) -> None:
    records.event(support=people.support)
    event = records.event()
    assigned = events.assign_support(crm, people.gestion, event.id, people.support.id, note="Same hall")
    assert assigned.support_note == "Same hall"
    whole = list_journal(crm, people.gestion, ListQuery(parent=(RecordKind.EVENT, event.id)))
    entry = max(whole, key=lambda each: each.id)
    assert entry.changes["support_note"][1] == "Same hall"
    (readable,) = audit_log.readable(crm, people.gestion, [entry])
    assert "Same hall" in dict(readable.changes)["Assigned in spite of a conflict"]
    undo.undo_last(crm, people.gestion)
    undone = events.get_event(crm, people.gestion, event.id)
    assert (undone.support_contact_id, undone.support_note) == (None, "")


def test_a_reason_is_not_kept_where_there_is_no_conflict(crm: Crm, people: People, records: Records) -> None:
    event = records.event()
    assigned = events.assign_support(crm, people.gestion, event.id, people.support.id, note="For nothing")
    assert assigned.support_note == ""


def test_an_assignment_that_is_taken_away_loses_its_reason(
    crm: Crm, people: People, records: Records
) -> None:
    records.event(support=people.support)
    event = records.event(support=people.support)
    assert event.support_note
    assert events.assign_support(crm, people.gestion, event.id, None).support_note == ""


@pytest.mark.parametrize("gone", ["trashed", "its own"])
def test_only_other_live_events_are_in_the_way(crm: Crm, people: People, records: Records, gone: str) -> None:
    other = records.event(support=people.support)
    if gone == "trashed":
        events.trash_event(crm, people.commercial, other.id)
        other = records.event()
    assert events.assign_support(crm, people.gestion, other.id, people.support.id).support_note == ""


def test_the_way_between_two_events_follows_the_settings(crm: Crm, people: People, records: Records) -> None:
    records.event(support=people.support, location="1 rue X, 75011 Paris")
    event = records.event(location="41000 Blois", start=LATER, end=LATER + timedelta(hours=1))
    with pytest.raises(Invalid) as refusal:
        events.assign_support(crm, people.gestion, event.id, people.support.id)
    assert "has 1 h for a way of 4 h" in refusal.value.field_problems()[0].message()
    shared_settings.update_settings(
        crm, people.gestion, build(SharedSettingsUpdate, {"travel_elsewhere": 60})
    )
    assert events.assign_support(crm, people.gestion, event.id, people.support.id).support_note == ""


@pytest.mark.parametrize("minutes", [-1, 10_081])
def test_a_way_is_at_most_a_week(minutes: int) -> None:
    with pytest.raises(Invalid) as refusal:
        build(SharedSettingsUpdate, {"travel_same_area": minutes})
    assert [each.field for each in refusal.value.field_problems()] == ["travel_same_area"]


def test_candidates_are_the_active_support_the_free_ones_first(
    crm: Crm, people: People, records: Records
) -> None:
    near = records.collaborator(Department.SUPPORT, first_name="Near", last_name="Aaa")
    records.event(support=people.support)
    event = records.event(location="41000 Blois")
    close = records.event(location="75011 Paris", start=LATER, end=LATER + timedelta(hours=1))
    events.assign_support(crm, people.gestion, close.id, near.id)
    found = assignment.candidates(crm, people.gestion, event.id)
    assert [each.id for each in found] == [people.other_support.id, near.id, people.support.id]
    assert [each.availability.is_free for each in found] == [True, False, False]
    assert [each.id for each in assignment.candidates(crm, people.gestion, event.id, "sof mart")] == [
        people.support.id
    ]
    for actor in (people.commercial, people.support):
        with pytest.raises(Forbidden):
            assignment.candidates(crm, actor, event.id)


def test_candidates_see_an_event_that_began_long_before(crm: Crm, people: People, records: Records) -> None:
    start = datetime(2027, 1, 1, tzinfo=UTC)
    records.event(support=people.support, start=start, end=NOON + timedelta(days=1))
    event = records.event()
    found = {each.id: each.availability for each in assignment.candidates(crm, people.gestion, event.id)}
    assert found[people.support.id].overlaps


def test_of_two_who_assign_one_person_at_once_one_is_warned(
    crm: Crm, people: People, records: Records, staffed_url: str, home: Path
) -> None:
    for _ in range(4):
        pair = [records.event().id, records.event().id]
        outcomes = race(book, [(staffed_url, home, people.gestion, people.support.id, each) for each in pair])
        assert sorted(outcomes) == ["assigned", "warned"]
        assigned = [events.get_event(crm, people.gestion, each).support_contact_id for each in pair]
        assert sorted(map(str, assigned)) == sorted(map(str, [None, people.support.id]))
        for each in pair:
            events.trash_event(crm, people.commercial, each)
