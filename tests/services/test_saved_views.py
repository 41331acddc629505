"""Saved views: whose they are, who reads and changes them, and what becomes of them when somebody leaves."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pytest
from sqlalchemy import text

from models.enums import RecordKind
from models.read_models import SavedViewRead
from models.write_models import ViewCreate, ViewUpdate
from services import collaborators, events, saved_views
from services.actor import Actor
from services.condition_reading import read_condition
from services.crm import Crm
from services.denormalized import consistency
from services.errors import Conflict, CrmError, Duplicate, Forbidden, InUse, Invalid, NotFound
from services.lists.own_filters import ME, Comparison, Condition, OwnFilter
from services.lists.query import Filter, ListQuery
from services.undo import redo_last, undo_last
from services.validation import build
from tests.support.accounts import People
from tests.support.list_reads import list_journal
from tests.support.records import Records

MINE: Final = OwnFilter((Condition("support_contact", Comparison.IS, ME),))
EVENT: Final = RecordKind.EVENT


def save(crm: Crm, actor: Actor, name: str = "My week", **fields: object) -> SavedViewRead:
    values = {"name": name, "listed": "event", "conditions": MINE.to_json()} | fields
    return saved_views.create_view(crm, actor, build(ViewCreate, values))


def change(crm: Crm, actor: Actor, view: SavedViewRead, **fields: object) -> SavedViewRead:
    return saved_views.update_view(crm, actor, view.id, build(ViewUpdate, fields), view.version)


def names(crm: Crm, actor: Actor, kind: RecordKind | None = EVENT) -> list[str]:
    return [view.name for view in saved_views.list_views(crm, actor, kind)]


def refused(attempt: Callable[[], object], kind: type[CrmError]) -> str:
    with pytest.raises(kind) as error:
        attempt()
    return " ".join(each.message() for each in error.value.field_problems()) or error.value.message()


def test_a_private_view_is_its_owners_alone(crm: Crm, people: People) -> None:
    view = save(crm, people.support)
    assert names(crm, people.support) == ["My week"]
    for other in (people.other_support, people.gestion, people.commercial):
        assert names(crm, other) == []
        for attempt in (
            lambda: saved_views.get_view(crm, other, view.id),  # noqa: B023 - called at once
            lambda: change(crm, other, view, name="Taken"),  # noqa: B023
            lambda: saved_views.trash_view(crm, other, view.id),  # noqa: B023
        ):
            refused(attempt, NotFound)


def test_a_shared_view_is_read_by_the_department_and_changed_by_owner_and_gestion(
    crm: Crm, people: People
) -> None:
    view = save(crm, people.support, shared=True)
    assert view.department is people.support.department
    assert names(crm, people.other_support) == names(crm, people.gestion) == ["My week"]
    assert names(crm, people.commercial) == []
    refused(lambda: change(crm, people.other_support, view, name="Ours"), Forbidden)
    refused(lambda: saved_views.trash_view(crm, people.other_support, view.id), Forbidden)
    renamed = change(crm, people.gestion, view, name="The week")
    assert (renamed.name, renamed.owner, renamed.department) == ("The week", "sofia-m", view.department)
    refused(lambda: change(crm, people.support, view, name="Stale"), Conflict)
    private = change(crm, people.support, renamed, shared=False)
    assert private.department is None
    assert names(crm, people.gestion) == []


def test_a_name_is_used_once_by_a_person_for_a_list(crm: Crm, people: People) -> None:
    view = save(crm, people.support, "Été  à Paris")
    assert "There is a view of this name" in refused(
        lambda: save(crm, people.support, "été  À PARIS"), Duplicate
    )
    save(crm, people.other_support, "Été  à Paris")
    save(crm, people.support, "Été  à Paris", listed="client",
         conditions=OwnFilter((Condition("company", Comparison.CONTAINS, "é"),)).to_json())  # fmt: skip
    saved_views.trash_view(crm, people.support, view.id)
    save(crm, people.support, "Été  à Paris")
    refused(lambda: saved_views.restore_view(crm, people.support, view.id), Duplicate)
    assert consistency.check(crm) == []


def undo_to(crm: Crm, actor: Actor, times: int) -> None:
    for _turn in range(times):
        undo_last(crm, actor)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 81, "a\x1b[31m"])
def test_a_name_that_is_none_is_refused(crm: Crm, people: People, name: str) -> None:
    refused(lambda: save(crm, people.support, name), Invalid)


def test_what_a_list_does_not_have_is_not_saved(crm: Crm, people: People) -> None:
    for fields in (
        {"conditions": OwnFilter().to_json()}, {"conditions": "{}"}, {"listed": "payment"},
        {"listed": "nothing"}, {"sort": "phone"}, {"filters": "mine,dancing"}, {"filters": "unpaid"},
        {"conditions": OwnFilter((Condition("shoe_size", Comparison.IS, "1"),)).to_json()},
        {"conditions": OwnFilter((Condition("support_contact", Comparison.IS, "999"),)).to_json()},
        {"conditions": OwnFilter((Condition("start", Comparison.IS, "never"),)).to_json()},
    ):  # fmt: skip
        refused(lambda: save(crm, people.support, **fields), Invalid)  # noqa: B023 - called at once
    journal = OwnFilter((Condition("author", Comparison.IS, ME),)).to_json()
    refused(lambda: save(crm, people.support, listed="journal", conditions=journal), Forbidden)
    save(crm, people.gestion, listed="journal", conditions=journal)
    assert names(crm, people.gestion, None) == ["My week"]
    assert names(crm, people.support) == []


def test_each_write_is_in_the_journal_and_can_be_undone_and_redone(crm: Crm, people: People) -> None:
    view = save(crm, people.support, shared=True)
    view = change(crm, people.support, view, name="Next week", shared=False)
    saved_views.trash_view(crm, people.support, view.id)
    entries = list_journal(crm, people.gestion, ListQuery(parent=(RecordKind.VIEW, view.id), descending=True))
    assert [entry.action for entry in entries] == ["view.trash", "view.update", "view.create"]
    undo_last(crm, people.support)
    undo_last(crm, people.support)
    assert [(each.name, each.department) for each in saved_views.list_views(crm, people.support, EVENT)] == [
        ("My week", people.support.department)
    ]
    redo_last(crm, people.support)
    assert names(crm, people.support) == ["Next week"]
    undo_to(crm, people.support, 2)
    assert names(crm, people.support) == []
    assert consistency.check(crm) == []


def test_a_view_opens_as_a_filter_and_me_is_whoever_reads(crm: Crm, people: People, records: Records) -> None:
    party = records.event(support=people.other_support)
    view = save(crm, people.support, shared=True, sort="start", descending=True)
    chosen = saved_views.open_view(crm, people.other_support, view)
    assert (chosen.key, chosen.label, chosen.sort) == (f"view:{view.id}", "My week", "start")
    assert saved_views.remembered_filter(crm, people.other_support, RecordKind.EVENT, chosen.key) == chosen
    for actor, found in ((people.other_support, [party.id]), (people.support, [])):
        query = ListQuery(own=chosen.own, sort=chosen.sort)
        rows = events.list_events(crm, actor, query)
        assert [row.id for row in rows] == found
    for actor, kind, key in (
        (people.commercial, RecordKind.EVENT, chosen.key),
        (people.support, RecordKind.CLIENT, chosen.key),
        (people.support, RecordKind.EVENT, "view:x"),
    ):
        refused(partial(saved_views.remembered_filter, crm, actor, kind, key), NotFound)
    own = chosen.own.to_json()
    kept = saved_views.remembered_filter(crm, people.support, RecordKind.EVENT, "own", own, "mine")
    assert (kept.own, kept.filters) == (chosen.own, frozenset({Filter.MINE}))
    for conditions, within in ((own, "nothing"), ("{", ""), ('{"format": 1, "conditions": [["x"]]}', "")):
        remembered = partial(saved_views.remembered_filter, crm, people.support, RecordKind.EVENT, "own")
        refused(partial(remembered, conditions, within), Invalid)


def test_a_view_of_another_program_is_refused_in_words(crm: Crm, people: People) -> None:
    view = save(crm, people.support)
    for conditions, said in (
        ('{"version":9}', "newer version"), ("[", "cannot be read"),
        (OwnFilter((Condition("mood", Comparison.IS, "x"),)).to_json(), "no field mood"),
        (OwnFilter((Condition("support_contact", Comparison.IS, "999"),)).to_json(), "deleted"),
    ):  # fmt: skip
        with crm.database.write() as connection:
            connection.execute(text("UPDATE saved_view SET conditions = :it"), {"it": conditions})
        stored = saved_views.get_view(crm, people.support, view.id)
        assert said in refused(lambda: saved_views.open_view(crm, people.support, stored), Invalid)  # noqa: B023
    assert names(crm, people.support) == ["My week"]
    saved_views.trash_view(crm, people.support, view.id)


def test_a_name_finds_ones_own_view_before_those_of_others(crm: Crm, people: People) -> None:
    theirs = save(crm, people.other_support, "Our week", shared=True)
    find = saved_views.find_view
    assert find(crm, people.support, EVENT, "OUR WEEK").id == theirs.id
    own = save(crm, people.support, "Our week", shared=True)
    assert find(crm, people.support, EVENT, "our week").id == own.id
    assert find(crm, people.gestion, EVENT, str(theirs.id)).id == theirs.id
    assert "Sofia Martínez" in refused(lambda: find(crm, people.gestion, EVENT, "our week"), Invalid)
    assert "Our week" in refused(lambda: find(crm, people.support, EVENT, "their week"), Invalid)
    refused(lambda: find(crm, people.commercial, EVENT, "our week"), Invalid)


def test_the_views_of_somebody_who_leaves_stay(crm: Crm, people: People, records: Records) -> None:
    shared, private = save(crm, people.support, "Ours", shared=True), save(crm, people.support, "Mine")
    refused(lambda: collaborators.delete_collaborator(crm, people.gestion, people.support.id), InUse)
    collaborators.deactivate_collaborator(crm, people.gestion, people.support.id)
    assert names(crm, people.other_support) == names(crm, people.gestion) == ["Ours"]
    change(crm, people.gestion, shared, name="Still ours")
    refused(lambda: saved_views.get_view(crm, people.gestion, private.id), NotFound)


def test_a_condition_is_read_as_it_is_typed(crm: Crm, people: People) -> None:
    for typed, expected in (
        ("support_contact is me", Condition("support_contact", Comparison.IS, ME)),
        ("support_contact = Seán O'Brien", Condition("support_contact", Comparison.IS, "4")),
        ("support_contact is empty", Condition("support_contact", Comparison.EMPTY)),
        ("START in this week", Condition("start", Comparison.IS, "this_week")),
        ("start from +3", Condition("start", Comparison.AT_LEAST, "today+3")),
        ("start before 15/06/2027", Condition("start", Comparison.BELOW, "2027-06-15")),
        ("attendees>=1 200", Condition("attendees", Comparison.AT_LEAST, "1200")),
        ("name contains is empty", Condition("name", Comparison.CONTAINS, "is empty")),
    ):
        assert read_condition(crm, people.support, EVENT, typed, "where") == expected
    status = read_condition(crm, people.support, RecordKind.CONTRACT, "status is Unsigned", "where")
    assert status == Condition("status", Comparison.OPTION, "unsigned")
    for typed in (
        "", "shoe_size is 3", "start", "start is", "start contains x", "start in someday",
        "support_contact is nobody", "attendees >= many", "name contains", "end ~ 3",
    ):  # fmt: skip
        problem = refused(lambda: read_condition(crm, people.support, EVENT, typed, "where"), Invalid)  # noqa: B023
        assert problem
