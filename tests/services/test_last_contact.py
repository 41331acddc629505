"""The last contact of a client follows from calls and mails, and never goes back but with its note."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from models.enums import NoteKind, Operation, RecordKind
from models.read_models import ClientRead, NoteRead
from models.write_models import ClientUpdate, NoteCreate, NoteUpdate
from services import audit_log, clients, notes
from services.actor import Actor
from services.crm import Crm
from services.denormalized import consistency
from services.errors import Conflict, NothingToUndo
from services.list_reader import ListReader
from services.lists.query import Filter, ListQuery
from services.undo import undo_last
from services.validation import build
from tests.support.accounts import People
from tests.support.list_reads import list_journal
from tests.support.records import Records


def days_ago(crm: Crm, number: int) -> date:
    """A day in the zone of the CRM."""
    return crm.day_of(datetime.now(UTC)) - timedelta(days=number)


def noted(crm: Crm, by: Actor, client: ClientRead, days: int = 0, kind: NoteKind = NoteKind.CALL) -> NoteRead:
    """A note of so many days ago."""
    at = datetime.now(UTC) - timedelta(days=days, minutes=1)
    values = {"kind": kind, "text": "Spoke with them.", "at": at, "client_id": client.id}
    return notes.create_note(crm, by, build(NoteCreate, values))


def last_contact(crm: Crm, people: People, client: ClientRead) -> date | None:
    """The last contact as it is read."""
    return clients.get_client(crm, people.support, client.id).last_contact_date


@pytest.mark.parametrize("kind", [NoteKind.CALL, NoteKind.MAIL])
def test_a_call_or_mail_moves_the_last_contact_without_a_new_version_or_a_right_to_the_client(
    crm: Crm, records: Records, people: People, kind: NoteKind
) -> None:
    client = records.client(last_contact_date=days_ago(crm, 40))
    noted(crm, people.support, client, 2, kind)
    after = clients.get_client(crm, people.support, client.id)
    assert after.last_contact_date == days_ago(crm, 2)
    assert (after.version, after.updated) == (client.version, client.updated)
    assert consistency.check(crm) == []


def test_a_call_about_a_contract_or_an_event_moves_the_last_contact_of_its_client(
    crm: Crm, records: Records, people: People
) -> None:
    event = records.event()
    client = clients.get_client(crm, people.support, event.client)
    assert client.last_contact_date is None
    values = {"kind": "call", "text": "Asked.", "contract_id": event.contract}
    values["at"] = datetime.now(UTC) - timedelta(days=3)
    notes.create_note(crm, people.support, build(NoteCreate, values))
    assert last_contact(crm, people, client) == days_ago(crm, 3)
    notes.create_note(
        crm, people.support, build(NoteCreate, {"kind": "mail", "text": "Sent.", "event_id": event.id})
    )
    assert last_contact(crm, people, client) == days_ago(crm, 0)


def test_a_remark_an_older_call_and_one_before_the_first_contact_move_nothing(
    crm: Crm, records: Records, people: People
) -> None:
    known = records.client(last_contact_date=days_ago(crm, 5))
    noted(crm, people.support, known, 0, NoteKind.NOTE)
    noted(crm, people.support, known, 6)
    assert last_contact(crm, people, known) == days_ago(crm, 5)
    new = records.client(first_contact_date=days_ago(crm, 5))
    noted(crm, people.support, new, 6)
    assert last_contact(crm, people, new) is None


def test_an_open_form_of_the_client_is_in_no_conflict(crm: Crm, records: Records, people: People) -> None:
    client = records.client()
    noted(crm, people.support, client)
    command = build(ClientUpdate, {"company": "Startup"})
    saved = clients.update_client(crm, people.commercial, client.id, command, client.version)
    assert (saved.company, saved.last_contact_date) == ("Startup", days_ago(crm, 0))


def test_a_conflict_over_the_client_names_its_own_changes_alone(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(company="One")
    clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, {"company": "Two"}))
    noted(crm, people.support, client)
    command = build(ClientUpdate, {"company": "Three"})
    with pytest.raises(Conflict) as refused:
        clients.update_client(crm, people.commercial, client.id, command, client.version)
    assert [change.field for change in refused.value.changes] == ["company"]


def test_the_journal_tells_of_the_moved_day_with_its_note(crm: Crm, records: Records, people: People) -> None:
    client = records.client(last_contact_date=days_ago(crm, 9))
    note = noted(crm, people.support, client, 1)
    entries = list_journal(
        crm, people.gestion, ListQuery(parent=(RecordKind.CLIENT, client.id), descending=True)
    )
    told = audit_log.readable(crm, people.gestion, entries)[0]
    assert (told.who, told.action, [label for label, _ in told.changes]) == (
        people.support.full_name, "Note written", ["Last contact"],
    )  # fmt: skip
    undo_last(crm, people.support)
    with pytest.raises(NothingToUndo):
        undo_last(crm, people.support)
    newest = list_journal(
        crm, people.gestion, ListQuery(parent=(RecordKind.CLIENT, client.id), descending=True)
    )[0]
    assert newest.changes == {
        "last_contact_date": (days_ago(crm, 1).isoformat(), days_ago(crm, 9).isoformat())
    }
    assert newest.operation is Operation.UPDATED
    assert notes.get_note(crm, people.support, note.id).deleted is not None


def test_the_list_of_those_not_contacted_agrees(crm: Crm, records: Records, people: People) -> None:
    client = records.client(last_contact_date=days_ago(crm, 40))
    query = ListQuery(frozenset({Filter.NOT_CONTACTED_30_DAYS}), sort="last_contact_date")

    def found() -> list[int]:
        reader: ListReader[ClientRead] = ListReader(crm, lambda: people.commercial, RecordKind.CLIENT, query)
        return [each.id for each in reader.window(0, 10)]

    assert found() == [client.id]
    noted(crm, people.support, client, 3)
    assert found() == []
    undo_last(crm, people.support)
    assert found() == [client.id]


def test_a_day_that_was_changed_since_stays(crm: Crm, records: Records, people: People) -> None:
    client = records.client()
    noted(crm, people.support, client, 5)
    command = build(ClientUpdate, {"last_contact_date": days_ago(crm, 4)})
    clients.update_client(crm, people.commercial, client.id, command)
    undo_last(crm, people.support)
    assert last_contact(crm, people, client) == days_ago(crm, 4)


def test_a_call_that_becomes_a_remark_or_moves_in_time_counts_as_it_is_then(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(last_contact_date=days_ago(crm, 40))
    note = noted(crm, people.support, client, 5)
    notes.update_note(crm, people.support, note.id, build(NoteUpdate, {"kind": "note"}))
    assert last_contact(crm, people, client) == days_ago(crm, 40)
    undo_last(crm, people.support)
    assert last_contact(crm, people, client) == days_ago(crm, 5)
    earlier = build(NoteUpdate, {"at": datetime.now(UTC) - timedelta(days=7)})
    notes.update_note(crm, people.support, note.id, earlier)
    assert last_contact(crm, people, client) == days_ago(crm, 7)
    notes.update_note(crm, people.support, note.id, build(NoteUpdate, {"text": "Only the text"}))
    assert last_contact(crm, people, client) == days_ago(crm, 7)


def test_calls_that_are_taken_back_in_any_order_leave_the_day_before_them(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(last_contact_date=days_ago(crm, 40))
    first = noted(crm, people.support, client, 9)
    second = noted(crm, people.commercial, client, 5)
    third = noted(crm, people.gestion, client, 1)
    notes.trash_note(crm, people.commercial, second.id)
    assert last_contact(crm, people, client) == days_ago(crm, 1)
    notes.trash_note(crm, people.support, first.id)
    notes.trash_note(crm, people.gestion, third.id)
    assert last_contact(crm, people, client) == days_ago(crm, 40)
    notes.restore_note(crm, people.commercial, second.id)
    assert last_contact(crm, people, client) == days_ago(crm, 5)


def test_the_day_goes_back_to_the_first_contact_at_the_earliest(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(last_contact_date=days_ago(crm, 40))
    noted(crm, people.support, client, 1)
    command = build(ClientUpdate, {"first_contact_date": days_ago(crm, 20)})
    clients.update_client(crm, people.commercial, client.id, command)
    undo_last(crm, people.support)
    assert last_contact(crm, people, client) == days_ago(crm, 20)


def test_the_day_is_that_of_the_zone_of_the_crm(crm: Crm, records: Records, people: People) -> None:
    with crm.database.write_session() as session:
        session.connection().execute(text("UPDATE shared_settings SET time_zone = 'Pacific/Kiritimati'"))
    client = records.client()
    at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    command = build(NoteCreate, {"kind": "call", "text": "Late", "at": at, "client_id": client.id})
    notes.create_note(crm, people.support, command)
    assert last_contact(crm, people, client) == date(2026, 3, 2)


@dataclass
class Told:
    """The notes that a sequence has made, and what the rule says of them."""

    live: dict[int, date] = field(default_factory=dict)
    trashed: dict[int, date] = field(default_factory=dict)


_STEP = st.tuples(st.sampled_from(["call", "mail", "note", "trash", "restore", "undo"]), st.integers(0, 9))


@given(steps=st.lists(_STEP, max_size=12))
def test_the_day_never_goes_back_but_with_the_note_that_set_it(
    crm: Crm, records: Records, people: People, steps: list[tuple[str, int]]
) -> None:
    """However notes come and go, the day is that of the latest call that is left, or the one before all."""
    start = days_ago(crm, 20)
    client = records.client(last_contact_date=start)
    told = Told()
    for step, number in steps:
        before = last_contact(crm, people, client)
        held = set(told.live.values())
        _perform(crm, people.support, client, told, step, number)
        after = last_contact(crm, people, client)
        assert before is not None
        assert after is not None
        if after < before:
            assert before in held
            assert before not in told.live.values()
        if step in ("call", "mail"):
            assert after >= days_ago(crm, number)
    for key in list(told.live):
        notes.trash_note(crm, people.support, key)
    assert last_contact(crm, people, client) == start
    assert consistency.check(crm) == []


def _perform(crm: Crm, by: Actor, client: ClientRead, told: Told, step: str, number: int) -> None:
    if step in ("call", "mail", "note"):
        note = noted(crm, by, client, number, NoteKind(step))
        told.live[note.id] = days_ago(crm, number) if step != "note" else date.min
    elif step == "undo":
        _undo(crm, by, told)
    else:
        source, target = (told.live, told.trashed) if step == "trash" else (told.trashed, told.live)
        if source:
            key = sorted(source)[number % len(source)]
            (notes.trash_note if step == "trash" else notes.restore_note)(crm, by, key)
            target[key] = source.pop(key)


def _undo(crm: Crm, by: Actor, told: Told) -> None:
    known = {**told.live, **told.trashed}
    if not known:
        return
    try:
        undone = undo_last(crm, by)
    except NothingToUndo:
        return
    day = known.get(undone.record_id)
    if day is None:
        return  # of the client of an earlier sequence
    is_live = notes.get_note(crm, by, undone.record_id).deleted is None
    told.live.pop(undone.record_id, None)
    told.trashed.pop(undone.record_id, None)
    (told.live if is_live else told.trashed)[undone.record_id] = day
