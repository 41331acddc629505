"""The team: Gestion never loses its last account, nobody's records are orphaned, access ends at once."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Final

import pytest
from sqlmodel import Session

from models.enums import Department
from models.tables import Collaborator, Record
from models.write_models import ClientUpdate, CollaboratorCreate, CollaboratorUpdate
from services import clients, collaborators, events, offboarding
from services.actor import Actor
from services.auth import sessions
from services.crm import Crm
from services.denormalized import computed_columns
from services.errors import CrmError, Duplicate, Forbidden, InUse, Invalid, NotFound, NotSignedIn
from services.lists.query import ListQuery
from services.offboarding import LAST_GESTION
from services.startup import open_crm
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.crm import settings_for
from tests.support.records import Records, everything, row_count
from tests.support.use_cases import OTHER_PASSWORD

Leave = Callable[[Crm, Actor, int], object]


def _move(crm: Crm, actor: Actor, person: int) -> object:
    command = build(CollaboratorUpdate, {"department": Department.SUPPORT})
    return collaborators.update_collaborator(crm, actor, person, command)


def _move_to_gestion(crm: Crm, actor: Actor, person: int) -> object:
    command = build(CollaboratorUpdate, {"department": Department.GESTION})
    return collaborators.update_collaborator(crm, actor, person, command)


def _delete(crm: Crm, actor: Actor, person: int) -> None:
    collaborators.delete_collaborator(crm, actor, person)


def _deactivate(crm: Crm, actor: Actor, person: int) -> object:
    return collaborators.deactivate_collaborator(crm, actor, person)


WAYS_TO_LEAVE: Final = pytest.mark.parametrize("leave", [_delete, _deactivate, _move])


@WAYS_TO_LEAVE
def test_the_last_active_account_of_gestion_can_neither_be_deleted_deactivated_nor_moved(
    crm: Crm, people: People, leave: Leave
) -> None:
    collaborators.deactivate_collaborator(crm, people.gestion, people.other_gestion.id)
    before = everything(crm)
    with pytest.raises(Forbidden) as refusal:
        leave(crm, people.gestion, people.gestion.id)
    assert refusal.value.rule == LAST_GESTION
    assert "last active account of Gestion" in refusal.value.message()
    assert everything(crm) == before


@WAYS_TO_LEAVE
def test_one_of_two_accounts_of_gestion_may_leave_even_oneself(
    crm: Crm, people: People, leave: Leave
) -> None:
    leave(crm, people.gestion, people.gestion.id)
    with pytest.raises(NotSignedIn):
        collaborators.list_collaborators(crm, people.gestion, ListQuery())
    remaining = collaborators.list_collaborators(crm, people.other_gestion, ListQuery())
    active = [person for person in remaining if person.active and person.department is Department.GESTION]
    assert [person.id for person in active] == [people.other_gestion.id]


@WAYS_TO_LEAVE
def test_two_accounts_of_gestion_that_remove_each_other_at_once_leave_one(
    crm: Crm, people: People, leave: Leave, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(2)

    def judge_together(session: Session, person: Collaborator) -> None:
        # Each has locked whom it removes, unless one had to wait for the other before.
        with suppress(BrokenBarrierError):
            together.wait(0.3)
        offboarding.refuse_last_gestion(session, person)

    monkeypatch.setattr(collaborators, "refuse_last_gestion", judge_together)
    pairs = [(people.gestion, people.other_gestion.id), (people.other_gestion, people.gestion.id)]
    with ThreadPoolExecutor(2) as pool:
        refusals = list(pool.map(lambda pair: _refusal(leave, crm, *pair), pairs))
    assert [type(refusal) for refusal in refusals if refusal] in ([Forbidden], [NotSignedIn])


def _refusal(leave: Leave, crm: Crm, actor: Actor, person: int) -> CrmError | None:
    try:
        leave(crm, actor, person)
    except CrmError as refusal:
        return refusal
    return None


def test_of_two_who_set_a_crm_up_at_once_one_is_its_first_account(
    database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm = open_crm(settings_for(database_url, home))
    together = Barrier(2)

    refresh = computed_columns.refresh

    def derive_together(record: Record, region: str) -> None:
        # Each has found nobody there, unless one had to wait for the other before.
        with suppress(BrokenBarrierError):
            together.wait(0.3)
        refresh(record, region)

    monkeypatch.setattr(computed_columns, "refresh", derive_together)

    def found(username: str) -> CrmError | None:
        values = {"username": username, "first_name": "Ann", "last_name": "Lee", "email": f"{username}@a.fr"}
        command = build(CollaboratorCreate, values | {"department": "GESTION", "password": PASSWORD})
        try:
            collaborators.create_first_collaborator(crm, command)
        except CrmError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(2) as pool:
        refusals = [refusal for refusal in pool.map(found, ["ann_one", "ann_two"]) if refusal]
    assert [type(refusal) for refusal in refusals] == [Forbidden]
    assert row_count(crm, "collaborator") == 1
    crm.close()


def test_an_inactive_account_of_gestion_does_not_count_as_the_last(crm: Crm, people: People) -> None:
    collaborators.deactivate_collaborator(crm, people.gestion, people.other_gestion.id)
    _move(crm, people.gestion, people.other_gestion.id)
    _delete(crm, people.gestion, people.other_gestion.id)


def test_whoever_owns_records_is_deactivated_only_with_an_heir(
    crm: Crm, records: Records, people: People
) -> None:
    records.client()
    before = everything(crm)
    for heir in (None, people.commercial.id, people.support.id, people.gestion.id, 999_999, 2**40):
        with pytest.raises(Invalid) as refusal:
            collaborators.deactivate_collaborator(crm, people.gestion, people.commercial.id, heir)
        assert [problem.field for problem in refusal.value.field_problems()] == ["reassign_to"]
    assert everything(crm) == before


def test_the_records_of_who_leaves_go_to_the_heir_in_the_same_transaction(
    crm: Crm, records: Records, people: People
) -> None:
    kept, trashed = records.client(), records.client()
    clients.trash_client(crm, people.commercial, trashed.id)
    left = collaborators.deactivate_collaborator(
        crm, people.gestion, people.commercial.id, people.other_commercial.id
    )
    assert (left.active, left.clients) == (False, 0)
    for client in (kept, trashed):
        found = clients.get_client(crm, people.gestion, client.id)
        assert found.sales_contact_id == people.other_commercial.id
    batches = {row[1] for row in everything(crm)["audit_entry"] if row[5] == "collaborator.deactivate"}
    assert len(batches) == 1


def test_the_events_of_support_go_to_another_of_support(crm: Crm, records: Records, people: People) -> None:
    event = records.event(support=people.support)
    with pytest.raises(Invalid):
        collaborators.deactivate_collaborator(crm, people.gestion, people.support.id, people.commercial.id)
    collaborators.deactivate_collaborator(crm, people.gestion, people.support.id, people.other_support.id)
    assert events.get_event(crm, people.gestion, event.id).support_contact == "sean_ob"


@pytest.mark.parametrize("leave", [_delete, _move_to_gestion])
def test_whoever_owns_clients_or_events_is_neither_deleted_nor_moved(
    crm: Crm, records: Records, people: People, leave: Leave
) -> None:
    records.event(support=people.support)
    before = everything(crm)
    for owner in (people.commercial, people.support):
        with pytest.raises(InUse, match="Reassign them, or deactivate"):
            leave(crm, people.gestion, owner.id)
    assert everything(crm) == before


def test_whoever_recorded_a_payment_is_not_deleted(crm: Crm, records: Records, people: People) -> None:
    records.payment(records.contract())
    with pytest.raises(InUse):
        collaborators.delete_collaborator(crm, people.other_gestion, people.gestion.id)


def test_whoever_owns_nothing_is_deleted_and_the_journal_keeps_the_name(crm: Crm, people: People) -> None:
    collaborators.delete_collaborator(crm, people.gestion, people.other_support.id)
    with pytest.raises(NotFound):
        collaborators.get_collaborator(crm, people.gestion, people.other_support.id)
    deleted = everything(crm)["audit_entry"][-1]
    assert "sean_ob" in str(deleted)


def test_a_new_collaborator_may_not_get_the_id_of_a_deleted_one(
    crm: Crm, records: Records, people: People
) -> None:
    gone = records.collaborator()
    collaborators.delete_collaborator(crm, people.gestion, gone.id)
    assert records.collaborator().id > gone.id


ENDINGS: Final[Mapping[str, Callable[[Crm, People], object]]] = {
    "deactivation": lambda crm, people: _deactivate(crm, people.gestion, people.support.id),
    "a change of department": lambda crm, people: collaborators.update_collaborator(
        crm,
        people.gestion,
        people.support.id,
        build(CollaboratorUpdate, {"department": Department.COMMERCIAL}),
    ),
    "a password set by Gestion": lambda crm, people: collaborators.set_password(
        crm, people.gestion, people.support.id, OTHER_PASSWORD
    ),
    "a password changed by oneself": lambda crm, people: sessions.change_password(
        crm, people.support, PASSWORD, OTHER_PASSWORD
    ),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_access_ends_in_every_open_session_at_once(crm: Crm, people: People, how: str) -> None:
    elsewhere = sessions.sign_in(crm, people.support.username, PASSWORD)
    bystander = sessions.sign_in(crm, people.commercial.username, PASSWORD)
    ENDINGS[how](crm, people)
    for actor in (people.support, elsewhere.actor):
        with pytest.raises(NotSignedIn):
            clients.list_clients(crm, actor, ListQuery())
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, elsewhere.token)
    assert sessions.resume(crm, bystander.token) == bystander.actor


def test_another_change_of_a_collaborator_ends_no_session(crm: Crm, people: People) -> None:
    command = build(CollaboratorUpdate, {"username": "Sofia_Martinez", "department": Department.SUPPORT})
    collaborators.update_collaborator(crm, people.gestion, people.support.id, command)
    clients.list_clients(crm, people.support, ListQuery())
    sessions.change_password(crm, people.support, PASSWORD, OTHER_PASSWORD)


def test_a_reactivated_collaborator_signs_in_again(crm: Crm, people: People) -> None:
    _deactivate(crm, people.gestion, people.support.id)
    collaborators.reactivate_collaborator(crm, people.gestion, people.support.id)
    with pytest.raises(NotSignedIn):
        clients.list_clients(crm, people.support, ListQuery())
    assert sessions.sign_in(crm, people.support.username, PASSWORD).actor.id == people.support.id


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "Claire_D@EpicEvents.example"),
        ("username", "CLAIRE_D"),
        ("employee_number", "T-claire_d"),
    ],
)
def test_what_must_be_unique_among_the_team_is_refused_by_its_field(
    crm: Crm, records: Records, people: People, field: str, value: str
) -> None:
    before = everything(crm)
    with pytest.raises(Duplicate) as refusal:
        records.collaborator(Department.SUPPORT, **{field: value})
    assert refusal.value.field == field
    command = build(CollaboratorUpdate, {field: value})
    with pytest.raises(Duplicate) as refusal:
        collaborators.update_collaborator(crm, people.gestion, people.support.id, command)
    assert refusal.value.field == field
    assert value not in str(refusal.value) + refusal.value.message()
    assert everything(crm) == before


def test_employee_numbers_are_given_out_and_never_taken_twice(records: Records) -> None:
    first = records.collaborator()
    assert first.employee_number == f"EMP-{first.id:04d}"
    records.collaborator(employee_number=f"EMP-{first.id + 2:04d}")
    assert records.collaborator().employee_number not in (
        first.employee_number,
        f"EMP-{first.id + 2:04d}",
    )


def test_a_client_is_reassigned_within_commercial_only(crm: Crm, records: Records, people: People) -> None:
    client = records.client()
    command = build(ClientUpdate, {"sales_contact_id": people.support.id})
    with pytest.raises(Invalid) as refusal:
        clients.update_client(crm, people.gestion, client.id, command)
    assert refusal.value.field_problems()[0].field == "sales_contact_id"
    assert clients.get_client(crm, people.gestion, client.id) == client


def test_whoever_recorded_a_payment_is_told_so_and_can_be_deactivated(
    crm: Crm, records: Records, people: People
) -> None:
    records.payment(records.contract())
    with pytest.raises(InUse) as refusal:
        collaborators.delete_collaborator(crm, people.other_gestion, people.gestion.id)
    assert "gwenaelle recorded or cancelled payments." in refusal.value.message()
    collaborators.deactivate_collaborator(crm, people.other_gestion, people.gestion.id)
