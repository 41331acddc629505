"""An event that is assigned to nobody is nobody's own; only the active accounts of Support are given one."""

import pytest

from models.write_models import EventUpdate
from services import collaborators, events
from services.crm import Crm
from services.errors import Forbidden, Invalid, NotFound
from services.rights import Action
from services.undo import undo_last
from services.validation import build
from tests.support.accounts import People
from tests.support.records import Records, everything

NOTES = build(EventUpdate, {"notes": "Lanterns"})


@pytest.mark.parametrize("who", ["commercial", "support", "other_support", "gestion"])
def test_an_event_of_nobody_is_changed_by_nobody(
    crm: Crm, records: Records, people: People, who: str
) -> None:
    event = records.event()
    before = everything(crm)
    with pytest.raises(Forbidden) as refusal:
        events.update_event(crm, getattr(people, who), event.id, NOTES)
    assert refusal.value.rule == Action.EVENT_UPDATE
    assert everything(crm) == before


def test_an_event_that_was_taken_from_its_contact_is_changed_by_nobody(
    crm: Crm, records: Records, people: People
) -> None:
    event = records.event(support=people.support)
    events.assign_support(crm, people.gestion, event.id, None)
    for actor in (people.support, people.other_support):
        with pytest.raises(Forbidden):
            events.update_event(crm, actor, event.id, NOTES)
    events.assign_support(crm, people.gestion, event.id, people.other_support.id)
    assert events.update_event(crm, people.other_support, event.id, NOTES).notes == "Lanterns"


def test_a_former_support_contact_undoes_nothing_on_an_event_of_nobody(
    crm: Crm, records: Records, people: People
) -> None:
    event = records.event(support=people.support)
    events.update_event(crm, people.support, event.id, NOTES)
    events.assign_support(crm, people.gestion, event.id, None)
    before = everything(crm)
    with pytest.raises(Forbidden) as refusal:
        undo_last(crm, people.support)
    assert refusal.value.rule == Action.EVENT_UPDATE
    assert everything(crm) == before
    events.assign_support(crm, people.gestion, event.id, people.support.id)
    undo_last(crm, people.support)
    assert events.get_event(crm, people.gestion, event.id).notes == ""


def test_no_event_is_assigned_to_who_has_left(crm: Crm, records: Records, people: People) -> None:
    event = records.event()
    collaborators.deactivate_collaborator(crm, people.gestion, people.other_support.id)
    with pytest.raises(Invalid) as refusal:
        events.assign_support(crm, people.gestion, event.id, people.other_support.id)
    assert [problem.field for problem in refusal.value.field_problems()] == ["support_contact_id"]


@pytest.mark.parametrize("number", [0, -1, 2**31, 999_999])
def test_an_event_that_is_not_there_is_not_found_whoever_asks(crm: Crm, people: People, number: int) -> None:
    with pytest.raises(NotFound):
        events.update_event(crm, people.support, number, NOTES)
