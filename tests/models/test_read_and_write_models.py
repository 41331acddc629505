"""The shapes of records: what is derived, and what never shows."""

from datetime import UTC, datetime

import pytest

from models.enums import Department
from models.read_models import contract_number
from models.tables import Collaborator
from models.write_models import ClientUpdate, CollaboratorCreate
from services.validation import build
from tests.support.accounts import PASSWORD

PERSON = {
    "username": "anna_n",
    "first_name": "Anna",
    "last_name": "Nowak",
    "email": "anna@epicevents.example",
    "department": "SUPPORT",
}


@pytest.mark.parametrize(
    ("contract_id", "created", "number"),
    [
        (412, datetime(2026, 1, 5, tzinfo=UTC), "C2026-00412"),
        (1, datetime(2025, 12, 31, 23, 59, tzinfo=UTC), "C2025-00001"),
        (1_234_567, datetime(2027, 6, 1, tzinfo=UTC), "C2027-1234567"),
    ],
)
def test_a_contract_is_numbered_by_its_year_and_id(contract_id: int, created: datetime, number: str) -> None:
    assert contract_number(contract_id, created) == number


def test_an_update_names_only_the_fields_that_were_given() -> None:
    assert build(ClientUpdate, {"company": ""}).changes() == {"company": ""}


def test_a_password_does_not_show_in_what_is_printed_of_a_new_collaborator() -> None:
    command = build(CollaboratorCreate, {**PERSON, "password": PASSWORD})
    assert command.password == PASSWORD
    assert PASSWORD not in repr(command) + str(command)


def test_a_password_hash_does_not_show_in_what_is_printed_of_a_collaborator() -> None:
    person = Collaborator(
        employee_number="E-1",
        username="anna_n",
        username_key="anna_n",
        first_name="Anna",
        last_name="Nowak",
        email="anna@epicevents.example",
        department=Department.SUPPORT,
        password_hash="hash-of-hers",
    )
    assert "hash-of-hers" not in repr(person) + str(person)
