"""Notes on records: who writes, reads and changes them, and that they take part in all that records do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.enums import NoteKind, Operation, RecordKind
from models.read_models import NoteRead
from models.write_models import NoteCreate, NoteUpdate
from services import audit_log, clients, collaborators, contracts, notes
from services.actor import Actor
from services.crm import Crm
from services.denormalized import consistency
from services.domain_events import DomainEvent, RecordChanged
from services.errors import Conflict, Forbidden, InUse, Invalid, NotFound, NotTrashed
from services.global_search import search_everywhere
from services.list_reader import ListReader, read_record
from services.lists.query import Filter, ListQuery
from services.monitoring import vocabulary
from services.undo import undo_last
from services.validation import build
from tests.support.accounts import People
from tests.support.hostile_text import PAYLOADS
from tests.support.list_reads import list_journal
from tests.support.records import Records


def write(crm: Crm, actor: Actor, **fields: object) -> NoteRead:
    """A new note."""
    return notes.create_note(crm, actor, build(NoteCreate, {"text": "Asked for the floor plan."} | fields))


def read(crm: Crm, actor: Actor, query: ListQuery | None = None) -> list[NoteRead]:
    """The notes of a query, which are as many as its count says."""
    reader: ListReader[NoteRead] = ListReader(crm, lambda: actor, RecordKind.NOTE, query or ListQuery())
    rows = reader.window(0, 50)
    assert reader.count() == len(rows)
    return rows


def problem_of(attempt: Callable[[], object]) -> str:
    """The only problem that an attempt is refused for."""
    with pytest.raises(Invalid) as refused:
        attempt()
    (problem,) = refused.value.problems
    return problem.message()


def test_a_note_keeps_its_author_and_its_time(crm: Crm, records: Records, people: People) -> None:
    client = records.client()
    before = datetime.now(UTC) - timedelta(minutes=2)
    note = write(crm, people.support, client_id=client.id)
    assert (note.author, note.author_name) == (people.support.username, people.support.full_name)
    assert before < note.at < before + timedelta(minutes=4)
    assert (note.kind, note.on, note.about) == (
        NoteKind.NOTE, (RecordKind.CLIENT, client.id), client.full_name,
    )  # fmt: skip
    assert notes.get_note(crm, people.commercial, note.id) == note


def test_a_note_is_on_any_record_and_tells_its_name(crm: Crm, records: Records, people: People) -> None:
    event = records.event(name="Ball")
    contract = contracts.get_contract(crm, people.support, event.contract)
    on_contract = write(crm, people.support, contract_id=contract.id)
    on_event = write(crm, people.commercial, event_id=event.id)
    on_person = write(crm, people.gestion, collaborator_id=people.support.id)
    assert on_contract.about == f"{contract.number} {contract.client_name}"
    assert on_event.about == "Ball"
    assert on_person.about == people.support.full_name
    assert [note.on for note in (on_contract, on_event, on_person)] == [
        (RecordKind.CONTRACT, contract.id), (RecordKind.EVENT, event.id),
        (RecordKind.COLLABORATOR, people.support.id),
    ]  # fmt: skip
    of_client = read(crm, people.support, ListQuery(parent=(RecordKind.CLIENT, event.client), sort="at"))
    assert [note.id for note in of_client] == [on_contract.id, on_event.id]
    assert consistency.check(crm) == []


@pytest.mark.parametrize("links", [{}, {"client_id": 1, "event_id": 1}])
def test_a_note_is_on_exactly_one_record(
    crm: Crm, records: Records, people: People, links: dict[str, int]
) -> None:
    records.event()
    refused = problem_of(lambda: write(crm, people.support, **links))
    assert refused == "A note is on exactly one client, contract, event or collaborator."


def test_the_database_holds_that_a_note_is_on_exactly_one_record(crm: Crm, records: Records) -> None:
    note = records.note()
    for links in ("client_id = NULL", f"collaborator_id = {note.author_id}"):
        with pytest.raises(IntegrityError), crm.database.write_session() as session:
            session.connection().execute(text(f"UPDATE note SET {links}"))  # noqa: S608 - of this test


def test_a_note_on_a_record_that_is_not_there_is_refused(crm: Crm, records: Records, people: People) -> None:
    client = records.client()
    clients.trash_client(crm, people.commercial, client.id)
    for key in (client.id, 999, 2**40):
        with pytest.raises(NotFound, match="There is no client"):
            write(crm, people.support, client_id=key)


def test_notes_on_collaborators_are_for_those_who_may_read_them(
    crm: Crm, records: Records, people: People
) -> None:
    shown = records.note(people.support, text="Orangerie is free")
    hidden = write(crm, people.gestion, collaborator_id=people.support.id, text="Orangerie: asked for leave")
    for actor in (people.support, people.commercial):
        with pytest.raises(Forbidden, match="Only Gestion manages the team"):
            write(crm, actor, collaborator_id=people.commercial.id)
        with pytest.raises(Forbidden, match="Only Gestion manages the team"):
            notes.get_note(crm, actor, hidden.id)
        with pytest.raises(Forbidden):
            read_record(crm, actor, RecordKind.NOTE, hidden.id)
        assert read(crm, actor) == [shown]
        assert read(crm, actor, ListQuery(sort="at", descending=True)) == [shown]
        assert read(crm, actor, ListQuery(search="orangerie")) == [shown]
        assert read(crm, actor, ListQuery(parent=(RecordKind.COLLABORATOR, people.support.id))) == []
        assert [hit.id for hit in search_everywhere(crm, actor, "orangerie")] == [shown.id]
    assert read(crm, people.gestion) == [shown, hidden]
    assert read(crm, people.gestion, ListQuery(search="orangerie leave")) == [hidden]
    assert read(crm, people.gestion, ListQuery(frozenset({Filter.MINE}))) == [hidden]


def test_only_the_author_changes_trashes_and_restores_a_note(
    crm: Crm, records: Records, people: People
) -> None:
    note = records.note(people.support)
    change = build(NoteUpdate, {"text": "Rewritten"})
    for actor in (people.commercial, people.other_support, people.gestion):
        with pytest.raises(Forbidden, match="Only its author may change this note"):
            notes.update_note(crm, actor, note.id, change)
        with pytest.raises(Forbidden, match="Only its author may trash or restore this note"):
            notes.trash_note(crm, actor, note.id)
    changed = notes.update_note(crm, people.support, note.id, change, note.version)
    assert (changed.text, changed.version, changed.at) == ("Rewritten", note.version + 1, note.at)
    notes.trash_note(crm, people.support, note.id)
    with pytest.raises(Forbidden):
        notes.restore_note(crm, people.gestion, note.id)
    with pytest.raises(NotFound):
        notes.update_note(crm, people.support, note.id, change)
    (trashed,) = read(crm, people.support, ListQuery(frozenset({Filter.TRASHED})))
    assert trashed.id == note.id
    notes.restore_note(crm, people.support, note.id)
    with pytest.raises(NotTrashed):
        notes.restore_note(crm, people.support, note.id)


def test_a_note_that_moved_on_is_a_conflict(crm: Crm, records: Records, people: People) -> None:
    note = records.note(people.support, text="One")
    notes.update_note(crm, people.support, note.id, build(NoteUpdate, {"text": "Two"}))
    with pytest.raises(Conflict) as refused:
        notes.update_note(crm, people.support, note.id, build(NoteUpdate, {"text": "Three"}), note.version)
    (change,) = refused.value.changes
    assert (change.field, change.old, change.new) == ("text", "One", "Two")


def test_a_note_is_not_of_the_future_and_not_empty(crm: Crm, records: Records, people: People) -> None:
    note = records.note(people.support)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    later = build(NoteUpdate, {"at": tomorrow})
    for attempt in (
        lambda: write(crm, people.support, client_id=note.client, at=tomorrow),
        lambda: notes.update_note(crm, people.support, note.id, later),
    ):
        assert problem_of(attempt) == "A note cannot be of a time in the future."
    for blank in ("", " \n\t ", "\u200b"):
        required = problem_of(partial(build, NoteCreate, {"text": blank, "client_id": 1}))
        assert required == "This field is required."


def test_each_change_of_a_note_is_undone(crm: Crm, records: Records, people: People) -> None:
    note = records.note(people.support, text="One")
    notes.update_note(crm, people.support, note.id, build(NoteUpdate, {"text": "Two", "kind": "mail"}))
    notes.trash_note(crm, people.support, note.id)
    undone = [undo_last(crm, people.support).operation for _ in range(3)]
    assert undone == [Operation.TRASHED, Operation.UPDATED, Operation.CREATED]
    (trashed,) = read(crm, people.support, ListQuery(frozenset({Filter.TRASHED})))
    assert (trashed.text, trashed.kind) == ("One", NoteKind.NOTE)
    assert consistency.check(crm) == []


def test_the_journal_tells_of_a_note_by_its_start(crm: Crm, records: Records, people: People) -> None:
    client = records.client()
    note = write(crm, people.support, client_id=client.id, text="Ball:\nwhite\ttulips", kind="mail")
    entries = list_journal(crm, people.gestion, ListQuery(parent=(RecordKind.NOTE, note.id)))
    (told,) = audit_log.readable(crm, people.gestion, entries)
    assert (told.action, told.record) == ("Note written", "Note Ball: white tulips")
    fields = dict(told.changes)
    assert (fields["Kind"], fields["Client"]) == ("mail", client.full_name)
    assert fields["Author"] == people.support.full_name


def test_a_long_note_is_named_by_its_start_and_found_by_it(
    crm: Crm, records: Records, people: People
) -> None:
    longest = "花" * 19_980 + " tulips"
    note = records.note(people.support, text=f"Lilies\n{longest}")
    assert len(note.summary) == 120
    assert note.summary.endswith("…")
    assert "\n" not in note.summary
    assert [each.id for each in read(crm, people.support, ListQuery(search="lilies 花花"))] == [note.id]
    assert consistency.check(crm) == []


@pytest.mark.parametrize("hostile", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_text_in_a_note_stays_text(crm: Crm, records: Records, people: People, hostile: str) -> None:
    client = records.client()
    try:
        note = write(crm, people.support, client_id=client.id, text=hostile)
    except Invalid:
        return  # control characters are refused
    assert read(crm, people.support)[0].text == note.text
    read(crm, people.support, ListQuery(search=hostile))


def test_a_person_with_notes_is_not_deleted_but_deactivated(
    crm: Crm, records: Records, people: People
) -> None:
    author, subject = records.collaborator(), records.collaborator()
    by_author = records.signed_in(author.username)
    note = records.note(by_author)
    write(crm, people.gestion, collaborator_id=subject.id)
    for person in (author, subject):
        with pytest.raises(InUse, match="has notes, tasks or saved views"):
            collaborators.delete_collaborator(crm, people.gestion, person.id)
    notes.trash_note(crm, by_author, note.id)
    with pytest.raises(InUse, match="has notes, tasks or saved views"):
        collaborators.delete_collaborator(crm, people.gestion, author.id)
    collaborators.deactivate_collaborator(crm, people.gestion, author.id)
    assert notes.get_note(crm, people.gestion, note.id).author == author.username


def test_a_trashed_client_keeps_its_notes(crm: Crm, records: Records, people: People) -> None:
    note = records.note(people.support, client_id=records.client().id)
    assert note.client is not None
    clients.trash_client(crm, people.commercial, note.client)
    assert read(crm, people.support) == [note]
    notes.trash_note(crm, people.support, note.id)
    notes.restore_note(crm, people.support, note.id)


def test_notes_are_counted(crm: Crm, records: Records, people: People) -> None:
    note = records.note(people.support)
    records.note(people.gestion)
    notes.trash_note(crm, people.support, note.id)
    assert consistency.check(crm) == []
    with crm.database.read() as connection:
        total = connection.execute(text("SELECT sum(count) FROM total WHERE kind = 'NOTE'")).scalar()
    assert total == 1


def test_a_note_is_announced_without_its_text(
    crm: Crm, records: Records, people: People, announced: list[DomainEvent]
) -> None:
    client = records.client()
    announced.clear()
    write(crm, people.support, client_id=client.id, text="Zoé's secret")
    (event,) = announced
    assert isinstance(event, RecordChanged)
    assert vocabulary.business_action(event.action, event.kind, event.operation) == "Création d'une note"
    assert "secret" not in repr(event)


def test_the_palette_finds_a_note_and_the_record_that_it_is_on(
    crm: Crm, records: Records, people: People
) -> None:
    note = records.note(people.support, text="Wants a quieter Orangerie")
    (hit,) = search_everywhere(crm, people.commercial, "quieter orang")
    assert (hit.kind, hit.id, hit.title, hit.detail) == (
        RecordKind.NOTE, note.id, "Wants a quieter Orangerie", note.about,
    )  # fmt: skip
