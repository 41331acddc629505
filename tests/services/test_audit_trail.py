"""Each write leaves the entries expected and no other: who, which record, each field old → new, no secret."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from unittest.mock import ANY

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from models.enums import Department
from models.tables import AuditEntry
from models.write_models import (
    ClientUpdate,
    CollaboratorUpdate,
    ContractCreate,
    ContractUpdate,
    EventUpdate,
    PaymentCreate,
)
from services import clients, collaborators, contracts, events, payments, undo
from services.auth import sessions
from services.crm import Crm
from services.domain_events import DomainEvent, RecordChanged
from services.lists.query import ListQuery
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.list_reads import list_journal
from tests.support.records import NOON, Records, everything, rewrite
from tests.support.use_cases import OTHER_PASSWORD

DAY: Final = date(2024, 5, 6)
START: Final = NOON.isoformat()
END: Final = (NOON + timedelta(hours=4)).isoformat()


@dataclass(frozen=True)
class World:
    """A client with a contract, a signed contract with an event, and those who may write."""

    crm: Crm
    people: People
    records: Records
    client: int
    lone_client: int
    contract: int
    signed_contract: int
    event: int


@pytest.fixture
def world(crm: Crm, people: People, records: Records) -> World:
    client = records.client(company="Ropes")
    signed = records.contract(client, signed=True)
    return World(
        crm,
        people,
        records,
        client=client.id,
        lone_client=records.client().id,
        contract=records.contract(client).id,
        signed_contract=signed.id,
        event=records.event(signed, support=people.support).id,
    )


def _update_client(world: World, **values: object) -> object:
    return clients.update_client(
        world.crm, world.people.commercial, world.client, build(ClientUpdate, values)
    )


def _reassign(world: World) -> object:
    command = build(ClientUpdate, {"sales_contact_id": world.people.other_commercial.id})
    return clients.update_client(world.crm, world.people.gestion, world.client, command)


def _restore(world: World) -> None:
    clients.trash_client(world.crm, world.people.commercial, world.lone_client)
    clients.restore_client(world.crm, world.people.commercial, world.lone_client)


def _create_contract(world: World) -> object:
    command = build(ContractCreate, {"client_id": world.client, "total_amount": 1000})
    return contracts.create_contract(world.crm, world.people.gestion, command)


def _update_contract(world: World) -> object:
    command = build(ContractUpdate, {"total_amount": "1200.5"})
    return contracts.update_contract(world.crm, world.people.commercial, world.contract, command)


def _pay(world: World) -> object:
    command = build(PaymentCreate, {"amount": "12.5", "received_on": DAY})
    return payments.record_payment(world.crm, world.people.gestion, world.contract, command)


def _update_and_undo(world: World) -> object:
    _update_client(world, company="Tents")
    return undo.undo_last(world.crm, world.people.commercial)


def _update_event(world: World) -> object:
    command = build(EventUpdate, {"notes": "Lanterns", "attendees": 75, "location": ""})
    return events.update_event(world.crm, world.people.support, world.event, command)


def _create_event(world: World) -> object:
    contract = contracts.get_contract(world.crm, world.people.gestion, world.signed_contract)
    return world.records.event(contract, name="Ball", attendees=5)


def _hire(world: World) -> object:
    return world.records.collaborator(
        Department.SUPPORT, username="anna_n", last_name="Nowak", email="a@b.fr"
    )


def _move(world: World) -> object:
    command = build(CollaboratorUpdate, {"department": Department.SUPPORT, "username": "Benoit_L"})
    return collaborators.update_collaborator(
        world.crm, world.people.gestion, world.people.other_commercial.id, command
    )


def _leave(world: World) -> object:
    return collaborators.deactivate_collaborator(
        world.crm, world.people.gestion, world.people.support.id, world.people.other_support.id
    )


def _unlock(world: World) -> object:
    locked = datetime.now(UTC) + timedelta(minutes=5)
    value = locked if world.crm.database.kind == "postgresql" else locked.strftime("%Y-%m-%d %H:%M:%S.%f")
    rewrite(world.crm, "UPDATE collaborator SET locked_until = :value WHERE id = 3", value=value)
    return collaborators.unlock_collaborator(world.crm, world.people.gestion, 3)


Entry = tuple[str, str, str, str, Mapping[str, tuple[object, object]]]
SECRET: Final = {"password": (None, None)}

# Each use case, and who, by which action, did what to a record of which kind, from what to what.
WRITES: Final[Mapping[str, tuple[Callable[[World], object], list[Entry]]]] = {
    "create a client": (
        lambda world: world.records.client(full_name="Anna", email="A@b.fr", company=""),
        [
            (
                "claire_d", "client.create", "client", "created",
                {"full_name": (None, "Anna"), "email": (None, "a@b.fr"), "sales_contact_id": (None, 1)},
            )
        ],
    ),
    "update a client": (
        lambda world: _update_client(world, company="Tents", last_contact_date="2023-03-29"),
        [
            (
                "claire_d", "client.update", "client", "updated",
                {"company": ("Ropes", "Tents"), "last_contact_date": (None, "2023-03-29")},
            )
        ],
    ),
    "save a client unchanged": (lambda world: _update_client(world, company="Ropes"), []),
    "reassign a client": (
        _reassign, [("gwenaelle", "client.reassign", "client", "updated", {"sales_contact_id": (1, 2)})]
    ),
    "trash a client": (
        lambda world: clients.trash_client(world.crm, world.people.commercial, world.lone_client),
        [("claire_d", "client.trash", "client", "trashed", {"deleted_at": (None, ANY)})],
    ),
    "trash and restore a client": (
        _restore,
        [
            ("claire_d", "client.trash", "client", "trashed", {"deleted_at": (None, ANY)}),
            ("claire_d", "client.trash", "client", "restored", {"deleted_at": (ANY, None)}),
        ],
    ),
    "create a contract": (
        _create_contract,
        [
            (
                "gwenaelle", "contract.create", "contract", "created",
                {"client_id": (None, ANY), "total_amount": (None, "1000.00"), "amount_paid": (None, "0.00")},
            )
        ],
    ),
    "update a contract": (
        _update_contract,
        [
            (
                "claire_d", "contract.update", "contract", "updated",
                {"total_amount": ("1000.00", "1200.50")},
            )
        ],
    ),
    "sign a contract": (
        lambda world: contracts.sign_contract(world.crm, world.people.commercial, world.contract, DAY),
        [("claire_d", "contract.sign", "contract", "updated", {"signed_on": (None, "2024-05-06")})],
    ),
    "record a payment": (
        _pay,
        [
            (
                "gwenaelle", "payment.record", "payment", "created",
                {
                    "contract_id": (None, ANY), "amount": (None, "12.50"),
                    "received_on": (None, "2024-05-06"), "recorded_by_id": (None, 5),
                },
            ),
            ("gwenaelle", "payment.record", "contract", "updated", {"amount_paid": ("0.00", "12.50")}),
        ],
    ),
    "create an event": (
        _create_event,
        [
            (
                "claire_d", "event.create", "event", "created",
                {
                    "contract_id": (None, ANY), "name": (None, "Ball"), "start": (None, START),
                    "end": (None, END), "time_zone": (None, "Europe/Paris"), "attendees": (None, 5),
                },
            )
        ],
    ),
    "update an event": (
        _update_event,
        [
            (
                "sofia-m", "event.update", "event", "updated",
                {"notes": ("", "Lanterns"), "attendees": (0, 75)},
            )
        ],
    ),
    "assign an event": (
        lambda world: events.assign_support(world.crm, world.people.gestion, world.event, None),
        [("gwenaelle", "event.assign", "event", "updated", {"support_contact_id": (3, None)})],
    ),
    "create a collaborator": (
        _hire,
        [
            (
                "gwenaelle", "collaborator.create", "collaborator", "created",
                {
                    "employee_number": (None, ANY), "username": (None, "anna_n"),
                    "first_name": (None, "Person"), "last_name": (None, "Nowak"), "email": (None, "a@b.fr"),
                    "department": (None, "SUPPORT"), "active": (None, True),
                },
            )
        ],
    ),
    "move a collaborator": (
        _move,
        [
            (
                "gwenaelle", "collaborator.update", "collaborator", "updated",
                {"department": ("COMMERCIAL", "SUPPORT"), "username": ("benoit_l", "Benoit_L")},
            )
        ],
    ),
    "deactivate a collaborator": (
        _leave,
        [
            ("gwenaelle", "collaborator.deactivate", "event", "updated", {"support_contact_id": (3, 4)}),
            ("gwenaelle", "collaborator.deactivate", "collaborator", "updated", {"active": (True, False)}),
        ],
    ),
    "unlock a collaborator": (
        _unlock,
        [("gwenaelle", "collaborator.unlock", "collaborator", "updated", {"locked_until": (ANY, None)})],
    ),
    "delete a collaborator": (
        lambda world: collaborators.delete_collaborator(world.crm, world.people.gestion, 4),
        [
            (
                "gwenaelle", "collaborator.delete", "collaborator", "deleted",
                {
                    "employee_number": ("T-sean_ob", None), "username": ("sean_ob", None),
                    "first_name": ("Seán", None), "last_name": ("O'Brien", None),
                    "email": ("sean_ob@epicevents.example", None), "department": ("SUPPORT", None),
                    "active": (True, None),
                },
            )
        ],
    ),
    "set a password": (
        lambda world: collaborators.set_password(world.crm, world.people.gestion, 3, OTHER_PASSWORD),
        [("gwenaelle", "collaborator.update", "collaborator", "updated", SECRET)],
    ),
    "change one's password": (
        lambda world: sessions.change_password(world.crm, world.people.support, PASSWORD, OTHER_PASSWORD),
        [("sofia-m", "password.change", "collaborator", "updated", SECRET)],
    ),
    "undo": (
        _update_and_undo,
        [
            ("claire_d", "client.update", "client", "updated", {"company": ("Ropes", "Tents")}),
            ("claire_d", "client.update", "client", "updated", {"company": ("Tents", "Ropes")}),
        ],
    ),
    "sign in and out": (
        lambda world: sessions.sign_out(world.crm, world.records.signed_in("claire_d")),
        [],
    ),
}  # fmt: skip


def _newest(crm: Crm) -> int:
    with crm.database.read() as connection:
        return connection.execute(select(func.max(col(AuditEntry.id)))).scalar() or 0


def _entries(world: World, since: int) -> list[Any]:
    entries = list_journal(world.crm, world.people.gestion, ListQuery(), limit=1000)
    return [entry for entry in entries if entry.id > since]


@pytest.mark.parametrize("what", WRITES)
def test_a_write_leaves_the_entries_expected_without_secrets_and_announces_each_once(
    world: World, announced: list[DomainEvent], what: str
) -> None:
    perform, expected = WRITES[what]
    since = _newest(world.crm)
    announced.clear()
    perform(world)
    entries = _entries(world, since)
    assert [(e.actor, e.action, e.kind, e.operation, e.changes) for e in entries] == expected
    assert all(datetime.now(UTC) - e.at < timedelta(minutes=1) for e in entries)
    changes = [change for change in announced if isinstance(change, RecordChanged)]
    assert [(c.actor.username, c.action, c.kind, c.operation, set(c.fields)) for c in changes] == [
        (*entry[:4], set(entry[4])) for entry in expected
    ]
    assert [c.record_id for c in changes] == [e.record_id for e in entries]
    assert _newest(world.crm) - since == len(expected)
    trail = str(everything(world.crm)["audit_entry"])
    assert not any(secret in trail for secret in ("hmac-sha256", "$2b$", PASSWORD, OTHER_PASSWORD))


def test_the_entries_of_one_use_case_belong_together(world: World) -> None:
    _pay(world)
    _pay(world)
    batches = [row[1] for row in everything(world.crm)["audit_entry"][-4:]]
    assert batches[0] == batches[1] != batches[2] == batches[3]


def test_the_journal_keeps_the_name_of_who_is_gone(world: World) -> None:
    hired = world.records.collaborator(Department.GESTION)
    actor = world.records.signed_in(hired.username)
    clients.update_client(world.crm, actor, world.client, build(ClientUpdate, {"sales_contact_id": 2}))
    collaborators.delete_collaborator(world.crm, actor, hired.id)
    entries = list_journal(world.crm, world.people.gestion, ListQuery(search=hired.username))
    assert [entry.action for entry in entries] == ["client.reassign", "collaborator.delete"]
