"""A kind of record is described once: a kind of this test gets all that the kinds of the brief have."""

from collections.abc import Iterator

import pytest

from models.enums import Operation, RecordKind
from services import audit_log, clients, record_types
from services.crm import Crm
from services.denormalized import consistency
from services.domain_events import DomainEvent, RecordChanged
from services.errors import Conflict, Forbidden, InUse, NotFound, NotTrashed
from services.global_search import search_everywhere
from services.labels import record_label
from services.list_reader import ListReader, read_record
from services.lists.query import Filter, ListQuery
from services.monitoring import vocabulary
from services.undo import undo_last
from tests.support.accounts import People
from tests.support.errand_kind import (
    ERRAND,
    ErrandRead,
    create_errand,
    restore_errand,
    trash_errand,
    update_errand,
    with_errands,
)
from tests.support.list_reads import list_journal
from tests.support.records import Records


@pytest.fixture(autouse=True)
def errands(crm: Crm) -> Iterator[None]:
    """The program knows errands, and so does its database."""
    with with_errands(crm):
        yield


@pytest.fixture
def errand(crm: Crm, records: Records) -> ErrandRead:
    """An errand of a client of the first of Commercial."""
    return create_errand(crm, records.people.commercial, records.client().id, "Book the Orangerie")


def read(crm: Crm, people: People, query: ListQuery | None = None) -> list[ErrandRead]:
    """The errands of a query."""
    reader: ListReader[ErrandRead] = ListReader(crm, lambda: people.commercial, ERRAND, query or ListQuery())
    rows = reader.window(0, 50)
    assert reader.count() == len(rows)
    return rows


def test_an_errand_is_created_changed_trashed_and_restored(
    crm: Crm, people: People, errand: ErrandRead
) -> None:
    changed = update_errand(crm, people.commercial, errand.id, "Book the Pavilion", errand.version)
    assert (changed.title, changed.version) == ("Book the Pavilion", errand.version + 1)
    trash_errand(crm, people.commercial, errand.id)
    with pytest.raises(NotFound):
        update_errand(crm, people.commercial, errand.id, "Nothing")
    restore_errand(crm, people.commercial, errand.id)
    with pytest.raises(NotTrashed):
        restore_errand(crm, people.commercial, errand.id)
    assert read(crm, people)[0].title == "Book the Pavilion"


def test_only_the_sales_contact_and_gestion_change_an_errand(
    crm: Crm, people: People, errand: ErrandRead
) -> None:
    for actor in (people.other_commercial, people.support):
        with pytest.raises(Forbidden, match="sales contact and Gestion change this errand"):
            update_errand(crm, actor, errand.id, "Mine now")
    assert update_errand(crm, people.gestion, errand.id, "By Gestion").title == "By Gestion"


def test_an_errand_that_moved_on_is_a_conflict_that_names_the_change(
    crm: Crm, people: People, errand: ErrandRead
) -> None:
    update_errand(crm, people.gestion, errand.id, "By Gestion")
    with pytest.raises(Conflict) as refused:
        update_errand(crm, people.commercial, errand.id, "By Commercial", errand.version)
    (change,) = refused.value.changes
    assert (change.field, change.old, change.new) == ("title", "Book the Orangerie", "By Gestion")


def test_a_client_with_an_errand_is_not_trashed_and_is_restored_before_it(
    crm: Crm, people: People, errand: ErrandRead
) -> None:
    with pytest.raises(InUse) as refused:
        clients.trash_client(crm, people.commercial, errand.client)
    assert refused.value.message() == "1 errand is left for this client."
    trash_errand(crm, people.commercial, errand.id)
    clients.trash_client(crm, people.commercial, errand.client)
    with pytest.raises(InUse, match="Restore the client of this errand first"):
        restore_errand(crm, people.commercial, errand.id)


def test_each_change_of_an_errand_is_undone(crm: Crm, people: People, errand: ErrandRead) -> None:
    update_errand(crm, people.commercial, errand.id, "Book the Pavilion")
    trash_errand(crm, people.commercial, errand.id)
    undone = [undo_last(crm, people.commercial).operation for _ in range(3)]
    assert undone == [Operation.TRASHED, Operation.UPDATED, Operation.CREATED]
    (trashed,) = read(crm, people, ListQuery(frozenset({Filter.TRASHED})))
    assert trashed.title == "Book the Orangerie"
    assert read(crm, people) == []


def test_the_journal_tells_of_an_errand_by_its_name(crm: Crm, people: People, errand: ErrandRead) -> None:
    update_errand(crm, people.commercial, errand.id, "Book the Pavilion")
    entries = list_journal(crm, people.gestion, ListQuery(parent=(ERRAND, errand.id), descending=True))
    told = [
        (each.action, each.record, each.changes) for each in audit_log.readable(crm, people.gestion, entries)
    ]
    assert told == [
        ("Errand changed", "Errand Book the Pavilion", [("Title", "Book the Orangerie → Book the Pavilion")]),
        (
            "Errand created",
            "Errand Book the Pavilion",
            [
                ("Client", clients.get_client(crm, people.gestion, errand.client).full_name),
                ("Title", "Book the Orangerie"),
            ],
        ),
    ]
    assert record_label(ERRAND, errand.id, "Book the Pavilion") == f"errand {errand.id} (Book the Pavilion)"


def test_the_journal_calls_a_restoring_by_its_name(crm: Crm, people: People, errand: ErrandRead) -> None:
    trash_errand(crm, people.commercial, errand.id)
    restore_errand(crm, people.commercial, errand.id)
    entries = list_journal(crm, people.gestion, ListQuery(parent=(ERRAND, errand.id), descending=True))
    told = [each.action for each in audit_log.readable(crm, people.gestion, entries)]
    assert told == ["Errand restored", "Errand trashed", "Errand created"]


def test_errands_are_listed_sorted_and_found(crm: Crm, people: People, errand: ErrandRead) -> None:
    second = create_errand(crm, people.commercial, errand.client, "Élysée: ask for the floor plan")
    assert read(crm, people, ListQuery(sort="title")) == [errand, second]
    assert read(crm, people, ListQuery(search="ELYS plan")) == [second]
    assert read(crm, people, ListQuery(parent=(RecordKind.CLIENT, errand.client + 1))) == []
    assert read_record(crm, people.support, ERRAND, errand.id) == errand
    (hit,) = search_everywhere(crm, people.support, "orangerie")
    assert (hit.kind, hit.id, hit.title, hit.parent) == (
        ERRAND, errand.id, "Book the Orangerie", (RecordKind.CLIENT, errand.client),
    )  # fmt: skip


def test_errands_are_counted_and_the_count_is_checked(crm: Crm, people: People, errand: ErrandRead) -> None:
    assert consistency.check(crm) == []
    trash_errand(crm, people.commercial, errand.id)
    assert consistency.check(crm) == []


def test_telemetry_has_words_for_a_errand(crm: Crm, people: People, errand: ErrandRead) -> None:
    heard: list[DomainEvent] = []
    crm.bus.subscribe(heard.append)
    trash_errand(crm, people.commercial, errand.id)
    (change,) = heard
    assert isinstance(change, RecordChanged)
    words = vocabulary.business_action(change.action, change.kind, change.operation)
    assert words == "Mise à la corbeille d'une course"
    assert vocabulary.is_ours(words)
    assert not vocabulary.is_ours("Mise à la corbeille d'un secret")


def test_the_register_names_a_kind_that_nothing_describes() -> None:
    with pytest.raises(LookupError, match="no module describes the kind unknown"):
        record_types.of_kind(RecordKind("unknown"))
