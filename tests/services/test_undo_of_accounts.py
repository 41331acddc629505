"""What undo never does to accounts: delete the last of Gestion or one with records, give a password back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.enums import Department
from models.write_models import CollaboratorCreate
from services import collaborators, offboarding, payments
from services.auth import sessions
from services.crm import Crm
from services.errors import Forbidden, InUse, Invalid, NothingToUndo, NotSignedIn
from services.rights import Action
from services.startup import open_crm
from services.undo import undo_last
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.crm import settings_for
from tests.support.records import Records, everything, row_count
from tests.support.use_cases import OTHER_PASSWORD


@pytest.fixture
def fresh(database_url: str, home: Path) -> Iterator[Crm]:
    """A CRM without an account."""
    crm = open_crm(settings_for(database_url, home))
    yield crm
    crm.close()


def account(username: str, department: Department = Department.GESTION) -> CollaboratorCreate:
    return build(CollaboratorCreate, {
        "username": username, "first_name": "Ann", "last_name": "Lee", "email": f"{username}@crm.example",
        "department": department, "password": PASSWORD,
    })  # fmt: skip


def test_undo_right_after_the_set_up_leaves_the_only_account(fresh: Crm) -> None:
    collaborators.create_first_collaborator(fresh, account("ann_lee"))
    ann = sessions.sign_in(fresh, "ann_lee", PASSWORD).actor
    before = everything(fresh)
    with pytest.raises(Forbidden) as refusal:
        undo_last(fresh, ann)
    assert refusal.value.rule == offboarding.LAST_GESTION
    assert everything(fresh) == before


def test_undo_of_the_set_up_is_refused_while_the_others_of_gestion_are_inactive(fresh: Crm) -> None:
    collaborators.create_first_collaborator(fresh, account("ann_lee"))
    ann = sessions.sign_in(fresh, "ann_lee", PASSWORD).actor
    second = collaborators.create_collaborator(fresh, ann, account("ben_lee"))
    ben = sessions.sign_in(fresh, "ben_lee", PASSWORD).actor
    undo_last(fresh, ann)
    assert row_count(fresh, "collaborator") == 1
    with pytest.raises(Forbidden):
        undo_last(fresh, ann)
    assert (second.id, row_count(fresh, "collaborator")) == (ben.id, 1)


@pytest.mark.parametrize("department", [Department.COMMERCIAL, Department.SUPPORT])
def test_the_first_account_is_of_gestion(fresh: Crm, department: Department) -> None:
    with pytest.raises(Invalid) as refusal:
        collaborators.create_first_collaborator(fresh, account("ann_lee", department))
    assert [problem.field for problem in refusal.value.field_problems()] == ["department"]
    assert row_count(fresh, "collaborator") == 0


def test_a_new_account_that_owns_records_is_not_undone(crm: Crm, records: Records, people: People) -> None:
    person = records.collaborator()
    records.client(people.other_gestion, sales_contact_id=person.id)
    before = everything(crm)
    with pytest.raises(InUse) as refusal:
        undo_last(crm, people.gestion)
    assert "owns 1 client" in refusal.value.message()
    assert everything(crm) == before


def test_a_new_account_that_recorded_a_payment_is_not_undone(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract()
    person = records.collaborator(Department.GESTION)
    new = records.signed_in(person.username)
    payment = Records(crm, People(**vars(people) | {"gestion": new})).payment(contract)
    assert payment.recorded_by == person.username
    with pytest.raises(InUse):
        undo_last(crm, people.gestion)
    assert len(payments.list_payments(crm, people.gestion, contract.id)) == 1


def test_a_password_that_gestion_set_is_not_undone(crm: Crm, records: Records, people: People) -> None:
    records.collaborator()
    collaborators.set_password(crm, people.gestion, people.support.id, OTHER_PASSWORD)
    before = everything(crm)
    with pytest.raises(NothingToUndo):
        undo_last(crm, people.gestion)
    assert everything(crm) == before
    assert sessions.sign_in(crm, people.support.username, OTHER_PASSWORD).actor.id == people.support.id


def test_an_undone_account_is_gone_and_its_sessions_with_it(
    crm: Crm, records: Records, people: People
) -> None:
    person = records.collaborator()
    signed_in = sessions.sign_in(crm, person.username, PASSWORD)
    assert undo_last(crm, people.gestion).action == Action.COLLABORATOR_CREATE
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, signed_in.token)
