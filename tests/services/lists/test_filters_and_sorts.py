"""Lists as windows: what a preset holds, where a window begins, what is refused; counts agree."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import pytest

from models.enums import ContractStatus, Department, RecordKind
from models.read_models import EventRead, NoteRead, TaskRead
from services import clients, contracts, events, payments
from services.actor import Actor
from services.crm import Crm
from services.errors import Invalid
from services.list_reader import ListReader
from services.lists.query import COUNT_CAP, Filter, ListQuery, Preset, presets_of
from tests.support.accounts import People
from tests.support.bulk_rows import fill
from tests.support.list_reads import count_clients, count_journal, list_journal
from tests.support.lists import KINDS, orders_under
from tests.support.records import Records

Held = Mapping[int, Sequence[EventRead]]


def _days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def _day_ago(days: int) -> date:
    """The day by the clocks of the CRM, whose zone is that of the tests."""
    return _days_ago(days).astimezone().date()


def _not_contacted(row: Any) -> bool:
    return row.last_contact_date is None or row.last_contact_date < _day_ago(30)


def _is_mine(row: Any, me: Actor) -> bool:
    if isinstance(row, TaskRead):
        return row.assignee_id == me.id
    if isinstance(row, NoteRead):
        return row.author_id == me.id
    return me.id in (row.sales_contact_id, getattr(row, "support_contact_id", None))


def _is_open(row: Any, me: Actor) -> bool:
    return row.assignee_id == me.id and row.done_at is None


def _is_late(row: TaskRead, me: Actor) -> bool:
    if not _is_open(row, me) or row.due_on is None:
        return False
    return row.due_at <= _days_ago(0) if row.due_at is not None else row.due_on < _day_ago(0)


def _is_over(row: Any, held: Held) -> bool:
    return any(event.end < _days_ago(0) for event in held.get(row.id, ()))


def _comes(row: Any) -> bool:
    return bool(_days_ago(0) <= row.start < _days_ago(-28))


def _is_stuck(row: Any, held: Held) -> bool:
    events = held.get(row.id, ())
    if row.signed_on is None:
        return bool(row.created <= _days_ago(14))
    if not events:
        return bool(datetime.combine(row.signed_on, time(), UTC) <= _days_ago(14))
    if any(not event.support_contact for event in events):
        return True
    if row.amount_remaining:
        return _is_over(row, held)
    return any(not event.notes and event.end <= _days_ago(0) for event in events)


def _is_run_by(row: Any, me: Actor, held: Held) -> bool:
    by_need = sorted(held.get(row.id, ()), key=lambda event: (bool(event.notes), event.end, event.id))
    return bool(by_need) and by_need[0].support_contact_id == me.id


# What a preset holds, typed from the brief; ``held`` are the live events of each contract.
MEANINGS: Final[Mapping[str, Callable[[Any, Actor, Held], bool]]] = {
    "all": lambda row, me, held: True,
    "mine": lambda row, me, held: _is_mine(row, me),
    "not_contacted": lambda row, me, held: _is_mine(row, me) and _not_contacted(row),
    "unsigned": lambda row, me, held: _is_mine(row, me) and row.status is ContractStatus.UNSIGNED,
    "unpaid": lambda row, me, held: _is_mine(row, me) and row.amount_remaining > 0,
    "unsigned_14": lambda row, me, held: row.signed_on is None and row.created < _days_ago(14),
    "overdue": lambda row, me, held: row.amount_remaining > 0 and _is_over(row, held),
    "stuck": lambda row, me, held: _is_stuck(row, held),
    "stuck_mine": lambda row, me, held: _is_mine(row, me) and _is_stuck(row, held),
    "stuck_run": lambda row, me, held: _is_run_by(row, me, held) and _is_stuck(row, held),
    "without_support_mine": lambda row, me, held: _is_mine(row, me) and not row.support_contact,
    "without_support": lambda row, me, held: not row.support_contact,
    "next_7_days": lambda row, me, held: (
        _is_mine(row, me) and row.end >= _days_ago(0) and row.start <= _days_ago(-7)
    ),
    "without_notes": lambda row, me, held: _is_mine(row, me) and row.end < _days_ago(0) and not row.notes,
    "unpaid_all": lambda row, me, held: row.amount_remaining > 0,
    "overdue_mine": lambda row, me, held: (
        _is_mine(row, me) and row.amount_remaining > 0 and _is_over(row, held)
    ),
    "without_address": lambda row, me, held: _is_mine(row, me) and _comes(row) and not row.location,
    "without_phone": lambda row, me, held: _is_mine(row, me) and _comes(row) and not row.client_phone,
    "coming_without_notes": lambda row, me, held: _is_mine(row, me) and _comes(row) and not row.notes,
    "done": lambda row, me, held: _is_mine(row, me) and row.done_at is not None,
    "today": lambda row, me, held: _is_open(row, me) and row.due_on == _day_ago(0),
    "created": lambda row, me, held: row.creator_id == me.id,
    "active": lambda row, me, held: row.active,
    "by_load": lambda row, me, held: row.active,
}
HOLD_ALL: Final = ("all", "unpaid_all")
"""The presets that hold all of these rows: nothing has been paid for any contract."""
OF_TASKS: Final[Mapping[str, Callable[[Any, Actor, Held], bool]]] = {
    "mine": lambda row, me, held: _is_open(row, me),
    "overdue": lambda row, me, held: _is_late(row, me),
}
"""The presets of tasks with the name of another preset."""


def _actor(people: People, kind: RecordKind, preset: Preset) -> Actor:
    chosen = Department.GESTION if kind is RecordKind.COLLABORATOR else min(preset.departments)
    return people.of(chosen)


@pytest.mark.parametrize("kind", KINDS)
def test_a_preset_holds_what_the_brief_says_and_nothing_else(
    crm: Crm, people: People, kind: RecordKind
) -> None:
    fill(crm, people)
    held: dict[int, list[EventRead]] = defaultdict(list)
    for event in events.list_events(crm, people.gestion, ListQuery(), limit=1000):
        held[event.contract].append(event)
    for preset in presets_of(kind):
        actor = _actor(people, kind, preset)
        rows = KINDS[kind].rows(crm, actor, ListQuery(preset.filters), limit=1000)
        whole = KINDS[kind].rows(crm, actor, ListQuery(), limit=1000)
        if preset.key == "trash":
            about_people = 7  # the notes that Commercial may not read
            of_all = {"client": 40, "contract": 60, "event": 50, "note": 50 - about_people, "task": 80}
            assert rows
            assert all(row.deleted is not None for row in rows)
            assert len(rows) + len(whole) == of_all[kind]
            continue
        meaning = OF_TASKS.get(preset.key, MEANINGS[preset.key]) if kind == "task" else MEANINGS[preset.key]
        expected = [row.id for row in whole if meaning(row, actor, held)]
        assert [row.id for row in rows] == expected, preset.key
        assert expected, preset.key
        narrows = len(expected) < len(whole)
        assert narrows or kind is RecordKind.COLLABORATOR or preset.key in HOLD_ALL, preset.key


def test_a_record_that_a_list_does_not_hold_has_no_position(crm: Crm, people: People) -> None:
    fill(crm, people)
    unsigned = ListQuery(frozenset({Filter.UNSIGNED}))
    signed = contracts.list_contracts(crm, people.gestion, ListQuery(frozenset({Filter.SIGNED})), limit=1)
    reader: ListReader[Any] = ListReader(crm, lambda: people.gestion, RecordKind.CONTRACT, unsigned)
    for missing in (signed[0].id, 10**6, 0, 2**40):
        assert reader.position(missing) is None


def test_windows_of_one_row_give_each_row_once(crm: Crm, people: People) -> None:
    fill(crm, people)
    for descending in (False, True):
        query = ListQuery(sort="company", descending=descending)  # an order with many ties
        rows = clients.list_clients(crm, people.gestion, query, limit=1000)
        behind = clients.list_clients(crm, people.gestion, query, limit=1)
        while window := clients.list_clients(crm, people.gestion, query, limit=1, after=behind[-1].id):
            behind += window
        assert behind == rows


@pytest.mark.parametrize("kind", KINDS)
def test_every_order_of_a_list_is_named_after_what_one_reads(
    crm: Crm, people: People, kind: RecordKind
) -> None:
    with pytest.raises(Invalid) as refusal:
        KINDS[kind].rows(crm, people.gestion, ListQuery(sort="nothing of the kind"))
    (problem,) = refusal.value.field_problems()
    assert problem.field == "sort"
    named = str(problem.params["names"]).split(", ")
    assert set(named) | {""} == set(orders_under(kind, frozenset())) | {"id"}


def test_names_are_ordered_without_case_or_accents(crm: Crm, people: People, records: Records) -> None:
    for name in ("Zola", "Élodie", "elodie b", "Émile", "ałan", "Œdipe", "Oeuvre", "Ødegaard"):
        records.client(full_name=name)
    rows = clients.list_clients(crm, people.support, ListQuery(sort="full_name"))
    names = [row.full_name for row in rows]
    assert names == ["ałan", "Élodie", "elodie b", "Émile", "Ødegaard", "Œdipe", "Oeuvre", "Zola"]


def test_a_window_starts_where_it_is_asked_to_and_holds_no_more(crm: Crm, people: People) -> None:
    fill(crm, people)
    whole = clients.list_clients(crm, people.support, ListQuery(), limit=1000)
    assert clients.list_clients(crm, people.support, ListQuery(), limit=5, offset=3) == whole[3:8]
    assert len(clients.list_clients(crm, people.support, ListQuery())) == min(50, len(whole))
    assert clients.list_clients(crm, people.support, ListQuery(), limit=0) == []
    assert clients.list_clients(crm, people.support, ListQuery(), offset=10_000) == []
    assert clients.list_clients(crm, people.support, ListQuery(), limit=10**30) == whole
    assert clients.list_clients(crm, people.support, ListQuery(), offset=10**30) == []


def test_a_window_goes_on_behind_a_record_that_has_left_the_list(crm: Crm, people: People) -> None:
    fill(crm, people)
    query = ListQuery(sort="company")
    whole = clients.list_clients(crm, people.gestion, query, limit=1000)
    lone = next(row for row in whole[5:] if not _contracts_of(crm, people, row.id))
    clients.trash_client(crm, people.gestion, lone.id)
    rest = clients.list_clients(crm, people.gestion, query, limit=1000, after=lone.id)
    assert rest == whole[whole.index(lone) + 1 :]


def _contracts_of(crm: Crm, people: People, client: int) -> list[Any]:
    query = ListQuery(parent=(RecordKind.CLIENT, client))
    return contracts.list_contracts(crm, people.gestion, query)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"limit": -1}, "limit"),
        ({"offset": -1}, "limit"),
        ({"after": 999_999}, "after"),
        ({"after": 0}, "after"),
        ({"after": -(10**30)}, "after"),
        ({"after": 10**30}, "after"),
    ],
)
def test_a_window_that_cannot_be_is_refused(
    crm: Crm, people: People, arguments: dict[str, int], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        clients.list_clients(crm, people.gestion, ListQuery(), **arguments)
    assert [problem.field for problem in refusal.value.field_problems()] == [field]


def test_a_filter_that_a_list_does_not_have_is_refused(crm: Crm, people: People) -> None:
    with pytest.raises(Invalid) as refusal:
        clients.list_clients(crm, people.gestion, ListQuery(frozenset({Filter.OVERDUE})))
    assert refusal.value.field_problems()[0].field == "filter"


def test_a_count_stops_at_its_cap(crm: Crm, people: People) -> None:
    fill(crm, people)
    assert COUNT_CAP == 10_001
    assert count_clients(crm, people.gestion, ListQuery(), cap=7) == 7
    assert count_clients(crm, people.gestion, ListQuery(), cap=1000) == 36


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_is_narrowed_to_what_is_linked_to_one_record(
    crm: Crm, people: People, kind: RecordKind
) -> None:
    fill(crm, people)
    actor = people.gestion
    everywhere = {name: KINDS[name].rows(crm, actor, ListQuery(), limit=1000) for name in KINDS}
    links: Mapping[RecordKind, Mapping[RecordKind, Callable[[Any, int], bool]]] = {
        RecordKind.CLIENT: {RecordKind.COLLABORATOR: lambda row, key: row.sales_contact_id == key},
        RecordKind.CONTRACT: {
            RecordKind.CLIENT: lambda row, key: row.client == key,
            RecordKind.COLLABORATOR: lambda row, key: row.sales_contact_id == key,
        },
        RecordKind.EVENT: {
            RecordKind.CONTRACT: lambda row, key: row.contract == key,
            RecordKind.CLIENT: lambda row, key: row.client == key,
            RecordKind.COLLABORATOR: lambda row, key: row.support_contact_id == key,
        },
        RecordKind.NOTE: {
            RecordKind.CONTRACT: lambda row, key: row.contract == key,
            RecordKind.CLIENT: lambda row, key: row.client == key,
            RecordKind.EVENT: lambda row, key: row.event == key,
            RecordKind.COLLABORATOR: lambda row, key: row.collaborator == key,
        },
        RecordKind.TASK: {
            RecordKind.CONTRACT: lambda row, key: row.contract == key,
            RecordKind.CLIENT: lambda row, key: row.client == key,
            RecordKind.EVENT: lambda row, key: row.event == key,
            RecordKind.COLLABORATOR: lambda row, key: row.assignee_id == key,
        },
        RecordKind.COLLABORATOR: {},
    }
    for parent, is_linked in links[kind].items():
        for key in [row.id for row in everywhere[parent][:6]]:
            query = ListQuery(parent=(parent, key))
            expected = [row for row in everywhere[kind] if is_linked(row, key)]
            assert KINDS[kind].rows(crm, actor, query, limit=1000) == expected
            assert KINDS[kind].count(crm, actor, query) == len(expected)


@pytest.mark.parametrize("key", [0, -1, 999_999, 10**30])
def test_nothing_is_linked_to_a_record_that_is_not(crm: Crm, people: People, key: int) -> None:
    fill(crm, people)
    for parent in (RecordKind.CLIENT, RecordKind.COLLABORATOR):
        assert contracts.list_contracts(crm, people.gestion, ListQuery(parent=(parent, key))) == []
    assert payments.list_payments(crm, people.gestion, key) == []


def test_a_link_that_a_list_does_not_have_is_refused(crm: Crm, people: People) -> None:
    with pytest.raises(Invalid) as refusal:
        contracts.list_contracts(crm, people.gestion, ListQuery(parent=(RecordKind.PAYMENT, 1)))
    assert refusal.value.field_problems()[0].field == "parent"


def test_payments_are_listed_oldest_first(crm: Crm, records: Records, people: People) -> None:
    contract, other = records.contract(), records.contract()
    recorded = [records.payment(contract, amount) for amount in ("1.00", "3.00", "2.00")]
    records.payment(other)
    assert payments.list_payments(crm, people.support, contract.id) == recorded


def test_the_journal_is_read_in_windows_and_by_record(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract(signed=True)
    for _ in range(5):
        records.payment(contract)
    newest_first = ListQuery(descending=True)
    whole = list_journal(crm, people.gestion, newest_first, limit=1000)
    assert [entry.id for entry in whole] == sorted((entry.id for entry in whole), reverse=True)
    assert count_journal(crm, people.gestion, newest_first) == len(whole) == 13
    behind = list_journal(crm, people.gestion, newest_first, limit=1000, after=whole[4].id)
    assert behind == whole[5:]
    about = replace(newest_first, parent=(RecordKind.CONTRACT, contract.id))
    assert list_journal(crm, people.gestion, about) == [
        entry for entry in whole if (entry.kind, entry.record_id) == (RecordKind.CONTRACT, contract.id)
    ]
    found = list_journal(crm, people.gestion, replace(newest_first, search="PAYMENT gwenaelle"))
    assert {entry.action for entry in found} == {"payment.record"}
