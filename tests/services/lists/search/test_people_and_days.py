"""Records are found by their people and by their days, as these are now, on both engines."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from sqlalchemy import text

from models.enums import Department, RecordKind
from models.read_models import ClientRead
from models.write_models import (
    ClientUpdate,
    CollaboratorUpdate,
    EventUpdate,
    SharedSettingsUpdate,
    TaskUpdate,
)
from services import clients, collaborators, contracts, events, i18n, shared_settings, tasks, undo
from services.crm import Crm
from services.denormalized import consistency
from services.global_search import search_everywhere
from services.list_reader import ListReader
from services.lists.query import Filter, ListQuery
from services.validation import build
from tests.support.accounts import People
from tests.support.list_reads import list_journal
from tests.support.records import Records
from tests.support.word_index import require_whole_index

KINDS: Final = (RecordKind.CLIENT, RecordKind.CONTRACT, RecordKind.EVENT)
Find = Callable[..., list[list[int]]]


@pytest.fixture
def find(crm: Crm, people: People) -> Find:
    """The ids of the clients, contracts and events that a search finds, for Support."""

    def ids(search: str, *filters: Filter) -> list[list[int]]:
        query = ListQuery(frozenset(filters), search)
        readers: list[ListReader[Any]] = [ListReader(crm, lambda: people.support, k, query) for k in KINDS]
        found = [[row.id for row in reader.window(0, 50)] for reader in readers]
        assert [reader.count() for reader in readers] == [len(each) for each in found]
        return found

    return ids


@pytest.fixture
def shop(records: Records, people: People) -> list[ClientRead]:
    """A client of Claire Dubois with an event that Sofia Martínez runs, and one of Benoît Lefèvre."""
    one, other = records.client(full_name="Dupont"), records.client(people.other_commercial)
    records.event(records.contract(one, signed=True), support=people.support)
    records.event(records.contract(other, signed=True))
    return [one, other]


@pytest.mark.usefixtures("shop")
def test_records_are_found_by_the_names_of_their_people(crm: Crm, find: Find) -> None:
    require_whole_index(crm)
    for typed in ("claire", "CLAIRE dubois", "dup cla", "claire_d", "du claire dupont"):
        assert find(typed) == [[1], [1], [1]], typed
    assert find("lefevre") == [[2], [2], [2]]
    assert find("Martínez") == find("sofia dubois") == [[], [], [1]]
    assert find("sofia lefevre") == [[], [], []]
    assert find("le") == [[], [], []], "so few letters are only those of the record itself"


def test_a_person_is_found_as_named_now_and_a_record_by_its_people_now(
    crm: Crm, people: People, shop: list[ClientRead], find: Find
) -> None:
    assert find("claire") == [[1], [1], [1]]
    named = build(CollaboratorUpdate, {"first_name": "Xi", "last_name": "Zhōu"})
    collaborators.update_collaborator(crm, people.gestion, people.commercial.id, named)
    assert find("dubois") == [[], [], []]
    assert find("xi") == find("zho xi") == [[1], [1], [1]]
    _reassign(crm, people, shop[0], people.other_commercial.id)
    assert find("zhou") == [[], [], []]
    assert find("lefevre") == [[1, 2], [1, 2], [1, 2]]
    events.assign_support(crm, people.gestion, 1, people.other_support.id, note="Ill")
    assert (find("martinez"), find("obrien")) == ([[], [], []], [[], [], [1]])
    undo.undo_last(crm, people.gestion)
    assert find("martinez") == [[], [], [1]]
    assert consistency.check(crm) == []


def _reassign(crm: Crm, people: People, client: ClientRead, person: int) -> None:
    command = build(ClientUpdate, {"sales_contact_id": person})
    clients.update_client(crm, people.gestion, client.id, command)


def test_the_team_in_memory_is_that_of_the_database(
    crm: Crm, people: People, records: Records, find: Find
) -> None:
    assert find("quincy") == [[], [], []]
    person = records.collaborator(Department.COMMERCIAL, first_name="Quincy")
    client = records.client()
    _reassign(crm, people, client, person.id)
    assert find("quincy") == [[client.id], [], []]


def test_trash_is_found_by_people_and_days_too(
    crm: Crm, people: People, records: Records, find: Find
) -> None:
    client = records.client(first_contact_date=date(2025, 3, 8))
    clients.trash_client(crm, people.commercial, client.id)
    for typed in ("claire", "8/3/2025"):
        assert find(typed)[0] == []
        rows = clients.list_clients(crm, people.support, ListQuery(frozenset({Filter.TRASHED}), typed))
        assert [row.id for row in rows] == [client.id]


def test_clients_of_a_person_do_not_displace_those_of_the_name_in_the_palette(
    crm: Crm, people: People, records: Records
) -> None:
    for _ in range(3):
        records.client()
    named = records.client(people.other_commercial, full_name="Claire Martin")
    found = [hit.id for hit in search_everywhere(crm, people.support, "claire", limit=3)]
    assert found == [named.id, 1, 2]


DATES: Final = ("15/6/2027", "15/06/27", "15.06.2027", "2027-06-15", "15/6", "15 juin", "15 June 2027",
                "Tuesday 15 June 2027", "le 15 juin 2027", "june 15, 2027", "15/6/2", "15/6/20")  # fmt: skip


@pytest.mark.usefixtures("shop")
def test_an_event_is_found_by_its_days_as_typed(find: Find) -> None:
    for typed in DATES:
        assert find(typed)[2] == [1, 2], typed
        assert find(f"dupont {typed}")[2] == [1], typed
    for typed in ("16/6/2027", "15/6/2026", "15.06", "juin", "june", "15 juillet", "31/6", "15/6/28"):
        assert find(typed)[2] == [], typed


def test_the_month_comes_first_where_the_reader_writes_it_first(records: Records, find: Find) -> None:
    records.event(start=datetime(2027, 7, 4, 10, tzinfo=UTC), end=datetime(2027, 7, 5, 10, tzinfo=UTC))
    i18n.activate("en_US")
    assert (find("7/4/2027")[2], find("4/7/2027")[2]) == ([1], [])
    i18n.activate("fr_FR")
    assert (find("7/4/2027")[2], find("4/7/2027")[2]) == ([], [1])


def test_each_list_has_days_of_its_own(crm: Crm, people: People, records: Records, find: Find) -> None:
    # Without digits in its words, which would be found as well.
    client = records.client(
        full_name="Zola", email="zola@example.com",
        first_contact_date=date(2025, 3, 8), last_contact_date=date(2026, 2, 3),
    )  # fmt: skip
    contract = records.contract(client)
    assert [find(typed)[0] for typed in ("8/3/2025", "3/2/2026", "3/2/2025")] == [[1], [1], []]
    today = crm.day_of(contract.created)
    assert find(f"{today:%d/%m/%Y}")[1] == [1]
    assert find("8/3/2025")[1] == []
    contracts.sign_contract(crm, people.gestion, contract.id, date(2026, 2, 4))
    assert find("4/2/2026")[1] == [1]
    undo.undo_last(crm, people.gestion)
    assert find("4/2/2026")[1] == []
    task = records.task(due=date(2027, 1, 9))
    note = records.note(client_id=client.id, at=datetime(2026, 1, 10, 12, tzinfo=UTC))
    assert _found(crm, people, RecordKind.TASK, "9 janvier 2027") == [task.id]
    assert _found(crm, people, RecordKind.NOTE, "10/1/2026") == [note.id]
    tasks.update_task(crm, people.support, task.id, build(TaskUpdate, {"due": date(2027, 1, 10)}))
    assert _found(crm, people, RecordKind.TASK, "9/1/2027") == []
    assert consistency.check(crm) == []


def _found(crm: Crm, people: People, kind: RecordKind | None, search: str) -> list[int]:
    reader: ListReader[Any] = ListReader(crm, lambda: people.gestion, kind, ListQuery(search=search))
    return [row.id for row in reader.window(0, 50)]


def test_the_days_follow_the_time_zone_of_the_crm(
    crm: Crm, people: People, records: Records, find: Find
) -> None:
    late = datetime(2027, 6, 15, 23, 30, tzinfo=UTC)
    records.event(start=late, end=late.replace(minute=59))
    assert (find("15/6/2027")[2], find("16/6/2027")[2]) == ([], [1])
    command = build(SharedSettingsUpdate, {"time_zone": "UTC"})
    shared_settings.update_settings(crm, people.gestion, command)
    assert (find("15/6/2027")[2], find("16/6/2027")[2]) == ([1], [])
    undo.undo_last(crm, people.gestion)
    assert (find("15/6/2027")[2], find("16/6/2027")[2]) == ([], [1])
    assert consistency.check(crm) == []


def test_an_event_is_found_by_its_notes(crm: Crm, people: People, records: Records, find: Find) -> None:
    event = records.event(support=people.support)
    command = build(EventUpdate, {"notes": "Traiteur : 12 végétariens\nau moulin"})
    events.update_event(crm, people.support, event.id, command)
    assert find("vegetariens moulin traiteur")[2] == [event.id]
    client = build(ClientUpdate, {"full_name": "Renamed"})
    clients.update_client(crm, people.commercial, event.client, client)
    assert find("vegetariens renamed")[2] == [event.id]
    assert consistency.check(crm) == []


def test_the_journal_is_found_by_the_names_of_records_and_people(
    crm: Crm, people: People, records: Records
) -> None:
    client = records.client(full_name="Zénith", company="Ropes")
    contract = records.contract(client, signed=True)
    event = records.event(contract, name="Soirée")
    payment = records.payment(contract)
    person = records.collaborator(first_name="Quincy")
    clients.trash_client(crm, people.commercial, records.client(full_name="Gone").id)

    def named(typed: str) -> list[tuple[str, int]]:
        rows = list_journal(crm, people.gestion, ListQuery(search=typed))
        count = ListReader[Any](crm, lambda: people.gestion, None, ListQuery(search=typed)).count()
        assert count == len(rows)
        return [(row.kind.value, row.record_id) for row in rows]

    assert named("zenith create") == [
        ("payment", payment.id), ("event", event.id), ("contract", contract.id), ("client", client.id),
    ][:0:-1]  # fmt: skip
    paid = [("payment", payment.id), ("contract", contract.id)]  # which the same action changed
    assert sorted(named("zenith payment")) == sorted(paid)
    assert named("soiree") == [("event", event.id)]
    assert named("quincy") == [("collaborator", person.id)]
    assert named("gone") == [("client", 2)] * 2
    assert sorted(named(f"{contract.number} record")) == sorted(paid)
    by_claire = [("client", 1), ("event", 1), ("client", 2), ("client", 2)]
    assert named("dubois") == named("claire_d") == by_claire
    assert named("claire zen") == [("client", 1), ("event", 1)]
    assert named("kowalski") == named("zenithx") == named("zenith soireex") == []
    update = build(ClientUpdate, {"full_name": "Nadir"})
    clients.update_client(crm, people.commercial, client.id, update)
    assert named("zenith") == []
    assert named("nadir update") == [("client", client.id)]


def test_the_journal_is_found_by_its_days(crm: Crm, people: People, records: Records) -> None:
    for _ in range(3):
        records.client()
    with crm.database.write() as connection:
        for entry, moment in enumerate(("2026-06-15 21:59", "2026-06-15 22:00", "2025-06-16 12:00"), start=1):
            at = text("UPDATE audit_entry SET at = :at WHERE id = :id")
            value = f"{moment}:00.000000" + ("" if connection.dialect.name == "sqlite" else "+00")
            connection.execute(at, {"at": value, "id": entry})
    journal = [
        _found(crm, people, None, typed) for typed in ("15/6/2026", "16/6/2026", "16/6", "16/6 client")
    ]
    assert journal == [[1], [2], [2, 3], [2, 3]]
