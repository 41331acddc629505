"""The described fields are those of the read and write models."""

from dataclasses import fields
from typing import Any

import pytest

from models.read_models import ClientRead, CollaboratorRead, EventRead
from models.write_models import (
    ClientCreate,
    ClientUpdate,
    CollaboratorCreate,
    CollaboratorUpdate,
    Command,
    EventCreate,
    EventUpdate,
)
from services.record_fields import CLIENT, CLIENT_WORDS, EMPLOYEE_NUMBER, EVENT, PERSON, RecordField

OTHERS = {"sales_contact_id", "contract_id", "department", "password"}
every_kind = pytest.mark.parametrize(
    ("described", "read", "create", "update"),
    [
        (CLIENT, ClientRead, ClientCreate, ClientUpdate),
        (EVENT, EventRead, EventCreate, EventUpdate),
        ((*PERSON, EMPLOYEE_NUMBER), CollaboratorRead, CollaboratorCreate, CollaboratorUpdate),
    ],
)


@every_kind
def test_a_kind_describes_every_field_that_people_fill_in(
    described: tuple[RecordField, ...], read: Any, create: type[Command], update: type[Command]
) -> None:
    names = {field.name for field in described}
    assert names == set(update.model_fields) - OTHERS == set(create.model_fields) - OTHERS
    assert names <= {field.name for field in fields(read)}


@every_kind
def test_the_required_fields_are_those_of_a_new_record(
    described: tuple[RecordField, ...], read: Any, create: type[Command], update: type[Command]
) -> None:
    required = {name for name, field in create.model_fields.items() if field.is_required()}
    assert {field.name for field in described if field.required} == required - OTHERS


def test_a_search_finds_clients_by_described_texts() -> None:
    assert set(CLIENT_WORDS) <= {field.name for field in CLIENT}
