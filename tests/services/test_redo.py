"""Redo makes an undone change again, whole, until the next change; undo then takes it back again."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlmodel import Session, SQLModel

from models.enums import Department, Operation, RecordKind
from models.read_models import PastChange
from models.write_models import ClientUpdate, ContractUpdate, EventUpdate
from services import clients, collaborators, contracts, events, payments, undo_history
from services.auth import sessions
from services.crm import Crm
from services.domain_events import DomainEvent, RecordChanged
from services.errors import (
    AccountIsGone,
    Conflict,
    CrmError,
    Forbidden,
    InUse,
    NothingToRedo,
    NothingToUndo,
    OtherChange,
)
from services.labels import redone_label, undone_label
from services.rights import Action
from services.undo import look_at_redo, look_at_undo, redo_last, undo_last
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.records import Records, everything, rewrite, row_count
from tests.support.use_cases import USE_CASES, Case, Perform, make_case

_ABOUT_THE_ROW: Final = frozenset({"version", "updated_at", "failures_counted_from"})
_RECORDS: Final = ("collaborator", "client", "contract", "payment", "event", "shared_settings")

UNDONE: Final[Mapping[Action, Department]] = {
    Action.CLIENT_CREATE: Department.COMMERCIAL,
    Action.CLIENT_UPDATE: Department.COMMERCIAL,
    Action.CLIENT_REASSIGN: Department.GESTION,
    Action.CLIENT_TRASH: Department.COMMERCIAL,
    Action.CONTRACT_CREATE: Department.GESTION,
    Action.CONTRACT_UPDATE: Department.COMMERCIAL,
    Action.CONTRACT_SIGN: Department.COMMERCIAL,
    Action.CONTRACT_TRASH: Department.GESTION,
    Action.PAYMENT_RECORD: Department.COMMERCIAL,
    Action.EVENT_CREATE: Department.COMMERCIAL,
    Action.EVENT_UPDATE: Department.SUPPORT,
    Action.EVENT_ASSIGN: Department.GESTION,
    Action.EVENT_TRASH: Department.COMMERCIAL,
    Action.COLLABORATOR_UPDATE: Department.GESTION,
    Action.COLLABORATOR_DEACTIVATE: Department.GESTION,
    Action.SETTINGS_UPDATE: Department.GESTION,
}


def state(crm: Crm, but: int = 0) -> Mapping[str, list[dict[str, object]]]:
    """Every record outside the trash, by what it holds; without one client."""
    rows = everything(crm)
    result = {}
    for name in _RECORDS:
        columns = [column.name for column in SQLModel.metadata.tables[name].columns]
        held = [dict(zip(columns, row, strict=True)) for row in rows[name]]
        result[name] = [
            {key: value for key, value in row.items() if key not in _ABOUT_THE_ROW}
            for row in held
            if row.get("deleted_at") is None and not (name == "client" and row["id"] == but)
        ]
    return result


@pytest.mark.parametrize("action", UNDONE)
def test_a_change_of_any_kind_is_undone_and_redone_as_often_as_one_likes(
    records: Records, action: Action
) -> None:
    case = make_case(records, UNDONE[action], own=UNDONE[action] is not Department.GESTION)
    before = state(records.crm)
    USE_CASES[action][0](case)
    after = state(records.crm)
    assert after != before
    for _ in range(3):
        assert undo_last(records.crm, case.actor).action == action
        assert state(records.crm) == before
        assert redo_last(records.crm, case.actor).action == action
        assert state(records.crm) == after
    with pytest.raises(NothingToRedo):
        redo_last(records.crm, case.actor)


@pytest.mark.parametrize("action", [Action.CLIENT_TRASH, Action.CONTRACT_TRASH, Action.EVENT_TRASH])
def test_a_restoring_is_undone_and_redone_and_keeps_the_day_of_the_trash(
    records: Records, action: Action
) -> None:
    case = make_case(records, UNDONE[action], own=UNDONE[action] is not Department.GESTION)
    trash, restore = USE_CASES[action]
    trash(case)
    trashed = _in_the_trash(records.crm)
    restore(case)
    for _ in range(2):
        undo_last(records.crm, case.actor)
        assert _in_the_trash(records.crm) == trashed
        redo_last(records.crm, case.actor)
        assert _in_the_trash(records.crm) == []
    undo_last(records.crm, case.actor)
    undo_last(records.crm, case.actor)
    redo_last(records.crm, case.actor)
    assert _in_the_trash(records.crm) == trashed


def _in_the_trash(crm: Crm) -> list[tuple[str, object, object]]:
    found = []
    for name in ("client", "contract", "event"):
        columns = [column.name for column in SQLModel.metadata.tables[name].columns]
        rows = [dict(zip(columns, row, strict=True)) for row in everything(crm)[name]]
        found += [(name, row["id"], row["deleted_at"]) for row in rows if row["deleted_at"] is not None]
    return found


def test_a_cancelled_payment_and_a_reactivation_are_redone(records: Records) -> None:
    for perform in (USE_CASES[Action.PAYMENT_CANCEL][0], USE_CASES[Action.COLLABORATOR_REACTIVATE][0]):
        case = make_case(records, Department.GESTION, own=False)
        USE_CASES[Action.PAYMENT_RECORD][0](case)
        USE_CASES[Action.COLLABORATOR_DEACTIVATE][0](case)
        perform(case)
        after = state(records.crm)
        undo_last(records.crm, case.actor)
        redo_last(records.crm, case.actor)
        assert state(records.crm) == after


# A model: two stacks of states

Step = str | Perform


def _writes(*actions: Action) -> Sequence[Perform]:
    return [perform for action in actions for perform in USE_CASES[action]]


WRITES: Final[Mapping[Department, Sequence[Perform]]] = {
    Department.COMMERCIAL: _writes(
        Action.CLIENT_CREATE, Action.CLIENT_UPDATE, Action.CLIENT_TRASH, Action.CONTRACT_UPDATE,
        Action.CONTRACT_SIGN, Action.PAYMENT_RECORD, Action.EVENT_CREATE, Action.EVENT_TRASH,
    ),
    Department.SUPPORT: _writes(Action.EVENT_UPDATE),
    Department.GESTION: [
        USE_CASES[Action.COLLABORATOR_UPDATE][0],
        *_writes(
            Action.CLIENT_CREATE, Action.CLIENT_REASSIGN, Action.CLIENT_TRASH, Action.CONTRACT_CREATE,
            Action.CONTRACT_UPDATE, Action.CONTRACT_SIGN, Action.CONTRACT_TRASH, Action.PAYMENT_RECORD,
            Action.PAYMENT_CANCEL, Action.EVENT_ASSIGN, Action.COLLABORATOR_DEACTIVATE,
            Action.COLLABORATOR_REACTIVATE, Action.SETTINGS_UPDATE,
        ),
    ],
}  # fmt: skip


class Model:
    """What one person did and undid, as states; a colleague changes a client of their own meanwhile."""

    def __init__(self, records: Records, department: Department) -> None:
        self.crm, self.people = records.crm, records.people
        self.case = make_case(records, department, own=department is not Department.GESTION)
        email = f"of-a-colleague-of-{self.case.actor.id}@example.com"
        self.colleague_s = records.client(self.people.other_commercial, email=email).id
        self.done: list[Any] = []
        self.undone: list[Any] = []
        self.now = self.look()

    def look(self) -> Any:
        return state(self.crm, but=self.colleague_s)

    def step(self, step: Step) -> None:
        if step == "undo":
            self.take(undo_last, NothingToUndo, self.done, self.undone)
        elif step == "redo":
            self.take(redo_last, NothingToRedo, self.undone, self.done)
        elif isinstance(step, str):
            command = build(ClientUpdate, {"company": f"Tents {row_count(self.crm, 'audit_entry')}"})
            clients.update_client(self.crm, self.people.other_commercial, self.colleague_s, command)
        else:
            self.write(step)

    def take(
        self,
        do: Callable[..., PastChange],
        nothing: type[CrmError],
        source: list[Any],
        target: list[Any],
    ) -> None:
        if source:
            do(self.crm, self.case.actor)
            target.append(self.now)
            self.now = source.pop()
        else:
            with pytest.raises(nothing):
                do(self.crm, self.case.actor)
        assert self.look() == self.now

    def write(self, perform: Callable[[Case], object]) -> None:
        written = row_count(self.crm, "audit_entry")
        try:
            perform(self.case)
        except (CrmError, IndexError):  # no payment to cancel
            return
        if row_count(self.crm, "audit_entry") > written:
            self.done.append(self.now)
            self.undone.clear()
            self.now = self.look()


# Each step reads the whole database, which grows with the examples.
@pytest.mark.parametrize("department", Department)
@settings(max_examples=settings().max_examples // 5)
@given(data=st.data())
def test_undo_and_redo_are_two_stacks(records: Records, department: Department, data: st.DataObject) -> None:
    model = Model(records, department)
    moves = st.sampled_from(["undo", "undo", "redo", "redo", "a colleague"])
    writes = st.sampled_from(WRITES[department])
    for step in data.draw(st.lists(st.one_of(writes, moves), min_size=6, max_size=18)):
        model.step(step)


# What ends or refuses a redo


def test_a_new_change_ends_the_redo(crm: Crm, records: Records, people: People) -> None:
    client = records.client(company="Ropes")
    _rename(crm, people, client.id, "Tents")
    undo_last(crm, people.commercial)
    _rename(crm, people, client.id, "Lanterns")
    before = everything(crm)
    with pytest.raises(NothingToRedo) as refusal:
        redo_last(crm, people.commercial)
    assert refusal.value.exit_code == 5
    assert everything(crm) == before


def test_one_redoes_one_s_own_undo_only(crm: Crm, records: Records, people: People) -> None:
    records.client()
    undo_last(crm, people.commercial)
    for actor in (people.other_commercial, people.gestion, people.support):
        with pytest.raises(NothingToRedo):
            redo_last(crm, actor)


def test_a_change_is_not_redone_over_somebody_else_s(crm: Crm, records: Records, people: People) -> None:
    ball = records.event(support=people.support)
    _note(crm, ball.id, people.support, "Lanterns")
    undo_last(crm, people.support)
    events.assign_support(crm, people.gestion, ball.id, people.other_support.id)
    _note(crm, ball.id, people.other_support, "Candles")
    events.assign_support(crm, people.gestion, ball.id, people.support.id)
    before = everything(crm)
    with pytest.raises(Conflict) as conflict:
        redo_last(crm, people.support)
    assert (
        conflict.value.message()
        == "Seán O'Brien has changed this record since, so your change cannot be redone."
    )
    assert everything(crm) == before


def test_redo_is_refused_once_the_right_is_gone(crm: Crm, records: Records, people: People) -> None:
    ball = records.event(support=people.support)
    _note(crm, ball.id, people.support, "Lanterns")
    undo_last(crm, people.support)
    events.assign_support(crm, people.gestion, ball.id, people.other_support.id)
    with pytest.raises(Forbidden) as refusal:
        redo_last(crm, people.support)
    assert refusal.value.rule == Action.EVENT_UPDATE


def test_a_creation_is_not_redone_without_the_right_to_take_it_back(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(people.commercial)
    undo_last(crm, people.commercial)
    rewrite(
        crm,
        "UPDATE client SET sales_contact_id = :other WHERE id = :id",
        other=people.other_commercial.id,
        id=client.id,
    )
    with pytest.raises(Forbidden) as refusal:
        redo_last(crm, people.commercial)
    assert refusal.value.rule == Action.CLIENT_TRASH


def test_a_trashing_is_not_redone_while_records_depend_on_it(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(people.commercial)
    clients.trash_client(crm, people.commercial, client.id)
    undo_last(crm, people.commercial)
    records.contract(client)
    with pytest.raises(InUse):
        redo_last(crm, people.commercial)


def test_a_payment_is_not_redone_on_a_contract_that_went_to_the_trash(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract()
    records.payment(contract)
    undo_last(crm, people.gestion)
    contracts.trash_contract(crm, people.other_gestion, contract.id)
    with pytest.raises(InUse):
        redo_last(crm, people.gestion)
    assert payments.list_payments(crm, people.gestion, contract.id) == []


def test_an_event_comes_back_to_no_contract_whose_signature_was_undone(
    crm: Crm, records: Records, people: People
) -> None:
    ball = records.event(records.contract(signed=True))
    undo_last(crm, people.commercial)
    undo_last(crm, people.gestion)
    for come_back in (
        lambda: redo_last(crm, people.commercial),
        lambda: events.restore_event(crm, people.commercial, ball.id),
    ):
        with pytest.raises(InUse) as refusal:
            come_back()
        assert refusal.value.message().startswith("An event needs a signed contract.")
    redo_last(crm, people.gestion)
    redo_last(crm, people.commercial)
    assert events.get_event(crm, people.gestion, ball.id).deleted is None


def test_a_payment_is_not_redone_above_a_total_that_was_lowered(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(total="100.00")
    records.payment(contract, "80.00")
    undo_last(crm, people.gestion)
    lowered = build(ContractUpdate, {"total_amount": "50.00"})
    contracts.update_contract(crm, people.other_gestion, contract.id, lowered)
    before = everything(crm)
    with pytest.raises(CrmError):
        redo_last(crm, people.gestion)
    assert everything(crm) == before


def test_an_account_that_an_undo_removed_does_not_come_back(
    crm: Crm, records: Records, people: People
) -> None:
    records.contract()
    records.collaborator()
    for _ in range(2):
        undo_last(crm, people.gestion)
    assert redo_last(crm, people.gestion).kind is RecordKind.CONTRACT
    before = everything(crm)
    with pytest.raises(AccountIsGone):
        redo_last(crm, people.gestion)
    assert everything(crm) == before


def test_a_change_of_a_colleague_after_a_redo_is_kept(crm: Crm, records: Records, people: People) -> None:
    client = records.client(people.commercial)
    undo_last(crm, people.commercial)
    redo_last(crm, people.commercial)
    command = build(ClientUpdate, {"sales_contact_id": people.other_commercial.id})
    clients.update_client(crm, people.gestion, client.id, command)
    clients.update_client(crm, people.gestion, client.id, build(ClientUpdate, {
        "sales_contact_id": people.commercial.id,
    }))  # fmt: skip
    _rename(crm, people, client.id, "Ropes", by=people.commercial)
    undo_last(crm, people.commercial)
    rewrite(crm, "UPDATE client SET company = 'Elsewhere' WHERE id = :id", id=client.id)
    with pytest.raises(Conflict):
        undo_last(crm, people.commercial)
    assert clients.get_client(crm, people.gestion, client.id).deleted is None


def test_two_terminals_of_one_person_share_undo_and_redo(crm: Crm, records: Records, people: People) -> None:
    client = records.client(company="Ropes")
    elsewhere = sessions.sign_in(crm, "claire_d", PASSWORD).actor
    _rename(crm, people, client.id, "Tents")
    undo_last(crm, people.commercial)
    redo_last(crm, elsewhere)
    assert clients.get_client(crm, people.gestion, client.id).company == "Tents"
    with pytest.raises(NothingToRedo):
        redo_last(crm, people.commercial)
    undo_last(crm, elsewhere)
    assert clients.get_client(crm, people.gestion, client.id).company == "Ropes"


# What is asked about is what is done


def test_what_comes_next_is_named_before_it_is_done(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract()
    records.payment(contract, "10.00")
    change = look_at_undo(crm, people.gestion)
    assert (change.action, change.operation, change.kind) == (
        Action.PAYMENT_RECORD, Operation.CREATED, RecordKind.PAYMENT,
    )  # fmt: skip
    assert (change.shown, change.name) == ((RecordKind.CONTRACT, contract.id), contract.number)
    assert change.age.total_seconds() < 60
    before = everything(crm)
    with pytest.raises(NothingToRedo):
        look_at_redo(crm, people.gestion)
    assert everything(crm) == before
    assert undo_last(crm, people.gestion, change.batch).record_id == change.record_id
    again = look_at_redo(crm, people.gestion)
    assert (again.action, again.shown, again.name) == (change.action, change.shown, change.name)
    assert redo_last(crm, people.gestion, again.batch).name == contract.number


def test_of_a_departure_the_person_is_named(crm: Crm, records: Records, people: People) -> None:
    records.client(people.commercial)
    collaborators.deactivate_collaborator(
        crm, people.gestion, people.commercial.id, people.other_commercial.id
    )
    change = look_at_undo(crm, people.gestion)
    assert change.shown == (RecordKind.COLLABORATOR, people.commercial.id)
    assert undone_label(undo_last(crm, people.gestion)).startswith(
        f"Undone: Collaborator deactivated, collaborator {people.commercial.id} ("
    )
    assert redone_label(redo_last(crm, people.gestion)).startswith("Redone: Collaborator deactivated, ")


def test_another_change_than_the_one_shown_is_neither_undone_nor_redone(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(company="Ropes")
    _rename(crm, people, client.id, "Tents")
    elsewhere = sessions.sign_in(crm, "claire_d", PASSWORD).actor
    shown = look_at_undo(crm, people.commercial)
    _rename(crm, people, client.id, "Lanterns", by=elsewhere)
    before = everything(crm)
    with pytest.raises(OtherChange):
        undo_last(crm, people.commercial, shown.batch)
    for _ in range(3):
        undo_last(crm, elsewhere)
    with pytest.raises(CrmError):  # nothing is left
        undo_last(crm, people.commercial, shown.batch)
    shown = look_at_redo(crm, people.commercial)
    redo_last(crm, elsewhere)
    with pytest.raises(OtherChange):
        redo_last(crm, people.commercial, shown.batch)
    for _ in range(2):
        redo_last(crm, elsewhere)
    assert clients.get_client(crm, people.gestion, client.id).company == "Lanterns"
    assert row_count(crm, "client") == len(before["client"])


# Telemetry and time


def test_a_redo_is_a_breadcrumb_with_the_words_of_its_change_and_no_message(
    crm: Crm, records: Records, people: People, announced: list[DomainEvent]
) -> None:
    contract = records.contract()
    contracts.sign_contract(crm, people.gestion, contract.id)
    undo_last(crm, people.gestion)
    del announced[:]
    redo_last(crm, people.gestion)
    (change,) = announced
    assert isinstance(change, RecordChanged)
    assert (change.action, change.kind, change.operation) == (
        Action.CONTRACT_SIGN, RecordKind.CONTRACT, Operation.UPDATED,
    )  # fmt: skip
    assert change.undone


def test_a_long_journal_is_not_read_through(crm: Crm, records: Records, people: People) -> None:
    """Each part of the look for the next step is found through an index of the journal."""
    client = records.client(company="Ropes")
    _rename(crm, people, client.id, "Tents")
    undo_last(crm, people.commercial)
    _long_journal(crm, people.commercial.id)
    plans: list[tuple[str, str]] = []
    with crm.database.write() as connection:
        connection.execute(text("ANALYZE"))

        @event.listens_for(connection, "before_cursor_execute", retval=False)
        def explained(conn: Any, _c: Any, sql: str, values: Any, *_: Any) -> None:
            if sql.startswith("SELECT"):
                explain = "EXPLAIN QUERY PLAN " if crm.database.kind == "sqlite" else "EXPLAIN "
                cursor = conn.connection.cursor()
                cursor.execute(explain + sql, values)
                plans.extend((sql, str(row[-1])) for row in cursor.fetchall())

        with Session(connection) as session:
            assert undo_history.next_undo(session, people.commercial) is not None
            assert undo_history.next_redo(session, people.commercial) is None
    scans = [line for _, line in plans if re.search("SCAN audit|SCAN r|Seq Scan", line)]
    sorts = [line for sql, line in plans if "LIMIT" in sql and re.search("Sort|TEMP B-TREE", line)]
    assert (bool(plans), scans, sorts) == (True, [], [])


def _long_journal(crm: Crm, actor_id: int) -> None:
    """Many changes of a person and of others, each tenth of them undone."""
    for start in range(0, 20_000, 500):
        rows = [
            {"n": n, "batch": f"b{n}", "actor": actor_id if n % 3 else None,
             "undoes": f"b{n - 1}" if n % 10 == 0 and n else None}
            for n in range(start, start + 500)
        ]  # fmt: skip
        with crm.database.write() as connection:
            connection.execute(_ENTRY, rows)


_ENTRY: Final = text("""
    INSERT INTO audit_entry
        (batch, at, actor_id, actor_username, action, kind, record_id, operation, changes, undoes)
    VALUES (:batch, '2027-01-01 00:00:00', :actor, 'claire_d', 'client.update', 'CLIENT', 1, 'UPDATED',
        '{"company": ["a", "b"]}', :undoes)
""")


def _rename(crm: Crm, people: People, client_id: int, company: str, by: Any = None) -> None:
    clients.update_client(crm, by or people.commercial, client_id, build(ClientUpdate, {"company": company}))


def _note(crm: Crm, event_id: int, by: Any, text: str) -> None:
    events.update_event(crm, by, event_id, build(EventUpdate, {"notes": text}))
