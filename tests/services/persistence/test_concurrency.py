"""Several people at once: nothing is lost, nothing is paid twice, and whoever comes second is told."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from time import sleep
from typing import Final

import pytest

from models.tables import Client
from models.write_models import ClientUpdate, CollaboratorUpdate, ContractUpdate, EventUpdate
from services import clients, collaborators, contracts, events, payments
from services.actor import Actor
from services.auth import sessions
from services.crm import Crm
from services.errors import Conflict
from services.rights import Action
from services.unit_of_work import writing
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.databases import postgresql_only
from tests.support.race_processes import count_up, pay, race, start
from tests.support.records import Records, everything

PROCESSES: Final = 8

Save = Callable[[Crm, Actor, int, Mapping[str, object], int], object]


@dataclass(frozen=True)
class Edit:
    """A record that two people have open, what each saves, and the change that the second is shown."""

    save: Save
    role: str
    first: Mapping[str, object]
    shown: tuple[str, object, object]
    second: Mapping[str, object]


def _save_client(crm: Crm, actor: Actor, key: int, fields: Mapping[str, object], version: int) -> object:
    return clients.update_client(crm, actor, key, build(ClientUpdate, fields), version)


def _save_contract(crm: Crm, actor: Actor, key: int, fields: Mapping[str, object], version: int) -> object:
    return contracts.update_contract(crm, actor, key, build(ContractUpdate, fields), version)


def _save_event(crm: Crm, actor: Actor, key: int, fields: Mapping[str, object], version: int) -> object:
    return events.update_event(crm, actor, key, build(EventUpdate, fields), version)


def _save_collaborator(
    crm: Crm, actor: Actor, key: int, fields: Mapping[str, object], version: int
) -> object:
    return collaborators.update_collaborator(crm, actor, key, build(CollaboratorUpdate, fields), version)


EDITS: Final = {
    "client": Edit(
        _save_client, "commercial", {"company": "Tents"}, ("company", "", "Tents"), {"phone": "12345"}
    ),
    "contract": Edit(
        _save_contract,
        "gestion",
        {"total_amount": "1200.50"},
        ("total_amount", "1000.00", "1200.50"),
        {"total_amount": "1300"},
    ),
    "event": Edit(_save_event, "support", {"notes": "Tents"}, ("notes", "", "Tents"), {"attendees": 75}),
    "collaborator": Edit(
        _save_collaborator, "gestion", {"phone": "12345"}, ("phone", "", "12345"), {"last_name": "Brun"}
    ),
}


@pytest.mark.parametrize("kind", EDITS)
def test_the_second_to_save_a_record_is_shown_who_changed_what_and_nothing_is_lost(
    crm: Crm, records: Records, people: People, kind: str
) -> None:
    edit = EDITS[kind]
    actor: Actor = getattr(people, edit.role)
    key, version = _open_record(records, kind)
    elsewhere = sessions.sign_in(crm, actor.username, PASSWORD).actor
    edit.save(crm, elsewhere, key, edit.first, version)
    before = everything(crm)
    with pytest.raises(Conflict) as conflict:
        edit.save(crm, actor, key, edit.second, version)
    assert everything(crm) == before
    (change,) = conflict.value.changes
    assert (change.who, change.field, change.old, change.new) == (actor.username, *edit.shown)
    assert actor.full_name in conflict.value.message()
    assert (conflict.value.kind, conflict.value.record_id) == (kind, key)
    assert conflict.value.exit_code == 6
    assert edit.save(crm, actor, key, edit.second, conflict.value.version)


def _open_record(records: Records, kind: str) -> tuple[int, int]:
    if kind == "collaborator":
        person = records.collaborator()
        return person.id, person.version
    event = records.event(support=records.people.support)
    if kind == "event":
        return event.id, event.version
    if kind == "client":
        return event.client, clients.get_client(records.crm, records.people.gestion, event.client).version
    contract = contracts.get_contract(records.crm, records.people.gestion, event.contract)
    return contract.id, contract.version


def test_a_conflict_tells_of_every_change_since_in_their_order(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(company="Ropes")
    for values in ({"company": "Lanterns"}, {"phone": "12345"}, {"company": "Tents", "phone": "67890"}):
        clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, values))
    reassigned = build(ClientUpdate, {"sales_contact_id": people.other_commercial.id})
    clients.update_client(crm, people.gestion, client.id, reassigned)
    with pytest.raises(Conflict) as conflict:
        clients.update_client(
            crm, people.other_commercial, client.id, build(ClientUpdate, {"company": "X"}), client.version
        )
    assert [(change.field, change.old, change.new) for change in conflict.value.changes] == [
        ("company", "Ropes", "Lanterns"),
        ("phone", "", "12345"),
        ("phone", "12345", "67890"),
        ("company", "Lanterns", "Tents"),
        ("sales_contact_id", people.commercial.id, people.other_commercial.id),
    ]
    assert conflict.value.message().startswith("Claire Dubois, Gwenaëlle Le Goff changed")
    assert conflict.value.version == client.version + 4


def test_saving_what_is_there_already_is_no_change_for_others(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(company="Ropes")
    clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, {"company": "Ropes"}))
    saved = _save_client(crm, people.commercial, client.id, {"phone": "12345"}, client.version)
    assert saved == clients.get_client(crm, people.commercial, client.id)


def test_payments_recorded_at_once_add_up_and_never_exceed_what_remains(
    crm: Crm, records: Records, people: People, staffed_url: str, home: Path
) -> None:
    contract = records.contract(total="300.00")
    row = (staffed_url, home, people.gestion, contract.id, "10.01", 5)
    accepted = sum(race(pay, [row] * PROCESSES))
    assert accepted == 29  # of 40: one more would exceed the total
    recorded = payments.list_payments(crm, people.gestion, contract.id)
    assert len(recorded) == accepted
    paid = sum((payment.amount for payment in recorded), Decimal(0))
    assert paid == Decimal("290.29")
    found = contracts.get_contract(crm, people.gestion, contract.id)
    assert found.amount_remaining == Decimal("9.71")
    assert found.version == contract.version + accepted


def test_read_modify_write_by_several_programs_loses_no_update(
    crm: Crm, records: Records, people: People, staffed_url: str, home: Path
) -> None:
    client = records.client(company="0")
    row = (staffed_url, home, people.commercial, client.id, 4)
    conflicts = sum(race(count_up, [row] * PROCESSES))
    found = clients.get_client(crm, people.commercial, client.id)
    assert found.company == str(4 * PROCESSES)
    assert found.version == client.version + 4 * PROCESSES
    assert conflicts > 0  # else they never met, and the test shows nothing


def test_a_migration_that_several_programs_start_runs_once(unmigrated_url: str, home: Path) -> None:
    migrations = race(start, [(unmigrated_url, home)] * PROCESSES)
    assert sorted(map(len, migrations)) == [0] * (PROCESSES - 1) + [1]


@postgresql_only
def test_whoever_is_deactivated_in_the_middle_of_a_change_finishes_it_first(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client()
    with ThreadPoolExecutor(1) as pool:
        with writing(crm, people.commercial, Action.CLIENT_UPDATE) as work:
            read = work.get(Client, client.id)
            leaving = pool.submit(
                collaborators.deactivate_collaborator,
                crm,
                people.gestion,
                people.commercial.id,
                people.other_commercial.id,
            )
            _wait_until_somebody_waits(crm)
            work.change(read, {"company": "Tents"})
        assert leaving.result().active is False
    found = clients.get_client(crm, people.gestion, client.id)
    assert (found.company, found.sales_contact) == ("Tents", "benoit_l")


def _wait_until_somebody_waits(crm: Crm) -> None:
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    for _ in range(500):
        with crm.database.read() as connection:
            if connection.exec_driver_sql(query).scalar():
                return
        sleep(0.01)
    pytest.fail("nobody waited")
