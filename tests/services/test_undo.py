"""Undo of one's own last change: whole, bound by the rights, and never over somebody else's work."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest
from sqlmodel import SQLModel

from models.enums import Department, RecordKind
from models.write_models import ClientUpdate, CollaboratorUpdate, ContractUpdate, EventUpdate
from services import clients, collaborators, contracts, events, payments
from services.actor import Actor
from services.auth import sessions
from services.crm import Crm
from services.errors import (
    Conflict,
    CrmError,
    Forbidden,
    InUse,
    Invalid,
    NothingToUndo,
    NotSignedIn,
)
from services.lists.query import ListQuery
from services.rights import Action
from services.undo import undo_last
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.records import Records, everything, rewrite
from tests.support.use_cases import OTHER_PASSWORD, USE_CASES, make_case

# What says nothing of the record itself.
_ABOUT_THE_ROW: Final = frozenset({"version", "updated_at", "failures_counted_from"})
RECORDS: Final = ("collaborator", "client", "contract", "payment", "event", "note", "task")

UNDOABLE: Final[Mapping[Action, Department]] = {
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
    Action.COLLABORATOR_CREATE: Department.GESTION,
    Action.COLLABORATOR_DEACTIVATE: Department.GESTION,
}
FINAL: Final = (Action.COLLABORATOR_DELETE, Action.PASSWORD_CHANGE)


def living(crm: Crm) -> Mapping[str, list[dict[str, object]]]:
    """Every record outside the trash, by what it holds."""
    rows = everything(crm)
    result = {}
    for name in RECORDS:
        columns = [column.name for column in SQLModel.metadata.tables[name].columns]
        held = [dict(zip(columns, row, strict=True)) for row in rows[name]]
        result[name] = [
            {key: value for key, value in row.items() if key not in _ABOUT_THE_ROW}
            for row in held
            if row.get("deleted_at") is None
        ]
    return result


@pytest.mark.parametrize("action", UNDOABLE)
def test_a_change_of_any_kind_is_taken_back_whole(records: Records, action: Action) -> None:
    perform = USE_CASES[action][0]
    case = make_case(records, UNDOABLE[action], own=UNDOABLE[action] is not Department.GESTION)
    before = living(records.crm)
    perform(case)
    assert living(records.crm) != before
    undone = undo_last(records.crm, case.actor)
    assert undone.action == action
    assert living(records.crm) == before


def test_an_update_of_a_collaborator_is_taken_back(crm: Crm, people: People) -> None:
    before = living(crm)
    values = {"department": Department.SUPPORT, "phone": "12345", "email": "b@epicevents.example"}
    collaborators.update_collaborator(
        crm, people.gestion, people.other_commercial.id, build(CollaboratorUpdate, values)
    )
    undo_last(crm, people.gestion)
    assert living(crm) == before
    with pytest.raises(NotSignedIn):
        clients.list_clients(crm, people.other_commercial, ListQuery())


def test_what_is_asked_again_takes_back_the_change_before(crm: Crm, records: Records, people: People) -> None:
    client = records.client(company="Ropes")
    for company in ("Tents", "Lanterns", "Stages"):
        clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, {"company": company}))

    def kept() -> str:
        return clients.get_client(crm, people.gestion, client.id).company

    seen = []
    for _ in range(3):
        undo_last(crm, people.commercial)
        seen.append(kept())
    assert seen == ["Lanterns", "Tents", "Ropes"]
    clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, {"company": "Fireworks"}))
    assert undo_last(crm, people.commercial).record_id == client.id
    assert kept() == "Ropes"
    assert undo_last(crm, people.commercial).action == Action.CLIENT_CREATE
    assert clients.get_client(crm, people.gestion, client.id).deleted is not None
    with pytest.raises(NothingToUndo):
        undo_last(crm, people.commercial)


def test_one_undoes_one_s_own_changes_only(crm: Crm, records: Records, people: People) -> None:
    records.client(people.commercial)
    before = everything(crm)
    for actor in (people.other_commercial, people.gestion, people.support):
        with pytest.raises(NothingToUndo) as refusal:
            undo_last(crm, actor)
        assert refusal.value.exit_code == 5
    assert everything(crm) == before


def test_a_change_is_not_taken_back_over_somebody_else_s(crm: Crm, records: Records, people: People) -> None:
    event = records.event(support=people.support)
    update = build(EventUpdate, {"notes": "Lanterns"})
    events.update_event(crm, people.support, event.id, update)
    events.assign_support(crm, people.gestion, event.id, people.other_support.id)
    events.update_event(crm, people.other_support, event.id, build(EventUpdate, {"notes": "Candles"}))
    events.assign_support(crm, people.gestion, event.id, people.support.id)
    before = everything(crm)
    with pytest.raises(Conflict) as conflict:
        undo_last(crm, people.support)
    assert (
        conflict.value.message()
        == "Seán O'Brien has changed this record since, so your change cannot be undone."
    )
    (change,) = conflict.value.changes
    assert (change.field, change.old, change.new) == ("notes", "Lanterns", "Candles")
    assert everything(crm) == before


def test_a_change_of_other_fields_since_does_not_stand_in_the_way(
    crm: Crm, records: Records, people: People
) -> None:
    event = records.event(support=people.support)
    events.update_event(crm, people.support, event.id, build(EventUpdate, {"notes": "Lanterns"}))
    events.assign_support(crm, people.gestion, event.id, people.other_support.id)
    events.update_event(crm, people.other_support, event.id, build(EventUpdate, {"attendees": 75}))
    events.assign_support(crm, people.gestion, event.id, people.support.id)
    undo_last(crm, people.support)
    found = events.get_event(crm, people.gestion, event.id)
    assert (found.notes, found.attendees) == ("", 75)


def test_undo_is_refused_once_the_right_is_gone(crm: Crm, records: Records, people: People) -> None:
    event = records.event(support=people.support)
    events.update_event(crm, people.support, event.id, build(EventUpdate, {"notes": "Lanterns"}))
    events.assign_support(crm, people.gestion, event.id, people.other_support.id)
    before = everything(crm)
    with pytest.raises(Forbidden) as refusal:
        undo_last(crm, people.support)
    assert refusal.value.rule == Action.EVENT_UPDATE
    assert everything(crm) == before


def test_who_is_no_longer_of_gestion_undoes_nothing_of_gestion(
    crm: Crm, records: Records, people: People
) -> None:
    records.contract()
    rewrite(crm, "UPDATE collaborator SET department = 'SUPPORT' WHERE username = 'gwenaelle'")
    with pytest.raises(Forbidden) as refusal:
        undo_last(crm, people.gestion)
    assert refusal.value.rule == Action.CONTRACT_TRASH


@pytest.mark.parametrize("action", FINAL)
def test_what_cannot_come_back_is_not_undone_nor_what_lies_before(records: Records, action: Action) -> None:
    case = make_case(records, Department.GESTION, own=action is Action.PASSWORD_CHANGE)
    USE_CASES[Action.CLIENT_CREATE][0](case)
    USE_CASES[action][0](case)
    password = OTHER_PASSWORD if action is Action.PASSWORD_CHANGE else PASSWORD
    actor = records.signed_in(case.actor.username, password)
    before = everything(records.crm)
    with pytest.raises(NothingToUndo):
        undo_last(records.crm, actor)
    assert everything(records.crm) == before


def _refused_undo(crm: Crm, actor: Actor) -> CrmError:
    before = everything(crm)
    with pytest.raises(CrmError) as refusal:
        undo_last(crm, actor)
    assert everything(crm) == before
    return refusal.value


def in_the_trash(crm: Crm, records: Records, people: People, action: Action) -> None:
    """A change by Gestion or by the owner, of a record that a colleague has put in the trash since."""
    client = records.client(people.commercial)
    contract = records.contract(client, signed=action is not Action.CONTRACT_SIGN)
    match action:
        case Action.EVENT_ASSIGN | Action.EVENT_UPDATE:
            event = records.event(contract, support=people.support)
            if action is Action.EVENT_ASSIGN:
                events.assign_support(crm, people.gestion, event.id, people.other_support.id)
            else:
                events.update_event(crm, people.support, event.id, build(EventUpdate, {"attendees": 12}))
            events.trash_event(crm, people.commercial, event.id)
        case Action.CONTRACT_UPDATE | Action.CONTRACT_SIGN:
            if action is Action.CONTRACT_SIGN:
                contracts.sign_contract(crm, people.commercial, contract.id)
            else:
                total = build(ContractUpdate, {"total_amount": "1234.00"})
                contracts.update_contract(crm, people.commercial, contract.id, total)
            contracts.trash_contract(crm, people.gestion, contract.id)
        case Action.CLIENT_REASSIGN:
            contracts.trash_contract(crm, people.gestion, contract.id)
            command = build(ClientUpdate, {"sales_contact_id": people.other_commercial.id})
            clients.update_client(crm, people.gestion, client.id, command)
            clients.trash_client(crm, people.other_commercial, client.id)


@pytest.mark.parametrize(
    ("action", "undoer", "sentence"),
    [
        (Action.EVENT_ASSIGN, "gestion", "Event 1 is in the trash."),
        (Action.EVENT_UPDATE, "support", "Event 1 is in the trash."),
        (Action.CONTRACT_UPDATE, "commercial", "Contract 1 is in the trash."),
        (Action.CONTRACT_SIGN, "commercial", "Contract 1 is in the trash."),
        (Action.CLIENT_REASSIGN, "gestion", "Client 1 is in the trash."),
    ],
    ids=lambda value: value if isinstance(value, Action) else "",
)
def test_nothing_is_changed_by_an_undo_on_a_record_in_the_trash(
    crm: Crm, records: Records, people: People, action: Action, undoer: str, sentence: str
) -> None:
    in_the_trash(crm, records, people, action)
    refusal = _refused_undo(crm, getattr(people, undoer))
    assert isinstance(refusal, InUse)
    assert refusal.message().startswith(sentence)


def test_an_assignment_is_undone_once_its_event_is_out_of_the_trash(
    crm: Crm, records: Records, people: People
) -> None:
    in_the_trash(crm, records, people, Action.EVENT_ASSIGN)
    events.restore_event(crm, people.commercial, 1)
    undo_last(crm, people.gestion)
    assert events.get_event(crm, people.gestion, 1).support_contact_id == people.support.id


def test_the_undo_of_a_departure_gives_trashed_records_back_too(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(people.commercial)
    clients.trash_client(crm, people.commercial, client.id)
    collaborators.deactivate_collaborator(
        crm, people.gestion, people.commercial.id, people.other_commercial.id
    )
    undo_last(crm, people.gestion)
    assert clients.get_client(crm, people.gestion, client.id).sales_contact_id == people.commercial.id


def test_a_client_does_not_go_back_to_who_has_left(crm: Crm, records: Records, people: People) -> None:
    client = records.client(people.commercial)
    command = build(ClientUpdate, {"sales_contact_id": people.other_commercial.id})
    clients.update_client(crm, people.gestion, client.id, command)
    collaborators.deactivate_collaborator(crm, people.other_gestion, people.commercial.id)
    refusal = _refused_undo(crm, people.gestion)
    assert [problem.field for problem in refusal.field_problems()] == ["sales_contact_id"]


def test_an_event_does_not_go_back_to_who_has_moved(crm: Crm, records: Records, people: People) -> None:
    event = records.event(support=people.support)
    events.assign_support(crm, people.gestion, event.id, None)
    command = build(CollaboratorUpdate, {"department": Department.COMMERCIAL})
    collaborators.update_collaborator(crm, people.other_gestion, people.support.id, command)
    refusal = _refused_undo(crm, people.gestion)
    assert [problem.field for problem in refusal.field_problems()] == ["support_contact_id"]


def test_a_signature_stays_while_an_event_stands_on_it(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract(signed=True)
    event = records.event(contract)
    assert isinstance(_refused_undo(crm, people.gestion), InUse)
    events.trash_event(crm, people.commercial, event.id)
    undo_last(crm, people.gestion)
    assert contracts.get_contract(crm, people.gestion, contract.id).signed_on is None


def test_nobody_is_deactivated_by_an_undo_who_has_records_by_now(
    crm: Crm, records: Records, people: People
) -> None:
    collaborators.deactivate_collaborator(crm, people.other_gestion, people.other_commercial.id)
    collaborators.reactivate_collaborator(crm, people.gestion, people.other_commercial.id)
    records.client(people.other_gestion, sales_contact_id=people.other_commercial.id)
    assert isinstance(_refused_undo(crm, people.gestion), InUse)


def test_nobody_is_moved_back_by_an_undo_who_has_records_by_now(
    crm: Crm, records: Records, people: People
) -> None:
    command = build(CollaboratorUpdate, {"department": Department.COMMERCIAL})
    collaborators.update_collaborator(crm, people.gestion, people.other_support.id, command)
    records.client(people.other_gestion, sales_contact_id=people.other_support.id)
    assert isinstance(_refused_undo(crm, people.gestion), InUse)


def test_a_new_contract_that_is_paid_already_is_not_taken_back(
    crm: Crm, records: Records, people: People
) -> None:
    records.payment(records.contract(), "10.00")
    assert undo_last(crm, people.gestion).kind is RecordKind.PAYMENT
    contract = records.contract()
    contracts.update_contract(
        crm, people.commercial, contract.id, build(ContractUpdate, {"total_amount": "2000"})
    )
    assert isinstance(_refused_undo(crm, people.gestion), Conflict)


def test_an_undone_payment_gives_back_what_remains(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract(total="100.00")
    first = records.payment(contract, "60.00")
    records.payment(contract, "40.00")
    undo_last(crm, people.gestion)
    assert payments.list_payments(crm, people.gestion, contract.id) == [first]
    assert str(contracts.get_contract(crm, people.gestion, contract.id).amount_remaining) == "40.00"
    records.payment(contract, "40.00")


def test_a_total_is_not_lowered_by_an_undo_below_what_is_paid(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(total="100.00")
    raised = build(ContractUpdate, {"total_amount": "200.00"})
    contracts.update_contract(crm, people.commercial, contract.id, raised)
    records.payment(contract, "150.00")
    assert isinstance(_refused_undo(crm, people.commercial), Invalid)


def test_a_new_client_with_contracts_is_not_taken_back(crm: Crm, records: Records, people: People) -> None:
    records.contract(records.client(people.commercial))
    assert isinstance(_refused_undo(crm, people.commercial), InUse)


def test_the_undo_of_a_departure_gives_the_records_back(crm: Crm, records: Records, people: People) -> None:
    client = records.client(people.commercial)
    collaborators.deactivate_collaborator(
        crm, people.gestion, people.commercial.id, people.other_commercial.id
    )
    undo_last(crm, people.gestion)
    assert clients.get_client(crm, people.gestion, client.id).sales_contact == "claire_d"
    assert records.signed_in("claire_d").id == people.commercial.id


def test_two_terminals_of_one_person_do_not_undo_the_same_change_twice(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(company="Ropes")
    for company in ("Tents", "Lanterns"):
        clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, {"company": company}))
    elsewhere = sessions.sign_in(crm, "claire_d", PASSWORD).actor

    def undo(actor: Actor) -> CrmError | None:
        try:
            undo_last(crm, actor)
        except CrmError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(2) as pool:
        refusals = [refusal for refusal in pool.map(undo, [people.commercial, elsewhere]) if refusal]
    company = clients.get_client(crm, people.gestion, client.id).company
    assert company == ("Tents" if refusals else "Ropes")
