"""Records that are built column by column equal those built one by one."""

from dataclasses import FrozenInstanceError, asdict, fields
from typing import Any

import pytest

from models.read_models import ClientRead
from services import clients
from services.crm import Crm
from services.lists.query import ListQuery
from services.lists.spec import builder
from tests.support.accounts import People
from tests.support.records import Records


def test_records_made_many_at_once_are_those_made_one_by_one(
    crm: Crm, people: People, records: Records
) -> None:
    one = records.client()
    values = [getattr(one, each.name) for each in fields(ClientRead)]
    made: list[Any] = builder(ClientRead)(*([value] for value in values))
    (same,) = made
    assert type(same) is ClientRead
    assert same == one == ClientRead(**asdict(one))
    assert hash(same) == hash(one)
    with pytest.raises(FrozenInstanceError):
        same.full_name = "Somebody else"  # type: ignore[misc]


def test_a_client_is_read_with_its_figures(crm: Crm, people: People, records: Records) -> None:
    client = records.client()
    contract = records.contract(client, signed=True)
    records.event(contract)
    records.payment(contract, "1.00")
    read = clients.get_client(crm, people.support, client.id)
    assert (read.contract_count, read.event_count) == (1, 1)
    assert read.amount_contracted == contract.total_amount
    assert read.amount_due == contract.total_amount - 1
    assert clients.list_clients(crm, people.support, ListQuery()) == [read]
